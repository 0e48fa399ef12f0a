package import YAML

/// A network that the stack creates or refers to.
package struct Network: Sendable {
  /// The key under `networks:`, by which services refer to it.
  package let key: String
  /// The engine's name: `shop_backend`, or the external network's own name.
  package let name: String
  package let isExternal: Bool
  /// `overlay` unless written otherwise: what Swarm gives a stack's networks.
  package let driver: Setting<String>
  /// No way out of the network but to its members. Of an external network the file does not know it: what stands there beside
  /// `external` is ignored.
  package let isInternal: Bool
  /// The mapping under `networks.KEY`; a null node for the implicit default network.
  package let node: Node

  /// All networks of a stack. A service without `networks` is in `default`, which is made then.
  static func all(stack: String, root: Node, services: [Service]) -> [Network] {
    var networks = (root["networks"]?.entries ?? []).map { entry in
      Network(stack: stack, key: entry.key, node: entry.value)
    }
    let needsDefault = services.contains { service in
      service.networkAttachments.contains { $0.network == "default" }
    }
    if needsDefault, !networks.contains(where: { $0.key == "default" }) {
      networks.append(Network(stack: stack, key: "default", node: .null()))
    }
    return networks
  }

  init(stack: String, key: String, node: Node) {
    let scoped = ScopedName(stack: stack, key: key, node: node)
    self.key = key
    self.name = scoped.name
    self.isExternal = scoped.isExternal
    self.driver = Setting(node["driver"], default: "overlay") { $0.text }
    self.isInternal = !scoped.isExternal && node["internal"]?.bool ?? false
    self.node = node
  }

  /// Docker's own networks, which are no overlays; each node has its own. Swarm takes them as external networks by name.
  package enum Predefined: String, Sendable {
    case host, none, bridge
  }

  package var predefined: Predefined? { isExternal ? Predefined(rawValue: name) : nil }

  package var isPredefined: Bool { predefined != nil }

  /// Whether the network is a part of the nodes' own physical network.
  package var isOnPhysicalNetwork: Bool {
    !isExternal && (driver.value == "macvlan" || driver.value == "ipvlan")
  }
}

/// A service's place in one network.
package struct NetworkAttachment: Sendable {
  /// The network's key in the stack.
  package let network: String
  package let aliases: [Node]
  /// The attachment's mapping; nil when the service has no `networks` at all and so is in `default`.
  package let node: Node?
}

extension Service {
  /// The networks that the service is in; `default` where it names none.
  package var networkAttachments: [NetworkAttachment] {
    guard let entries = node["networks"]?.entries, !entries.isEmpty else {
      return [NetworkAttachment(network: "default", aliases: [], node: nil)]
    }
    return entries.map {
      NetworkAttachment(
        network: $0.key, aliases: $0.value["aliases"]?.items ?? [], node: $0.value)
    }
  }
}
