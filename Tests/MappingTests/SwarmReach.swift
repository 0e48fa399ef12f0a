import Delivery
import Images
import Kubernetes
import Mapping
import Report
import Swarm
import TestSupport
import Validation

/// Who may connect to whom in a Swarm: the engine's rules, without a word of Kubernetes.
struct SwarmReach {
  struct Service {
    var name: String
    /// The engine's names of its networks; empty on the node's network and in `none`.
    var networks: Set<String> = []
    var isOnHost = false
    /// Published ports by target.
    var ports: [Port] = []
  }

  struct Port: Hashable {
    var target: Int
    var transport: PublishedPort.Transport
    var mode: PublishedPort.PublishMode
  }

  var services: [Service]
  /// The engine's names of the networks that let nobody out.
  var internalNetworks: Set<String>

  /// A leg in `docker_gwbridge`, in Docker's bridge, or on the node itself. A port of the routing mesh puts the task into the
  /// `ingress` overlay, which is not internal, and with it comes the leg.
  func hasWayOut(_ service: Service) -> Bool {
    if service.isOnHost { return true }
    if service.networks.isEmpty { return false }
    return !service.networks.isSubset(of: internalNetworks)
      || service.ports.contains { $0.mode == .ingress }
  }

  /// Whether the port is reachable at some node's address.
  func publishes(_ service: Service, _ port: Int, _ transport: PublishedPort.Transport) -> Bool {
    if service.isOnHost { return true }
    if service.networks.isEmpty { return false }
    return service.ports.contains {
      $0.target == port && $0.transport == transport
        && ($0.mode == .ingress || hasWayOut(service))
    }
  }

  func mayConnect(
    _ source: Service, _ target: Service, _ port: Int, _ transport: PublishedPort.Transport
  ) -> Bool {
    if !source.networks.isDisjoint(with: target.networks) { return true }
    return hasWayOut(source) && publishes(target, port, transport)
  }
}

extension SwarmReach {
  /// The rules for a loaded estate: who is in which network is read from the stacks themselves.
  init(_ stacks: [Swarm.Stack]) {
    services = []
    internalNetworks = []
    for stack in stacks {
      for network in stack.networks where !network.isExternal && network.isInternal {
        internalNetworks.insert(network.name)
      }
      for service in stack.services {
        var result = Service(name: service.fullName)
        for attachment in service.networkAttachments {
          guard let network = stack.network(attachment.network) else { continue }
          switch (network.isExternal, network.name) {
          case (true, "host"): result.isOnHost = true
          case (true, "none"): break
          default: result.networks.insert(network.name)
          }
        }
        if result.isOnHost { result.networks = [] }
        result.ports = service.publishedPorts.map {
          Port(target: $0.target, transport: $0.transport, mode: $0.mode)
        }
        services.append(result)
      }
    }
  }
}
