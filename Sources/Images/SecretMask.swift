/// A stack file for excerpts, in which the value behind a name on a line is stars.
///
/// - Parameter line: Counted from one, as line feeds part them.
package func maskedValue(_ bytes: [UInt8], of name: String, line: Int) -> [UInt8] {
  var start = 0
  for _ in 1..<max(1, line) {
    guard let feed = bytes[start...].firstIndex(of: 0x0A) else { return bytes }
    start = feed + 1
  }
  let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
  let wanted = Array(name.utf8)
  var place = start
  while place + wanted.count <= end {
    if bytes[place..<(place + wanted.count)].elementsEqual(wanted) {
      var value = place + wanted.count
      while value < end,
        [0x22, 0x27, 0x20, UInt8(ascii: ":"), UInt8(ascii: "=")].contains(bytes[value])
      {
        value += 1
      }
      // With what follows it on the line, which may be a part of it.
      return masked(bytes, [value..<end])
    }
    place += 1
  }
  // The value stands on a line of its own.
  return masked(bytes, [start..<end])
}
