package import YAML

/// A published port in long form.
package struct PublishedPort: Sendable {
  package enum PublishMode: String, Sendable { case ingress, host }
  package enum Transport: String, Sendable { case tcp, udp, sctp }

  package let target: Int
  /// Nil where the platform picks one.
  package let published: Int?
  package let transport: Transport
  package let mode: PublishMode
  /// The item under `services.NAME.ports`. Several ports of one range share its key.
  package let node: Node

  init?(_ node: Node) {
    guard let target = node["target"]?.int else { return nil }
    self.target = target
    published = node["published"]?.int.flatMap { $0 == 0 ? nil : $0 }
    transport = Transport(rawValue: node["protocol"]?.text ?? "tcp") ?? .tcp
    mode = PublishMode(rawValue: node["mode"]?.text ?? "ingress") ?? .ingress
    self.node = node
  }
}

extension Service {
  package var publishedPorts: [PublishedPort] {
    (node["ports"]?.items ?? []).compactMap(PublishedPort.init)
  }
}
