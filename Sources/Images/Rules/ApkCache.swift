package import Diagnostics

package enum ApkCache: Rule {
  package static let name = "apk-cache"
  package static let title = "The index of apk left behind"
  package static let about = """
    `apk add` without `--no-cache` may leave the package index in `/var/cache/apk`, and asks for an `apk update` that is cached
    with its layer. `--no-cache` fetches the index for this one command and keeps nothing. The fix adds the option.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let hadolint = ["DL3019"]
  package static let examples = [
    RuleExample(
      bad: "FROM alpine:3.22\nRUN apk add curl\n",
      good: "FROM alpine:3.22\nRUN apk add --no-cache curl\n", isFixed: true)
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for run in subject.runs {
      var edits: [Edit] = []
      var first: ShellScript.Command?
      let hasMount = run.instruction.flags.contains {
        $0.name == "mount" && $0.value.contains("/var/cache/apk")
      }
      if hasMount { continue }
      for command in run.script.commands
      where command.runs(["apk"], "add") && !command.has(option: "--no-cache") {
        first = first ?? command
        if let add = command.words.first(where: { $0.text == "add" }), !add.isQuoted {
          edits.append(.insert(" --no-cache", at: add.span.upperBound))
        }
      }
      guard let first else { continue }
      findings.add(
        first.span, "the package index stays in this layer", hint: "write: apk add --no-cache …",
        edits: edits)
    }
  }
}
