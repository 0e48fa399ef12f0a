/// A schedule of five cron fields, or one of the `@daily` kind, as CronJobs take it.
///
/// Source: github.com/robfig/cron/v3 `ParseStandard`, which the API server calls. A `TZ=` prefix is refused
/// (batch validation: use `timeZone`).
package struct Schedule: Hashable, Sendable, CustomStringConvertible {
  package let rawValue: String

  /// nil when the text is no such schedule.
  package init?(_ text: String) {
    guard Self.isValid(text) else { return nil }
    rawValue = text
  }

  /// A schedule that is known to be good; `problems` finds those that are not.
  package init(unchecked text: String) { rawValue = text }

  package var description: String { rawValue }

  package static func isValid(_ text: String) -> Bool {
    if text.utf8.first == UInt8(ascii: "@") { return isDescriptor(text) }
    let fields = text.split { $0 == " " || $0 == "\t" }
    guard fields.count == 5 else { return false }
    let limits = [0...59, 0...23, 1...31, 1...12, 0...6]
    let names = [[], [], [], months, days]
    return zip(fields, zip(limits, names)).allSatisfy { field, rule in
      field.split(separator: ",", omittingEmptySubsequences: true).allSatisfy {
        isRange($0, rule.0, rule.1)
      } && field.contains { $0 != "," }
    }
  }

  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]
  private static let days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

  /// `*`, `?`, `a`, `a-b`, each with an optional `/step`.
  private static func isRange(
    _ text: Substring, _ limits: ClosedRange<Int>, _ names: [String]
  ) -> Bool {
    let halves = text.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count <= 2 else { return false }
    if halves.count == 2 {
      guard let step = number(halves[1]), step > 0 else { return false }
    }
    let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false)
    if ends.count == 1, ends[0] == "*" || ends[0] == "?" { return true }
    func value(_ text: Substring) -> Int? {
      if let place = names.firstIndex(of: text.lowercased()) { return limits.lowerBound + place }
      return number(text)
    }
    guard ends.count <= 2, let low = value(ends[0]), limits.contains(low) else { return false }
    guard ends.count == 2 else { return true }
    guard let high = value(ends[1]) else { return false }
    return low <= high && limits.contains(high)
  }

  private static func number(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { 0x30...0x39 ~= $0 } ? Int(text) : nil
  }

  private static func isDescriptor(_ text: String) -> Bool {
    switch text {
    case "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly":
      return true
    default:
      let every = "@every "
      guard text.hasPrefix(every) else { return false }
      return isDuration(text.dropFirst(every.count))
    }
  }

  /// Go's `time.ParseDuration`: `1h30m`, `1.5h`.
  private static func isDuration(_ text: Substring) -> Bool {
    var rest = text
    if rest == "0" { return true }
    guard !rest.isEmpty else { return false }
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      guard number.contains(where: \.isNumber), number.count(where: { $0 == "." }) <= 1 else {
        return false
      }
      rest = rest.dropFirst(number.count)
      let unit = rest.prefix { !($0.isASCII && ($0.isNumber || $0 == ".")) }
      guard ["ns", "us", "µs", "μs", "ms", "s", "m", "h"].contains(String(unit)) else {
        return false
      }
      rest = rest.dropFirst(unit.count)
    }
    return true
  }
}
