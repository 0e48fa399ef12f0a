import YAML

extension Loading {
  /// A mapping, or a list of `KEY=value`: the mapping in order of its keys.
  mutating func readPairs(_ node: Node, keepsNull: Bool) -> Node? {
    var pairs: [Entry] = []
    switch node.content {
    case .mapping(let entries):
      pairs.reserveCapacity(entries.count)
      for var entry in entries {
        checkNotEmpty(entry, of: node)
        guard let value = readPairValue(entry.value, keepsNull: keepsNull) else { continue }
        entry.value = value
        pairs.append(entry)
      }
    case .sequence(let items):
      for item in items {
        guard let text = string(item) else { continue }
        let end = text.utf8.firstIndex(of: UInt8(ascii: "="))
        let value: Node =
          if let end {
            .string(String(text[text.utf8.index(after: end)...]), like: item)
          } else {
            keepsNull ? .null(like: item) : .string("", like: item)
          }
        pairs.append(Entry(String(text[..<(end ?? text.endIndex)]), value, at: item.mark))
      }
      checkUnique(items) { $0.scalar?.text ?? "" }
      pairs = lastOfEach(pairs)
    case .scalar:
      wrongType(node, "a mapping or a list")
      return nil
    }
    if pairs.isEmpty { return nil }
    pairs.sort { NaturalOrder.precedes($0.key, $1.key) }
    return Node(.mapping(pairs), at: node.mark, id: node.id)
  }

  mutating func checkNotEmpty(_ entry: Entry, of node: Node) {
    if entry.key.unicodeScalars.contains(where: { $0 != "\n" }) { return }
    error("stack/empty-key", at: entry, "\(path(node)) has an empty key")
  }

  private mutating func readPairValue(_ node: Node, keepsNull: Bool) -> Node? {
    guard let scalar = node.scalar, scalar.kind != .bool else {
      error(
        "stack/wrong-type", at: node,
        "\(path(node)) must be a string, a number or null, \(node.articledType)",
        hint: node.scalar.map { "write it in quotes: \"\($0.text)\"" })
      return nil
    }
    if scalar.kind == .null { return keepsNull ? .null(like: node) : .string("", like: node) }
    return .string(scalar.sprint, like: node)
  }

  /// Of entries with the same key the last one; what it replaces is noted.
  mutating func lastOfEach(_ pairs: [Entry]) -> [Entry] {
    var last: [String: Int] = [:]
    for (position, pair) in pairs.enumerated() { last[pair.key] = position }
    if last.count == pairs.count { return pairs }
    var kept: [Entry] = []
    for (position, pair) in pairs.enumerated() {
      if last[pair.key] == position {
        kept.append(pair)
      } else {
        omitted.append((pair.value.id, .repeated))
      }
    }
    return kept
  }

  /// A mapping to texts, such as driver options.
  mutating func readOptions(_ node: Node, nullable: Bool) -> Node? {
    guard var entries = node.entries else {
      wrongType(node, "a mapping")
      return nil
    }
    for index in entries.indices {
      let value = entries[index].value
      switch value.scalar?.kind {
      case .null where nullable:
        entries[index].value = .string("", like: value)
      case .string, .int, .float, .timestamp:
        entries[index].value = .string(value.scalar?.sprint ?? "", like: value)
      default:
        error(
          "stack/wrong-type", at: value,
          "\(path(value)) must be a string or a number, \(value.articledType)",
          hint: value.bool.map { "write it in quotes: \"\($0)\"" })
      }
    }
    // A logger's options, even none, are joined with a later file's; no options are not.
    if entries.isEmpty, !nullable { return nil }
    entries.sort { NaturalOrder.precedes($0.key, $1.key) }
    return Node(.mapping(entries), at: node.mark, id: node.id)
  }
}
