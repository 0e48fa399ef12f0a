import Kubernetes
import Ledger
import Swarm
import YAML

/// The ports of a service that Swarm's routing mesh opened on every node, as `--publish` has them.
package enum RoutingMesh {
  static func map(_ ports: [PublishedPorts.Port], _ context: inout ServiceContext) {
    noteRanges(ports, &context)
    switch context.options.publish {
    case .loadBalancer, .nodePort: publish(ports, &context)
    case .ingress: route(ports, &context)
    case .none: for port in ports { context.settle(port.node, .notPublished) }
    }
  }

  // MARK: Services

  /// The kubelet's own port, which the API server keeps out of load balancers. Source: `ports.KubeletPort`.
  private static let kubeletPort: PortNumber = 10250

  private static func publish(
    _ ports: [PublishedPorts.Port], _ context: inout ServiceContext
  ) {
    let namespace = context.workload.namespace
    let name = context.names.free(context.workload.name, "-published")
    let field = "Service/\(name) spec.ports"
    // What nobody gave a number is a port of the nodes in Swarm, from 30000 on.
    let isBalanced =
      context.options.publish == .loadBalancer && ports.contains { $0.published != nil }
    var taken = Set(
      ports.compactMap { port in port.published.map { Listener($0, port.transport) } })
    var written: [ServicePort] = []
    for port in ports.prefix(ServiceReach.mostPorts) {
      let number = port.published ?? freePort(port, taken)
      if isBalanced, number == kubeletPort {
        context.settle(port.node, .ofKubelet(port.target), as: field)
        continue
      }
      let listener = Listener(number, port.transport)
      taken.insert(listener)
      let node = isBalanced ? nil : nodePort(port, context)
      written.append(
        ServicePort(listener, target: port.target, node: node, isOnly: ports.count == 1))
      if port.published == nil {
        context.settle(port.node, .unnumbered(port.target, name, namespace), as: field)
      } else if isBalanced {
        context.settle(port.node, .balanced, as: field)
      } else if node != nil {
        context.keep(port.node, as: field)
      } else {
        context.settle(port.node, .otherNodePort(number, name, namespace), as: field)
      }
    }
    var rest: [KeyID] = []
    for port in ports.dropFirst(ServiceReach.mostPorts) where rest.last != port.node.id {
      rest.append(port.node.id)
    }
    context.ledger.settle(rest, .tooMany(ports.count), as: field)
    if written.isEmpty { return }
    context.workload.extras.append(
      Kubernetes.Service(
        metadata: context.workload.metadata(name), type: isBalanced ? .loadBalancer : .nodePort,
        ports: written, selector: context.workload.selector))
  }

  /// The port of the nodes that stays: Kubernetes gives out 30000 to 32767, each once in a cluster.
  private static func nodePort(
    _ port: PublishedPorts.Port, _ context: borrowing ServiceContext
  ) -> PortNumber? {
    guard let published = port.published, (30000...32767).contains(published.value) else {
      return nil
    }
    let place = context.place
    if let rival = context.facts.publishers.rival(of: place, for: port.source), rival < place {
      return nil
    }
    return published
  }

  /// A number for a Service's port that has none: the target's, or the next that is free.
  private static func freePort(_ port: PublishedPorts.Port, _ taken: Set<Listener>) -> PortNumber {
    var number = port.target
    while number == kubeletPort || taken.contains(Listener(number, port.transport)) {
      number = PortNumber(number.value % 65535 + 1) ?? 1
    }
    return number
  }

  /// Several published ports before one target.
  private static func noteRanges(
    _ ports: [PublishedPorts.Port], _ context: inout ServiceContext
  ) {
    var index = 0
    while index < ports.count {
      var end = index + 1
      while end < ports.count, ports[end].node.id == ports[index].node.id,
        ports[end].target == ports[index].target
      {
        end += 1
      }
      if end - index > 1, ports[index].node.id != .none, let first = ports[index].published,
        let last = ports[end - 1].published
      {
        context.settle(ports[index].node, .range(first, last, ports[index].target))
      }
      index = end
    }
  }

  // MARK: Ingress

  /// One HTTP port of the service behind the cluster's ingress controller.
  private static func route(_ ports: [PublishedPorts.Port], _ context: inout ServiceContext) {
    let workload = context.workload
    let chosen =
      ports.first { $0.published == 80 && $0.isHTTP } ?? ports.first { $0.isHTTP }
    let name = context.names.free(workload.name, "-published")
    for port in ports where port.target != chosen?.target || port.transport != chosen?.transport {
      context.settle(port.node, .notHTTP(port.target, workload))
    }
    guard let chosen, context.reach.ports.contains(Listener(chosen.target)) else { return }
    let place = context.place
    // The one that owned port 80 or 443 answers to every host; the others need a name.
    let ownsWeb = chosen.published == 80 || chosen.published == 443
    let isRivalled =
      context.facts.publishers.rival(of: place, for: chosen.source).map { $0 < place } ?? false
    let host = ownsWeb && !isRivalled ? nil : "\(workload.name).\(workload.namespace)"
    context.workload.extras.append(
      Ingress(
        metadata: workload.metadata(name), ingressClassName: context.options.ingressClass,
        rules: [
          Ingress.Rule(
            host: host,
            paths: [
              Ingress.Path(
                "/", .prefix,
                Ingress.Backend(service: workload.name, port: .number(chosen.target)))
            ])
        ]))
    for port in ports where port.target == chosen.target && port.transport == chosen.transport {
      context.settle(
        port.node,
        host.map { .routedByHost($0, port.published ?? port.target, name, workload) } ?? .routed,
        as: "Ingress/\(name) spec.rules")
    }
  }
}

extension PublishedPorts.Port {
  /// Whether the port may speak plain HTTP: TCP, and none of those that are known to speak something else.
  fileprivate var isHTTP: Bool {
    guard transport == .tcp else { return false }
    switch target.value {
    case 21, 22, 25, 53, 110, 143, 389, 443, 465, 587, 636, 993, 995, 1433, 1521, 1883, 2181, 2379,
      3306, 4222,
      5432, 5672, 6379, 6443, 8443, 8883, 9042, 9092, 9443, 11211, 27017:
      return false
    default: return true
    }
  }
}
