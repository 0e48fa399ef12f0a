import Basics

/// Something that can be done about a finding.
package enum Remedy: Sendable, Hashable {
  /// An option of the command line, or an answer, that changes the outcome. `value` is nil for a flag. `effect` goes on the
  /// sentence: "keeps the port at an address of its own".
  case option(OptionName, value: String? = nil, effect: String = "")
  /// Commands to run, in this order.
  case commands([Command])
  /// What to write into the stack: YAML, and where or when.
  case edit(String, note: String = "in the stack")
  /// What to write somewhere else than into the stack: a fragment of a manifest, of a Dockerfile or of a configuration.
  case fragment(String, note: String)
  /// What to do, in words.
  case sentence(String)

  package static func command(_ command: Command) -> Self { .commands([command]) }

  /// A command that shows something and changes nothing.
  package static func look(_ command: Command) -> Self { .command(command.meaning(.look)) }

  /// Whether it is text to copy rather than to read.
  package var isCode: Bool {
    switch self {
    case .commands, .edit, .fragment: true
    case .option, .sentence: false
    }
  }

  /// The language of the code, as Markdown names it.
  package var language: String {
    switch self {
    case .commands: "sh"
    case .edit: "yaml"
    case .fragment, .option, .sentence: ""
    }
  }

  /// Its lines, without hidden characters.
  package var lines: [String] {
    switch self {
    case .option(let name, let value, let effect):
      let setting = value.map { "\(name.flag) \(ShellWord.quoted($0))" } ?? name.flag
      return [VisibleText.shown(effect.isEmpty ? setting : "\(setting) \(effect)")]
    case .commands(let commands):
      return commands.flatMap { Self.split($0.annotated) }
    case .edit(let text, let note), .fragment(let text, let note):
      var lines = Self.split(text)
      if !note.isEmpty, !lines.isEmpty {
        lines[lines.count - 1] += "  # \(VisibleText.shown(note))"
      }
      return lines
    case .sentence(let text): return [VisibleText.shown(text)]
    }
  }

  /// Its lines as one text.
  package var text: String { lines.joined(separator: "\n") }

  private static func split(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map {
      VisibleText.shown(String($0))
    }
  }
}
