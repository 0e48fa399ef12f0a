// NetworkPolicies (kubernetes pkg/apis/networking/validation `ValidateNetworkPolicySpec`).

extension NetworkPolicy {
  package func findProblems(_ found: inout ProblemList) {
    found.check(podSelector) { "spec.podSelector" }
    found.expect(!policyTypes.isEmpty, "spec.policyTypes", "there is no policy type")
    found.expect(
      Set(policyTypes).count == policyTypes.count, "spec.policyTypes", "a type is there twice")
    // No rules of the server's: the rules would have no effect.
    found.expect(
      ingress.isEmpty || policyTypes.contains(.ingress), "spec.ingress",
      "has no effect without the policy type Ingress")
    found.expect(
      egress.isEmpty || policyTypes.contains(.egress), "spec.egress",
      "has no effect without the policy type Egress")
    for (name, rules) in [("ingress", ingress), ("egress", egress)] {
      for (index, rule) in rules.enumerated() {
        for peer in rule.peers {
          found.check(peer) { "spec.\(name)[\(index)].\(name == "ingress" ? "from" : "to")" }
        }
        for port in rule.ports { found.check(port) { "spec.\(name)[\(index)].ports" } }
      }
    }
  }
}

extension ProblemList {
  fileprivate mutating func check(_ peer: NetworkPolicy.Peer, at place: () -> String) {
    switch peer {
    case .pods(let pods, let namespaces):
      expect(pods != nil || namespaces != nil, place(), "a peer needs a selector or an ipBlock")
      check(pods) { "\(place()).podSelector" }
      check(namespaces) { "\(place()).namespaceSelector" }
    case .ipBlock(let cidr, let except):
      expect(IPAddress.isCIDR(cidr), "\(place()).ipBlock.cidr", "\(cidr) is no CIDR")
      for block in except {
        expect(
          IPAddress.isCIDR(block) && block != cidr, "\(place()).ipBlock.except",
          "\(block) is no CIDR within \(cidr)")
      }
    }
  }

  fileprivate mutating func check(_ port: NetworkPolicy.Port, at place: () -> String) {
    if case .name(let name) = port.port {
      expect(PortName.isValid(name.rawValue), place(), "\(name) is no port name")
    }
    guard let end = port.endPort else { return }
    if case .number(let start) = port.port {
      expect(end >= start, "\(place()).endPort", "\(end) is less than the port, \(start)")
    } else {
      add("\(place()).endPort", "needs a port with a number")
    }
  }
}
