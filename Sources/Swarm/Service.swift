package import YAML

/// A service as `docker stack deploy` would create it.
///
/// It holds the service's canonical mapping, as the loader gives it; each of Swarm's concepts is a typed view of it in a
/// file of its own (`Healthcheck.swift`, `UpdatePolicy.swift`, …), so that a new concept needs no change here.
package struct Service: Sendable {
  /// The stack's name, the first half of the service's full name.
  package let stack: String
  /// The name in the file, which is also the short DNS name.
  package let name: String
  /// The canonical mapping under `services.NAME`.
  package let node: Node
  /// `shop_web`, the engine's name of the service.
  package let fullName: String
  /// What its image declares; nil where nothing was looked at.
  package var imageFacts: ImageFacts?

  /// `isScoped` is false for a service of a running Swarm that belongs to no stack: its name is the engine's.
  package init(stack: String, name: String, node: Node, isScoped: Bool = true) {
    self.stack = stack
    self.name = name
    self.node = node
    fullName = isScoped ? "\(stack)_\(name)" : name
  }

  /// The key `services.NAME`.
  package var key: KeyID { node.id }

  /// The `deploy` mapping, if written.
  package var deploy: Node? { node["deploy"] }

  /// A value under the service, `service["deploy", "placement"]`.
  package subscript(path: String...) -> Node? {
    var current: Node? = node
    for name in path { current = current?[name] }
    return current
  }
}
