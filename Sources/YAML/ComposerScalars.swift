internal import CLibYAML
internal import Diagnostics

/// Tags as gopkg.in/yaml.v3 treats them.
enum Tag {
  private static let prefix = "tag:yaml.org,2002:"

  /// `!!str` for `tag:yaml.org,2002:str`.
  static func short(_ tag: String) -> String {
    tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.count) : tag
  }

  /// The tag in front of a resolved kind in messages.
  static func name(_ kind: Scalar.Kind) -> String {
    switch kind {
    case .null: "!!null"
    case .bool: "!!bool"
    case .int: "!!int"
    case .float: "!!float"
    case .timestamp: "!!timestamp"
    case .string: "!!str"
    }
  }
}

extension Composer {
  /// A key as text; `isAlias` when it is written as one.
  struct Key {
    var text: String
    var kind: Scalar.Kind
    var isAlias: Bool
  }

  /// The key at the current event; nil, with the error collected, for one that cannot be a key.
  mutating func key() throws(Stop) -> Key? {
    switch reader.kind {
    case YAML_SCALAR_EVENT:
      let anchor = reader.anchor
      let mark = mark
      if reader.hasScalarTag, let tag = reader.scalarTag.map(Tag.short), !Self.isResolved(tag) {
        try report(
          Diagnostic(
            "yaml/tagged-key", at: mark, length: reader.length,
            "a key with the tag \(tag) is not a string to Docker", hint: "remove the tag"))
      }
      let scalar = try scalar()
      if let anchor { anchors.define(anchor, Node(.scalar(scalar), at: mark), size: 1, at: mark) }
      return Key(text: scalar.text, kind: scalar.kind, isAlias: false)
    case YAML_ALIAS_EVENT:
      let mark = mark
      let length = reader.length
      let known = diagnostics.count
      let node = try alias()
      if let scalar = node.scalar {
        return diagnostics.count > known
          ? nil : Key(text: scalar.text, kind: scalar.kind, isAlias: true)
      }
      try reportComplexKey(node, at: mark, length: length)
      return nil
    default:
      let mark = mark
      try reportComplexKey(try node(), at: mark, length: 1)
      return nil
    }
  }

  private mutating func reportComplexKey(
    _ node: Node, at mark: SourceMark, length: Int
  ) throws(Stop) {
    try report(
      Diagnostic(
        "yaml/complex-key", at: mark, length: length, "a \(node.typeName) cannot be a key",
        hint: "quote a key that starts with [, { or ?, and a value such as \"{{ … }}\""))
  }

  /// The scalar at the current event with its type.
  mutating func scalar() throws(Stop) -> Scalar {
    let isPlain = reader.isPlain
    var text = reader.scalarText
    if let apostrophe, reader.isDoubleQuoted { text = apostrophe.restored(text) }
    if !reader.hasScalarTag {
      let kind: Scalar.Kind = isPlain ? reader.plainKind : .string
      return Scalar(text, kind: kind, isPlain: isPlain)
    }
    return try tagged(Tag.short(reader.scalarTag ?? "!"), text, isPlain: isPlain)
  }

  private static func isResolved(_ tag: String) -> Bool {
    switch tag {
    case "!", "!!str", "!!bool", "!!int", "!!float", "!!null", "!!timestamp": true
    default: false
    }
  }

  /// A scalar with a tag. Tags that yaml.v3 does not resolve, `!reset` among them, leave a string.
  private mutating func tagged(
    _ tag: String, _ text: String, isPlain: Bool
  ) throws(Stop) -> Scalar {
    switch tag {
    case "!":
      return Scalar(text, kind: isPlain ? Scalar.kind(ofPlain: text) : .string, isPlain: isPlain)
    case "!!binary":
      guard let bytes = Base64.decode(text.utf8.span) else {
        try report(
          Diagnostic(
            "yaml/invalid-base64", at: mark, length: reader.length,
            "the value is tagged !!binary and is no base64"))
        return Scalar("")
      }
      return Scalar(String(decoding: bytes, as: UTF8.self), isPlain: isPlain)
    case "!!bool", "!!int", "!!float", "!!null", "!!timestamp":
      // The tag asks of a quoted text what it would be without quotes.
      let kind = Scalar.kind(ofPlain: text)
      if Tag.name(kind) == tag { return Scalar(text, kind: kind, isPlain: isPlain) }
      if tag == "!!float", kind == .int, Scalar.goInt(text) != nil {
        return Scalar(text, kind: .float, isPlain: isPlain)
      }
      try report(
        Diagnostic(
          "yaml/tag-mismatch", at: mark, length: reader.length,
          "the value is tagged \(tag) and reads as \(Tag.name(kind))",
          hint: "remove the tag, or write a value that fits it"))
      return Scalar(text, kind: kind, isPlain: isPlain)
    default:
      return Scalar(text, isPlain: isPlain)
    }
  }
}
