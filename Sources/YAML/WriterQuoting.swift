/// How a string must be written so that every reader takes it for that string.
enum ScalarStyle {
  case plain, quoted, block
}

extension ScalarStyle {
  /// The plainest style that carries the bytes of a string as a mapping's value.
  ///
  /// Plain is refused for whatever the YAML 1.1 types (yaml.org/type: bool, int, float, null, timestamp,
  /// merge, value) or the 1.2 core schema would resolve to something else, and a little beyond.
  static func of(_ text: Span<UInt8>) -> ScalarStyle {
    guard !text.isEmpty else { return .quoted }
    let scan = ByteScan(text)
    if scan.mustEscape { return .quoted }
    if scan.hasBreak { return scan.hasText ? .block : .quoted }
    return scan.hasTab || !isPlain(text) ? .quoted : .plain
  }

  /// Whether a single line of printable characters can stand without quotes, as a key too.
  private static func isPlain(_ text: Span<UInt8>) -> Bool {
    let last = text.count - 1
    if text[last] == blank || text[last] == UInt8(ascii: ":") { return false }
    switch text[0] {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
      if text.count <= 5, isWord(text) { return false }
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "."):
      if isNumberLike(text) || startsLikeMarker(text) { return false }
    case UInt8(ascii: "-"):
      if text.count == 1 || text[1] == blank || isNumberLike(text) || startsLikeMarker(text) {
        return false
      }
    case UInt8(ascii: "/"), UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "("),
      UInt8(ascii: ")"), UInt8(ascii: "^"), UInt8(ascii: ";"), UInt8(ascii: "\\"), 0x80...0xFF:
      break
    default: return false
    }
    for index in 1..<max(1, last) where text[index] == blank || text[index] == UInt8(ascii: ":") {
      // `: ` ends a key, ` #` begins a comment.
      let next = text[index + 1]
      if text[index] == blank ? next == UInt8(ascii: "#") : next == blank { return false }
    }
    return true
  }

  private static let blank = UInt8(ascii: " ")

  /// `---` and `...` are document markers at the beginning of a line.
  private static func startsLikeMarker(_ text: Span<UInt8>) -> Bool {
    text.count >= 3 && text[0] == text[1] && text[1] == text[2]
      && (text[0] == UInt8(ascii: "-") ? text.count == 3 || text[3] == blank : true)
  }

  /// The words of YAML 1.1 for booleans and null, in any letter case.
  private static func isWord(_ text: Span<UInt8>) -> Bool {
    var letters: UInt64 = 0
    for index in text.indices { letters = letters << 8 | UInt64(text[index] | 0x20) }
    // y, n, yes, no, on, off, true, false, null, nan, inf
    switch letters {
    case 0x79, 0x6E, 0x796573, 0x6E6F, 0x6F6E, 0x6F6666,
      0x74727565, 0x66616C7365, 0x6E756C6C, 0x6E616E, 0x696E66:
      return true
    default: return false
    }
  }

  /// Whether only bytes occur that a number, a sexagesimal or a date of any YAML version can hold, a digit or
  /// a point among them.
  private static func isNumberLike(_ text: Span<UInt8>) -> Bool {
    var hasDigitOrPoint = false
    for index in text.indices {
      switch text[index] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."):
        hasDigitOrPoint = true
      case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"),
        UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ":"),
        UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "o"), UInt8(ascii: "O"),
        UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "z"), UInt8(ascii: "Z"),
        UInt8(ascii: "i"), UInt8(ascii: "I"), UInt8(ascii: "n"), UInt8(ascii: "N"),
        UInt8(ascii: ","), blank:
        continue
      default: return false
      }
    }
    return hasDigitOrPoint
  }
}

/// What one pass over the bytes of a string tells.
private struct ByteScan {
  /// A character that only an escape can carry, or that a reader must be shown (see `mustEscape(_:)`).
  var mustEscape = false
  var hasBreak = false
  var hasTab = false
  /// Something but blanks, tabs and line breaks.
  var hasText = false

  init(_ text: Span<UInt8>) {
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte > 0x20, byte < 0x7F {
        hasText = true
      } else if byte >= 0x80 {
        hasText = true
        let scalar = decodeScalar(text, at: &index)
        if Writer.mustEscape(scalar) {
          mustEscape = true
          return
        }
        continue
      } else if byte == 0x0A {
        hasBreak = true
      } else if byte == 0x09 {
        hasTab = true
      } else if byte != 0x20 {
        mustEscape = true
        return
      }
      index += 1
    }
  }
}

/// The scalar that begins at an index of valid UTF-8; moves the index behind it.
func decodeScalar(_ text: Span<UInt8>, at index: inout Int) -> UInt32 {
  let lead = UInt32(text[index])
  let (length, bits): (Int, UInt32) =
    switch lead {
    case 0xC0..<0xE0: (2, lead & 0x1F)
    case 0xE0..<0xF0: (3, lead & 0x0F)
    case 0xF0...: (4, lead & 0x07)
    default: (1, lead)
    }
  var value = bits
  for offset in 1..<max(1, length) where index + offset < text.count {
    value = value << 6 | UInt32(text[index + offset] & 0x3F)
  }
  if length == 1 { value = lead }
  index += length
  return value
}

extension Writer {
  /// Scalars above ASCII that are written as an escape: what YAML does not call printable, its further line
  /// breaks, and what a reader cannot see (blanks of other widths, joiners, marks that turn the direction of
  /// the text).
  static func mustEscape(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x80...0xA0, 0xAD, 0x061C, 0x180E, 0x2000...0x200F, 0x2028...0x202F, 0x205F...0x206F,
      0x3000, 0xFEFF, 0xFFF9...0xFFFB, 0xFFFE, 0xFFFF:
      true
    case 0x1_0000...: scalar & 0xFFFE == 0xFFFE || (0xE_0000...0xE_0FFF).contains(scalar)
    default: false
    }
  }
}
