package import Diagnostics

package enum ShellForm: Rule {
  package static let name = "shell-form"
  package static let title = "ENTRYPOINT or CMD in shell form"
  package static let about = """
    `CMD node server.js` runs `/bin/sh -c "node server.js"`: the shell is the first process, and does not pass on the SIGTERM
    that Swarm and Kubernetes stop a container with. The service dies by SIGKILL after the grace period, in the middle of its
    requests, at every update. A shell-form `ENTRYPOINT` moreover ignores `CMD`, and the `command` of the stack. In a
    `HEALTHCHECK` the shell form needs a shell, which minimal images do not have, and starts one at every check. The fix writes
    the JSON form where the command needs no shell.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let hadolint = ["DL3025"]
  package static let examples = [
    RuleExample(
      bad: "FROM node:24-slim\nCMD node server.js --port 8080\n",
      good: "FROM node:24-slim\nCMD [\"node\", \"server.js\", \"--port\", \"8080\"]\n",
      isFixed: true),
    RuleExample(
      bad: "FROM debian:12\nENTRYPOINT exec /app --name 'the shop'\n",
      good: "FROM debian:12\nENTRYPOINT [\"/app\", \"--name\", \"the shop\"]\n", isFixed: true),
    RuleExample(
      bad: "FROM debian:12\nCMD /app --port $PORT\n",
      good: "FROM debian:12\nCMD [\"sh\", \"-c\", \"exec /app --port $PORT\"]\n"),
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for index in subject.dockerfile.instructions.indices {
      let instruction = subject.dockerfile.instructions[index]
      let isCheck = instruction.keyword == .healthcheck
      guard isCheck || instruction.keyword == .cmd || instruction.keyword == .entrypoint,
        instruction.json == nil, !instruction.isHealthcheckNone, !instruction.arguments.isEmpty
      else { continue }
      let words = execForm(instruction)
      let isCertain = words != nil && subject.isPosix(index) && keepsMeaning(subject, instruction)
      let json = words.map { "[\($0.map(quoted).joined(separator: ", "))]" }
      var hint = "write it in JSON form: [\"program\", \"argument\"]"
      if let json {
        hint = "write: \(instruction.keyword.rawValue) \(isCheck ? "CMD " : "")\(json)"
      }
      let span = instruction.text.span(instruction.arguments)
      findings.add(
        instruction.headSpan,
        isCheck
          ? "this check needs a shell in the image"
          : "a shell stands between the stop signal and the service",
        hint: hint, severity: isCheck ? .note : .warning,
        edits: isCertain && json != nil ? [Edit(span, json ?? "")] : [])
    }
  }

  /// The program and its arguments where no shell is needed to tell them; nil otherwise.
  private static func execForm(_ instruction: Instruction) -> [String]? {
    let script = instruction.script
    guard script.commands.count == 1, !script.isUncertain, let command = script.commands.first,
      command.depth == 0, command.assignments.isEmpty, command.redirections.isEmpty,
      command.joint == .first
    else { return nil }
    var words = command.words
    if words.first?.text == "exec" { words = Array(words.dropFirst()) }
    guard let program = words.first?.text, !program.isEmpty, !program.hasPrefix("-"),
      words.allSatisfy({ !$0.isExpanded && !$0.text.contains("$") && !$0.text.contains("{") }),
      !CleanUp.hasShellComment(instruction),
      !builtins.contains(program), !instruction.argumentText.hasSuffix("&"),
      !instruction.argumentText.hasSuffix(";")
    else { return nil }
    return words.map(\.text)
  }

  /// What only a shell knows.
  private static let builtins: Set<String> = [
    ".", ":", "[", "alias", "bg", "cd", "command", "eval", "exec", "exit", "export", "fg", "read",
    "return", "set", "shift", "source", "test", "times", "trap", "type", "ulimit", "umask", "unset",
    "wait", "echo", "printf",
  ]

  /// Whether nothing but the shell goes away: what else decides how the words are started.
  private static func keepsMeaning(_ subject: borrowing Subject, _ instruction: Instruction) -> Bool
  {
    let dockerfile = subject.dockerfile
    guard instruction.stage >= 0 else { return false }
    // A SHELL of its own may set options or read files.
    let stages = dockerfile.lineage(instruction.stage)
    let all = stages.flatMap { dockerfile.instructions[dockerfile.stages[$0].body] }
    if all.contains(where: { $0.keyword == .shell }) { return false }
    switch instruction.keyword {
    case .healthcheck: return true
    case .entrypoint: return !all.contains { $0.keyword == .cmd }
    default:
      return !all.contains { $0.keyword == .entrypoint }
        && OfficialImages.startsWhatItIsTold(dockerfile.rootBase(instruction.stage))
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\t": result += "\\t"
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
