import Kubernetes

// Ingresses (kubernetes pkg/apis/networking/validation `ValidateIngressSpec`).

extension ProblemList {
  package mutating func checkIngress(_ spec: Field) {
    expect(
      !spec.items("rules").isEmpty || spec["defaultBackend"] != nil, .route, at: spec.keySpot,
      "there is neither a rule nor a default")
    checkReference(spec, "ingressClassName")
    if let backend = spec["defaultBackend"] { checkBackend(backend) }
    for tls in spec.items("tls") {
      for host in tls.items("hosts") { checkHost(host) }
      if tls.text("secretName") != "" { checkReference(tls, "secretName") }
    }
    for rule in spec.items("rules") {
      if let host = rule["host"] { checkHost(host) }
      if let http = rule["http"], let paths = http["paths"] {
        expect(!paths.items.isEmpty, .route, at: paths.keySpot, "there is no path")
        for path in paths.items { checkPath(path) }
      }
    }
  }

  /// A subdomain, or one behind `*.`; no address.
  package mutating func checkHost(_ field: Field) {
    guard let host = field.text, !host.isEmpty else { return }
    let name = host.hasPrefix("*.") ? String(host.dropFirst(2)) : host
    expect(
      ObjectName.isSubdomain(name) && !IPAddress.isValid(host), .route, at: field.spot,
      "\(host) is no host name")
  }

  /// `validateIngressBackend`.
  private mutating func checkBackend(_ backend: Field) {
    expectOne(of: ["service", "resource"], in: backend, .route, "the backend")
    guard let service = backend["service"] else { return }
    if let name = service.text("name") {
      expect(
        ObjectName(unchecked: name).isServiceLabel, .name, at: service.at("name"),
        "\(name) is no RFC 1035 label")
    }
    guard let port = service["port"] else {
      add(.missingField, at: service.at("port"), "the port is missing")
      return
    }
    expectOne(of: ["name", "number"], in: port, .route, "the port")
    checkNumber(port, "number", from: 1, to: 65535, .port)
    if let name = port.text("name") {
      expect(ObjectName.isLabel(name), .port, at: port.at("name"), "\(name) is no port name")
    }
  }

  private mutating func checkPath(_ path: Field) {
    let text = path.text("path") ?? ""
    switch path.text("pathType") {
    case "Exact", "Prefix":
      // `invalidPathSequences`, `invalidPathSuffixes`
      expect(
        text.hasPrefix("/"), .route, at: path.at("path"),
        text.isEmpty ? "path is missing" : "\(text) is no absolute path")
      for part in ["//", "/./", "/../", "%2f", "%2F"] {
        expect(!text.contains(part), .route, at: path.at("path"), "must not hold \(part)")
      }
      for end in ["/..", "/."] {
        expect(!text.hasSuffix(end), .route, at: path.at("path"), "must not end in \(end)")
      }
    case "ImplementationSpecific":
      expect(
        text.isEmpty || text.hasPrefix("/"), .route, at: path.at("path"),
        "\(text) is no absolute path")
    default: break
    }
    if let backend = path["backend"] { checkBackend(backend) }
  }
}
