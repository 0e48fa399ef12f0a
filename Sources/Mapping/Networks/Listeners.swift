package import Kubernetes
import Ledger
package import Proxies
package import Swarm

// What the concepts of a Swarm and of its proxies call a port with its transport, as a listener.

extension Listener {
  package init?(_ number: Int, _ transport: PublishedPort.Transport = .tcp) {
    guard let number = PortNumber(number) else { return nil }
    self.init(number, TransportProtocol(transport))
  }

  /// HTTP is spoken over TCP.
  package init(_ number: PortNumber, of transport: RouteElement.Transport) {
    self.init(number, transport == .udp ? TransportProtocol.udp : .tcp)
  }
}

extension TransportProtocol {
  package init(_ transport: PublishedPort.Transport) {
    switch transport {
    case .tcp: self = .tcp
    case .udp: self = .udp
    case .sctp: self = .sctp
    }
  }
}

extension ServicePort {
  package var listener: Listener { Listener(port, `protocol` ?? TransportProtocol.tcp) }

  /// A port of a Service; named where it is not the only one.
  package init(_ port: Listener, target: PortNumber? = nil, node: PortNumber? = nil, isOnly: Bool) {
    self.init(
      name: isOnly ? nil : PortName(port.transport, port.number),
      protocol: port.transport == .tcp ? nil : port.transport, port: port.number,
      targetPort: target == nil || target == port.number ? nil : target.map { .number($0) },
      nodePort: node)
  }
}
