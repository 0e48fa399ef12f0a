package import Kubernetes
import Ledger
import Proxies
package import Swarm

/// The policies that make a flat pod network into Swarm's networks.
///
/// Every pod but those on the node's own network is a member of some network, and so is closed to all but its fellow members
/// and whoever may use its published ports. Pods that reach the outside are not closed in the other direction at all.
package enum NetworkPolicies {
  /// Marks pods that are in internal networks only.
  package static let internalKey: LabelKey = "swarm.egress"
  package static let internalValue: LabelValue = "internal"

  /// Members admit members. `none` has members too, who admit nobody and go nowhere.
  package static func members(
    of network: NetworkPlan.Network, _ metadata: ObjectMeta
  ) -> NetworkPolicy {
    let selector = LabelSelector(matchLabels: [network.label: NetworkLabel.value])
    if network.predefined == Swarm.Network.Predefined.none {
      return NetworkPolicy(
        metadata: metadata, podSelector: selector, policyTypes: [.ingress, .egress])
    }
    return NetworkPolicy(
      metadata: metadata, podSelector: selector, policyTypes: [.ingress],
      ingress: [NetworkPolicy.Rule(peers: [peer(network)])])
  }

  /// Those in internal networks only go to members and to the cluster's DNS.
  package static func internalEgress(
    of network: NetworkPlan.Network, _ metadata: ObjectMeta
  ) -> NetworkPolicy {
    NetworkPolicy(
      metadata: metadata,
      podSelector: LabelSelector(
        matchLabels: [internalKey: internalValue, network.label: NetworkLabel.value]),
      policyTypes: [.egress],
      egress: [NetworkPolicy.Rule(peers: [peer(network)]), dns])
  }

  /// Anybody may use the published ports; nil where there are none.
  package static func published(_ ports: [PublishedPort], of workload: Workload) -> NetworkPolicy? {
    let ports = ranges(ports)
    if ports.isEmpty { return nil }
    return NetworkPolicy(
      metadata: workload.metadata(ObjectName(unchecked: "published-\(workload.name)")),
      podSelector: LabelSelector(matchLabels: workload.selector), policyTypes: [.ingress],
      ingress: [NetworkPolicy.Rule(ports: ports)])
  }

  private static func peer(_ network: NetworkPlan.Network) -> NetworkPolicy.Peer {
    let pods = LabelSelector(matchLabels: [network.label: NetworkLabel.value])
    switch network.reach {
    case .ownNamespace: return .pods(pods)
    case .everywhere: return .pods(pods, namespaces: LabelSelector())
    case .namespaces(let names):
      return .pods(pods, namespaces: namespaces(names.map { LabelValue($0) }))
    }
  }

  /// The API server puts this label on every namespace.
  private static func namespaces(_ names: [LabelValue]) -> LabelSelector {
    LabelSelector(matchExpressions: [.init("kubernetes.io/metadata.name", .isIn, names)])
  }

  /// The cluster's DNS: the pods of `kube-system`, and the address of NodeLocal DNSCache, which is on the node.
  private static let dns = NetworkPolicy.Rule(
    peers: [
      .pods(nil, namespaces: namespaces(["kube-system"])),
      .ipBlock(cidr: "169.254.20.10/32"),
    ],
    ports: [.init(.number(53), .udp), .init(.number(53), .tcp)])

  /// Target ports in order, with neighbours joined into ranges.
  private static func ranges(_ ports: [PublishedPort]) -> [NetworkPolicy.Port] {
    var byTransport: [TransportProtocol: [PortNumber]] = [:]
    for port in ports {
      guard let number = PortNumber(port.target) else { continue }
      byTransport[TransportProtocol(port.transport), default: []].append(number)
    }
    var ranges: [NetworkPolicy.Port] = []
    for (transport, numbers) in byTransport.sorted(by: { $0.key < $1.key }) {
      let numbers = numbers.sorted()
      var first = 0
      for place in numbers.indices {
        let isLast = place + 1 == numbers.count
        if !isLast, numbers[place + 1].value <= numbers[place].value + 1 { continue }
        let (start, end) = (numbers[first], numbers[place])
        ranges.append(.init(.number(start), transport, endPort: start == end ? nil : end))
        first = place + 1
      }
    }
    return ranges
  }
}
