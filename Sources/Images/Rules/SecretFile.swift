package import Diagnostics

package enum SecretFile: Rule {
  package static let name = "secret-file"
  package static let title = "A secret file is copied"
  package static let about = """
    A key, an `.env` or an `.npmrc` that is copied is in a layer for ever, also where a later `RUN` removes it. Mount it for the
    one command that needs it: `RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci`; what the service needs comes from
    a secret of the platform. Only names are looked at, no contents.
    """
  package static let severity = Diagnostic.Severity.error
  package static let examples = [
    RuleExample(
      bad: "FROM node:24-slim\nCOPY package.json .npmrc ./\nRUN npm ci\n",
      good: """
        FROM node:24-slim
        COPY package.json ./
        RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci

        """),
    RuleExample(
      bad: "FROM debian:12\nADD certs/server.key /etc/ssl/\n",
      good: "FROM debian:12\nADD certs/server.crt /etc/ssl/\n"),
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for instruction in subject.dockerfile.instructions
    where [.copy, .add].contains(instruction.keyword) && instruction.flag("from") == nil {
      for word in instruction.words.dropLast() where SecretWords.isSecretFile(word.text) {
        findings.add(
          word.span, "\(word.text) stays in the layer, and whoever can pull the image can read it",
          hint: "mount it for the one command: RUN --mount=type=secret,id=…,target=… …",
          severity: subject.inImage.contains(instruction.stage) ? .error : .warning)
      }
    }
  }
}
