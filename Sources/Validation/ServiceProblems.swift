import Kubernetes

// Services (kubernetes pkg/apis/core/validation `ValidateService`).

extension ProblemList {
  package mutating func checkService(_ spec: Field) {
    if let selector = spec["selector"] { checkLabels(selector) }
    let type = spec.text("type") ?? "ClusterIP"
    let ports = spec.items("ports")
    let isHeadless = spec.text("clusterIP") == "None"
    let isPublished = type == "NodePort" || type == "LoadBalancer"
    expect(
      !ports.isEmpty || isHeadless || type == "ExternalName", .port, at: spec.at("ports"),
      "only a headless Service can be without ports")
    expect(
      !isHeadless || type == "ClusterIP" || type == "ExternalName", .port, at: spec.at("clusterIP"),
      "None is not for \(type)")
    if let address = spec.text("clusterIP"), !address.isEmpty, !isHeadless {
      expect(
        IPAddress.isValid(address), .address, at: spec.at("clusterIP"),
        "\(address) is no IP address")
    }
    expect(
      spec.text("externalTrafficPolicy")?.isEmpty ?? true || isPublished
        || !spec.items("externalIPs").isEmpty, .port, at: spec.at("externalTrafficPolicy"),
      "is not for \(type)")
    if type == "ExternalName" {
      let name = spec.text("externalName") ?? ""
      expect(
        ObjectName.isSubdomain(name.hasSuffix(".") ? String(name.dropLast()) : name), .name,
        at: spec.at("externalName"),
        name.isEmpty ? "externalName is missing" : "\(name) is no RFC 1123 subdomain")
    }
    for item in spec.items("externalIPs") {
      guard let address = item.text else { continue }
      expect(IPAddress.isValid(address), .address, at: item.spot, "\(address) is no IP address")
    }
    for item in spec.items("loadBalancerSourceRanges") {
      guard let range = item.text else { continue }
      expect(IPAddress.isCIDR(range), .address, at: item.spot, "\(range) is no CIDR")
    }
    if let seconds = spec["sessionAffinityConfig"]?["clientIP"] {
      expect(
        spec.text("sessionAffinity") == "ClientIP", .value, at: seconds.keySpot,
        "is for the sessionAffinity ClientIP")
      checkNumber(seconds, "timeoutSeconds", from: 1, to: 86400)
    }
    checkPorts(ports, type: type, isPublished: isPublished)
  }

  /// The same port twice is a duplicate item already.
  private mutating func checkPorts(_ ports: [Field], type: String, isPublished: Bool) {
    var names: Set<String> = []
    var nodePorts: Set<String> = []
    for port in ports {
      checkNumber(port, "port", from: 1, to: 65535, .port)
      if type == "LoadBalancer" {
        // The load balancer would open the kubelet's own port (`ports.KubeletPort`).
        expect(
          port.int("port") != 10250, .port, at: port.at("port"),
          "10250 is the kubelet's; it is not published")
      }
      if let name = port.text("name"), !name.isEmpty {
        expect(ObjectName.isLabel(name), .port, at: port.at("name"), "\(name) is no label")
        expect(
          names.insert(name).inserted, .port, at: port.at("name"),
          "another port has the name \(name)")
      } else {
        expect(ports.count == 1, .port, at: port.at("name"), "several ports need names")
      }
      checkNumber(port, "targetPort", from: 1, to: 65535, .port)
      if let name = port.text("targetPort"), !name.isEmpty {
        expect(
          PortName.isValid(name), .port, at: port.at("targetPort"), "\(name) is no port name",
          hint: Int(name) == nil ? nil : "a port's number takes no quotes")
      }
      if let name = port.text("appProtocol") {
        expect(
          LabelKey.isValid(name), .port, at: port.at("appProtocol"), "\(name) is no qualified name")
      }
      guard let nodePort = port.int("nodePort"), nodePort != 0 else { continue }
      let spot = port.at("nodePort")
      expect(isPublished, .port, at: spot, "is not for \(type)")
      // The API server's default `--service-node-port-range`.
      expect(
        (30000...32767).contains(nodePort), .port, at: spot,
        "\(nodePort) is not between 30000 and 32767")
      expect(
        nodePorts.insert("\(nodePort)/\(port.text("protocol") ?? "TCP")").inserted, .port, at: spot,
        "\(nodePort) is there twice")
    }
  }
}
