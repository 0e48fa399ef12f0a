import YAML

extension Loading {
  /// A service's `networks`: a list of names, or a mapping of names to settings or nothing.
  mutating func readServiceNetworks(_ node: Node) -> Node? {
    var networks: [Entry] = []
    switch node.content {
    case .sequence(let items):
      for item in items {
        guard let name = string(item) else { continue }
        networks.append(Entry(name, .null(like: item), at: item.mark))
      }
      checkUnique(items) { $0.scalar?.text ?? "" }
      networks = lastOfEach(networks)
    case .mapping(let entries):
      for var entry in entries {
        checkName(entry, of: node)
        if entry.value.isNull {
          entry.value = .null(like: entry.value)
        } else if let network = readStructure(entry.value, Schema.serviceNetwork) {
          entry.value = network
        } else {
          continue
        }
        networks.append(entry)
      }
    case .scalar:
      wrongType(node, "a list or a mapping")
    }
    if networks.isEmpty { return nil }
    networks.sort { NaturalOrder.precedes($0.key, $1.key) }
    return Node(.mapping(networks), at: node.mark, id: node.id)
  }

  /// A top-level network: its name when it is external.
  mutating func completeNetwork(_ name: String, _ node: Node) -> Node {
    guard node["external"] != nil, var fields = node.entries else { return node }
    resolveExternalName(&fields, name, node, kind: "network", deprecatedSince: 5)
    return Node(.mapping(fields), at: node.mark, id: node.id)
  }

  /// Names are letters, digits, `.`, `_` and `-`.
  mutating func checkName(_ entry: Entry, of node: Node) {
    let isName =
      !entry.key.isEmpty
      && entry.key.utf8.allSatisfy {
        let letter = $0 | 0x20
        return letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z")
          || $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") || $0 == UInt8(ascii: "_")
          || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
      }
    if isName { return }
    error(
      "stack/not-a-name", at: entry, "\(path(node)): \"\(entry.key)\" cannot be a name",
      hint: "names consist of letters, digits, `.`, `_` and `-`")
  }
}
