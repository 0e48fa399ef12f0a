// Ingresses (kubernetes pkg/apis/networking/validation `ValidateIngressSpec`).

extension Ingress {
  package func findProblems(_ found: inout ProblemList) {
    found.expect(
      !rules.isEmpty || defaultBackend != nil, "spec", "there is neither a rule nor a default")
    if let ingressClassName {
      found.expect(
        ObjectName.isSubdomain(ingressClassName), "spec.ingressClassName",
        "\(ingressClassName) is no RFC 1123 subdomain")
    }
    if let backend = defaultBackend { found.check(backend) { "spec.defaultBackend" } }
    for (index, tls) in tls.enumerated() {
      for host in tls.hosts { found.check(host: host) { "spec.tls[\(index)].hosts" } }
    }
    for (index, rule) in rules.enumerated() {
      func place() -> String { "spec.rules[\(index)]" }
      if let host = rule.host { found.check(host: host) { "\(place()).host" } }
      for (number, path) in rule.paths.enumerated() {
        found.check(path) { "\(place()).http.paths[\(number)]" }
      }
    }
  }
}

extension ProblemList {
  /// A subdomain, or one behind `*.`; no address.
  fileprivate mutating func check(host: String, at place: () -> String) {
    let name = host.hasPrefix("*.") ? String(host.dropFirst(2)) : host
    expect(
      ObjectName.isSubdomain(name) && !IPAddress.isValid(host), place(), "\(host) is no host name")
  }

  fileprivate mutating func check(_ backend: Ingress.Backend, at place: () -> String) {
    expect(
      backend.service.isServiceLabel, "\(place()).service.name",
      "\(backend.service) is no RFC 1035 label")
    if case .name(let name) = backend.port {
      expect(
        ObjectName.isLabel(name.rawValue), "\(place()).service.port.name", "\(name) is no port name"
      )
    }
  }

  fileprivate mutating func check(_ path: Ingress.Path, at place: () -> String) {
    let text = path.path
    switch path.pathType {
    case .exact, .prefix:
      // `invalidPathSequences`, `invalidPathSuffixes`
      expect(text.hasPrefix("/"), "\(place()).path", "\(text) is no absolute path")
      for part in ["//", "/./", "/../", "%2f", "%2F"] {
        expect(!text.contains(part), "\(place()).path", "must not hold \(part)")
      }
      for end in ["/..", "/."] {
        expect(!text.hasSuffix(end), "\(place()).path", "must not end in \(end)")
      }
    case .implementationSpecific:
      expect(
        text.isEmpty || text.hasPrefix("/"), "\(place()).path", "\(text) is no absolute path")
    }
    check(path.backend) { "\(place()).backend" }
  }
}
