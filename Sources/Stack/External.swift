import YAML

extension Loading {
  /// `external`: a flag, or the deprecated mapping with a name.
  ///
  /// - Returns: `true`, or a mapping with the name for `resolveExternalName`; nil when it is not external.
  mutating func readExternal(_ node: Node) -> Node? {
    switch node.content {
    case .scalar:
      guard let flag = node.bool else {
        wrongType(node, "a boolean or a mapping")
        return nil
      }
      return flag ? .bool(true, like: node) : nil
    case .sequence:
      wrongType(node, "a boolean or a mapping")
      return nil
    case .mapping(let entries):
      var fields: [Entry] = []
      for entry in entries {
        if entry.key != "name" {
          refuseInExternal(entry, of: node)
        } else if let name = string(entry.value), !name.isEmpty {
          fields.append(Entry("name", .string(name, like: entry.value), at: entry.keyMark))
        }
      }
      return fields.isEmpty
        ? .bool(true, like: node) : Node(.mapping(fields), at: node.mark, id: node.id)
    }
  }

  /// Networks and volumes allow nothing but the name; secrets and configs let other keys pass unread.
  private mutating func refuseInExternal(_ entry: Entry, of node: Node) {
    let place = keys.path(node.id)
    if place.hasPrefix("networks.") || place.hasPrefix("volumes.") {
      error("stack/unknown-key", at: entry, "\(place) has no key `\(entry.key)`")
    }
  }

  /// Gives an external object its name: `name`, the deprecated `external.name`, or the key.
  mutating func resolveExternalName(
    _ fields: inout [Entry], _ key: String, _ node: Node, kind: String, deprecatedSince: Int
  ) {
    guard let position = fields.firstIndex(where: { $0.key == "external" }) else { return }
    let external = fields[position].value
    if let old = external.entry("name") {
      fields[position].value = .bool(true, like: external)
      if let name = node.entry("name") {
        error(
          "stack/two-names", at: old, "\(kind) \(key) has both `name` and `external.name`",
          hint: "keep `name: \(quote(name.value))` and write `external: true`")
        return
      }
      if minorVersion >= deprecatedSince {
        warn(
          "stack/external-name", about: kind, at: old.keyMark, length: 4,
          "\(kind) \(key): `external.name` is deprecated",
          hint: "write `name` beside `external: true`")
      }
      fields.insert(Entry("name", old.value, at: old.keyMark), at: 0)
    } else if node["name"] == nil {
      fields.insert(Entry("name", .string(key)), at: 0)
    }
  }
}
