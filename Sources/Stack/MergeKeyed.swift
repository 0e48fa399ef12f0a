import YAML

extension Merge {
  /// Joins two lists whose items have an identity: a later item replaces an equal one, and the result is sorted.
  ///
  /// Docker tells ports apart by the published port alone: of those with the same one, or with none, the last stays.
  mutating func keyed(_ earlier: Node, _ later: Node?, _ form: Form) -> Node {
    let identity: (Node) -> String
    switch form {
    case .ports: identity = { $0["published"]?.text ?? "" }
    case .mounts: identity = { $0["target"]?.text ?? "" }
    case .fileReferences: identity = { $0["source"]?.text ?? "" }
    default: return earlier
    }
    var items: [(identity: String, node: Node)] = []
    var positions: [String: Int] = [:]
    for node in (earlier.items ?? []) + (later?.items ?? []) {
      let key = identity(node)
      if let position = positions[key] {
        lose(items[position].node, to: node, form)
        items[position].node = node
      } else {
        positions[key] = items.count
        items.append((key, node))
      }
    }
    if case .ports = form {
      items.sort { ($0.node["published"]?.int ?? 0) < ($1.node["published"]?.int ?? 0) }
    } else {
      items.sort { $0.identity < $1.identity }
    }
    return Node(.sequence(items.map(\.node)), at: earlier.mark, id: earlier.id)
  }

  /// Takes out the empty lists that were needed until here: joining with an empty list differs from joining with none.
  mutating func dropEmptyLists(_ root: inout Node) {
    guard let services = root.entries?.firstIndex(where: { $0.key == "services" }),
      var sections = root.entries
    else { return }
    root.content = .mapping([])
    var entries = sections[services].value.entries ?? []
    sections[services].value.content = .mapping([])
    for index in entries.indices {
      dropEmptyOptions(&entries[index].value)
      guard var fields = entries[index].value.entries,
        fields.contains(where: { $0.value.isEmptyList })
      else { continue }
      for field in fields where field.value.isEmptyList && !field.key.hasPrefix("x-") {
        omitted.append((field.value.id, .empty))
      }
      fields.removeAll { $0.value.isEmptyList && !$0.key.hasPrefix("x-") }
      entries[index].value.content = .mapping(fields)
    }
    sections[services].value.content = .mapping(entries)
    root.content = .mapping(sections)
  }

  /// Takes out a logger's empty options, which were needed until here as well.
  private mutating func dropEmptyOptions(_ service: inout Node) {
    guard var fields = service.entries,
      let logging = fields.firstIndex(where: { $0.key == "logging" }),
      let options = fields[logging].value.entry("options"), options.value.entries?.isEmpty == true
    else { return }
    omitted.append((options.value.id, .empty))
    fields[logging].value.content = .mapping(
      (fields[logging].value.entries ?? []).filter { $0.key != "options" })
    service.content = .mapping(fields)
  }

  private mutating func lose(_ earlier: Node, to later: Node, _ form: Form) {
    supersede(earlier, by: later.id)
    if case .ports = form,
      earlier["target"]?.text != later["target"]?.text
        || earlier["protocol"]?.text != later["protocol"]?.text
    {
      lostPorts.append((earlier, later))
    }
  }

  /// Joins `x-` keys of a service: mappings are merged, lists appended, anything else replaced.
  mutating func extensions(_ earlier: [Entry], _ later: [Entry]) -> [Entry] {
    var joined = earlier
    for entry in later {
      guard let position = joined.firstIndex(where: { $0.key == entry.key }) else {
        joined.append(entry)
        continue
      }
      let own = joined[position].value
      switch (own.content, entry.value.content) {
      case (.mapping(let first), .mapping(let second)):
        joined[position].value.content = .mapping(extensions(first, second))
      case (.sequence, .sequence):
        joined[position].value = appended(own, entry.value)
      case (_, .sequence) where !own.isNull:
        clashes.append((own, entry))
      default:
        joined[position].value = replaced(own, entry.value)
      }
    }
    joined.sort { NaturalOrder.precedes($0.key, $1.key) }
    return joined
  }
}

extension Node {
  fileprivate var isEmptyList: Bool {
    if case .sequence(let items) = content { items.isEmpty } else { false }
  }
}
