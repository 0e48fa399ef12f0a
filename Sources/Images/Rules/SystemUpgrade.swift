package import Diagnostics

package enum SystemUpgrade: Rule {
  package static let name = "system-upgrade"
  package static let title = "Upgrades the base"
  package static let about = """
    `apt-get upgrade` in a build doubles the base's packages in a second layer, and what comes out depends on the day: two
    builds of one commit differ. A newer base image brings the same fixes, once for all services, and nodes share its layers.
    """
  package static let severity = Diagnostic.Severity.note
  package static let hadolint = ["DL3035"]
  package static let examples = [
    RuleExample(
      bad: "FROM debian:12\nRUN apt-get update && apt-get -y dist-upgrade\n",
      good: "FROM debian:13\nRUN make\n"),
    RuleExample(bad: "FROM alpine:3.21\nRUN apk upgrade\n", good: "FROM alpine:3.22\nRUN make\n"),
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for run in subject.runs {
      let upgrade = run.script.commands.first { command in
        let verb = command.arguments.first { !$0.hasPrefix("-") } ?? ""
        switch command.name {
        case "apt-get", "apt", "aptitude":
          return ["upgrade", "dist-upgrade", "full-upgrade"].contains(verb)
        case "apk": return verb == "upgrade"
        case "yum", "dnf", "microdnf":
          return ["update", "upgrade", "upgrade-minimal"].contains(verb)
        case "zypper": return ["update", "up", "dist-upgrade", "dup"].contains(verb)
        default: return false
        }
      }
      guard let upgrade else { continue }
      findings.add(
        upgrade.span, "this upgrades the base in a layer on top of it",
        hint: "take a newer base image, and rebuild when it is patched")
    }
  }
}
