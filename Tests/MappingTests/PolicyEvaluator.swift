import Delivery
import Images
import Kubernetes
import Mapping
import Proxies
import Report
import TestSupport
import Validation

/// Who may connect to whom in a cluster that holds some objects, by the rules of the NetworkPolicy API and nothing else.
///
/// Written from the API reference: policies add up; a pod is closed in a direction once any policy of that direction selects
/// it; a connection needs the source's egress and the target's ingress. Pods on their node's network are selected by no policy
/// and are no peer for a selector, which is what the reference calls the most common behaviour of network plugins.
struct PolicyEvaluator {
  struct Pod {
    var namespace: String
    var labels: [String: String]
    var isOnHost = false
    /// By name, for policies that name a port.
    var ports: [String: (number: Int, transport: TransportProtocol)] = [:]
  }

  enum Endpoint {
    case pod(Pod)
    case outside(String)

    fileprivate var selectable: Pod? {
      if case .pod(let pod) = self, !pod.isOnHost { pod } else { nil }
    }
  }

  private let policies: [String: [NetworkPolicy]]
  private let namespaces: [String: [String: String]]

  init(_ objects: [any Kubernetes.Object]) {
    var policies: [String: [NetworkPolicy]] = [:]
    var namespaces: [String: [String: String]] = [:]
    for object in objects {
      if let policy = object as? NetworkPolicy {
        policies[policy.metadata.namespace?.rawValue ?? "default", default: []].append(policy)
      } else if let namespace = object as? Kubernetes.Namespace {
        namespaces[namespace.metadata.name.rawValue] = Self.dictionary(namespace.metadata.labels)
      }
    }
    self.policies = policies
    self.namespaces = namespaces
  }

  /// A pod of a workload.
  static func pod(of owner: any PodOwner) -> Pod {
    let template = owner.template
    var pod = Pod(
      namespace: owner.metadata.namespace?.rawValue ?? "default",
      labels: dictionary(template.metadata.labels),
      isOnHost: template.spec.hostNetwork == true)
    for port in template.spec.containers.flatMap(\.ports) {
      guard let name = port.name else { continue }
      pod.ports[name.rawValue] = (port.containerPort.value, port.protocol ?? .tcp)
    }
    return pod
  }

  private static func dictionary(_ labels: Labels) -> [String: String] {
    Dictionary(uniqueKeysWithValues: labels.map.map { ($0.key, $0.value) })
  }

  func mayConnect(
    _ source: Endpoint, _ target: Endpoint, _ port: Int, _ transport: TransportProtocol = .tcp
  ) -> Bool {
    lets(out: source, to: target, port, transport)
      && lets(into: target, from: source, port, transport)
  }

  private func lets(
    out source: Endpoint, to target: Endpoint, _ port: Int, _ transport: TransportProtocol
  ) -> Bool {
    guard let pod = source.selectable else { return true }
    let closing = selecting(pod, .egress)
    return closing.isEmpty
      || closing.contains { policy in
        policy.egress.contains {
          admits($0, peer: target, listener: target, port, transport, pod.namespace)
        }
      }
  }

  private func lets(
    into target: Endpoint, from source: Endpoint, _ port: Int, _ transport: TransportProtocol
  ) -> Bool {
    guard let pod = target.selectable else { return true }
    let closing = selecting(pod, .ingress)
    return closing.isEmpty
      || closing.contains { policy in
        policy.ingress.contains {
          admits($0, peer: source, listener: target, port, transport, pod.namespace)
        }
      }
  }

  private func selecting(_ pod: Pod, _ type: NetworkPolicy.PolicyType) -> [NetworkPolicy] {
    (policies[pod.namespace] ?? []).filter {
      $0.policyTypes.contains(type) && matches($0.podSelector, pod.labels)
    }
  }

  private func admits(
    _ rule: NetworkPolicy.Rule, peer: Endpoint, listener: Endpoint, _ port: Int,
    _ transport: TransportProtocol, _ namespace: String
  ) -> Bool {
    (rule.peers.isEmpty || rule.peers.contains { matches($0, peer, namespace) })
      && (rule.ports.isEmpty || rule.ports.contains { matches($0, listener, port, transport) })
  }

  private func matches(
    _ peer: NetworkPolicy.Peer, _ endpoint: Endpoint, _ namespace: String
  ) -> Bool {
    switch peer {
    case .pods(let pods, let spaces):
      guard let pod = endpoint.selectable else { return false }
      if let spaces {
        var labels = namespaces[pod.namespace] ?? [:]
        labels["kubernetes.io/metadata.name"] = pod.namespace
        if !matches(spaces, labels) { return false }
      } else if pod.namespace != namespace {
        return false
      }
      return pods.map { matches($0, pod.labels) } ?? true
    case .ipBlock(let cidr, let except):
      guard case .outside(let address) = endpoint else { return false }
      return Self.contains(cidr, address) && !except.contains { Self.contains($0, address) }
    }
  }

  private func matches(
    _ wanted: NetworkPolicy.Port, _ listener: Endpoint, _ port: Int, _ transport: TransportProtocol
  ) -> Bool {
    guard (wanted.protocol ?? .tcp) == transport else { return false }
    switch wanted.port {
    case nil: return true
    case .number(let first):
      return port >= first.value && port <= (wanted.endPort ?? first).value
    case .name(let name):
      guard case .pod(let pod) = listener, let found = pod.ports[name.rawValue] else {
        return false
      }
      return found.number == port && found.transport == transport
    }
  }

  private func matches(_ selector: LabelSelector, _ labels: [String: String]) -> Bool {
    for wanted in selector.matchLabels.map where labels[wanted.key] != wanted.value { return false }
    for wanted in selector.matchExpressions {
      let value = labels[wanted.key.rawValue]
      let isListed = value.map { wanted.values.map(\.rawValue).contains($0) } ?? false
      let holds =
        switch wanted.operator {
        case .isIn: isListed
        case .isNotIn: !isListed
        case .exists: value != nil
        case .doesNotExist: value == nil
        }
      if !holds { return false }
    }
    return true
  }

  /// IPv4 only.
  private static func contains(_ cidr: String, _ address: String) -> Bool {
    func number(_ text: Substring) -> UInt32? {
      let parts = text.split(separator: ".").compactMap { UInt32($0) }
      return parts.count == 4 ? parts.reduce(0) { $0 << 8 | $1 } : nil
    }
    let halves = cidr.split(separator: "/")
    guard halves.count == 2, let length = Int(halves[1]), let network = number(halves[0]),
      let address = number(address[...])
    else { return false }
    return length == 0 || network >> UInt32(32 - length) == address >> UInt32(32 - length)
  }
}
