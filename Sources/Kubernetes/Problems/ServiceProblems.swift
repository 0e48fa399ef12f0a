// Services (kubernetes pkg/apis/core/validation `ValidateService`).

extension Service {
  package func findProblems(_ found: inout ProblemList) {
    found.check(selector) { "spec.selector" }
    let type = type ?? .clusterIP
    let isHeadless = clusterIP == .headless
    let isPublished = type == .nodePort || type == .loadBalancer
    found.expect(
      !ports.isEmpty || isHeadless || type == .externalName, "spec.ports",
      "only a headless Service can be without ports")
    found.expect(
      !isHeadless || type == .clusterIP, "spec.clusterIP", "None is not for \(type.rawValue)")
    found.expect(
      externalTrafficPolicy == nil || isPublished, "spec.externalTrafficPolicy",
      "is not for \(type.rawValue)")
    if type == .externalName {
      let name = externalName ?? ""
      found.expect(
        ObjectName.isSubdomain(name.hasSuffix(".") ? String(name.dropLast()) : name),
        "spec.externalName", "\(name) is no RFC 1123 subdomain")
    }
    for (index, port) in ports.enumerated() {
      if type == .loadBalancer {
        // The load balancer would open the kubelet's own port (`ports.KubeletPort`).
        found.expect(
          port.port != 10250, "spec.ports[\(index)].port",
          "10250 is the kubelet's; it is not published")
      }
      func path() -> String { "spec.ports[\(index)]" }
      let earlier = ports[..<index]
      if let name = port.name {
        found.expect(ObjectName.isLabel(name.rawValue), "\(path()).name", "\(name) is no label")
        found.expect(
          !earlier.contains { $0.name == name }, "\(path()).name",
          "another port has the name \(name)")
      } else {
        found.expect(ports.count == 1, "\(path()).name", "several ports need names")
      }
      found.expect(
        !earlier.contains {
          $0.port == port.port && $0.protocol ?? .tcp == port.protocol ?? .tcp
        }, path(), "\(port.port)/\((port.protocol ?? .tcp).rawValue) is there twice")
      if case .name(let name) = port.targetPort {
        found.expect(
          PortName.isValid(name.rawValue), "\(path()).targetPort", "\(name) is no port name")
      }
      if let nodePort = port.nodePort {
        found.expect(isPublished, "\(path()).nodePort", "is not for \(type.rawValue)")
        // The API server's default `--service-node-port-range`.
        found.expect(
          (30000...32767).contains(nodePort.value), "\(path()).nodePort",
          "\(nodePort) is not between 30000 and 32767")
        found.expect(
          !earlier.contains {
            $0.nodePort == nodePort && $0.protocol ?? .tcp == port.protocol ?? .tcp
          }, "\(path()).nodePort", "\(nodePort) is there twice")
      }
      if let name = port.appProtocol {
        found.expect(
          LabelKey.isValid(name), "\(path()).appProtocol", "\(name) is no qualified name")
      }
    }
  }
}
