import YAML

/// Numbers as Go's `strconv` and `fmt` read and print them.
enum GoNumbers {
  /// The shortest digits that read back as the value, with an exponent below 1e-4 and from a million on, as `'g'`
  /// prints a float with the least precision.
  static func text(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    return layOut(value.description)
  }

  /// The same for a 32-bit value.
  static func text(_ value: Float) -> String { layOut(value.description) }

  /// Swift prints the same shortest digits as Go, laid out differently (`1e+21`, `100000.0`).
  private static func layOut(_ shortest: String) -> String {
    let sign = shortest.hasPrefix("-") ? "-" : ""
    let halves = shortest.drop { $0 == "-" }.split(separator: "e")
    let parts = halves[0].split(separator: ".")
    var digits = parts.joined()[...]
    var point = parts[0].utf8.count + (halves.count > 1 ? Int(halves[1]) ?? 0 : 0)
    while digits.utf8.count > 1, digits.hasPrefix("0") {
      digits = digits.dropFirst()
      point -= 1
    }
    while digits.utf8.count > 1, digits.hasSuffix("0") { digits = digits.dropLast() }
    if digits == "0" { return sign + "0" }
    let power = point - 1
    if power < -4 || power >= 6 {
      let mantissa =
        digits.utf8.count > 1 ? "\(digits.prefix(1)).\(digits.dropFirst())" : "\(digits)"
      let magnitude = power.magnitude < 10 ? "0\(power.magnitude)" : "\(power.magnitude)"
      return "\(sign)\(mantissa)e\(power < 0 ? "-" : "+")\(magnitude)"
    }
    if point <= 0 { return "\(sign)0.\(String(repeating: "0", count: -point))\(digits)" }
    let zeros = point - digits.utf8.count
    if zeros >= 0 { return sign + digits + String(repeating: "0", count: zeros) }
    return "\(sign)\(digits.prefix(point)).\(digits.dropFirst(point))"
  }

  /// The value of a YAML float in the spellings that yaml.v3 resolves.
  static func float(_ text: String) -> Double? {
    let plain = text.contains("_") ? text.filter { $0 != "_" } : text
    return switch plain {
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": .infinity
    case "-.inf", "-.Inf", "-.INF": -.infinity
    case ".nan", ".NaN", ".NAN": .nan
    default: Double(plain)
    }
  }

  /// `strconv.ParseFloat`, which wants an exponent of a hexadecimal number.
  static func parse(_ text: String) -> Double? {
    let isHexadecimal = text.contains { $0 == "x" || $0 == "X" }
    if isHexadecimal, !text.contains(where: { $0 == "p" || $0 == "P" }) { return nil }
    return Double(text)
  }

  /// What Go's conversion of a float to `uint64` gives on the usual processors, where it does not fit, too.
  static func unsigned(_ value: Double) -> UInt64 {
    UInt64(exactly: value.rounded(.towardZero)) ?? 1 << 63
  }

  /// The decimal digits of a YAML integer; nil beyond Go's `int64` and `uint64`.
  static func integer(_ text: String) -> String? {
    if let value = Scalar.goInt(text) { return String(value) }
    return UInt64(text.filter { $0 != "_" && $0 != "+" }).map { String($0) }
  }
}
