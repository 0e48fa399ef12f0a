/// Text from the input as Markdown text: nothing in it is markup.
enum Markdown {
  static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { markup.contains($0) }) else { return text }
    var result: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "<"): result += "&lt;".utf8
      case UInt8(ascii: "\n"): result.append(UInt8(ascii: " "))
      case UInt8(ascii: "|"), UInt8(ascii: "*"), UInt8(ascii: "["), UInt8(ascii: "]"),
        UInt8(ascii: "\\"):
        result += [UInt8(ascii: "\\"), byte]
      default: result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static let markup = Set("<\n|*[]\\".utf8)

  /// An inline code span that holds whatever the input holds.
  static func code(_ text: String) -> String {
    var plain: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case 0x0A, 0x0D: plain.append(UInt8(ascii: " "))
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
