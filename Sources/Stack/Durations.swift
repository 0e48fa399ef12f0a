/// Durations as Go writes them: `1h30m`, `1.5s`, `500ms`.
enum GoDuration {
  /// `time.ParseDuration`, in nanoseconds; nil for what Go refuses.
  static func nanoseconds(_ text: String) -> Int64? {
    var rest = Array(text.utf8)[...]
    var negative = false
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      negative = sign == UInt8(ascii: "-")
      rest = rest.dropFirst()
    }
    if rest.elementsEqual("0".utf8) { return 0 }
    if rest.isEmpty { return nil }
    var total: UInt64 = 0
    while !rest.isEmpty {
      guard let part = component(&rest) else { return nil }
      let (sum, overflow) = total.addingReportingOverflow(part)
      if overflow || sum > 1 << 63 { return nil }
      total = sum
    }
    if negative { return total == 1 << 63 ? .min : -Int64(total) }
    return Int64(exactly: total)
  }

  /// One number with its unit, such as `1.5h`.
  private static func component(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
    let isDigit = { (byte: UInt8) in byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
    var whole: UInt64 = 0
    let start = rest.count
    while let byte = rest.first, isDigit(byte) {
      if whole > (1 << 63) / 10 { return nil }
      whole = whole * 10 + UInt64(byte - UInt8(ascii: "0"))
      if whole > 1 << 63 { return nil }
      rest = rest.dropFirst()
    }
    var hasDigits = rest.count < start
    var fraction: UInt64 = 0
    var scale = 1.0
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      let start = rest.count
      var isFull = false
      while let byte = rest.first, isDigit(byte) {
        rest = rest.dropFirst()
        if isFull { continue }
        let next = fraction.multipliedReportingOverflow(by: 10)
        let value = next.partialValue &+ UInt64(byte - UInt8(ascii: "0"))
        if fraction > UInt64(Int64.max) / 10 || value > 1 << 63 {
          isFull = true
          continue
        }
        fraction = value
        scale *= 10
      }
      hasDigits = hasDigits || rest.count < start
    }
    guard hasDigits else { return nil }
    let end = rest.firstIndex { $0 == UInt8(ascii: ".") || isDigit($0) } ?? rest.endIndex
    guard let unit = unit(String(decoding: rest[..<end], as: UTF8.self)) else { return nil }
    rest = rest[end...]
    guard whole <= (1 << 63) / unit else { return nil }
    var value = whole * unit
    if fraction > 0 {
      value += UInt64(Double(fraction) * (Double(unit) / scale))
      if value > 1 << 63 { return nil }
    }
    return value
  }

  private static func unit(_ text: String) -> UInt64? {
    switch text {
    case "ns": 1
    case "us", "\u{B5}s", "\u{3BC}s": 1_000
    case "ms": 1_000_000
    case "s": 1_000_000_000
    case "m": 60_000_000_000
    case "h": 3_600_000_000_000
    default: nil
    }
  }

  /// `time.Duration.String()`.
  static func text(_ nanoseconds: Int64) -> String {
    if nanoseconds == 0 { return "0s" }
    let sign = nanoseconds < 0 ? "-" : ""
    let magnitude = nanoseconds.magnitude
    if magnitude < 1_000 { return "\(sign)\(magnitude)ns" }
    if magnitude < 1_000_000 { return "\(sign)\(decimal(magnitude, digits: 3))\u{B5}s" }
    if magnitude < 1_000_000_000 { return "\(sign)\(decimal(magnitude, digits: 6))ms" }
    let minutes = magnitude / 60_000_000_000
    let seconds = "\(decimal(magnitude % 60_000_000_000, digits: 9))s"
    if minutes == 0 { return sign + seconds }
    if minutes < 60 { return "\(sign)\(minutes)m\(seconds)" }
    return "\(sign)\(minutes / 60)h\(minutes % 60)m\(seconds)"
  }

  private static func decimal(_ value: UInt64, digits: Int) -> String {
    var power: UInt64 = 1
    for _ in 0..<digits { power *= 10 }
    var fraction = String(value % power)
    fraction = String(repeating: "0", count: digits - fraction.utf8.count) + fraction
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return fraction.isEmpty ? "\(value / power)" : "\(value / power).\(fraction)"
  }
}

/// The value of a duration in Go's spelling (`1m30s`); nil for what Go refuses.
package func goDuration(_ text: String) -> Duration? {
  GoDuration.nanoseconds(text).map { .nanoseconds($0) }
}

/// `1m30s`, `500ms`: as Go prints a duration. What exceeds Go's 292 years is cut.
package func goDurationText(_ duration: Duration) -> String {
  let (seconds, attoseconds) = duration.components
  let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
  let (sum, carry) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
  return GoDuration.text(overflow || carry ? (seconds < 0 ? .min : .max) : sum)
}
