/// The lines of a text as YAML counts them, decoded to UTF-8.
///
/// A line ends with LF, CR, CRLF, NEL, LS or PS, as for libyaml, so that its marks fit. UTF-16 is recognised by its
/// byte order mark; a byte order mark belongs to no line.
package struct SourceText: Sendable {
  /// The text in UTF-8, or what was meant to be that, without a byte order mark.
  package let bytes: [UInt8]
  /// Where each line starts in `bytes`; an empty text has one line.
  private let starts: [Int]

  package init(_ raw: [UInt8]) {
    bytes = Self.decode(raw[...])
    var starts = [0]
    var index = 0
    while index < bytes.count {
      let length = Self.breakLength(bytes, at: index)
      index += max(length, 1)
      if length > 0 { starts.append(index) }
    }
    // What follows the last line break is a line only if there is something.
    if starts.count > 1, starts.last == bytes.count { starts.removeLast() }
    self.starts = starts
  }

  package var lineCount: Int { starts.count }

  /// The bytes of a line counted from one, without its break; nil behind the last line.
  package func line(_ number: Int) -> ArraySlice<UInt8>? {
    guard number >= 1, number <= starts.count else { return nil }
    let start = starts[number - 1]
    var end = number < starts.count ? starts[number] : bytes.count
    for length in [3, 2, 1] where end - start >= length {
      if Self.breakLength(bytes, at: end - length) == length {
        end -= length
        break
      }
    }
    return bytes[start..<end]
  }

  /// Line and column of a byte of the raw text, counted from one; `raw` is what this was made from.
  package func position(ofByte offset: Int, in raw: [UInt8]) -> (line: Int, column: Int) {
    var place = min(Self.decode(raw.prefix(max(0, offset))).count, bytes.count)
    // Inside a character, its start.
    for back in 1...3 where back <= place {
      let byte = bytes[place - back]
      if byte & 0xC0 == 0x80 { continue }
      if byte >= 0xC0, back < (byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2) { place -= back }
      break
    }
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= place { low = middle } else { high = middle }
    }
    let before = bytes[starts[low]..<max(starts[low], place)]
    return (low + 1, String(decoding: before, as: UTF8.self).unicodeScalars.count + 1)
  }

  private static func decode(_ raw: ArraySlice<UInt8>) -> [UInt8] {
    if raw.starts(with: [0xEF, 0xBB, 0xBF]) { return Array(raw.dropFirst(3)) }
    let isLittle = raw.starts(with: [0xFF, 0xFE])
    guard isLittle || raw.starts(with: [0xFE, 0xFF]) else { return Array(raw) }
    var units: [UInt16] = []
    units.reserveCapacity(raw.count / 2)
    var index = raw.startIndex + 2
    while index + 1 < raw.endIndex {
      let (first, second) = (UInt16(raw[index]), UInt16(raw[index + 1]))
      units.append(isLittle ? second << 8 | first : first << 8 | second)
      index += 2
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }

  private static func breakLength(_ bytes: [UInt8], at index: Int) -> Int {
    switch bytes[index] {
    case 0x0A: 1
    case 0x0D: index + 1 < bytes.count && bytes[index + 1] == 0x0A ? 2 : 1
    case 0xC2: index + 1 < bytes.count && bytes[index + 1] == 0x85 ? 2 : 0
    case 0xE2:
      index + 2 < bytes.count && bytes[index + 1] == 0x80 && bytes[index + 2] | 1 == 0xA9 ? 3 : 0
    default: 0
    }
  }
}
