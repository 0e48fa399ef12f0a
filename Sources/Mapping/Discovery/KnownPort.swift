package import Kubernetes
import Ledger
import Proxies
package import Swarm

/// A port on which the containers of a service listen.
package struct KnownPort: Sendable, Hashable, Comparable, CustomStringConvertible {
  package let number: PortNumber
  package let transport: TransportProtocol

  package init(_ number: PortNumber, _ transport: TransportProtocol = .tcp) {
    self.number = number
    self.transport = transport
  }

  package init?(_ number: Int, _ transport: PublishedPort.Transport = .tcp) {
    guard let number = PortNumber(number) else { return nil }
    self.init(number, TransportProtocol(transport))
  }

  /// `80`, `53/udp`.
  package var description: String {
    transport == .tcp ? "\(number)" : "\(number)/\(transport.rawValue.lowercased())"
  }

  package static func < (left: Self, right: Self) -> Bool {
    (left.number, left.transport) < (right.number, right.transport)
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
  /// A port of a Service; named where it is not the only one.
  package init(_ port: KnownPort, target: PortNumber? = nil, node: PortNumber? = nil, isOnly: Bool)
  {
    self.init(
      name: isOnly ? nil : PortName(port.transport, port.number),
      protocol: port.transport == .tcp ? nil : port.transport, port: port.number,
      targetPort: target == nil || target == port.number ? nil : target.map { .number($0) },
      nodePort: node)
  }
}
