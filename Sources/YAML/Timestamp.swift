/// The four spellings of a date that gopkg.in/yaml.v3 takes for a timestamp, each read as Go's `time.Parse` does:
/// `2006-1-2`, `2006-1-2 15:4:5.9`, and `2006-1-2T15:4:5.9Z07:00` with either case of the letter.
extension Span<UInt8> {
  var isTimestamp: Bool {
    guard count >= 8, self[4] == UInt8(ascii: "-"), let year = number(from: 0, digits: 4)
    else { return false }
    var index = 5
    guard let month = field(&index, 1...12), take(&index, "-"), let day = field(&index, 1...31),
      day <= Self.days(month, year)
    else { return false }
    if index == count { return true }
    let separator = self[index]
    index += 1
    switch separator {
    case UInt8(ascii: "T"), UInt8(ascii: "t"): break
    case UInt8(ascii: " "):
      while index < count, self[index] == UInt8(ascii: " ") { index += 1 }
    default: return false
    }
    guard field(&index, 0...23) != nil, take(&index, ":"), field(&index, 0...59) != nil,
      take(&index, ":"), field(&index, 0...59) != nil
    else { return false }
    if index + 1 < count, self[index] == UInt8(ascii: ".") || self[index] == UInt8(ascii: ","),
      number(from: index + 1, digits: 1) != nil
    {
      index += 2
      while number(from: index, digits: 1) != nil { index += 1 }
    }
    if separator == UInt8(ascii: " ") { return index == count }
    return isZone(from: index)
  }

  private func isZone(from start: Int) -> Bool {
    guard start < count else { return false }
    if self[start] == UInt8(ascii: "Z") { return start + 1 == count }
    guard self[start] == UInt8(ascii: "+") || self[start] == UInt8(ascii: "-"),
      count == start + 6, self[start + 3] == UInt8(ascii: ":"),
      let hours = number(from: start + 1, digits: 2),
      let minutes = number(from: start + 4, digits: 2)
    else { return false }
    // Go takes 24 hours and 60 minutes as well.
    return hours <= 24 && minutes <= 60
  }

  /// One or two digits in a range.
  private func field(_ index: inout Int, _ range: ClosedRange<Int>) -> Int? {
    let width = number(from: index, digits: 2) != nil ? 2 : 1
    guard let value = number(from: index, digits: width), range.contains(value) else {
      return nil
    }
    index += width
    return value
  }

  private func take(_ index: inout Int, _ character: Unicode.Scalar) -> Bool {
    guard index < count, self[index] == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  private func number(from start: Int, digits: Int) -> Int? {
    guard start + digits <= count else { return nil }
    var value = 0
    for index in start..<start + digits {
      let digit = self[index] &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      value = value * 10 + Int(digit)
    }
    return value
  }

  private static func days(_ month: Int, _ year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
