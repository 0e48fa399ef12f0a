internal import Diagnostics

/// Makes libyaml read `\'` between double quotes, which Docker's loader takes for an apostrophe and libyaml refuses.
///
/// The escape is replaced by another of the same length that the text does not use, and the character that this one
/// stands for is replaced in the scalars. Places therefore stay as they are.
struct ApostropheEscape {
  /// An escape and the character that it stands for.
  struct StandIn {
    var escape: UInt8
    var character: Unicode.Scalar

    func restored(_ text: String) -> String {
      guard text.unicodeScalars.contains(character) else { return text }
      var result = ""
      for scalar in text.unicodeScalars {
        result.unicodeScalars.append(scalar == character ? "'" : scalar)
      }
      return result
    }
  }

  /// Every scalar with the escape costs one more reading of the text.
  private static let (maximumBytes, maximumScalars) = (1 << 20, 64)

  private(set) var bytes: [UInt8]
  let standIn: StandIn
  private var replacedScalars = 0

  /// Nil for a text without the escape, and for one that is too large or uses all stand-ins itself.
  init?(_ bytes: [UInt8]) {
    let candidates = [
      StandIn(escape: UInt8(ascii: "a"), character: "\u{7}"),
      StandIn(escape: UInt8(ascii: "v"), character: "\u{B}"),
      StandIn(escape: UInt8(ascii: "b"), character: "\u{8}"),
      StandIn(escape: UInt8(ascii: "e"), character: "\u{1B}"),
    ]
    guard bytes.count <= Self.maximumBytes, Self.uses(UInt8(ascii: "'"), bytes),
      let standIn = candidates.first(where: { !Self.uses($0.escape, bytes) })
    else { return nil }
    self.bytes = bytes
    self.standIn = standIn
  }

  private static func uses(_ escape: UInt8, _ bytes: [UInt8]) -> Bool {
    bytes.indices.dropFirst().contains { index in
      bytes[index] == escape && bytes[index - 1] == UInt8(ascii: "\\")
    }
  }

  /// Replaces the escape in the scalar that libyaml stumbled over; false when that is not the problem.
  mutating func replace(at problem: EventReader.Problem) -> Bool {
    guard problem.text == "found unknown escape character",
      replacedScalars < Self.maximumScalars,
      let line = SourceText(bytes).line(problem.line + 1)
    else { return false }
    let before = String(decoding: line, as: UTF8.self).unicodeScalars.prefix(problem.column)
    // `line` counts in a text without byte order mark.
    let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var index = mark + line.startIndex + String(String.UnicodeScalarView(before)).utf8.count
    guard isEscape(at: index) else { return false }
    replacedScalars += 1
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      if isEscape(at: index) { bytes[index + 1] = standIn.escape }
      index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return true
  }

  private func isEscape(at index: Int) -> Bool {
    index + 1 < bytes.count && bytes[index] == UInt8(ascii: "\\")
      && bytes[index + 1] == UInt8(ascii: "'")
  }
}
