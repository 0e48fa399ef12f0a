import YAML

extension Loading {
  /// A text; nil when it is empty, and after an error.
  mutating func readText(_ node: Node, _ form: Form) -> Node? {
    switch form {
    case .stringOrNull where node.isNull: return nil
    case .stringOrNumber where node.scalar?.kind == .int || node.scalar?.kind == .float:
      error(
        "stack/wrong-type", at: node, "\(path(node)) must be a string, \(node.articledType)",
        hint: "Docker's schema admits a number here, but its loader does not; write it in quotes")
      return nil
    default: break
    }
    guard let text = string(node) else { return nil }
    if case .choice(let choices) = form, !choices.contains(text) {
      let listed = choices.map { "`\($0)`" }.joined(separator: " or ")
      error(
        "stack/not-a-choice", at: node, "\(path(node)) must be \(listed), not \(quote(node))")
      return nil
    }
    return text.isEmpty ? nil : .string(text, like: node)
  }

  /// The text of a string; anything else is an error.
  mutating func string(_ node: Node) -> String? {
    if let scalar = node.scalar, scalar.kind == .string { return scalar.text }
    wrongType(node, "a string")
    return nil
  }

  mutating func readFlag(_ node: Node) -> Bool? {
    if let flag = node.bool { return flag }
    wrongType(node, "a boolean")
    return nil
  }

  mutating func readNumber(_ node: Node, _ form: Form) -> Node? {
    if let huge = node.huge { return readHuge(node, huge, form) }
    switch form {
    case .ratio:
      guard let value = node.number else {
        wrongType(node, "a number")
        return nil
      }
      let ratio = Float(value)
      if ratio == 0 { return nil }
      return Node(
        .scalar(Scalar(GoNumbers.text(ratio), kind: .float, isPlain: true)), at: node.mark,
        id: node.id)
    case .optionalUnsigned(let schema):
      return unsigned(node, schema).map { .int($0, like: node) }
    case .unsigned:
      return unsigned(node, .integer).flatMap { $0 == 0 ? nil : .int($0, like: node) }
    case .port:
      return unsigned(node, .integer).map { $0 & 0xFFFF_FFFF }
        .flatMap { $0 == 0 ? nil : .int($0, like: node) }
    case .fileMode:
      return unsigned(node, .number).map { .int($0 & 0xFFFF_FFFF, like: node) }
    case .signed(let schema, let minimum, let zeroCounts):
      guard let value = whole(node, schema) else { return nil }
      if value < minimum {
        error("stack/negative", at: node, "\(path(node)) must not be less than \(minimum)")
      }
      return value == 0 && !zeroCounts ? nil : .int(value, like: node)
    default: return nil
    }
  }

  /// A number beyond 64 signed bits. Docker takes it, and mostly makes something else of it.
  private func readHuge(_ node: Node, _ value: Double, _ form: Form) -> Node? {
    let bits = node.scalar.flatMap { UInt64($0.text) } ?? GoNumbers.unsigned(value)
    let text: String
    switch form {
    case .ratio: text = GoNumbers.text(Float(value))
    case .signed: text = String(Int.min)
    case .port, .fileMode: text = String(bits & 0xFFFF_FFFF)
    default: text = String(bits)
    }
    if case .port = form, text == "0" { return nil }
    let kind: Scalar.Kind = if case .ratio = form { .float } else { .int }
    return Node(.scalar(Scalar(text, kind: kind, isPlain: true)), at: node.mark, id: node.id)
  }

  private mutating func unsigned(_ node: Node, _ schema: Form.Number) -> Int? {
    guard let value = whole(node, schema) else { return nil }
    if value >= 0 { return value }
    error("stack/negative", at: node, "\(path(node)) must not be negative")
    return nil
  }

  /// The integer that Docker decodes: where the schema admits any number, the fraction is cut off.
  private mutating func whole(_ node: Node, _ schema: Form.Number) -> Int? {
    if let value = node.integral { return value }
    if schema == .number, let value = node.number, value.magnitude < 9e18 {
      return Int(value.rounded(.towardZero))
    }
    if node.scalar?.kind == .int {
      error("stack/too-large", at: node, "\(path(node)) is larger than Docker can read")
    } else {
      wrongType(node, schema == .number ? "a number" : "an integer")
    }
    return nil
  }

  mutating func readDuration(_ node: Node, _ form: Form) -> Node? {
    guard let text = string(node) else { return nil }
    guard let value = GoDuration.nanoseconds(text) else {
      error(
        "stack/not-a-duration", at: node, "\(path(node)): \(quote(node)) is no duration",
        hint: "write a number with a unit: 90s, 1m30s, 500ms, 2h")
      return nil
    }
    if value == 0, case .duration = form { return nil }
    return .string(GoDuration.text(value), like: node)
  }

  mutating func readSize(_ node: Node) -> Node? {
    guard let text = string(node) else { return nil }
    guard let bytes = MemorySize.bytes(text) else {
      error(
        "stack/not-a-size", at: node, "\(path(node)): \(quote(node)) is no size",
        hint: "write a number with a unit: 512M, 1.5G, 1073741824")
      return nil
    }
    return bytes == 0 ? nil : .string(String(bytes), like: node)
  }
}

extension Node {
  /// The value of a number without fraction, also when it is written as a float (`1e3`), as JSON does not tell them
  /// apart.
  var integral: Int? {
    if let int { return int }
    guard let scalar, scalar.kind == .float, let value = GoNumbers.float(scalar.text),
      value.magnitude < 9e18
    else { return nil }
    return Int(exactly: value)
  }

  /// The value of a positive number without fraction that exceeds 64 signed bits.
  var huge: Double? {
    guard let value = number, value >= 9_223_372_036_854_775_808, int == nil else { return nil }
    return value
  }

  /// The value of any number.
  var number: Double? {
    guard let scalar else { return nil }
    switch scalar.kind {
    case .int:
      return int.map { Double($0) } ?? GoNumbers.integer(scalar.text).flatMap { Double($0) }
    case .float: return GoNumbers.float(scalar.text)
    default: return nil
    }
  }
}

extension Scalar {
  /// The text that Go's `fmt.Sprint` makes of the value.
  var sprint: String {
    switch kind {
    case .null: "<nil>"
    case .bool: text.lowercased()
    case .int: GoNumbers.integer(text) ?? text
    case .float: GoNumbers.float(text).map { GoNumbers.text($0) } ?? text
    case .timestamp: Timestamps.goText(text)
    case .string: text
    }
  }

  /// The scalar as yaml.v3 prints it.
  var asGoPrints: Scalar {
    switch kind {
    case .null: Scalar("null", kind: .null, isPlain: true)
    case .bool, .int, .float: Scalar(sprint, kind: kind, isPlain: true)
    case .timestamp: Scalar(Timestamps.rfc3339(text), kind: .timestamp, isPlain: true)
    case .string: Scalar(text)
    }
  }
}
