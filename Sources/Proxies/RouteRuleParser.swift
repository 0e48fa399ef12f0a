import YAML

extension RouteRule {
  /// The most nested parentheses and negations that are read.
  private static let depthLimit = 100

  /// Reads a rule of Traefik 2 or 3: ``Host(`a.example`) && !PathPrefix(`/admin`)``.
  ///
  /// `&&` binds closer than `||`; names of matchers count in any letter case; texts stand in back quotes, or in double
  /// quotes with Go's escapes.
  package init(traefik text: String) throws(RouteRuleError) {
    var parser = RouteRuleParser(text)
    let rule = try parser.either(depth: Self.depthLimit)
    guard parser.isAtEnd else { throw RouteRuleError("`\(parser.rest)` is left over") }
    self = rule
  }
}

/// A recursive descent over the bytes of a rule.
private struct RouteRuleParser {
  private let bytes: [UInt8]
  private var index = 0

  init(_ text: String) {
    bytes = Array(text.utf8)
    skipBlanks()
  }

  var isAtEnd: Bool { index == bytes.count }

  /// A short piece of what is still to be read, for messages.
  var rest: String {
    String(decoding: bytes[index...].prefix(30), as: UTF8.self)
  }

  private var here: String { isAtEnd ? "at its end" : "before `\(rest)`" }

  /// `a || b`
  mutating func either(depth: Int) throws(RouteRuleError) -> RouteRule {
    var rules = [try both(depth: depth)]
    while take("||") { rules.append(try both(depth: depth)) }
    return rules.count == 1 ? rules[0] : .any(rules)
  }

  /// `a && b`
  private mutating func both(depth: Int) throws(RouteRuleError) -> RouteRule {
    var rules = [try single(depth: depth)]
    while take("&&") { rules.append(try single(depth: depth)) }
    return rules.count == 1 ? rules[0] : .all(rules)
  }

  private mutating func single(depth: Int) throws(RouteRuleError) -> RouteRule {
    guard depth > 0 else { throw RouteRuleError("it is nested too deeply") }
    if take("!") { return .not(try single(depth: depth - 1)) }
    if take("(") {
      let rule = try either(depth: depth - 1)
      guard take(")") else { throw RouteRuleError("a `)` is missing \(here)") }
      return rule
    }
    let name = word()
    if name.isEmpty {
      throw RouteRuleError(
        isAtEnd ? "a matcher is missing at its end" : "`\(rest)` is no matcher")
    }
    guard take("(") else { throw RouteRuleError("`\(name)` has no arguments") }
    var arguments: [String] = []
    if !take(")") {
      repeat { arguments.append(try text()) } while take(",")
      guard take(")") else { throw RouteRuleError("a `)` is missing \(here)") }
    }
    return try RouteRule(matcher: name, arguments)
  }

  private mutating func word() -> String {
    let start = index
    while index < bytes.count, bytes[index] | 0x20 >= 0x61, bytes[index] | 0x20 <= 0x7A {
      index += 1
    }
    defer { skipBlanks() }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func text() throws(RouteRuleError) -> String {
    guard index < bytes.count else { throw RouteRuleError("an argument is missing at its end") }
    let quote = bytes[index]
    guard quote == UInt8(ascii: "`") || quote == UInt8(ascii: "\"") else {
      throw RouteRuleError("`\(rest)` does not stand in quotes")
    }
    let start = index
    index += 1
    var result: [UInt8] = []
    while index < bytes.count, bytes[index] != quote {
      if quote == UInt8(ascii: "\""), bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count {
        index += 1
        switch bytes[index] {
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "\\"), UInt8(ascii: "\""): result.append(bytes[index])
        default: throw RouteRuleError("`\\\(Character(Unicode.Scalar(bytes[index])))` is no escape")
        }
      } else {
        result.append(bytes[index])
      }
      index += 1
    }
    guard index < bytes.count else {
      index = start
      throw RouteRuleError("the quote before `\(rest)` is not closed")
    }
    index += 1
    skipBlanks()
    return String(decoding: result, as: UTF8.self)
  }

  private mutating func take(_ sign: StaticString) -> Bool {
    let count = sign.utf8CodeUnitCount
    guard index + count <= bytes.count else { return false }
    let matches = String(decoding: bytes[index..<(index + count)], as: UTF8.self) == "\(sign)"
    if matches {
      index += count
      skipBlanks()
    }
    return matches
  }

  private mutating func skipBlanks() {
    while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
  }
}
