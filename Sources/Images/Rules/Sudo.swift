package import Diagnostics

package enum Sudo: Rule {
  package static let name = "sudo"
  package static let title = "sudo in a build"
  package static let about = """
    A build is root until `USER` says otherwise, so `sudo` does nothing, keeps a terminal's signals from the program, and once
    installed it is a way back to root in the running container. Kubernetes' `allowPrivilegeEscalation: false`, which the
    `restricted` standard asks for, makes it fail there.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let hadolint = ["DL3004"]
  package static let examples = [
    RuleExample(
      bad: "FROM debian:12\nRUN sudo make install\n", good: "FROM debian:12\nRUN make install\n")
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for run in subject.runs {
      for command in run.script.commands where command.name == "sudo" {
        findings.add(
          command.words[0].span, "sudo in a build",
          hint: "put USER root ahead of this RUN and the user behind it")
      }
    }
  }
}
