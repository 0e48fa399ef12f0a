import Basics

/// Text from the input as Markdown text: nothing in it is markup.
enum Markdown {
  /// A text of the program's, in which parts between backquotes are code: whatever values they hold, nothing else is markup.
  static func escaped(_ text: String) -> String {
    let text = VisibleText.shown(text)
    guard text.utf8.contains(where: { markup.contains($0) }) else { return text }
    guard text.utf8.contains(UInt8(ascii: "`")) else { return plain(text) }
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    var result = ""
    for (number, part) in parts.enumerated() {
      if number % 2 == 1 {
        // A backquote without another is one.
        result += number == parts.count - 1 ? "\\`" + plain(String(part)) : code(String(part))
      } else {
        result += plain(String(part))
      }
    }
    return result
  }

  /// Text in which nothing is markup.
  private static func plain(_ text: String) -> String {
    var result: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "<"): result += "&lt;".utf8
      case UInt8(ascii: "|"), UInt8(ascii: "*"), UInt8(ascii: "["), UInt8(ascii: "]"),
        UInt8(ascii: "\\"), UInt8(ascii: "`"):
        result += [UInt8(ascii: "\\"), byte]
      default: result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static let markup = Set("<|*[]\\`".utf8)

  /// An inline code span that holds whatever the input holds.
  static func code(_ text: String) -> String {
    var plain: [UInt8] = []
    for byte in VisibleText.shown(text).utf8 {
      switch byte {
      case UInt8(ascii: "|"): plain += #"\|"#.utf8
      default: plain.append(byte)
      }
    }
    let fence = String(repeating: "`", count: longestRun(of: UInt8(ascii: "`"), in: plain) + 1)
    let body = String(decoding: plain, as: UTF8.self)
    return fence.utf8.count > 1 ? "\(fence) \(body) \(fence)" : "`\(body)`"
  }

  /// A fenced block, behind a blank line, that no text inside it can end.
  static func block(_ text: String, _ language: String, indent: String = "") -> String {
    let run = longestRun(of: UInt8(ascii: "`"), in: Array(text.utf8))
    let fence = String(repeating: "`", count: max(3, run + 1))
    var result = "\n\(indent)\(fence)\(language)\n"
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let line = VisibleText.shown(String(line), keepsTabs: true)
      result += line.isEmpty ? "\n" : "\(indent)\(line)\n"
    }
    return result + "\(indent)\(fence)\n"
  }

  private static func longestRun(of byte: UInt8, in bytes: [UInt8]) -> Int {
    var longest = 0
    var current = 0
    for other in bytes {
      current = other == byte ? current + 1 : 0
      longest = max(longest, current)
    }
    return longest
  }
}
