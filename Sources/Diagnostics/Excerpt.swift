/// A source line cut to a readable width, and the caret line that belongs under it.
package struct Excerpt {
  /// With a leading blank, unless the line is empty.
  package private(set) var line = ""
  /// The blanks in front of the caret.
  package private(set) var indent = ""
  /// `^~~~`
  package private(set) var caret = ""

  /// Longer lines are cut around the caret.
  private static let width = 96
  /// Columns kept in front of the caret of a cut line.
  private static let lead = 48
  private static let tab = 4

  /// - Parameters:
  ///   - column: The caret's place in Unicode scalars, from one; behind the end means the end.
  ///   - length: Scalars to underline.
  package init(_ text: String, column: Int, length: Int) {
    let scalars = Array(text.unicodeScalars)
    let target = max(0, min(column - 1, scalars.count))
    var first = 0
    if scalars.count > Self.width, target > Self.lead { first = target - Self.lead }
    var used = 0
    var index = first
    if first > 0 {
      line += "…"
      used = 1
    }
    var marked = 0
    while index < scalars.count {
      let scalar = scalars[index]
      let glyph = Glyph(scalar)
      let width = scalar == "\t" ? Self.tab - used % Self.tab : glyph.width
      if used + width > Self.width {
        line += "…"
        break
      }
      if scalar == "\t" {
        line += String(repeating: " ", count: width)
      } else {
        line.unicodeScalars.append(glyph.scalar)
      }
      if index < target {
        indent = String(repeating: " ", count: used + width)
      } else if index < target + max(length, 1) {
        marked += width
      }
      used += width
      index += 1
    }
    if first > 0, target == first { indent = " " }
    caret = length == 0 ? "^" : "^" + String(repeating: "~", count: max(0, marked - 1))
    if !line.isEmpty { line = " " + line }
    indent = " " + indent
  }
}

/// How a scalar is shown on a terminal.
struct Glyph {
  /// The scalar itself, or a stand-in for one that is invisible or would steer the terminal.
  var scalar: Unicode.Scalar
  /// Columns that it takes.
  var width: Int

  init(_ original: Unicode.Scalar) {
    width = 1
    switch original.value {
    case 0..<0x20: scalar = Unicode.Scalar(0x2400 + original.value) ?? "\u{FFFD}"
    case 0x20..<0x7F: scalar = original
    case 0x7F: scalar = "\u{2421}"
    case 0x80..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
      0xFFF9...0xFFFB, 0xE0000...0xE0FFF:
      scalar = "\u{FFFD}"
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      scalar = original
      width = 2
    default:
      scalar = original
      switch original.properties.generalCategory {
      case .nonspacingMark, .enclosingMark: width = 0
      default: break
      }
    }
  }
}
