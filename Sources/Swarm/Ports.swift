package import YAML

/// A published port in long form.
///
/// The engine looks the words of `protocol` and `mode` up in any letter case, and takes those that it does not know for
/// `tcp` and `ingress`. Source: moby `daemon/cluster/convert/service.go`.
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
    transport = Transport(rawValue: node["protocol"]?.text?.lowercased() ?? "") ?? .tcp
    mode = PublishMode(rawValue: node["mode"]?.text?.lowercased() ?? "") ?? .ingress
    self.node = node
  }
}

extension Service {
  package var publishedPorts: [PublishedPort] {
    (node["ports"]?.items ?? []).compactMap(PublishedPort.init)
  }
}
