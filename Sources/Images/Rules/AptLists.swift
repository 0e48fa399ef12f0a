package import Diagnostics

package enum AptLists: Rule {
  package static let name = "apt-lists"
  package static let title = "Package lists of apt left behind"
  package static let about = """
    `apt-get update` leaves 20 to 50 MB of package lists in `/var/lib/apt/lists`. Removed in a later `RUN` they are hidden and
    still in the image. A Kubernetes node pulls every byte before the pod starts. The fix removes them in the same layer, where
    nothing later in the file installs from them.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let hadolint = ["DL3009"]
  package static let examples = [
    RuleExample(
      bad: """
        FROM debian:12
        RUN apt-get update && apt-get install -y --no-install-recommends curl

        """,
      good: """
        FROM debian:12
        RUN apt-get update && apt-get install -y --no-install-recommends curl \\
            && rm -rf /var/lib/apt/lists/*

        """, isFixed: true)
  ]

  static let programs: Set<String> = ["apt-get", "apt", "aptitude"]

  static func isUpdate(_ command: ShellScript.Command) -> Bool {
    programs.contains(command.name) && command.arguments.first { !$0.hasPrefix("-") } == "update"
  }

  static func isInstall(_ command: ShellScript.Command) -> Bool {
    programs.contains(command.name)
      && ["install", "build-dep", "upgrade", "dist-upgrade", "full-upgrade"].contains(
        command.arguments.first { !$0.hasPrefix("-") && $0 != "update" } ?? "")
  }

  /// Whether a command removes the package lists.
  static func removesLists(_ command: ShellScript.Command) -> Bool {
    guard command.name == "rm" || command.name == "find" else { return false }
    return command.arguments.contains { $0.hasPrefix("/var/lib/apt") || $0 == "/var/lib/" }
  }

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    let runs = subject.runs
    for (position, run) in runs.enumerated() {
      let commands = run.script.commands
      guard let update = commands.first(where: isUpdate), !commands.contains(where: removesLists)
      else { continue }
      // A cache mount is no part of the layer.
      if run.instruction.flags.contains(where: {
        $0.name == "mount"
          && ($0.value.contains("/var/lib/apt") || $0.value.contains("/var/cache/apt"))
      }) {
        continue
      }
      // What a stage leaves behind is only in the image if it is part of it.
      guard subject.isInImage(run) else { continue }
      var edits: [Edit] = []
      let reads = runs[(position + 1)...].contains { later in
        let commands = later.script.commands
        guard let install = commands.firstIndex(where: isInstall) else { return false }
        return !commands[..<install].contains(where: isUpdate)
      }
      if !reads, commands.contains(where: isInstall), !run.isTrigger {
        edits = CleanUp.append("rm -rf /var/lib/apt/lists/*", to: run.instruction, subject)
      }
      findings.add(
        update.span, "the package lists stay in this layer",
        hint: "end this RUN with: && rm -rf /var/lib/apt/lists/*", edits: edits)
    }
  }
}
