/// A template as read.
indirect enum TemplateNode {
  case text(String)
  case action(TemplatePipeline)
  case branch(TemplatePipeline, then: [TemplateNode], otherwise: [TemplateNode])
}

/// Commands joined by `|`: each passes its value on as the last operand of the next.
struct TemplatePipeline {
  var commands: [[TemplateOperand]]
  /// As written, for messages.
  var text: String
}

indirect enum TemplateOperand {
  /// `.Service.Name`; no names for `.` and `$`.
  case field([String])
  case string(String)
  case int(Int)
  case bool(Bool)
  case function(String)
  case pipeline(TemplatePipeline, fields: [String])
}

struct TemplateFailure: Error {
  var problem: Template.Problem

  static func refused(_ reason: String) -> Self { Self(problem: .refused(reason)) }
  static func unreadable(_ what: String) -> Self { Self(problem: .unreadable(what)) }
}

/// Parses the Go templates that Swarm expands. Source: Go `text/template/parse`.
struct TemplateParser {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0
  /// Values that differ from task to task, in the order in which they were met.
  private(set) var mentioned: [TaskValue] = []

  init(_ text: String) { bytes = Array(text.utf8) }

  mutating func parse() throws(TemplateFailure) -> [TemplateNode] {
    let (nodes, end) = try list()
    if let end { throw .refused("unexpected {{\(end)}}") }
    return nodes
  }

  /// Nodes up to the end of the text or to an `else` or `end`, whose text is returned with its closing braces consumed;
  /// for `else if` only `else` is consumed.
  private mutating func list() throws(TemplateFailure) -> ([TemplateNode], end: String?) {
    depth += 1
    defer { depth -= 1 }
    if depth > 64 { throw .unreadable("templates nested more than 64 deep") }
    var nodes: [TemplateNode] = []
    var trimsStart = false
    while position < bytes.count {
      var text = self.text()
      if trimsStart { text = text.trimmingPrefix(while: Self.isBlank) }
      guard position < bytes.count else {
        if !text.isEmpty { nodes.append(.text(String(decoding: text, as: UTF8.self))) }
        break
      }
      position += 2
      if peek(0) == UInt8(ascii: "-"), Self.isBlank(peek(1)) {
        position += 2
        while let last = text.last, Self.isBlank(last) { text = text.dropLast() }
      }
      if !text.isEmpty { nodes.append(.text(String(decoding: text, as: UTF8.self))) }
      if peek(0) == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
        try comment()
        trimsStart = try close()
        continue
      }
      skipBlanks()
      switch keyword() {
      case "if":
        nodes.append(try branch())
        trimsStart = trimmed
      case "end":
        trimmed = try close()
        return (nodes, "end")
      case "else":
        skipBlanks()
        return (nodes, "else")
      case .some(let word): throw .unreadable("{{\(word)}}")
      case nil:
        nodes.append(.action(try pipeline()))
        trimsStart = try close()
      }
    }
    return (nodes, nil)
  }

  /// Whether the last `{{end}}` or `{{else}}` trims what follows it.
  private var trimmed = false

  private mutating func branch() throws(TemplateFailure) -> TemplateNode {
    let condition = try pipeline()
    let trims = try close()
    let (then, end) = try list(trimming: trims)
    switch end {
    case "end": return .branch(condition, then: then, otherwise: [])
    case "else":
      if keyword() == "if" { return .branch(condition, then: then, otherwise: [try branch()]) }
      let trims = try close()
      let (otherwise, end) = try list(trimming: trims)
      guard end == "end" else {
        throw .refused("unexpected {{else}}, or an {{if}} without {{end}}")
      }
      return .branch(condition, then: then, otherwise: otherwise)
    default: throw .refused("an {{if}} without {{end}}")
    }
  }

  private mutating func list(
    trimming: Bool
  ) throws(TemplateFailure) -> ([TemplateNode], end: String?) {
    if trimming { while position < bytes.count, Self.isBlank(bytes[position]) { position += 1 } }
    return try list()
  }

  /// The bytes up to the next `{{`.
  private mutating func text() -> ArraySlice<UInt8> {
    let start = position
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "{"), peek(1) == UInt8(ascii: "{") { break }
      position += 1
    }
    return bytes[start..<position]
  }

  private mutating func comment() throws(TemplateFailure) {
    position += 2
    while position < bytes.count {
      if peek(0) == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
        position += 2
        return
      }
      position += 1
    }
    throw .refused("an unclosed comment")
  }

  /// Consumes `}}` or ` -}}`; true where what follows is to be trimmed.
  private mutating func close() throws(TemplateFailure) -> Bool {
    skipBlanks()
    var trims = false
    if peek(0) == UInt8(ascii: "-"), peek(1) == UInt8(ascii: "}") {
      position += 1
      trims = true
    }
    guard peek(0) == UInt8(ascii: "}"), peek(1) == UInt8(ascii: "}") else {
      throw .refused(position < bytes.count ? "unexpected text in a {{…}}" : "an unclosed {{")
    }
    position += 2
    return trims
  }

  /// A word of the template language at the current place, consumed.
  private mutating func keyword() -> String? {
    let start = position
    let word = identifier()
    switch word {
    case "if", "else", "end", "range", "with", "define", "block", "template", "break", "continue":
      return word
    default:
      position = start
      return nil
    }
  }

  private mutating func identifier() -> String {
    let start = position
    while position < bytes.count, Self.isWord(bytes[position]) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func pipeline() throws(TemplateFailure) -> TemplatePipeline {
    depth += 1
    defer { depth -= 1 }
    if depth > 64 { throw .unreadable("parentheses nested more than 64 deep") }
    skipBlanks()
    let start = position
    var commands: [[TemplateOperand]] = [[]]
    loop: while true {
      skipBlanks()
      guard position < bytes.count else { throw .refused("an unclosed {{") }
      switch bytes[position] {
      case UInt8(ascii: "}"), UInt8(ascii: ")"): break loop
      case UInt8(ascii: "-") where peek(1) == UInt8(ascii: "}"): break loop
      case UInt8(ascii: "|"):
        if commands[commands.count - 1].isEmpty { throw .refused("a | without a value before it") }
        position += 1
        commands.append([])
      default: commands[commands.count - 1].append(try operand())
      }
    }
    if commands[commands.count - 1].isEmpty { throw .refused("a {{…}} without a value") }
    var text = bytes[start..<position]
    while let last = text.last, Self.isBlank(last) { text = text.dropLast() }
    return TemplatePipeline(commands: commands, text: String(decoding: text, as: UTF8.self))
  }

  private mutating func operand() throws(TemplateFailure) -> TemplateOperand {
    switch bytes[position] {
    case UInt8(ascii: "("):
      position += 1
      let inner = try pipeline()
      guard peek(0) == UInt8(ascii: ")") else { throw .refused("an unclosed parenthesis") }
      position += 1
      return .pipeline(inner, fields: fields())
    case UInt8(ascii: "."):
      if Self.isDigit(peek(1)) { throw .unreadable("a fraction") }
      let names = fields()
      if names.isEmpty { position += 1 }
      if let value = TaskValue(rawValue: names.map { ".\($0)" }.joined()),
        !mentioned.contains(value)
      {
        mentioned.append(value)
      }
      return .field(names)
    case UInt8(ascii: "$"):
      position += 1
      guard identifier().isEmpty else { throw .unreadable("a variable") }
      if peek(0) == UInt8(ascii: ".") { return try operand() }
      return .field([])
    case UInt8(ascii: "\""): return .string(try quoted())
    case UInt8(ascii: "`"):
      guard let end = bytes[(position + 1)...].firstIndex(of: UInt8(ascii: "`")) else {
        throw .refused("an unclosed `")
      }
      defer { position = end + 1 }
      return .string(String(decoding: bytes[(position + 1)..<end], as: UTF8.self))
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"):
      let start = position
      position += 1
      while Self.isWord(peek(0)) || peek(0) == UInt8(ascii: ".") { position += 1 }
      guard let number = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
        throw .unreadable("a number that is not decimal")
      }
      return .int(number)
    case let byte where Self.isWord(byte):
      let word = identifier()
      return word == "true" || word == "false" ? .bool(word == "true") : .function(word)
    case UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: ","): throw .unreadable("a variable")
    default:
      throw .refused("unexpected \(String(decoding: [bytes[position]], as: UTF8.self)) in a {{…}}")
    }
  }

  /// `.A.B`; empty where there is none.
  private mutating func fields() -> [String] {
    var names: [String] = []
    while peek(0) == UInt8(ascii: "."), Self.isWord(peek(1)), !Self.isDigit(peek(1)) {
      position += 1
      names.append(identifier())
    }
    return names
  }

  private mutating func quoted() throws(TemplateFailure) -> String {
    position += 1
    var text: [UInt8] = []
    while position < bytes.count, bytes[position] != 0x0A {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        continue
      }
      switch peek(0) {
      case UInt8(ascii: "n"): text.append(0x0A)
      case UInt8(ascii: "t"): text.append(0x09)
      case UInt8(ascii: "\\"), UInt8(ascii: "\""): text.append(bytes[position])
      default: throw .unreadable("an escape in a string")
      }
      position += 1
    }
    throw .refused("an unclosed string")
  }

  private func peek(_ offset: Int) -> UInt8 {
    position + offset < bytes.count ? bytes[position + offset] : 0
  }

  private mutating func skipBlanks() {
    while position < bytes.count, Self.isBlank(bytes[position]) { position += 1 }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte) && byte != 0x0B && byte != 0x0C
  }

  private static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...0xFF:
      true
    default: false
    }
  }
}
