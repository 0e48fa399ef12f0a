/// A word as a POSIX shell takes it: in single quotes, within which nothing is special, unless it needs none.
package func shellWord(_ text: String) -> String {
  let isPlain = text.utf8.allSatisfy {
    switch $0 {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: "+,-./:=@_".utf8.contains($0)
    }
  }
  if isPlain, !text.isEmpty { return text }
  let parts = text.split(separator: "'", omittingEmptySubsequences: false)
  return "'" + parts.joined(separator: "'\\''") + "'"
}

/// Splitting a command line into words as Docker does (`google/shlex`): quotes, backslashes and `#` comments, but no
/// variables and no patterns.
enum ShellWords {
  /// What the text ends in the middle of.
  enum Problem: Error {
    case openQuote
    case openEscape

    var text: String {
      switch self {
      case .openQuote: "a quote is not closed"
      case .openEscape: "it ends with a backslash"
      }
    }
  }

  private enum State {
    case between, word, escaped, quotedEscaped, doubleQuoted, singleQuoted, comment
  }

  static func split(_ text: String) throws(Problem) -> [String] {
    var words: [String] = []
    var word = String.UnicodeScalarView()
    var state = State.between
    for scalar in text.unicodeScalars {
      switch state {
      case .between:
        switch scalar {
        case " ", "\t", "\r", "\n": break
        case "\"": state = .doubleQuoted
        case "'": state = .singleQuoted
        case "\\": state = .escaped
        case "#": state = .comment
        default:
          word.append(scalar)
          state = .word
        }
      case .word:
        switch scalar {
        case " ", "\t", "\r", "\n":
          words.append(String(word))
          word = .init()
          state = .between
        case "\"": state = .doubleQuoted
        case "'": state = .singleQuoted
        case "\\": state = .escaped
        default: word.append(scalar)
        }
      case .escaped:
        word.append(scalar)
        state = .word
      case .quotedEscaped:
        word.append(scalar)
        state = .doubleQuoted
      case .doubleQuoted:
        switch scalar {
        case "\"": state = .word
        case "\\": state = .quotedEscaped
        default: word.append(scalar)
        }
      case .singleQuoted:
        if scalar == "'" { state = .word } else { word.append(scalar) }
      case .comment:
        if scalar == "\n" { state = .between }
      }
    }
    switch state {
    case .word: words.append(String(word))
    case .escaped, .quotedEscaped: throw .openEscape
    case .doubleQuoted, .singleQuoted: throw .openQuote
    case .between, .comment: break
    }
    return words
  }
}
