import Kubernetes
package import Ledger
import Proxies
package import Swarm
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

  package static func map(
    _ service: Swarm.Service, into workload: inout Workload, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    guard let node = service["ports"] else { return }
    var mesh: [Port] = []
    var hosts: [Port] = []
    var seen = Set<Listener>()
    for port in service.publishedPorts {
      guard let target = PortNumber(port.target) else {
        ledger.settle(port.node, .lost, .noPort("target", port.target, port.published))
        continue
      }
      let published = port.published.flatMap { PortNumber($0) }
      if let number = port.published {
        if published == nil {
          ledger.settle(port.node, .lost, .noPort("published", number, nil))
          continue
        }
        // One number for both modes: swarmkit looks at number and protocol only.
        if !seen.insert(Listener(number: number, transport: port.transport)).inserted {
          ledger.settle(port.node, .manual, .twice(number, port.transport))
          continue
        }
      }
      let listener = Port(
        target: target, published: published, transport: TransportProtocol(port.transport),
        source: port)
      if port.mode == .host { hosts.append(listener) } else { mesh.append(listener) }
    }
    mapHost(hosts, into: &workload, &ledger)
    if !mesh.isEmpty {
      if service.endpointMode.value == .dnsrr {
        ledger.remark(.adapted, .meshWithoutAddress, at: node.id)
      }
      RoutingMesh.map(mesh, service, into: &workload, facts, &ledger)
    }
    declare(service, into: &workload)
    for port in service.publishedPorts { findRival(port, workload, facts, &ledger) }
    ledger.keep(node, as: "containers[].ports")
  }

  private struct Listener: Hashable {
    let number: Int
    let transport: PublishedPort.Transport
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

  private static func mapHost(
    _ ports: [Port], into workload: inout Workload, _ ledger: inout Ledger
  ) {
    let field = "containers[].ports[].hostPort"
    for port in ports {
      if workload.pod.hostNetwork == true {
        ledger.settle(
          port.node, .inert, .onHostNetwork(port.published ?? port.target), as: "spec.hostNetwork")
        continue
      }
      guard let published = port.published else {
        ledger.settle(port.node, .lost, .noHostPort(port.target), as: field)
        continue
      }
      if let other = workload.container.ports.first(where: {
        $0.containerPort == port.target && $0.protocol ?? .tcp == port.transport
      }) {
        ledger.settle(
          port.node, .lost, .secondHostPort(port.target, published, other.hostPort), as: field)
        continue
      }
      workload.container.ports.append(
        ContainerPort(
          containerPort: port.target, hostPort: published,
          protocol: port.transport == .tcp ? nil : port.transport))
      ledger.keep(port.node, as: field)
    }
  }

  /// Lists what the container listens on; it opens nothing, but tools and people look there.
  private static func declare(_ service: Swarm.Service, into workload: inout Workload) {
    if workload.pod.hostNetwork == true { return }
    var known = Set(
      workload.container.ports.map { KnownPort($0.containerPort, $0.protocol ?? .tcp) })
    for port in service.publishedPorts where port.mode == .ingress {
      guard known.count < ServiceReach.mostPorts, let port = KnownPort(port.target, port.transport),
        known.insert(port).inserted
      else { continue }
      workload.container.ports.append(
        ContainerPort(
          containerPort: port.number, protocol: port.transport == .tcp ? nil : port.transport))
    }
  }

  private static func findRival(
    _ port: PublishedPort, _ workload: Workload, _ facts: borrowing Facts, _ ledger: inout Ledger
  ) {
    let place = ServicePlace(stack: facts.current, service: workload.index)
    guard let number = port.published, let rival = facts.publishers.rival(of: place, for: port)
    else { return }
    let name = facts.stacks[rival.stack].services[rival.service].fullName
    ledger.remark(.manual, .rival(number, port.transport, name), at: port.node.id)
  }
}

extension Finding.Message {
  fileprivate static func noPort(_ what: String, _ number: Int, _ published: Int?) -> Self {
    Self(
      "published-ports/no-port",
      "The \(what) port \(number) is none: ports go from 1 to 65535. The engine refuses the service"
        + (published.map { " and its port \($0)" } ?? "") + ".")
  }

  fileprivate static func twice(_ number: Int, _ transport: PublishedPort.Transport) -> Self {
    Self(
      "published-ports/twice",
      "The port \(number)/\(transport.rawValue) is published twice by this service, which the engine refuses (\"duplicate "
        + "published ports\"). The first one is written.",
      remedy: "Take one of the two out of the stack.")
  }

  fileprivate static func rival(
    _ number: Int, _ transport: PublishedPort.Transport, _ other: String
  ) -> Self {
    Self(
      "published-ports/rival",
      "`\(other)` publishes \(number)/\(transport.rawValue) too. Swarm gives the port to the service that comes first and "
        + "refuses the other one; Kubernetes takes both, each at an address of its own, as far as the load balancer does.",
      remedy: "docker service ls --filter name=\(other)  # which of the two does run?")
  }

  fileprivate static var meshWithoutAddress: Self {
    Self(
      "published-ports/mesh-without-address",
      "The engine refuses ingress ports together with `endpoint_mode: dnsrr`, so the service did not run like this. It does "
        + "here: the ports are published, and its name resolves to the pods.")
  }

  fileprivate static func onHostNetwork(_ port: PortNumber) -> Self {
    Self(
      "published-ports/on-host-network",
      "The service is on the node's own network, where Docker publishes nothing: \(port) is open on the node if the process "
        + "itself listens there, as before.")
  }

  fileprivate static func noHostPort(_ target: PortNumber) -> Self {
    Self(
      "published-ports/host-port-unnumbered",
      "Docker picks a free port of the node for \(target); Kubernetes picks none, so the port is not open on nodes.",
      remedy:
        "ports: [{target: \(target), published: \(target), mode: host}]  # in the stack: a number of its own"
    )
  }

  fileprivate static func secondHostPort(
    _ target: PortNumber, _ published: PortNumber, _ first: PortNumber?
  ) -> Self {
    Self(
      "published-ports/second-host-port",
      "A port of a container has one port of the node: \(target) has \(first.map { "\($0)" } ?? "one") already, and "
        + "\(published) is left out.",
      remedy: "Publish \(published) in ingress mode, or let the process listen on a second port.")
  }
}
