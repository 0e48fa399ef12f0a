import Basics
import Diagnostics
package import Kubernetes
import Ledger
package import Swarm

/// The networks of the whole estate, each once, however many stacks refer to it, and where each service stands.
package struct NetworkPlan: Sendable {
  /// A network by the name that the engine knows it by.
  package struct Network: Sendable {
    /// `shop_backend`, `traefik-public`.
    package let name: String
    /// What its members carry, with the value `member`.
    package let label: LabelKey
    package let predefined: Swarm.Network.Predefined?
    /// A stack of this run creates it. Of another nothing is known but the name.
    package fileprivate(set) var isCreatedHere = false
    package fileprivate(set) var isInternal = false
    /// The numbers of the stacks with services in it.
    package fileprivate(set) var stacks: [Int] = []
    /// Their namespaces, sorted, each once.
    package fileprivate(set) var namespaces: [ObjectName] = []
    /// Of those, the ones with a member that can reach nothing but its networks.
    package fileprivate(set) var closedNamespaces: Set<ObjectName> = []
    /// The name of its policy in each namespace.
    package fileprivate(set) var policies: [ObjectName: ObjectName] = [:]

    /// Where its members are looked for.
    package var reach: Reach {
      if namespaces.count > 1 { return .namespaces(namespaces) }
      // A network from outside belongs to whoever names it: stacks that are moved later are to find it open.
      return stacks.count == 1 && !isCreatedHere && predefined == nil ? .everywhere : .ownNamespace
    }
  }

  package enum Reach: Sendable, Equatable {
    case ownNamespace
    case namespaces([ObjectName])
    case everywhere
  }

  /// Where a service stands.
  package struct Place: Sendable {
    /// Numbers into `networks`, each once.
    package fileprivate(set) var networks: [Int] = []
    package fileprivate(set) var isOnHost = false
    /// It is in a network that is not internal, or a port is published through the routing mesh, whose network is not either:
    /// then Docker gives the task a leg in `docker_gwbridge`.
    ///
    /// Source: libnetwork `Sandbox.needDefaultGW`; seen on engine 20.10: without such a leg a container has no default route.
    package fileprivate(set) var hasWayOut = false

    /// Whether a published port is reachable. Ports of mode `host` are bound on the leg in `docker_gwbridge`.
    package func isReachable(_ port: PublishedPort) -> Bool { port.mode == .ingress || hasWayOut }
  }

  package private(set) var networks: [Network] = []
  /// By stack: key → number in `networks`.
  private var numbers: [[String: Int]] = []
  /// By stack, in the order of its services.
  private var places: [[Place]] = []
  /// By stack: the keys that services refer to.
  private var used: [Set<String>] = []

  package init(_ stacks: [Swarm.Stack], _ names: [Names]) {
    var byName: [String: Int] = [:]
    for (stack, namespace) in zip(stacks, names.map(\.namespace)) {
      let stackNumber = numbers.count
      var keys: [String: Int] = [:]
      for network in stack.networks {
        let number = byName[network.name] ?? networks.count
        if number == networks.count {
          byName[network.name] = number
          networks.append(
            Network(
              name: network.name, label: NetworkLabel.key(network.name),
              predefined: network.predefined))
        }
        if !network.isExternal {
          if !networks[number].isCreatedHere { networks[number].isInternal = network.isInternal }
          networks[number].isCreatedHere = true
        }
        keys[network.key] = number
      }
      numbers.append(keys)
      var used = Set<String>()
      for service in stack.services {
        for attachment in service.networkAttachments {
          guard used.insert(attachment.network).inserted, let number = keys[attachment.network]
          else { continue }
          networks[number].join(stackNumber, namespace)
        }
      }
      self.used.append(used)
    }
    for (number, stack) in stacks.enumerated() {
      findPlaces(number, stack, names[number].namespace)
    }
    namePolicies(stacks, names)
  }

  /// Only now is it known of all networks whether they are internal.
  private mutating func findPlaces(_ number: Int, _ stack: Swarm.Stack, _ namespace: ObjectName) {
    places.append(
      stack.services.map { service in
        var place = Place()
        for attachment in service.networkAttachments {
          guard let network = numbers[number][attachment.network] else { continue }
          if !place.networks.contains(network) { place.networks.append(network) }
          switch networks[network].predefined {
          case .host:
            place.isOnHost = true
            place.hasWayOut = true
          case .none?: break
          case .bridge, nil: if !networks[network].isInternal { place.hasWayOut = true }
          }
        }
        if !place.hasWayOut, place.networks.contains(where: { networks[$0].isInternal }) {
          place.hasWayOut = service.publishedPorts.contains { $0.mode == .ingress }
          if !place.hasWayOut {
            for network in place.networks { networks[network].closedNamespaces.insert(namespace) }
          }
        }
        return place
      })
  }

  /// Policies are named after the key in the stack that creates the network, else after the network.
  private mutating func namePolicies(_ stacks: [Swarm.Stack], _ names: [Names]) {
    struct Taken {
      package var names = Set<ObjectName>()
      /// The last number behind a name, so that many names that fold to one are not counted through each time.
      package var numbers: [ObjectName: Int] = [:]
    }
    var taken: [ObjectName: Taken] = [:]
    for (stack, names) in zip(stacks.indices, names) {
      for network in stacks[stack].networks where used[stack].contains(network.key) {
        guard let number = numbers[stack][network.key],
          networks[number].policies[names.namespace] == nil
        else { continue }
        let folded = ObjectName.folding(network.isExternal ? network.name : network.key)
        var candidate = folded
        while !taken[names.namespace, default: Taken()].names.insert(candidate).inserted {
          let count = (taken[names.namespace]?.numbers[folded] ?? 1) + 1
          taken[names.namespace]?.numbers[folded] = count
          candidate = folded.appending("-\(count)")
        }
        networks[number].policies[names.namespace] = candidate
      }
    }
  }

  // MARK: Questions

  /// The network that a key of a stack stands for.
  package func network(_ key: String, stack: Int) -> Network? {
    numbers[stack][key].map { networks[$0] }
  }

  /// Whether any service of the stack is in the network of this key.
  package func isUsed(_ key: String, stack: Int) -> Bool { used[stack].contains(key) }

  package func place(stack: Int, service: Int) -> Place { places[stack][service] }
}

extension NetworkPlan.Network {
  fileprivate mutating func join(_ stack: Int, _ namespace: ObjectName) {
    if stacks.last == stack { return }
    stacks.append(stack)
    if let place = namespaces.firstIndex(where: { $0 >= namespace }) {
      if namespaces[place] != namespace { namespaces.insert(namespace, at: place) }
    } else {
      namespaces.append(namespace)
    }
  }

  /// The policy by which members admit members in a namespace.
  package func policy(in namespace: ObjectName) -> ObjectName {
    ObjectName(unchecked: "network-\(policies[namespace]?.rawValue ?? name)")
  }

  /// The policy that keeps those inside who are in internal networks only; nil where there is no such service.
  package func internalPolicy(in namespace: ObjectName) -> ObjectName? {
    guard isInternal, closedNamespaces.contains(namespace) else { return nil }
    return ObjectName(unchecked: "internal-\(policies[namespace]?.rawValue ?? name)")
  }
}

/// The label of a network's members: `swarm.network/shop_backend`.
///
/// It holds the engine's name of the network and not the key in the stack, because that is the one that all stacks share and
/// that no two networks of a Swarm have: pods of stacks that are moved one after the other carry the same label.
package enum NetworkLabel {
  package static let value: LabelValue = "member"

  /// What no label may hold is folded, and a hash keeps the names apart that fold to one.
  package static func key(_ name: String) -> LabelKey {
    let prefix = "swarm.network/"
    if let key = LabelKey(prefix + name), !name.contains("/") { return key }
    let hash = ContentHash(of: name).digits(8)
    var folded = Array(LabelValue.folding(name).rawValue.utf8.prefix(63 - hash.utf8.count - 1))
    while let last = folded.last, last == 0x2D || last == 0x2E || last == 0x5F {
      folded.removeLast()
    }
    let text = String(decoding: folded, as: UTF8.self)
    return LabelKey(unchecked: text.isEmpty ? prefix + hash : "\(prefix)\(text)-\(hash)")
  }
}
