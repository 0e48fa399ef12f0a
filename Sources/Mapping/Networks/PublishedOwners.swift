import Kubernetes
import Ledger
import Proxies
package import Swarm

/// Who publishes which port, over the whole estate: Swarm gives each port of the routing mesh to one service.
package struct PublishedOwners: Sendable {
  /// The first two services of each port; more are not needed to know that it is not one's own.
  private var ingress: [Listener: [ServicePlace]] = [:]
  private var host: [Listener: [ServicePlace]] = [:]

  package init(_ stacks: [Swarm.Stack]) {
    for (number, stack) in stacks.enumerated() {
      for (position, service) in stack.services.enumerated() {
        let place = ServicePlace(stack: number, service: position)
        for port in service.publishedPorts {
          guard let published = port.published, let key = Listener(published, port.transport)
          else { continue }
          switch port.mode {
          case .ingress: Self.note(place, &ingress[key, default: []])
          case .host: Self.note(place, &host[key, default: []])
          }
        }
      }
    }
  }

  private static func note(_ place: ServicePlace, _ places: inout [ServicePlace]) {
    if places.count < 2, places.last != place { places.append(place) }
  }

  /// Another service for whose sake Swarm refuses the port to this one, or this one's to that.
  ///
  /// Ingress ports exclude each other and host ports of other services; host ports of two services do not, as the scheduler
  /// keeps them apart. Source: swarmkit `manager/controlapi/service.go`, `checkPortConflicts`.
  package func rival(of place: ServicePlace, for port: PublishedPort) -> ServicePlace? {
    guard let published = port.published, let key = Listener(published, port.transport) else {
      return nil
    }
    let rivals = (ingress[key] ?? []) + (port.mode == .ingress ? host[key] ?? [] : [])
    return rivals.first { $0 != place }
  }
}
