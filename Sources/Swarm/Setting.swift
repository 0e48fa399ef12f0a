package import YAML

/// Where a value comes from.
package enum Origin: Hashable, Sendable {
  /// The user wrote it, at this key.
  case key(KeyID)
  /// Swarm fills it in when nobody writes it.
  case swarmDefault

  /// The key, or `KeyID.none` for a default.
  package var key: KeyID {
    if case .key(let id) = self { id } else { .none }
  }
}

/// A value of the Swarm model together with its origin, so that the report can say "Swarm's default: you did not
/// write this".
package struct Setting<Value: Sendable>: Sendable {
  package var value: Value
  package var origin: Origin

  package init(_ value: Value, _ origin: Origin = .swarmDefault) {
    self.value = value
    self.origin = origin
  }

  /// The value of a node, or Swarm's default where there is no node or `read` gives nothing.
  package init(_ node: Node?, default fallback: Value, read: (Node) -> Value?) {
    if let node, let value = read(node) {
      self.init(value, .key(node.id))
    } else {
      self.init(fallback)
    }
  }

  package var isDefault: Bool { origin == .swarmDefault }
}
