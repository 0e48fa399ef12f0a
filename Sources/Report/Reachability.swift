import Kubernetes
import Ledger
package import Mapping
import Proxies
package import Swarm

/// Who may connect to whom: by the networks that services share, and by the ports that they publish.
///
/// It is the same in Swarm and under the policies that are written. It holds members and not pairs, so that it stays as small
/// as the estate; a reader asks for the pairs that it shows.
package struct Reachability: Sendable {
  package struct Service: Sendable {
    package let stack: String
    package let name: String
    /// Numbers into `networks`.
    package let networks: [Int]
    /// On the network of its node: all its ports are the node's.
    package let isOnHost: Bool
    package let outside: Outside
    /// Target ports that are published and reachable, in order.
    package let ports: [Port]
  }

  package struct Port: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let number: Int
    package let transport: PublishedPort.Transport

    package var description: String { "\(number)/\(transport.rawValue)" }

    package static func < (left: Self, right: Self) -> Bool {
      (left.number, left.transport.rawValue) < (right.number, right.transport.rawValue)
    }
  }

  /// What a service reaches beside the estate.
  package enum Outside: Sendable, Equatable {
    case everything
    /// In internal networks only: names resolve, and that is all.
    case names
    case nothing
  }

  package struct Network: Sendable {
    /// The engine's name.
    package let name: String
    package let isInternal: Bool
    /// Numbers into `services`, ascending.
    package fileprivate(set) var members: [Int] = []
  }

  /// How one service may connect to another.
  package enum Way: Sendable, Equatable {
    /// On every port, over these networks.
    case networks([Int])
    /// On every port, at the address of its node.
    case node
    /// On published ports.
    case published
  }

  package private(set) var services: [Service] = []
  /// Networks with members, in the order of the stacks.
  package private(set) var networks: [Network] = []

  /// Of all services for which something is written.
  package init(_ migration: Migration) {
    let facts = migration.facts
    let plan = facts.networks
    var numbers = [Int](repeating: -1, count: plan.networks.count)
    for (stackNumber, stack) in facts.stacks.enumerated() {
      let parts = migration.stacks[stackNumber].parts
      for (index, service) in stack.services.enumerated() where !parts[index].isEmpty {
        let place = plan.place(stack: stackNumber, service: index)
        var own: [Int] = []
        for network in place.networks where plan.networks[network].joinsMembers {
          if place.isOnHost { break }
          if numbers[network] < 0 {
            numbers[network] = networks.count
            networks.append(
              Network(
                name: plan.networks[network].name, isInternal: plan.networks[network].isInternal))
          }
          own.append(numbers[network])
          networks[numbers[network]].members.append(services.count)
        }
        let isSealed = own.isEmpty && !place.isOnHost
        let ports = isSealed || place.isOnHost ? [] : service.publishedPorts
        services.append(
          Service(
            stack: stack.name, name: service.name, networks: own, isOnHost: place.isOnHost,
            outside: isSealed ? .nothing : place.hasWayOut ? .everything : .names,
            ports: Set(
              ports.filter(place.isReachable).map {
                Port(number: $0.target, transport: $0.transport)
              }
            ).sorted()))
      }
    }
  }

  /// How one service may connect to another; nil where it may not.
  package func way(from source: Int, to target: Int) -> Way? {
    let (source, target) = (services[source], services[target])
    let shared = source.networks.filter(target.networks.contains)
    if !shared.isEmpty { return .networks(shared) }
    guard source.outside == .everything else { return nil }
    if target.isOnHost { return .node }
    return target.ports.isEmpty ? nil : .published
  }
}

extension NetworkPlan.Network {
  /// Whether membership lets services reach each other: `host` is the nodes' network, and in `none` nobody reaches anybody.
  package var joinsMembers: Bool {
    switch predefined {
    case .host, .none?: false
    case .bridge, nil: true
    }
  }
}

extension Report {
  package var reachability: Reachability { Reachability(migration) }
}
