/// The order in which yaml.v3 prints the keys of a map: letters by code point, runs of digits by their value.
enum NaturalOrder {
  static func precedes(_ left: String, _ right: String) -> Bool {
    var left = left
    var right = right
    return left.withUTF8 { left in
      right.withUTF8 { right in unsafe precedes(left, right) }
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  /// Bytes of anything beyond ASCII count as letters; UTF-8 keeps the order of code points.
  private static func isLetter(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
  }

  private static func precedes(
    _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    var position = 0
    var afterDigit = false
    let common = min(left.count, right.count)
    while position < common, unsafe left[position] == right[position] {
      unsafe afterDigit = isDigit(left[position])
      position += 1
    }
    if position == common { return left.count < right.count }
    let (a, b) = unsafe (left[position], right[position])
    if isLetter(a) && isLetter(b) { return a < b }
    if isLetter(a) || isLetter(b) { return isLetter(a) == afterDigit }
    var first: UInt64 = 0
    var second: UInt64 = 0
    if a == UInt8(ascii: "0") || b == UInt8(ascii: "0") {
      var back = position - 1
      while back >= 0, unsafe isDigit(left[back]) {
        if unsafe left[back] != UInt8(ascii: "0") {
          (first, second) = (1, 1)
          break
        }
        back -= 1
      }
    }
    let firstEnd = unsafe number(left, from: position, into: &first)
    let secondEnd = unsafe number(right, from: position, into: &second)
    if first != second { return first < second }
    if firstEnd != secondEnd { return firstEnd < secondEnd }
    return a < b
  }

  private static func number(
    _ text: UnsafeBufferPointer<UInt8>, from start: Int, into value: inout UInt64
  ) -> Int {
    var position = start
    while position < text.count, unsafe isDigit(text[position]) {
      unsafe value = value &* 10 &+ UInt64(text[position] - UInt8(ascii: "0"))
      position += 1
    }
    return position
  }
}
