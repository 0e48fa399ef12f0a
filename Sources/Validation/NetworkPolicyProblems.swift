import Kubernetes

// NetworkPolicies (kubernetes pkg/apis/networking/validation `ValidateNetworkPolicySpec`).

extension ProblemList {
  package mutating func checkNetworkPolicy(_ spec: Field) {
    checkSelector(spec["podSelector"])
    let types = spec.texts("policyTypes")
    warn(
      unless: Set(types).count == types.count, .network, at: spec.at("policyTypes"),
      "a type is there twice")
    // No rules of the server's. Without types, Ingress stands, and Egress where there are such rules.
    warn(
      unless: !types.isEmpty, .network, at: spec.at("policyTypes"),
      "there is no policy type: Ingress is meant, and Egress if there are rules for it")
    for (list, type, peers) in [("ingress", "Ingress", "from"), ("egress", "Egress", "to")] {
      warn(
        unless: types.isEmpty || spec.items(list).isEmpty || types.contains(type), .network,
        at: spec.at(list), "has no effect without the policy type \(type)")
      for rule in spec.items(list) {
        for peer in rule.items(peers) { checkPeer(peer) }
        for port in rule.items("ports") { checkPolicyPort(port) }
      }
    }
  }

  private mutating func checkPeer(_ peer: Field) {
    guard let block = peer["ipBlock"] else {
      expect(
        peer["podSelector"] != nil || peer["namespaceSelector"] != nil, .network, at: peer.spot,
        "a peer needs a selector or an ipBlock")
      checkSelector(peer["podSelector"])
      checkSelector(peer["namespaceSelector"])
      return
    }
    expect(
      peer["podSelector"] == nil && peer["namespaceSelector"] == nil, .network, at: block.keySpot,
      "an ipBlock stands alone in its peer")
    guard let range = block.text("cidr") else { return }
    expect(IPAddress.isCIDR(range), .address, at: block.at("cidr"), "\(range) is no CIDR")
    for item in block.items("except") {
      guard let part = item.text else { continue }
      expect(
        IPAddress.isCIDR(part) && part != range, .address, at: item.spot,
        "\(part) is no CIDR within \(range)")
    }
  }

  private mutating func checkPolicyPort(_ port: Field) {
    checkNumber(port, "port", from: 1, to: 65535, .port)
    if let name = port.text("port") {
      expect(PortName.isValid(name), .port, at: port.at("port"), "\(name) is no port name")
    }
    guard let end = port.int("endPort") else { return }
    if let start = port.int("port") {
      expect(
        end >= start, .network, at: port.at("endPort"), "\(end) is less than the port, \(start)")
    } else {
      add(.network, at: port.at("endPort"), "needs a port with a number")
    }
  }
}
