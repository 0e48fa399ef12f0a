import Kubernetes
package import Ledger
import Proxies
import Swarm
import YAML

/// Ports that are reached from outside the cluster.
package enum PublishedPorts: Feature {
  package static let name = "published-ports"
  package static let title = "Published ports"
  package static let about = """
    **Ingress mode** (the default) opens the published port on every node and leads it through the routing mesh to the
    tasks. It becomes a second Service, `NAME-published`, whose `port` is the published port and whose `targetPort` is the
    container's; the Service of the service's own name keeps the target ports for its neighbours. `--publish` chooses how
    it is reached:

    | `--publish` | becomes |
    |---|---|
    | `load-balancer` (default) | type LoadBalancer: an address of its own, with the same port numbers |
    | `node-port` | type NodePort: every node, as in Swarm; numbers from 30000 to 32767 stay, others cannot |
    | `ingress` | an Ingress for what speaks HTTP; other ports are not reached from outside |
    | `none` | nothing: only `kubectl port-forward` reaches them |

    A port without a published number gets one from the platform, as Swarm takes one from 30000 on: a NodePort. Ranges are
    written out port by port. A range of published ports before one target (`8080-8090:80`) opens all of them to that
    target in Swarm, and so it is written. TCP and UDP of one number are two ports of one Service.

    **Host mode** opens the port on the nodes that run a task: `hostPort` of the container. A node has each port once, so the
    old pod must end before the new one starts, whatever the update order says. A port of a container can have one
    `hostPort`, and Kubernetes picks none by itself.

    **What Swarm refuses.** A port that two services publish belongs to the one that came first: the engine refuses the
    other one ("port is already in use by service … as an ingress port"). Here both are written, each with its own Service.
    The same number twice in one service, and ingress ports together with `dnsrr`, are refused too.
    """
  package static let owns: [KeyPattern] = ["services.*.ports.**"]
  package static let examples: [Example] = [
    Example(
      "A port of the routing mesh",
      stack: """
        image: web:1
        ports:
          - "8080:80"
        """,
      kubernetes: """
        kind: Service
        metadata:
          name: web-published
        spec:
          type: LoadBalancer
          ports:
            - port: 8080
              targetPort: 80
        """,
      findings: ["published-ports/load-balancer"]),
    Example(
      "A port of the node",
      stack: """
        image: web:1
        ports:
          - target: 80
            published: 8080
            mode: host
        """,
      kubernetes: """
        ports:
          - containerPort: 80
            hostPort: 8080
        """),
  ]

  enum Kind {
    static let noPort: FindingKind = .lost("published-ports/no-port", .changesWhoGetsIn)
    static let twice: FindingKind = .manual("published-ports/twice", .changesWhoGetsIn)
    static let rival: FindingKind = .manual("published-ports/rival", .changesWhoGetsIn)
    static let meshWithoutAddress: FindingKind = .adapted("published-ports/mesh-without-address")
    static let onHostNetwork: FindingKind = .inert("published-ports/on-host-network")
    static let hostPortUnnumbered: FindingKind =
      .lost("published-ports/host-port-unnumbered", .changesWhoGetsIn)
    static let secondHostPort: FindingKind =
      .lost("published-ports/second-host-port", .changesWhoGetsIn)
    static let ofKubelet: FindingKind = .manual("published-ports/of-kubelet", .changesWhoGetsIn)
    static let loadBalancer: FindingKind = .decide("published-ports/load-balancer", asks: .publish)
    static let otherNodePort: FindingKind =
      .decide("published-ports/other-node-port", asks: .publish)
    static let unnumbered: FindingKind = .adapted("published-ports/unnumbered")
    static let range: FindingKind = .decide("published-ports/range")
    static let tooMany: FindingKind = .manual("published-ports/too-many", .changesWhoGetsIn)
    static let none: FindingKind = .decide("published-ports/none", asks: .publish)
    static let ingress: FindingKind = .decide("published-ports/ingress", asks: .publish)
    static let ingressHost: FindingKind = .decide("published-ports/ingress-host")
    static let notHTTP: FindingKind =
      .manual("published-ports/not-http", .changesWhoGetsIn, asks: .publish)
  }

  package static let kinds: [FindingKind] = [
    Kind.noPort, Kind.twice, Kind.rival, Kind.meshWithoutAddress, Kind.onHostNetwork,
    Kind.hostPortUnnumbered, Kind.secondHostPort, Kind.ofKubelet, Kind.loadBalancer,
    Kind.otherNodePort, Kind.unnumbered, Kind.range, Kind.tooMany, Kind.none, Kind.ingress,
    Kind.ingressHost, Kind.notHTTP,
  ]

  package static func map(_ context: inout ServiceContext) {
    let service = context.service
    guard let node = service["ports"] else { return }
    var mesh: [Port] = []
    var hosts: [Port] = []
    var seen = Set<Listener>()
    for port in service.publishedPorts {
      guard let target = PortNumber(port.target) else {
        context.settle(port.node, .noPort("target", port.target, port.published))
        continue
      }
      let transport = TransportProtocol(port.transport)
      let published = port.published.flatMap { PortNumber($0) }
      if let number = port.published {
        guard let published else {
          context.settle(port.node, .noPort("published", number, nil))
          continue
        }
        // One number for both modes: swarmkit looks at number and protocol only.
        if !seen.insert(Listener(published, transport)).inserted {
          context.settle(port.node, .twice(number, port.transport))
          continue
        }
      }
      let listener = Port(
        target: target, published: published, transport: transport, source: port)
      if port.mode == .host { hosts.append(listener) } else { mesh.append(listener) }
    }
    mapHost(hosts, &context)
    if !mesh.isEmpty {
      if service.endpointMode.value == .dnsrr { context.remark(.meshWithoutAddress, at: node.id) }
      RoutingMesh.map(mesh, &context)
    }
    declare(service, into: &context.workload)
    for port in service.publishedPorts { findRival(port, &context) }
    context.keep(node, as: "containers[].ports")
  }

  /// A published port whose numbers are good.
  struct Port {
    let target: PortNumber
    let published: PortNumber?
    let transport: TransportProtocol
    let source: PublishedPort
    var node: Node { source.node }
  }

  // MARK: Ports of the node

  private static func mapHost(_ ports: [Port], _ context: inout ServiceContext) {
    let field = "containers[].ports[].hostPort"
    for port in ports {
      if context.workload.pod.hostNetwork == true {
        context.settle(
          port.node, .onHostNetwork(port.published ?? port.target), as: "spec.hostNetwork")
        continue
      }
      guard let published = port.published else {
        context.settle(port.node, .noHostPort(port.target), as: field)
        continue
      }
      if let other = context.workload.container.ports.first(where: {
        $0.containerPort == port.target && $0.protocol ?? .tcp == port.transport
      }) {
        context.settle(
          port.node, .secondHostPort(port.target, published, other.hostPort), as: field)
        continue
      }
      context.workload.container.ports.append(
        ContainerPort(
          containerPort: port.target, hostPort: published,
          protocol: port.transport == .tcp ? nil : port.transport))
      context.keep(port.node, as: field)
    }
  }

  /// Lists what the container listens on; it opens nothing, but tools and people look there.
  private static func declare(_ service: Swarm.Service, into workload: inout Workload) {
    if workload.pod.hostNetwork == true { return }
    var known = Set(
      workload.container.ports.map { Listener($0.containerPort, $0.protocol ?? .tcp) })
    for port in service.publishedPorts where port.mode == .ingress {
      guard known.count < ServiceReach.mostPorts, let port = Listener(port.target, port.transport),
        known.insert(port).inserted
      else { continue }
      workload.container.ports.append(
        ContainerPort(
          containerPort: port.number, protocol: port.transport == .tcp ? nil : port.transport))
    }
  }

  private static func findRival(_ port: PublishedPort, _ context: inout ServiceContext) {
    guard let number = port.published,
      let rival = context.facts.publishers.rival(of: context.place, for: port)
    else { return }
    let name = context.facts.stacks[rival.stack].services[rival.service].fullName
    context.remark(.rival(number, port.transport, name), at: port.node.id)
  }
}
