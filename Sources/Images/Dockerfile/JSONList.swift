/// A list of texts in JSON: `["sh", "-c", "exit 0"]`.
struct JSONList {
  private let bytes: [UInt8]
  private let range: Range<Int>
  private var index: Int
  /// It is a list, but of something else than texts.
  private(set) var hasOtherItems = false

  init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    self.range = range
    index = range.lowerBound
  }

  /// The items with their places, quotes included; nil for what is no such list.
  mutating func read() -> [(text: String, range: Range<Int>)]? {
    var items: [(text: String, range: Range<Int>)] = []
    index += 1
    skipBlanks()
    if take("]") { return atEnd ? items : nil }
    while true {
      skipBlanks()
      let start = index
      guard let text = readText() else {
        if index < range.upperBound, isOtherValue(bytes[index]) { hasOtherItems = isList }
        return nil
      }
      items.append((text, start..<index))
      skipBlanks()
      if take("]") { return atEnd ? items : nil }
      guard take(",") else { return nil }
    }
  }

  /// Whether it at least ends like a list: `[ -f x ] && y` is a command of the shell.
  private var isList: Bool { bytes[range.upperBound - 1] == UInt8(ascii: "]") }

  private func isOtherValue(_ byte: UInt8) -> Bool {
    0x30...0x39 ~= byte || byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[")
  }

  private var atEnd: Bool {
    mutating get {
      skipBlanks()
      return index == range.upperBound
    }
  }

  private mutating func skipBlanks() {
    while index < range.upperBound, isBlank(bytes[index]) || bytes[index] == 0x0A { index += 1 }
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard index < range.upperBound, bytes[index] == UInt8(ascii: scalar) else { return false }
    index += 1
    return true
  }

  private mutating func readText() -> String? {
    guard take("\"") else { return nil }
    var result: [UInt8] = []
    while index < range.upperBound {
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: result, as: UTF8.self)
      case 0..<0x20: return nil
      case UInt8(ascii: "\\"):
        guard index < range.upperBound else { return nil }
        let next = bytes[index]
        index += 1
        switch next {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(next)
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "u"):
          guard var value = readHex() else { return nil }
          if 0xD800...0xDBFF ~= value, take("\\"), take("u"), let low = readHex(),
            0xDC00...0xDFFF ~= low
          {
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
          }
          let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
          result += Array(String(Character(scalar)).utf8)
        default: return nil
        }
      default: result.append(byte)
      }
    }
    return nil
  }

  private mutating func readHex() -> UInt32? {
    guard index + 4 <= range.upperBound else { return nil }
    let value = UInt32(String(decoding: bytes[index..<(index + 4)], as: UTF8.self), radix: 16)
    index += 4
    return value
  }
}
