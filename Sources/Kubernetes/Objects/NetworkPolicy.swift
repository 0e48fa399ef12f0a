package import YAML

/// A NetworkPolicy: who may connect to some pods, or where they may connect to.
///
/// A pod that a policy of a direction selects is closed in that direction but for what its policies together
/// admit. A rule without peers admits all peers, one without ports all ports.
package struct NetworkPolicy: Object {
  package static let apiVersion = "networking.k8s.io/v1"
  package static let kind = "NetworkPolicy"
  package var metadata: ObjectMeta
  package var podSelector: LabelSelector
  package var policyTypes: [PolicyType]
  package var ingress: [Rule]
  package var egress: [Rule]

  package init(
    metadata: ObjectMeta, podSelector: LabelSelector, policyTypes: [PolicyType],
    ingress: [Rule] = [], egress: [Rule] = []
  ) {
    self.metadata = metadata
    self.podSelector = podSelector
    self.policyTypes = policyTypes
    self.ingress = ingress
    self.egress = egress
  }

  package enum PolicyType: String, Sendable {
    case ingress = "Ingress"
    case egress = "Egress"
  }

  /// Peers (`from` or `to`) and ports that are admitted.
  package struct Rule: Hashable, Sendable {
    package var peers: [Peer]
    package var ports: [Port]

    package init(peers: [Peer] = [], ports: [Port] = []) {
      self.peers = peers
      self.ports = ports
    }

    fileprivate func write(_ direction: PolicyType, to w: inout Writer) {
      switch direction {
      case .ingress: w.list("from", peers)
      case .egress: w.list("to", peers)
      }
      w.list("ports", ports)
    }
  }

  package indirect enum Peer: Hashable, Sendable, Writable {
    /// Pods of the policy's own namespace, or of those that the second selector chooses.
    case pods(LabelSelector?, namespaces: LabelSelector? = nil)
    case ipBlock(cidr: String, except: [String] = [])

    package func write(to w: inout Writer) {
      switch self {
      case .pods(let pods, let namespaces):
        w.selector("podSelector", pods)
        w.selector("namespaceSelector", namespaces)
      case .ipBlock(let cidr, let except):
        w.field("ipBlock") { w in
          w.field("cidr", cidr)
          w.field("except", except)
        }
      }
    }
  }

  package struct Port: Hashable, Sendable, Writable {
    package var `protocol`: TransportProtocol?
    /// nil is every port of the protocol.
    package var port: PortReference?
    package var endPort: PortNumber?

    package init(
      _ port: PortReference?, _ protocol: TransportProtocol? = nil, endPort: PortNumber? = nil
    ) {
      self.protocol = `protocol`
      self.port = port
      self.endPort = endPort
    }

    package func write(to w: inout Writer) {
      w.field("protocol", `protocol`)
      w.field("port", port)
      w.field("endPort", endPort)
    }
  }

  package func writeFields(to w: inout Writer) {
    w.field("spec") { w in
      w.selector("podSelector", podSelector)
      w.field("policyTypes", policyTypes)
      w.list("ingress", ingress) { rule, w in rule.write(.ingress, to: &w) }
      w.list("egress", egress) { rule, w in rule.write(.egress, to: &w) }
    }
  }
}
