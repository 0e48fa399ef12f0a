package import Diagnostics

package enum PipCache: Rule {
  package static let name = "pip-cache"
  package static let title = "The cache of pip left behind"
  package static let about = """
    `pip install` keeps every wheel that it downloads in `~/.cache/pip`, where nobody will look for it again. `--no-cache-dir`,
    or `ENV PIP_NO_CACHE_DIR=1`, halves the layer of many Python services. The fix adds the option.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let hadolint = ["DL3042"]
  package static let examples = [
    RuleExample(
      bad: "FROM python:3.13-slim\nRUN pip install -r requirements.txt\n",
      good: "FROM python:3.13-slim\nRUN pip install --no-cache-dir -r requirements.txt\n",
      isFixed: true),
    RuleExample(
      bad: "FROM python:3.13-slim\nRUN python3 -m pip install gunicorn==23.0.0\n",
      good: """
        FROM python:3.13-slim
        ENV PIP_NO_CACHE_DIR=1
        RUN python3 -m pip install gunicorn==23.0.0

        """),
  ]

  static func isInstall(_ command: ShellScript.Command) -> Bool {
    let arguments = command.arguments
    if command.name.hasPrefix("pip"), command.name != "pipx", command.name != "pipenv" {
      return arguments.contains("install")
    }
    guard command.name.hasPrefix("python"), let dash = arguments.firstIndex(of: "-m") else {
      return false
    }
    return dash + 1 < arguments.count && arguments[dash + 1] == "pip"
      && arguments.contains("install")
  }

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for run in subject.runs {
      if run.instruction.flags.contains(where: {
        $0.name == "mount" && $0.value.contains("type=cache") && $0.value.contains("pip")
      }) {
        continue
      }
      if isSwitchedOff(subject, before: run) { continue }
      let commands = run.script.commands
      if commands.contains(where: { command in
        command.assignments.contains { isOff($0.text) }
          || command.name == "export" && command.arguments.contains(where: isOff)
      }) {
        continue
      }
      var edits: [Edit] = []
      var first: ShellScript.Command?
      for command in commands where isInstall(command) && !command.has(option: "--no-cache-dir") {
        first = first ?? command
        if let install = command.words.first(where: { $0.text == "install" }), !install.isQuoted {
          edits.append(.insert(" --no-cache-dir", at: install.span.upperBound))
        }
      }
      guard let first else { continue }
      // Removed in the same layer it does no harm.
      let isRemoved = commands.contains {
        $0.name == "rm" && $0.arguments.contains { $0.contains(".cache") }
          || $0.name.hasPrefix("pip") && $0.arguments.starts(with: ["cache", "purge"])
      }
      if isRemoved { continue }
      findings.add(
        first.span, "downloaded wheels stay in this layer",
        hint: "write: pip install --no-cache-dir …", edits: edits)
    }
  }

  private static func isOff(_ assignment: String) -> Bool {
    guard assignment.hasPrefix("PIP_NO_CACHE_DIR=") else { return false }
    return ["1", "true", "on", "yes"].contains(
      assignment.dropFirst("PIP_NO_CACHE_DIR=".count).lowercased())
  }

  /// `ENV PIP_NO_CACHE_DIR=1` above, in the stage or in one that it builds on.
  private static func isSwitchedOff(_ subject: borrowing Subject, before run: Subject.Run) -> Bool {
    guard run.stage >= 0 else { return false }
    for stage in subject.dockerfile.lineage(run.stage) {
      for index in subject.dockerfile.stages[stage].body where index < run.index {
        let instruction = subject.dockerfile.instructions[index]
        guard instruction.keyword == .env else { continue }
        for pair in instruction.pairs where isOff("\(pair.name.text)=\(pair.value?.text ?? "")") {
          return true
        }
      }
    }
    return false
  }
}
