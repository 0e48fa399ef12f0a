/// The type of a plain scalar, as gopkg.in/yaml.v3 resolves it when it decodes into `any`.
///
/// The rule is that loader's, not a YAML schema's: `yes` is a string, `0777` is octal, `08` a float, `1_000` an
/// integer, and a number that no 64 bits hold is a float.
extension Scalar {
  /// The type of a text written without quotes and without a tag.
  package static func kind(ofPlain text: String) -> Kind {
    kind(ofPlain: text.utf8.span)
  }

  static func kind(ofPlain text: Span<UInt8>) -> Kind {
    guard text.count > 0 else { return .null }
    switch text[0] {
    case UInt8(ascii: "~"):
      return text.count == 1 ? .null : .string
    case UInt8(ascii: "n"), UInt8(ascii: "N"):
      return text.isWord("null") ? .null : .string
    case UInt8(ascii: "t"), UInt8(ascii: "T"):
      return text.isWord("true") ? .bool : .string
    case UInt8(ascii: "f"), UInt8(ascii: "F"):
      return text.isWord("false") ? .bool : .string
    case UInt8(ascii: "."):
      if text.isWord(".inf") || text.equals(".nan") || text.equals(".NaN") || text.equals(".NAN") {
        return .float
      }
      return text.isFloat ? .float : .string
    case UInt8(ascii: "+"), UInt8(ascii: "-"):
      if text.count == 5, text.extracting(1...).isWord(".inf") { return .float }
      return number(text)
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      return number(text)
    default:
      return .string
    }
  }

  private static func number(_ text: Span<UInt8>) -> Kind {
    if text.isTimestamp { return .timestamp }
    for index in 0..<text.count where text[index] == UInt8(ascii: "_") {
      // Underscores are dropped wherever they stand.
      var bytes: [UInt8] = []
      for index in 0..<text.count where text[index] != UInt8(ascii: "_") {
        bytes.append(text[index])
      }
      return bareNumber(bytes.span)
    }
    return bareNumber(text)
  }

  private static func bareNumber(_ text: Span<UInt8>) -> Kind {
    if text.isInteger { return .int }
    return text.isFloat ? .float : .string
  }
}

extension Span<UInt8> {
  func equals(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { other in
      for index in 0..<count where unsafe self[index] != other[index] { return false }
      return true
    }
  }

  /// In lower case, in upper case, or with a capital letter in front.
  func isWord(_ lower: StaticString) -> Bool {
    guard count == lower.utf8CodeUnitCount else { return false }
    return lower.withUTF8Buffer { other in
      var (small, capital, title) = (true, true, true)
      var isFirstLetter = true
      for index in 0..<count {
        let expected = unsafe other[index]
        let isLetter = expected >= UInt8(ascii: "a")
        let upper = isLetter ? expected - 0x20 : expected
        small = small && self[index] == expected
        capital = capital && self[index] == upper
        title = title && self[index] == (isFirstLetter ? upper : expected)
        if isLetter { isFirstLetter = false }
      }
      return small || capital || title
    }
  }

  private func isDigit(_ index: Int) -> Bool {
    index < count && self[index] &- UInt8(ascii: "0") <= 9
  }

  /// `strconv.ParseInt` or `ParseUint` with base 0, or one of the `0b` and `0o` spellings.
  fileprivate var isInteger: Bool {
    var index = 0
    var isSigned = false
    var isNegative = false
    if self[0] == UInt8(ascii: "-") || self[0] == UInt8(ascii: "+") {
      isNegative = self[0] == UInt8(ascii: "-")
      isSigned = true
      index = 1
    }
    guard isDigit(index) else { return false }
    var radix: UInt64 = 10
    if self[index] == UInt8(ascii: "0"), index + 1 < count {
      switch self[index + 1] | 0x20 {
      case UInt8(ascii: "x"): (radix, index) = (16, index + 2)
      case UInt8(ascii: "o"): (radix, index) = (8, index + 2)
      case UInt8(ascii: "b"): (radix, index) = (2, index + 2)
      default: (radix, index) = (8, index + 1)
      }
      guard index < count else { return false }
      if index < count, self[index] == UInt8(ascii: "-") || self[index] == UInt8(ascii: "+") {
        return isSignAfterPrefix(at: index)
      }
    }
    return magnitudeFits(from: index, radix: radix, signed: isSigned, negative: isNegative)
  }

  /// `0b-1` and `0o+7`: Go parses what follows these two prefixes on its own, and so takes a sign there.
  private func isSignAfterPrefix(at index: Int) -> Bool {
    guard index == 2, self[0] == UInt8(ascii: "0"), index + 1 < count else { return false }
    let radix: UInt64
    switch self[1] {
    case UInt8(ascii: "b"): radix = 2
    case UInt8(ascii: "o"): radix = 8
    default: return false
    }
    return magnitudeFits(
      from: index + 1, radix: radix, signed: true, negative: self[index] == UInt8(ascii: "-"))
  }

  private func magnitudeFits(
    from start: Int, radix: UInt64, signed: Bool, negative: Bool
  ) -> Bool {
    var value: UInt64 = 0
    for index in start..<count {
      let byte = self[index]
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: return false
      }
      guard digit < radix else { return false }
      let (scaled, overflow) = value.multipliedReportingOverflow(by: radix)
      let (sum, carry) = scaled.addingReportingOverflow(UInt64(digit))
      if overflow || carry { return false }
      value = sum
    }
    // Without a sign, what overflows 64 signed bits is tried as unsigned.
    if !signed { return true }
    return negative ? value <= 1 << 63 : value < 1 << 63
  }

  /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, and finite.
  fileprivate var isFloat: Bool {
    var index = 0
    if self[0] == UInt8(ascii: "-") || self[0] == UInt8(ascii: "+") { index = 1 }
    let whole = index
    while isDigit(index) { index += 1 }
    var hasDigits = index > whole
    if index < count, self[index] == UInt8(ascii: ".") {
      index += 1
      let fraction = index
      while isDigit(index) { index += 1 }
      hasDigits = hasDigits || index > fraction
    }
    guard hasDigits else { return false }
    var hasExponent = false
    if index < count, self[index] | 0x20 == UInt8(ascii: "e") {
      hasExponent = true
      index += 1
      if index < count, self[index] == UInt8(ascii: "-") || self[index] == UInt8(ascii: "+") {
        index += 1
      }
      guard isDigit(index) else { return false }
      while isDigit(index) { index += 1 }
    }
    guard index == count else { return false }
    // Only these can exceed what 64 bits hold, and Go leaves such a text a string.
    if hasExponent || count > 300 { return isFinite }
    return true
  }

  private var isFinite: Bool {
    var text = ""
    for index in 0..<count { text.unicodeScalars.append(Unicode.Scalar(self[index])) }
    return Double(text)?.isFinite ?? false
  }
}
