import Kubernetes
import Ledger
import Swarm
import YAML

/// The ports of a service that Swarm's routing mesh opened on every node, as `--publish` has them.
package enum RoutingMesh {
  static func map(
    _ ports: [PublishedPorts.Port], _ service: Swarm.Service, into workload: inout Workload,
    _ facts: borrowing Facts, _ ledger: inout Ledger
  ) {
    noteRanges(ports, &ledger)
    switch facts.options.publish {
    case .loadBalancer, .nodePort: publish(ports, into: &workload, facts, &ledger)
    case .ingress: route(ports, service, into: &workload, facts, &ledger)
    case .none:
      for port in ports { ledger.settle(port.node, .decide, .notPublished(workload)) }
    }
  }

  // MARK: Services

  /// The kubelet's own port, which the API server keeps out of load balancers. Source: `ports.KubeletPort`.
  private static let kubeletPort: PortNumber = 10250

  private static func publish(
    _ ports: [PublishedPorts.Port], into workload: inout Workload, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    let name = facts.stackNames.free(workload.name, "-published")
    let field = "Service/\(name) spec.ports"
    // What nobody gave a number is a port of the nodes in Swarm, from 30000 on.
    let isBalanced =
      facts.options.publish == .loadBalancer && ports.contains { $0.published != nil }
    var taken = Set(
      ports.compactMap { port in port.published.map { KnownPort($0, port.transport) } })
    var written: [ServicePort] = []
    for port in ports.prefix(ServiceReach.mostPorts) {
      let number = port.published ?? freePort(port, taken)
      if isBalanced, number == kubeletPort {
        ledger.settle(port.node, .manual, .ofKubelet(port.target), as: field)
        continue
      }
      taken.insert(KnownPort(number, port.transport))
      written.append(
        ServicePort(
          KnownPort(number, port.transport), target: port.target,
          node: isBalanced ? nil : nodePort(port, workload, facts), isOnly: ports.count == 1))
      settle(port, name, workload, isBalanced, field, facts, &ledger)
    }
    var rest: [KeyID] = []
    for port in ports.dropFirst(ServiceReach.mostPorts) where rest.last != port.node.id {
      rest.append(port.node.id)
    }
    ledger.settle(rest, .manual, .tooMany(ports.count), as: field)
    if written.isEmpty { return }
    workload.extras.append(
      Kubernetes.Service(
        metadata: workload.metadata(name), type: isBalanced ? .loadBalancer : .nodePort,
        ports: written, selector: workload.selector))
  }

  private static func settle(
    _ port: PublishedPorts.Port, _ name: ObjectName, _ workload: Workload, _ isBalanced: Bool,
    _ field: String, _ facts: borrowing Facts, _ ledger: inout Ledger
  ) {
    guard let published = port.published else {
      ledger.settle(
        port.node, .adapted, .unnumbered(port.target, name, workload.namespace), as: field)
      return
    }
    if isBalanced {
      ledger.settle(port.node, .decide, .balanced, as: field)
    } else if nodePort(port, workload, facts) != nil {
      ledger.keep(port.node, as: field)
    } else {
      ledger.settle(
        port.node, .decide, .otherNodePort(published, name, workload.namespace), as: field)
    }
  }

  /// The port of the nodes that stays: Kubernetes gives out 30000 to 32767, each once in a cluster.
  private static func nodePort(
    _ port: PublishedPorts.Port, _ workload: Workload, _ facts: borrowing Facts
  ) -> PortNumber? {
    guard let published = port.published, (30000...32767).contains(published.value) else {
      return nil
    }
    let place = ServicePlace(stack: facts.current, service: workload.index)
    if let rival = facts.publishers.rival(of: place, for: port.source), rival < place { return nil }
    return published
  }

  /// A number for a Service's port that has none: the target's, or the next that is free.
  private static func freePort(_ port: PublishedPorts.Port, _ taken: Set<KnownPort>) -> PortNumber {
    var number = port.target
    while number == kubeletPort || taken.contains(KnownPort(number, port.transport)) {
      number = PortNumber(number.value % 65535 + 1) ?? 1
    }
    return number
  }

  /// Several published ports before one target.
  private static func noteRanges(_ ports: [PublishedPorts.Port], _ ledger: inout Ledger) {
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
        ledger.settle(
          ports[index].node, .decide, .range(first, last, ports[index].target))
      }
      index = end
    }
  }

  // MARK: Ingress

  /// One HTTP port of the service behind the cluster's ingress controller.
  private static func route(
    _ ports: [PublishedPorts.Port], _ service: Swarm.Service, into workload: inout Workload,
    _ facts: borrowing Facts, _ ledger: inout Ledger
  ) {
    let reach = facts.reach(of: workload)
    let chosen =
      ports.first { $0.published == 80 && $0.isHTTP } ?? ports.first { $0.isHTTP }
    let name = facts.stackNames.free(workload.name, "-published")
    for port in ports where port.target != chosen?.target || port.transport != chosen?.transport {
      ledger.settle(port.node, .manual, .notHTTP(port.target, workload))
    }
    guard let chosen, reach.ports.contains(KnownPort(chosen.target, .tcp)) else { return }
    let place = ServicePlace(stack: facts.current, service: workload.index)
    // The one that owned port 80 or 443 answers to every host; the others need a name.
    let ownsWeb = chosen.published == 80 || chosen.published == 443
    let isRivalled =
      facts.publishers.rival(of: place, for: chosen.source).map { $0 < place } ?? false
    let host = ownsWeb && !isRivalled ? nil : "\(workload.name).\(workload.namespace)"
    workload.extras.append(
      Ingress(
        metadata: workload.metadata(name), ingressClassName: facts.options.ingressClass,
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
      ledger.settle(
        port.node, .decide,
        host.map { .routedByHost($0, port.published ?? port.target, name, workload) }
          ?? .routed, as: "Ingress/\(name) spec.rules")
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

extension Finding.Message {
  fileprivate static func ofKubelet(_ target: PortNumber) -> Self {
    Self(
      "published-ports/of-kubelet",
      "Port 10250 is the kubelet's on every node, and the API server lets no load balancer open it: \(target) is not reached from "
        + "outside until it is published under another number.",
      remedy: "ports: [\"10251:\(target)\"]  # in the stack")
  }

  fileprivate static var balanced: Self {
    Self(
      "published-ports/load-balancer",
      "Swarm opened the published ports on every node. Here a Service of type LoadBalancer has them, at an address of its "
        + "own that the cluster's load balancer gives out (a cloud's, or MetalLB); without one it stays <pending>.",
      remedy: "--publish node-port, --publish ingress or --publish none")
  }

  fileprivate static func otherNodePort(
    _ published: PortNumber, _ name: ObjectName, _ namespace: ObjectName
  ) -> Self {
    Self(
      "published-ports/other-node-port",
      "\(published) cannot be a port of the nodes: Kubernetes gives out 30000 to 32767, each once. It picks one, and who "
        + "connects to the nodes has to be told.",
      remedy:
        "kubectl -n \(namespace) get service \(name)  # shows it; --publish load-balancer keeps \(published)"
    )
  }

  fileprivate static func unnumbered(
    _ target: PortNumber, _ name: ObjectName, _ namespace: ObjectName
  ) -> Self {
    Self(
      "published-ports/unnumbered",
      "Swarm picked a port of the nodes from 30000 on for \(target), and Kubernetes picks another one.",
      remedy: "kubectl -n \(namespace) get service \(name)  # shows it")
  }

  fileprivate static func range(
    _ first: PortNumber, _ last: PortNumber, _ target: PortNumber
  ) -> Self {
    Self(
      "published-ports/range",
      "All of \(first) to \(last) lead to \(target), in Swarm and here. Docker alone would have taken one of them: if that "
        + "is what is meant, one is enough.",
      remedy: "ports: [\"\(first):\(target)\"]  # in the stack")
  }

  fileprivate static func tooMany(_ count: Int) -> Self {
    Self(
      "published-ports/too-many",
      "\(count) published ports are more than load balancers and Services bear; the first \(ServiceReach.mostPorts) are "
        + "written.",
      remedy:
        "networks: [host]  # in the stack, with `networks: {host: {external: true}}`: the process listens on the node"
    )
  }

  fileprivate static func notPublished(_ workload: Workload) -> Self {
    Self(
      "published-ports/none",
      "With `--publish none` the published ports are not reached from outside the cluster.",
      remedy: "--publish load-balancer, --publish node-port or --publish ingress")
  }

  fileprivate static var routed: Self {
    Self(
      "published-ports/ingress",
      "An Ingress leads every host name on the ingress controller's ports 80 and 443 to this service, as nobody else asks for "
        + "them.",
      remedy: "--publish load-balancer keeps the port at an address of its own")
  }

  fileprivate static func routedByHost(
    _ host: String, _ published: PortNumber, _ name: ObjectName, _ workload: Workload
  ) -> Self {
    Self(
      "published-ports/ingress-host",
      "An ingress controller has the ports 80 and 443 for all services and tells them apart by host name: what was port "
        + "\(published) of every node is the host `\(host)` until it gets its real name.",
      remedy: "kubectl -n \(workload.namespace) patch ingress \(name) --type json "
        + "-p '[{\"op\":\"replace\",\"path\":\"/spec/rules/0/host\",\"value\":\"www.example.com\"}]'"
    )
  }

  fileprivate static func notHTTP(_ target: PortNumber, _ workload: Workload) -> Self {
    Self(
      "published-ports/not-http",
      "An Ingress carries one HTTP port of a service, and \(target) is another one or speaks something else: it is not "
        + "reached from outside.",
      remedy: "--publish load-balancer, or: kubectl -n \(workload.namespace) expose pod -l "
        + "app.kubernetes.io/name=\(workload.name) --type LoadBalancer --port \(target)")
  }
}
