/// Dates as yaml.v3 reads them, in the two spellings in which Docker prints them.
enum Timestamps {
  private struct Parts {
    var date: String
    var time = "00:00:00"
    var fraction = ""
    /// `Z`, or an offset such as `+02:00`.
    var zone = "Z"
  }

  /// `time.Time.String()`: `2001-01-01 00:00:00 +0000 UTC`.
  static func goText(_ text: String) -> String {
    guard let parts = parse(text) else { return text }
    let offset = parts.zone.replacing(":", with: "")
    let zone = parts.zone == "Z" ? "+0000 UTC" : "\(offset) \(offset)"
    return "\(parts.date) \(parts.time)\(parts.fraction) \(zone)"
  }

  /// RFC 3339 with as many digits of a second as were written.
  static func rfc3339(_ text: String) -> String {
    guard let parts = parse(text) else { return text }
    return "\(parts.date)T\(parts.time)\(parts.fraction)\(parts.zone)"
  }

  private static func parse(_ text: String) -> Parts? {
    let isDateEnd = { (character: Character) in
      character == "T" || character == "t" || character == " "
    }
    let dateEnd = text.firstIndex(where: isDateEnd) ?? text.endIndex
    let date = text[..<dateEnd].split(separator: "-").map { pad($0) }
    guard date.count == 3 else { return nil }
    var parts = Parts(date: date.joined(separator: "-"))
    var rest = text[dateEnd...].drop(while: isDateEnd)
    if rest.isEmpty { return parts }
    let clockEnd = rest.firstIndex { "Zz+- ".contains($0) } ?? rest.endIndex
    let clock = rest[..<clockEnd].split(separator: ".")
    parts.time = clock[0].split(separator: ":").map { pad($0) }.joined(separator: ":")
    if clock.count > 1 {
      var digits = clock[1]
      while digits.hasSuffix("0") { digits = digits.dropLast() }
      if !digits.isEmpty { parts.fraction = ".\(digits)" }
    }
    rest = rest[clockEnd...].drop { $0 == " " }
    if let sign = rest.first, sign == "+" || sign == "-" {
      let offset = rest.dropFirst().split(separator: ":").map { pad($0) }
      parts.zone = "\(sign)\(offset[0]):\(offset.count > 1 ? offset[1] : "00")"
      if parts.zone.hasSuffix("00:00") { parts.zone = "Z" }
    }
    return parts
  }

  private static func pad(_ number: Substring) -> String {
    number.utf8.count < 2 ? "0\(number)" : String(number)
  }
}
