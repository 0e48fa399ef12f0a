/// The commands of a shell script, as far as rules must know them: what runs, with which words, joined how.
///
/// It is no interpreter: it reads POSIX shell, and finds the commands in substitutions, groups and conditions too.
package struct ShellScript: Sendable {
  /// What joins a command to the one before it.
  package enum Joint: Sendable {
    case first, and, or, sequence, pipe, background
  }

  package struct Word: Sendable, Hashable {
    /// Quotes resolved, variables and substitutions as written.
    package let text: String
    package let span: Range<Int>
    /// Holds a variable, a substitution or a pattern that the shell replaces.
    package let isExpanded: Bool
    package let isQuoted: Bool
  }

  package struct Command: Sendable {
    /// `NAME=value` in front.
    package var assignments: [Word] = []
    /// The program, and its arguments.
    package var words: [Word] = []
    package var redirections: [Word] = []
    package var joint: Joint
    /// In how many groups, conditions, loops and substitutions it stands.
    package var depth: Int

    /// The program's name without its folder; empty for a bare assignment.
    package var name: String {
      guard let first = words.first?.text else { return "" }
      return first.split(separator: "/").last.map(String.init) ?? first
    }

    /// The words behind the name.
    package var arguments: [String] { words.dropFirst().map(\.text) }

    /// The part of the file from its first to its last word.
    package var span: Range<Int> {
      let all = assignments + words + redirections
      let start = all.map(\.span.lowerBound).min() ?? 0
      return start..<(all.map(\.span.upperBound).max() ?? start)
    }
  }

  package internal(set) var commands: [Command] = []
  /// Whether some command's output goes into another, anywhere.
  package internal(set) var hasPipe = false
  /// Holds what was not understood to the end: an open quote, a word such as `function`.
  package internal(set) var isUncertain = false

  package init() {}

  /// Whether it is only commands that each run if the one before succeeded, so that one more can follow with `&&`.
  package var isChain: Bool {
    !isUncertain && !commands.isEmpty
      && commands.allSatisfy {
        $0.depth > 0 || $0.joint == .first || $0.joint == .and || $0.joint == .pipe
      }
  }
}

extension ShellScript.Command {
  /// Whether it is one of these programs with this word among its arguments: `apt-get … install`.
  package func runs(_ names: Set<String>, _ subcommand: String) -> Bool {
    names.contains(name) && arguments.contains(subcommand)
  }

  /// Whether an option is given: `--no-cache`, `--no-cache=true`, or `-y` also as a part of `-qy`.
  package func has(option: String) -> Bool {
    let isShort = option.utf8.count == 2
    return arguments.contains { argument in
      if argument == option { return true }
      if isShort {
        return argument.hasPrefix("-") && !argument.hasPrefix("--")
          && argument.dropFirst().contains(option.last!)
      }
      return argument.hasPrefix(option + "=")
    }
  }
}

extension DockerfileParser {
  /// The commands of an instruction in shell form, here-documents that a shell runs included.
  func scripts(_ instruction: Instruction) -> ShellScript {
    if let json = instruction.json {
      var script = ShellScript()
      let words = json.map {
        ShellScript.Word(text: $0.text, span: $0.span, isExpanded: false, isQuoted: true)
      }
      if !words.isEmpty {
        script.commands = [ShellScript.Command(words: words, joint: .first, depth: 0)]
      }
      return script
    }
    var lexer = ShellLexer(instruction.text, instruction.arguments)
    var script = lexer.run()
    guard instruction.keyword == .run, !instruction.heredocs.isEmpty else { return script }
    let first = script.commands.first { $0.depth == 0 }
    let isScript =
      first.map { $0.words.isEmpty || ShellLexer.shells.contains($0.name) } ?? true
    if isScript, let heredoc = instruction.heredocs.first {
      var inner = ShellLexer(LogicalText(bytes, heredoc.content), nil)
      let body = inner.run()
      script.commands = script.commands.filter { !$0.words.isEmpty } + body.commands
      script.hasPipe = script.hasPipe || body.hasPipe
      script.isUncertain = script.isUncertain || body.isUncertain
    }
    return script
  }
}
