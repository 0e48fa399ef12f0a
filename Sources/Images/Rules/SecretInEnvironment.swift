package import Diagnostics

package enum SecretInEnvironment: Rule {
  package static let name = "secret-in-environment"
  package static let title = "A secret in ENV or ARG"
  package static let about = """
    `ENV` is part of the image's configuration and `ARG` of its history: `docker image inspect` and `docker history` show both
    to everybody who can pull. Give a secret that the build needs with `RUN --mount=type=secret`, and one that the service needs
    when it runs: as a Swarm secret under `/run/secrets`, as a Kubernetes Secret. Change one that was ever in an image.
    """
  package static let severity = Diagnostic.Severity.error
  package static let hadolint = ["DL3064"]
  package static let examples = [
    RuleExample(
      bad: "FROM debian:12\nENV DATABASE_PASSWORD=hunter2\n",
      good: "FROM debian:12\nENV DATABASE_PASSWORD_FILE=/run/secrets/database_password\n"),
    RuleExample(
      bad: "FROM node:24-slim\nARG NPM_TOKEN\nRUN npm ci\n",
      good: "FROM node:24-slim\nRUN --mount=type=secret,id=npm,target=/root/.npmrc npm ci\n"),
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for outer in subject.dockerfile.instructions {
      let instruction = outer.trigger.first ?? outer
      guard instruction.keyword == .env || instruction.keyword == .arg else { continue }
      for pair in instruction.pairs where SecretWords.isSecret(pair.name.text) {
        let value = pair.value?.text ?? ""
        let isArgument = instruction.keyword == .arg
        // An ARG without a default is filled in by the build, and is then in the history.
        if isArgument ? pair.value != nil && value.hasPrefix("/") : !SecretWords.isValue(value) {
          continue
        }
        if let word = pair.value { findings.hide(word.span) }
        findings.add(
          pair.name.span,
          "\(pair.name.text) is a secret, and \(isArgument ? "docker history" : "docker inspect") shows it",
          hint: isArgument
            ? "give it to the one command that needs it: RUN --mount=type=secret,id=\(pair.name.text.lowercased()) …"
            : "give it when the service runs: a secret under /run/secrets, read from a file")
      }
    }
  }
}
