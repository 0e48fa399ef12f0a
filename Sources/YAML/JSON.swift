/// A JSON value, for the documents that other programs read.
///
/// Members keep the order in which they were set, so that the same input gives the same bytes.
package enum JSON: Sendable, Hashable {
  case null
  case bool(Bool)
  case int(Int)
  case number(Double)
  case string(String)
  case array([JSON])
  case object(Object)

  /// A mapping that leaves out what is nil.
  package struct Object: Sendable, Hashable {
    package struct Member: Sendable, Hashable {
      package let key: String
      package let value: JSON
    }

    package private(set) var members: [Member] = []

    package init() {}

    /// Adds a member; nothing for nil. Keys are not compared: each is set once.
    package mutating func set(_ key: String, _ value: JSON?) {
      guard let value else { return }
      members.append(Member(key: key, value: value))
    }

    package mutating func set(_ key: String, _ value: String?) { set(key, value.map(JSON.string)) }
    package mutating func set(_ key: String, _ value: Int?) { set(key, value.map(JSON.int)) }
    package mutating func set(_ key: String, _ value: Bool?) { set(key, value.map(JSON.bool)) }

    package var isEmpty: Bool { members.isEmpty }
  }

  /// An object whose members a closure sets.
  package static func object(_ body: (inout Object) -> Void) -> JSON {
    var object = Object()
    body(&object)
    return .object(object)
  }

  package static func strings(_ values: [String]) -> JSON { .array(values.map(JSON.string)) }
}

// MARK: - Writing

extension JSON {
  /// The value in UTF-8, two blanks for each level, with a line break at the end.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes, indent: 0)
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  /// The value on one line, without blanks.
  package var line: String {
    var bytes: [UInt8] = []
    writeLine(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func writeLine(to bytes: inout [UInt8]) {
    switch self {
    case .null, .bool, .int, .number, .string: write(to: &bytes, indent: 0)
    case .array(let items):
      bytes.append(UInt8(ascii: "["))
      for (index, item) in items.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        item.writeLine(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let object):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in object.members.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        Self.quote(member.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.writeLine(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private func write(to bytes: inout [UInt8], indent: Int) {
    switch self {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .int(let value): bytes += String(value).utf8
    case .number(let value): bytes += Self.text(value).utf8
    case .string(let text): Self.quote(text, to: &bytes)
    case .array(let items):
      Self.list(items, "[", "]", to: &bytes, indent) { item, bytes in
        item.write(to: &bytes, indent: indent + 2)
      }
    case .object(let object):
      Self.list(object.members, "{", "}", to: &bytes, indent) { member, bytes in
        Self.quote(member.key, to: &bytes)
        bytes += ": ".utf8
        member.value.write(to: &bytes, indent: indent + 2)
      }
    }
  }

  private static func list<Element>(
    _ elements: [Element], _ open: String, _ close: String, to bytes: inout [UInt8],
    _ indent: Int, _ body: (Element, inout [UInt8]) -> Void
  ) {
    bytes += open.utf8
    for (index, element) in elements.enumerated() {
      bytes += (index == 0 ? "\n" : ",\n").utf8
      bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent + 2))
      body(element, &bytes)
    }
    if !elements.isEmpty {
      bytes.append(UInt8(ascii: "\n"))
      bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent))
    }
    bytes += close.utf8
  }

  /// JSON has no infinity and no NaN; a number without a fraction is written as an integer.
  private static func text(_ value: Double) -> String {
    guard value.isFinite else { return "null" }
    if let whole = Int(exactly: value) { return String(whole) }
    return value.description
  }

  private static func quote(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes += #"\""#.utf8
      case UInt8(ascii: "\\"): bytes += #"\\"#.utf8
      case 0x0A: bytes += #"\n"#.utf8
      case 0x0D: bytes += #"\r"#.utf8
      case 0x09: bytes += #"\t"#.utf8
      case 0..<0x20, 0x7F:
        bytes += #"\u00"#.utf8
        bytes.append(hexadecimal[Int(byte >> 4)])
        bytes.append(hexadecimal[Int(byte & 15)])
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static let hexadecimal = Array("0123456789abcdef".utf8)
}
