import YAML

/// Joining long forms as Docker Compose does for several files, and for a service and what it extends.
///
/// Mappings are joined key by key and lists appended; commands and health-check tests are replaced; items of a list with
/// an identity replace equal ones. `!reset` takes a key away, `!override` replaces it whole.
///
/// Source: compose-spec/compose-go `override`.
struct ComposeMerge {
  var superseded: [(key: KeyID, by: KeyID)] = []

  mutating func join(_ earlier: Node, _ later: Node, _ form: ComposeForm) -> Node {
    if later.directive == .override { return replaced(earlier, later) }
    switch form {
    case .mapping(let keys): return mapping(earlier, later) { keys[$0] ?? .any }
    case .named(let inner): return mapping(earlier, later) { _ in inner }
    case .build: return mapping(earlier, later) { ComposeSchema.build[$0] ?? .any }
    case .networks:
      return mapping(earlier, later) { _ in .mapping(ComposeSchema.serviceNetwork) }
    case .pairs, .dependencies, .extends: return mapping(earlier, later) { _ in .any }
    case .ulimits: return mapping(earlier, later) { _ in .text }
    case .strings, .oneOrMany, .hosts, .exposed:
      return keyed(earlier, later) { $0.text ?? "" }
    case .environmentFiles: return keyed(earlier, later) { $0["path"]?.text ?? "" }
    case .mounts, .devices: return keyed(earlier, later) { $0["target"]?.text ?? "" }
    case .references:
      return keyed(earlier, later) { $0["target"]?.text ?? $0["source"]?.text ?? "" }
    case .ports:
      return keyed(earlier, later) { port in
        ["host_ip", "target", "published", "protocol"].map { port[$0]?.text ?? "" }
          .joined(separator: "/")
      }
    case .list: return appended(earlier, later)
    case .any:
      switch (earlier.content, later.content) {
      case (.mapping, .mapping): return mapping(earlier, later) { _ in .any }
      case (.sequence, .sequence): return appended(earlier, later)
      default: return replaced(earlier, later)
      }
    default: return replaced(earlier, later)
    }
  }

  private mutating func replaced(_ earlier: Node, _ later: Node) -> Node {
    supersede(earlier, by: later)
    return later
  }

  private mutating func supersede(_ earlier: Node, by later: Node) {
    for key in earlier.allKeys { superseded.append((key, later.id)) }
  }

  private func appended(_ earlier: Node, _ later: Node) -> Node {
    Node(.sequence((earlier.items ?? []) + (later.items ?? [])), at: earlier.mark, id: earlier.id)
  }

  private mutating func mapping(
    _ earlier: Node, _ later: Node, _ form: (String) -> ComposeForm
  ) -> Node {
    guard var entries = earlier.entries, let more = later.entries else {
      // A network without settings takes those of the other file.
      return later.isNull ? earlier : replaced(earlier, later)
    }
    var positions: [String: Int] = [:]
    for (position, entry) in entries.enumerated() { positions[entry.key] = position }
    var removed: Set<String> = []
    for entry in more {
      guard let position = positions[entry.key] else {
        positions[entry.key] = entries.count
        entries.append(entry)
        continue
      }
      if entry.value.directive == .reset {
        supersede(entries[position].value, by: entry.value)
        removed.insert(entry.key)
      } else if entry.key == "logging", isOther(entries[position].value, entry.value) {
        entries[position].value = replaced(entries[position].value, entry.value)
      } else {
        entries[position].value = join(entries[position].value, entry.value, form(entry.key))
      }
    }
    if !removed.isEmpty { entries.removeAll { removed.contains($0.key) } }
    return Node(.mapping(entries), at: earlier.mark, id: earlier.id)
  }

  /// Whether two `logging` mappings name different drivers.
  private func isOther(_ earlier: Node, _ later: Node) -> Bool {
    guard let own = earlier["driver"]?.text, let other = later["driver"]?.text else { return false }
    return own != other
  }

  mutating func keyed(_ earlier: Node, _ later: Node, _ identity: (Node) -> String) -> Node {
    var items: [Node] = []
    var positions: [String: Int] = [:]
    for item in (earlier.items ?? []) + (later.items ?? []) {
      let key = identity(item)
      if let position = positions[key] {
        supersede(items[position], by: item)
        items[position] = item
      } else {
        positions[key] = items.count
        items.append(item)
      }
    }
    return Node(.sequence(items), at: earlier.mark, id: earlier.id)
  }

  /// Takes out what `!reset` marks and nothing stood before.
  static func withoutResets(_ node: Node) -> Node {
    var node = node
    node.directive = .none
    switch node.content {
    case .scalar: break
    case .sequence(let items):
      node.content = .sequence(items.filter { $0.directive != .reset }.map(withoutResets))
    case .mapping(let entries):
      node.content = .mapping(
        entries.filter { $0.value.directive != .reset }.map { entry in
          var entry = entry
          entry.value = withoutResets(entry.value)
          return entry
        })
    }
    return node
  }
}
