/// A port with its transport: what a process listens on, and what a Service, a route or a node opens.
package struct Listener: Sendable, Hashable, Comparable, CustomStringConvertible {
  package let number: PortNumber
  package let transport: TransportProtocol

  package init(_ number: PortNumber, _ transport: TransportProtocol = .tcp) {
    self.number = number
    self.transport = transport
  }

  /// `80`, `53/udp`.
  package var description: String {
    transport == .tcp ? "\(number)" : "\(number)/\(transport.rawValue.lowercased())"
  }

  package static func < (left: Self, right: Self) -> Bool {
    (left.number, left.transport) < (right.number, right.transport)
  }
}
