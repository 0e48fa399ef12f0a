import Kubernetes
import Ledger
import Swarm

private typealias Kind = PublishedPorts.Kind

/// What the feature `published-ports` says.
extension Finding.Message {
  static func noPort(_ what: String, _ number: Int, _ published: Int?) -> Self {
    Self(
      Kind.noPort,
      "The \(what) port \(number) is none: ports go from 1 to 65535. The engine refuses the service"
        + (published.map { " and its port \($0)" } ?? "") + ".")
  }

  static func twice(_ number: Int, _ transport: PublishedPort.Transport) -> Self {
    Self(
      Kind.twice,
      "The port \(number)/\(transport.rawValue) is published twice by this service, which the engine refuses (\"duplicate "
        + "published ports\"). The first one is written.",
      remedy: .sentence("Take one of the two out of the stack."))
  }

  static func rival(
    _ number: Int, _ transport: PublishedPort.Transport, _ other: String
  ) -> Self {
    Self(
      Kind.rival,
      "`\(other)` publishes \(number)/\(transport.rawValue) too. Swarm gives the port to the service that comes first and "
        + "refuses the other one; Kubernetes takes both, each at an address of its own, as far as the load balancer does.",
      remedy: .look(
        ("docker service ls --filter name=\(other)" as Command)
          .noting("which of the two does run?")))
  }

  static var meshWithoutAddress: Self {
    Self(
      Kind.meshWithoutAddress,
      "The engine refuses ingress ports together with `endpoint_mode: dnsrr`, so the service did not run like this. It does "
        + "here: the ports are published, and its name resolves to the pods.")
  }

  static func onHostNetwork(_ port: PortNumber) -> Self {
    Self(
      Kind.onHostNetwork,
      "The service is on the node's own network, where Docker publishes nothing: \(port) is open on the node if the process "
        + "itself listens there, as before.")
  }

  static func noHostPort(_ target: PortNumber) -> Self {
    Self(
      Kind.hostPortUnnumbered,
      "Docker picks a free port of the node for \(target); Kubernetes picks none, so the port is not open on nodes.",
      remedy: .edit(
        "ports: [{target: \(target), published: \(target), mode: host}]",
        note: "in the stack: a number of its own"))
  }

  static func secondHostPort(
    _ target: PortNumber, _ published: PortNumber, _ first: PortNumber?
  ) -> Self {
    Self(
      Kind.secondHostPort,
      "A port of a container has one port of the node: \(target) has \(first.map { "\($0)" } ?? "one") already, and "
        + "\(published) is left out.",
      remedy: .sentence(
        "Publish \(published) in ingress mode, or let the process listen on a second port."))
  }

  static func ofKubelet(_ target: PortNumber) -> Self {
    Self(
      Kind.ofKubelet,
      "Port 10250 is the kubelet's on every node, and the API server lets no load balancer open it: \(target) is not reached from "
        + "outside until it is published under another number.",
      remedy: .edit("ports: [\"10251:\(target)\"]"))
  }

  static var balanced: Self {
    Self(
      Kind.loadBalancer,
      "Swarm opened the published ports on every node. Here a Service of type LoadBalancer has them, at an address of its "
        + "own that the cluster's load balancer gives out (a cloud's, or MetalLB); without one it stays <pending>.",
      remedies: publish(.nodePort, .ingress, .none))
  }

  static func otherNodePort(
    _ published: PortNumber, _ name: ObjectName, _ namespace: ObjectName
  ) -> Self {
    Self(
      Kind.otherNodePort,
      "\(published) cannot be a port of the nodes: Kubernetes gives out 30000 to 32767, each once. It picks one, and who "
        + "connects to the nodes has to be told.",
      remedies: [
        show(name, namespace),
        .option(.publish, value: "load-balancer", effect: "keeps \(published)"),
      ])
  }

  static func unnumbered(
    _ target: PortNumber, _ name: ObjectName, _ namespace: ObjectName
  ) -> Self {
    Self(
      Kind.unnumbered,
      "Swarm picked a port of the nodes from 30000 on for \(target), and Kubernetes picks another one.",
      remedy: show(name, namespace))
  }

  static func range(
    _ first: PortNumber, _ last: PortNumber, _ target: PortNumber
  ) -> Self {
    Self(
      Kind.range,
      "All of \(first) to \(last) lead to \(target), in Swarm and here. Docker alone would have taken one of them: if that "
        + "is what is meant, one is enough.",
      remedy: .edit("ports: [\"\(first):\(target)\"]"))
  }

  static func tooMany(_ count: Int) -> Self {
    Self(
      Kind.tooMany,
      "\(count) published ports are more than load balancers and Services bear; the first \(ServiceReach.mostPorts) are "
        + "written.",
      remedy: .edit(
        "networks: [host]",
        note:
          "in the stack, with `networks: {host: {external: true}}`: the process listens on the node"
      ))
  }

  static var notPublished: Self {
    Self(
      Kind.none,
      "With `--publish none` the published ports are not reached from outside the cluster.",
      remedies: publish(.loadBalancer, .nodePort, .ingress))
  }

  static var routed: Self {
    Self(
      Kind.ingress,
      "An Ingress leads every host name on the ingress controller's ports 80 and 443 to this service, as nobody else asks for "
        + "them.",
      remedy: .option(
        .publish, value: "load-balancer", effect: "keeps the port at an address of its own"))
  }

  static func routedByHost(
    _ host: String, _ published: PortNumber, _ name: ObjectName, _ workload: Workload
  ) -> Self {
    Self(
      Kind.ingressHost,
      "An ingress controller has the ports 80 and 443 for all services and tells them apart by host name: what was port "
        + "\(published) of every node is the host `\(host)` until it gets its real name.",
      remedy: .command(
        #"""
        kubectl -n \#(workload.namespace) patch ingress \#(name) --type json \#
        -p '[{"op":"replace","path":"/spec/rules/0/host","value":"www.example.com"}]'
        """#))
  }

  static func notHTTP(_ target: PortNumber, _ workload: Workload) -> Self {
    Self(
      Kind.notHTTP,
      "An Ingress carries one HTTP port of a service, and \(target) is another one or speaks something else: it is not "
        + "reached from outside.",
      remedies: [
        .option(.publish, value: "load-balancer"),
        .command(
          """
          kubectl -n \(workload.namespace) expose pod -l app.kubernetes.io/name=\(workload.name) \
          --type LoadBalancer --port \(target)
          """),
      ])
  }

  private static func publish(_ choices: Options.Publish...) -> [Remedy] {
    choices.map { .option(.publish, value: $0.rawValue) }
  }

  private static func show(_ service: ObjectName, _ namespace: ObjectName) -> Remedy {
    .look(
      ("kubectl -n \(namespace) get service \(service)" as Command).noting("shows it"))
  }
}
