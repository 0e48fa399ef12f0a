package import Diagnostics

package enum RPMCache: Rule {
  package static let name = "rpm-cache"
  package static let title = "Caches of yum, dnf and zypper left behind"
  package static let about = """
    `yum`, `dnf`, `microdnf` and `zypper` keep metadata and packages in `/var/cache`, often over 100 MB, unless the same `RUN`
    ends with a clean-up. The fix adds it.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let hadolint = ["DL3032", "DL3036", "DL3040"]
  package static let examples = [
    RuleExample(
      bad: "FROM rockylinux:9\nRUN dnf install -y curl\n",
      good: "FROM rockylinux:9\nRUN dnf install -y curl \\\n    && dnf clean all\n", isFixed: true),
    RuleExample(
      bad: "FROM opensuse/leap:15.6\nRUN zypper -n install curl\n",
      good: "FROM opensuse/leap:15.6\nRUN zypper -n install curl \\\n    && zypper clean --all\n",
      isFixed: true),
  ]

  private static let programs: Set<String> = ["yum", "dnf", "microdnf", "zypper"]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for run in subject.runs {
      let commands = run.script.commands
      guard
        let install = commands.first(where: { command in
          programs.contains(command.name)
            && command.arguments.contains {
              ["install", "in", "update", "up", "upgrade", "groupinstall", "localinstall"].contains(
                $0)
            }
        })
      else { continue }
      let isClean = commands.contains { command in
        programs.contains(command.name)
          && command.arguments.contains { $0 == "clean" || $0 == "cc" }
          || command.name == "rm" && command.arguments.contains { $0.hasPrefix("/var/cache") }
      }
      if isClean { continue }
      if run.instruction.flags.contains(where: {
        $0.name == "mount" && $0.value.contains("/var/cache")
      }) {
        continue
      }
      let clean = install.name == "zypper" ? "zypper clean --all" : "\(install.name) clean all"
      findings.add(
        install.span, "the caches of \(install.name) stay in this layer",
        hint: "end this RUN with: && \(clean)",
        edits: run.isTrigger ? [] : CleanUp.append(clean, to: run.instruction, subject))
    }
  }
}
