package import Diagnostics

/// The number of a key in a `KeyTable`: dense, in the order of the document, so that a subtree is a range.
package struct KeyID: Hashable, Sendable, Comparable {
  package var rawValue: Int32

  package init(_ rawValue: Int32) {
    self.rawValue = rawValue
  }

  /// For nodes that nobody wrote, such as Swarm's defaults.
  package static let none = KeyID(-1)

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A scalar as written, with the type that Docker's Go loader gives it.
package struct Scalar: Hashable, Sendable {
  /// What gopkg.in/yaml.v3 decodes the scalar to when the target is `any`.
  package enum Kind: UInt8, Sendable {
    case null, bool, int, float, timestamp, string
  }

  /// The content after unquoting and folding, not normalised: `0o17` stays `0o17`.
  package var text: String
  package var kind: Kind
  /// Written without quotes and not as a block.
  package var isPlain: Bool

  package init(_ text: String, kind: Kind = .string, isPlain: Bool = false) {
    self.text = text
    self.kind = kind
    self.isPlain = isPlain
  }
}

/// A YAML value with its place. Aliases are expanded and merge keys resolved.
package struct Node: Sendable {
  package enum Content: Sendable {
    case scalar(Scalar)
    case sequence([Node])
    case mapping([Entry])
  }

  package var content: Content
  /// What a tag of Docker Compose asks of a merge.
  package var directive = Directive.none
  /// Where the value starts.
  package var mark: SourceMark
  /// The key that this value comes from; a value in long form keeps the key of its short form.
  package var id: KeyID

  /// The tags `!reset` and `!override`, which only Docker Compose knows.
  package enum Directive: UInt8, Sendable {
    case none, reset, override
  }

  package init(_ content: Content, at mark: SourceMark = .none, id: KeyID = .none) {
    self.content = content
    self.mark = mark
    self.id = id
  }
}

/// A key and its value. The entry's identity is `value.id`.
package struct Entry: Sendable {
  package var key: String
  package var keyMark: SourceMark
  /// `.string` in every document that Docker accepts.
  package var keyKind: Scalar.Kind
  package var value: Node

  package init(
    _ key: String, _ value: Node, at keyMark: SourceMark = .none, kind: Scalar.Kind = .string
  ) {
    self.key = key
    self.keyMark = keyMark
    self.keyKind = kind
    self.value = value
  }
}

extension Node {
  /// A value that nobody wrote at a place, or that replaces `origin` and keeps its place and key.
  package static func string(_ text: String, like origin: Node? = nil) -> Node {
    Node(.scalar(Scalar(text)), at: origin?.mark ?? .none, id: origin?.id ?? .none)
  }

  package static func int(_ value: Int, like origin: Node? = nil) -> Node {
    Node(
      .scalar(Scalar(String(value), kind: .int, isPlain: true)), at: origin?.mark ?? .none,
      id: origin?.id ?? .none)
  }

  package static func bool(_ value: Bool, like origin: Node? = nil) -> Node {
    Node(
      .scalar(Scalar(value ? "true" : "false", kind: .bool, isPlain: true)),
      at: origin?.mark ?? .none, id: origin?.id ?? .none)
  }

  package static func null(like origin: Node? = nil) -> Node {
    Node(
      .scalar(Scalar("null", kind: .null, isPlain: true)), at: origin?.mark ?? .none,
      id: origin?.id ?? .none)
  }

  package var scalar: Scalar? {
    if case .scalar(let scalar) = content { scalar } else { nil }
  }

  /// The text of any scalar but null.
  package var text: String? {
    if case .scalar(let scalar) = content, scalar.kind != .null { scalar.text } else { nil }
  }

  package var isNull: Bool {
    if case .scalar(let scalar) = content { scalar.kind == .null } else { false }
  }

  package var bool: Bool? {
    guard case .scalar(let scalar) = content, scalar.kind == .bool else { return nil }
    return scalar.text.lowercased() == "true"
  }

  /// The value of an integer scalar in any of the spellings that Go reads.
  package var int: Int? {
    guard case .scalar(let scalar) = content, scalar.kind == .int else { return nil }
    return Scalar.goInt(scalar.text)
  }

  /// The items of a sequence; nil for anything else.
  package var items: [Node]? {
    if case .sequence(let items) = content { items } else { nil }
  }

  /// The entries of a mapping; nil for anything else.
  package var entries: [Entry]? {
    if case .mapping(let entries) = content { entries } else { nil }
  }

  /// The value under a key; nil where there is none, or this is no mapping. Linear in the number of keys.
  package subscript(key: String) -> Node? {
    guard case .mapping(let entries) = content else { return nil }
    // By position: iterating would copy every entry on the way.
    for position in entries.indices where entries[position].key == key {
      return entries[position].value
    }
    return nil
  }

  /// The entry under a key, for its place.
  package func entry(_ key: String) -> Entry? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }
  }

  /// `mapping`, `sequence`, `string`, `integer`, … for messages.
  package var typeName: String {
    switch content {
    case .sequence: "list"
    case .mapping: "mapping"
    case .scalar(let scalar):
      switch scalar.kind {
      case .null: "null"
      case .bool: "boolean"
      case .int: "integer"
      case .float: "number"
      case .timestamp: "date"
      case .string: "string"
      }
    }
  }
}

extension Scalar {
  /// `strconv.ParseInt(text without underscores, 0, 64)`: decimal, `0x`, `0o`, `0b` and leading-zero octal. Behind
  /// `0o` and `0b` there may be a sign, as in gopkg.in/yaml.v3.
  package static func goInt(_ text: String) -> Int? {
    var body = Substring(text.contains("_") ? text.filter { $0 != "_" } : text)
    var negative = false
    if body.first == "-" || body.first == "+" {
      negative = body.first == "-"
      body = body.dropFirst()
    }
    var radix = 10
    if body.utf8.count > 1, body.first == "0" {
      switch body.dropFirst().first {
      case "x", "X": (radix, body) = (16, body.dropFirst(2))
      case "o", "O": (radix, body) = (8, body.dropFirst(2))
      case "b", "B": (radix, body) = (2, body.dropFirst(2))
      default: (radix, body) = (8, body.dropFirst())
      }
    }
    if let sign = body.first, sign == "-" || sign == "+" {
      guard !negative, text.hasPrefix("0o") || text.hasPrefix("0b") else { return nil }
      negative = sign == "-"
      body = body.dropFirst()
      if body.first == "-" || body.first == "+" { return nil }
    }
    guard let magnitude = UInt64(body, radix: radix) else {
      return nil
    }
    if negative { return magnitude <= 1 << 63 ? Int(truncatingIfNeeded: 0 &- magnitude) : nil }
    return Int(exactly: magnitude)
  }
}
