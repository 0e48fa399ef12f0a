import YAML

extension Loading {
  /// A top-level section: what each name stands for, in order of the names.
  mutating func readSection(_ node: Node, _ structure: Structure) -> Node? {
    guard let entries = node.entries else {
      wrongType(node, "a mapping")
      return nil
    }
    var section: [Entry] = []
    section.reserveCapacity(entries.count)
    let name = keys.path(node.id)
    for var entry in entries {
      // Docker's schema does not look at networks with other names, and its loader takes them.
      if name != "networks" { checkName(entry, of: node) }
      let value = entry.value
      var fields: [Entry]? = []
      if !structure.allowsNull || !value.isNull { fields = readFields(value, structure) }
      guard let fields else { continue }
      let long = Node(.mapping(fields), at: value.mark, id: value.id)
      entry.value = complete(entry.key, long, of: name, written: value)
      section.append(entry)
    }
    section.sort { NaturalOrder.precedes($0.key, $1.key) }
    return Node(.mapping(section), at: node.mark, id: node.id)
  }

  /// What Docker does with an object after its keys are read.
  private mutating func complete(
    _ name: String, _ long: Node, of section: String, written: Node
  ) -> Node {
    switch section {
    case "services": completeService(long, written: written)
    case "networks": completeNetwork(name, long)
    case "volumes": completeVolume(name, long)
    case "secrets": completeFileObject(name, long, kind: "secret")
    default: completeFileObject(name, long, kind: "config")
    }
  }

  private mutating func completeService(_ service: Node, written: Node) -> Node {
    noteIgnoredKeys(written)
    guard service["environment"] != nil || service["env_file"] != nil else { return service }
    var fields = service.entries ?? []
    resolveEnvironment(&fields)
    return Node(.mapping(fields), at: service.mark, id: service.id)
  }

  /// Says which keys `docker stack deploy` takes no notice of, once for each.
  private mutating func noteIgnoredKeys(_ service: Node) {
    for entry in service.entries ?? [] {
      let isDeprecated = ForbiddenKeys.deprecated.contains(entry.key)
      guard isDeprecated || ForbiddenKeys.unsupported.contains(entry.key) else { continue }
      warn(
        isDeprecated ? "stack/deprecated-key" : "stack/unsupported-key", about: entry.key,
        at: entry.keyMark, length: entry.key.unicodeScalars.count,
        "Swarm ignores `\(entry.key)`")
    }
  }
}
