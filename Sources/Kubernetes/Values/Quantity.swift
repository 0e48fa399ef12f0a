/// An amount of a resource, printed in Kubernetes' canonical form.
///
/// Source: k8s.io/apimachinery `resource.Quantity`: amounts are exact to one nano; finer ones are rounded up.
package struct Quantity: Hashable, Sendable, Comparable, CustomStringConvertible {
  package enum Format: Hashable, Sendable {
    /// `n`, `u`, `m`, none, `k`, `M`, `G`, `T`, `P`, `E`.
    case decimal
    /// none, `Ki`, `Mi`, `Gi`, `Ti`, `Pi`, `Ei`.
    case binary
  }

  /// The amount in nano-units.
  package let nanos: Int128
  package let format: Format

  /// A processor share in Docker's NanoCPUs: `500m`, `2`.
  package init(nanoCPUs: Int) {
    nanos = Int128(nanoCPUs)
    format = .decimal
  }

  /// A size of memory or of a disk in bytes: `256Mi`, or plain bytes when nothing divides.
  package init(bytes: Int) {
    nanos = Int128(bytes) * 1_000_000_000
    format = .binary
  }

  /// A number of things, such as GPUs.
  package init(count: Int) {
    nanos = Int128(count) * 1_000_000_000
    format = .decimal
  }

  private init(nanos: Int128, format: Format) {
    self.nanos = nanos
    self.format = format
  }

  /// The sum with so many times another amount, in this one's format.
  package func adding(_ other: Quantity, times count: Int = 1) -> Quantity {
    Quantity(nanos: nanos + other.nanos * Int128(count), format: format)
  }

  /// Whether the amount is a whole number of units.
  package var isInteger: Bool { nanos % 1_000_000_000 == 0 }
  package var isZero: Bool { nanos == 0 }

  package static func < (left: Self, right: Self) -> Bool { left.nanos < right.nanos }
  package static func == (left: Self, right: Self) -> Bool { left.nanos == right.nanos }
  package func hash(into hasher: inout Hasher) { hasher.combine(nanos) }

  package var description: String {
    if nanos == 0 { return "0" }
    var amount = nanos
    if format == .binary, isInteger {
      amount /= 1_000_000_000
      var step = 0
      while step < 6, amount % 1024 == 0 {
        amount /= 1024
        step += 1
      }
      return "\(amount)\(["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"][step])"
    }
    var step = 0
    while step < 9, amount % 1000 == 0 {
      amount /= 1000
      step += 1
    }
    return "\(amount)\(["n", "u", "m", "", "k", "M", "G", "T", "P", "E"][step])"
  }
}

extension Quantity {
  /// Reads a quantity as the API server does: `1.5Gi`, `500m`, `1e3`; nil for anything else, and for amounts
  /// that no 64-bit number could hold.
  package init?(_ text: String) {
    var rest = text.utf8[...]
    var negative = false
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      negative = sign == UInt8(ascii: "-")
      rest.removeFirst()
    }
    var mantissa: Int128 = 0
    var fractionDigits: Int?
    var digits = 0
    while let byte = rest.first {
      if byte == UInt8(ascii: "."), fractionDigits == nil {
        fractionDigits = 0
      } else if 0x30...0x39 ~= byte {
        digits += 1
        guard digits <= 28 else { return nil }
        mantissa = mantissa * 10 + Int128(byte - 0x30)
        if let count = fractionDigits { fractionDigits = count + 1 }
      } else {
        break
      }
      rest.removeFirst()
    }
    guard digits > 0, let (base, exponent, format) = Self.scale(String(Substring(rest))) else {
      return nil
    }
    // nanos = mantissa * base^exponent * 10^(9 - fraction)
    var tens = 9 - (fractionDigits ?? 0)
    var nanos = mantissa
    if base == 10 { tens += exponent } else { nanos = Self.times(nanos, 2, exponent) ?? .max }
    if tens >= 0 {
      guard let scaled = Self.times(nanos, 10, tens) else { return nil }
      nanos = scaled
    } else {
      for _ in 0..<min(-tens, 40) {
        // Away from zero, at every step: a remainder once seen stays.
        nanos = nanos / 10 + (nanos % 10 == 0 ? 0 : 1)
      }
    }
    guard nanos <= Int128(Int64.max) * 1_000_000_000 else { return nil }
    self.nanos = negative ? -nanos : nanos
    self.format = format
  }

  private static func times(_ value: Int128, _ base: Int128, _ exponent: Int) -> Int128? {
    var result = value
    for _ in 0..<exponent {
      let (product, overflow) = result.multipliedReportingOverflow(by: base)
      if overflow { return nil }
      result = product
    }
    return result
  }

  private static func scale(_ suffix: String) -> (base: Int, exponent: Int, format: Format)? {
    switch suffix {
    case "n": return (10, -9, .decimal)
    case "u": return (10, -6, .decimal)
    case "m": return (10, -3, .decimal)
    case "": return (10, 0, .decimal)
    case "k": return (10, 3, .decimal)
    case "M": return (10, 6, .decimal)
    case "G": return (10, 9, .decimal)
    case "T": return (10, 12, .decimal)
    case "P": return (10, 15, .decimal)
    case "E": return (10, 18, .decimal)
    case "Ki": return (2, 10, .binary)
    case "Mi": return (2, 20, .binary)
    case "Gi": return (2, 30, .binary)
    case "Ti": return (2, 40, .binary)
    case "Pi": return (2, 50, .binary)
    case "Ei": return (2, 60, .binary)
    default:
      guard suffix.first == "e" || suffix.first == "E", suffix.utf8.count <= 4,
        let exponent = Int(suffix.dropFirst())
      else { return nil }
      return (10, exponent, .decimal)
    }
  }
}

extension Quantity: ExpressibleByStringLiteral {
  /// For amounts in the source code; a bad one stops the program.
  package init(stringLiteral text: String) {
    let value: Quantity? = Quantity(text)
    guard let value else { preconditionFailure("no quantity") }
    self = value
  }
}
