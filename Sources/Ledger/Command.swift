import Basics

/// A command for a shell. What stands in the literal is the shell's own syntax; every value in it is one word, or a part of one,
/// and is quoted when the command is rendered, and nowhere else:
///
///     let command: Command = "kubectl -n \(namespace) label node \(node) \(key)=\(value)"
package struct Command: Sendable, Hashable, ExpressibleByStringInterpolation {
  /// What a command does, where the program itself goes by it: the plan of the move is made from these.
  package enum Intent: Sendable, Hashable {
    /// Gives nodes a label that pods ask for.
    case labelNodes(label: String)
    /// Makes an object that the manifests refer to and do not hold.
    case create(kind: String, name: String, namespace: String)
    /// Says how much a volume holds.
    case measure(volume: String)
    /// Stops what mounts a claim while it is filled.
    case stop(namespace: String)
    /// A part of filling a claim with what a volume of the Swarm holds.
    case copy(claim: String, namespace: String)
    /// Installs something in the cluster.
    case install(chart: String)
    /// Shows or checks something and changes nothing.
    case look
  }

  package enum Piece: Sendable, Hashable {
    /// The shell's own syntax.
    case syntax(String)
    /// A value: one word, together with what stands beside it without a blank.
    case word(String)
    /// A here-document for the command's standard input, until its own end mark.
    case document(String)
  }

  package private(set) var pieces: [Piece]
  package var intent: Intent?
  /// Said behind the command, as a comment of the shell.
  package var note: String?

  package init(pieces: [Piece], intent: Intent? = nil, note: String? = nil) {
    self.pieces = pieces
    self.intent = intent
    self.note = note
  }

  /// A command of single words, all of them values.
  package init(words: [String], intent: Intent? = nil, note: String? = nil) {
    pieces = []
    for (index, word) in words.enumerated() {
      if index > 0 { pieces.append(.syntax(" ")) }
      pieces.append(.word(word))
    }
    self.intent = intent
    self.note = note
  }

  package init(stringLiteral value: String) { self.init(pieces: [.syntax(value)]) }

  package init(stringInterpolation: Interpolation) { self.init(pieces: stringInterpolation.pieces) }

  /// Values are words; lists are words with blanks between them; commands are put in as they are.
  package struct Interpolation: StringInterpolationProtocol {
    fileprivate var pieces: [Piece] = []

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ literal: String) {
      if !literal.isEmpty { pieces.append(.syntax(literal)) }
    }

    package mutating func appendInterpolation(_ value: String) { pieces.append(.word(value)) }

    package mutating func appendInterpolation(_ value: Substring) {
      pieces.append(.word(String(value)))
    }

    package mutating func appendInterpolation(_ value: some CustomStringConvertible) {
      pieces.append(.word(value.description))
    }

    package mutating func appendInterpolation(words: [String]) {
      for (index, word) in words.enumerated() {
        if index > 0 { pieces.append(.syntax(" ")) }
        pieces.append(.word(word))
      }
    }

    package mutating func appendInterpolation(_ command: Command) { pieces += command.pieces }

    /// A text that the command reads from its standard input: `kubectl apply -f - \(document: text)`.
    package mutating func appendInterpolation(document text: String) {
      pieces.append(.document(text))
    }
  }

  /// The command with what it does.
  package consuming func meaning(_ intent: Intent) -> Self {
    self.intent = intent
    return self
  }

  /// The command with a word for the reader behind it.
  package consuming func noting(_ note: String) -> Self {
    self.note = note
    return self
  }

  /// As it is pasted into a shell, without the note. Only here-documents have several lines.
  package var shell: String {
    var line = ""
    var document: String?
    var position = 0
    while position < pieces.count {
      switch pieces[position] {
      case .syntax(let text): line += text
      case .document(let text):
        document = text
        line += "<<'\(Self.mark(for: text))'"
      case .word(var word):
        // Words without syntax between them are one word.
        while position + 1 < pieces.count, case .word(let next) = pieces[position + 1] {
          word += next
          position += 1
        }
        line += ShellWord.quoted(word)
      }
      position += 1
    }
    guard let document else { return line }
    let text = document.hasSuffix("\n") ? document : document + "\n"
    return "\(line)\n\(text)\(Self.mark(for: document))"
  }

  /// `shell`, and the note as a comment behind it.
  package var annotated: String {
    guard let note, !note.isEmpty else { return shell }
    let comment = "  # \(VisibleText.shown(note))"
    let text = shell
    guard let end = text.firstIndex(of: "\n") else { return text + comment }
    return text[..<end] + comment + text[end...]
  }

  /// A mark that is no line of the text.
  private static func mark(for text: String) -> String {
    let lines = Set(text.split(separator: "\n").map(String.init))
    var mark = "EOF"
    while lines.contains(mark) { mark += "_" }
    return mark
  }
}

extension [Command] {
  /// All of them, one below the other, each with its note.
  package var shell: String { map(\.annotated).joined(separator: "\n") }
}
