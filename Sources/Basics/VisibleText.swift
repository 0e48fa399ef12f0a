/// Text for people's eyes: whatever would act on a terminal, hide, or turn the line around is shown as an escape instead.
///
/// Source: Unicode 16, General_Category Cc, Zl and Zp, and the bidirectional controls of UAX #9; CVE-2021-42574.
package enum VisibleText {
  /// Whether a character acts rather than shows: control characters, separators of lines, direction marks, joiners and the
  /// mark of byte order.
  package static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x1F, 0x7F...0x9F, 0xAD, 0x61C, 0x180E, 0x200B...0x200F, 0x2028...0x202E,
      0x2060...0x206F, 0xFDD0...0xFDEF, 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F:
      true
    default: false
    }
  }

  /// One line of text: hidden characters as `\n`, `\t` or `\u{1B}`. `keepsLines` and `keepsTabs` leave line
  /// breaks and tabs as they are.
  package static func shown(
    _ text: String, keepsLines: Bool = false, keepsTabs: Bool = false
  ) -> String {
    // Most texts are plain ASCII, and all are looked at.
    let isPlain = text.utf8.allSatisfy {
      0x20...0x7E ~= $0 || keepsTabs && $0 == 0x09 || keepsLines && $0 == 0x0A
    }
    if isPlain { return text }
    guard text.unicodeScalars.contains(where: isHidden) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\t" where keepsTabs: result.unicodeScalars.append(scalar)
      case "\n" where keepsLines: result.unicodeScalars.append(scalar)
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where isHidden(scalar):
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
