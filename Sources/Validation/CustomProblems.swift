import Kubernetes
internal import YAML

/// Kinds from elsewhere that stackferry writes: their rules are known, not all their fields.
package enum CustomKind {
  package static func isKnown(_ apiVersion: String, _ kind: String) -> Bool {
    switch (apiVersion, kind) {
    case ("gateway.networking.k8s.io/v1", "HTTPRoute"),
      ("external-secrets.io/v1", "ExternalSecret"),
      ("traefik.io/v1alpha1", "IngressRoute"), ("traefik.io/v1alpha1", "IngressRouteTCP"),
      ("traefik.io/v1alpha1", "IngressRouteUDP"), ("traefik.io/v1alpha1", "Middleware"):
      true
    default: false
    }
  }
}

// What the definitions of these kinds ask for.
extension ProblemList {
  package mutating func checkCustom(_ manifest: Field, _ apiVersion: String, _ kind: String) {
    guard CustomKind.isKnown(apiVersion, kind) else { return }
    guard let spec = manifest["spec"] else {
      add(.missingField, at: manifest.at("spec"), "spec is missing")
      return
    }
    switch kind {
    case "HTTPRoute": checkHTTPRoute(spec)
    case "ExternalSecret": checkExternalSecret(spec)
    case "Middleware": checkMiddleware(spec)
    default: checkTraefikRoutes(spec, hasMatch: kind != "IngressRouteUDP")
    }
  }

  /// The limits of the definition: 16 hostnames and rules, 64 matches in a rule.
  private mutating func checkHTTPRoute(_ spec: Field) {
    warn(
      unless: !spec.items("parentRefs").isEmpty, .route, at: spec.at("parentRefs"),
      "there is none: no Gateway takes the route")
    for name in ["hostnames", "rules"] {
      expect(
        spec.items(name).count <= 16, .route, at: spec.at(name), "there are more than 16")
    }
    for host in spec.items("hostnames") { checkHost(host) }
    for rule in spec.items("rules") {
      let matches = rule.items("matches")
      expect(matches.count <= 64, .route, at: rule.at("matches"), "there are more than 64")
      for match in matches {
        guard let path = match["path"], path.text("type") != "RegularExpression",
          let text = path.text("value")
        else { continue }
        let isPath =
          text.hasPrefix("/")
          && !["//", "/./", "/../", "%2f", "%2F", "#"].contains { text.contains($0) }
          && !text.hasSuffix("/..") && !text.hasSuffix("/.")
        expect(isPath, .route, at: path.at("value"), "\(text) is no path")
      }
    }
  }

  private mutating func checkExternalSecret(_ spec: Field) {
    if let store = spec["secretStoreRef"] { checkReference(store, "name") }
    let entries = spec.items("data")
    expect(
      !entries.isEmpty || !spec.items("dataFrom").isEmpty, .data, at: spec.at("data"),
      "there is no entry")
    for entry in entries {
      if let key = entry.text("secretKey") {
        expect(
          Self.isDataKey(key), .data, at: entry.at("secretKey"), "\(key) is no key of a Secret")
      } else {
        add(.missingField, at: entry.at("secretKey"), "secretKey is missing")
      }
      expect(
        entry["remoteRef"]?.text("key")?.isEmpty == false || entry["sourceRef"] != nil,
        .missingField, at: (entry["remoteRef"] ?? entry).at("key"), "there is no key")
    }
  }

  private mutating func checkMiddleware(_ spec: Field) {
    let types = spec.node.entries ?? []
    expect(
      !types.isEmpty && types[0].key != "", .route, at: spec.keySpot,
      "there is no kind of middleware")
    for type in types {
      guard let options = spec[type.key] else { continue }
      expect(options.node.entries != nil, .type, at: options.keySpot, "is no mapping")
    }
  }

  private mutating func checkTraefikRoutes(_ spec: Field, hasMatch: Bool) {
    expect(!spec.items("routes").isEmpty, .route, at: spec.at("routes"), "there is none")
    for route in spec.items("routes") {
      expect(
        hasMatch == (route.text("match")?.isEmpty == false), .route, at: route.at("match"),
        hasMatch ? "is missing" : "must not be there")
      for middleware in route.items("middlewares") { checkReference(middleware, "name") }
      for service in route.items("services") where service["port"] != nil {
        guard let name = service.text("name") else { continue }
        expect(
          ObjectName(unchecked: name).isServiceLabel, .name, at: service.at("name"),
          "\(name) is no RFC 1035 label")
      }
    }
  }
}
