package import Swarm
package import YAML

/// What Docker Flow Proxy makes of a service's labels.
///
/// Source: proxy.dockerflow.com, "Usage: Reconfigure"; Docker Flow Swarm Listener hands on the labels `com.df.*` of services with
/// `com.df.notify=true`.
package struct DockerFlowLabels: Sendable {
  package let fields: [RouteField]

  package init?(_ labels: Node?) {
    fields = (labels?.entries ?? []).compactMap { entry in
      guard case .dockerFlow = ProxyLabel(entry.key) else { return nil }
      let parts = entry.key.split(separator: ".").dropFirst(2).map(String.init)
      return RouteField(
        path: parts, label: entry.key, text: entry.value.text ?? "", key: entry.value.id)
    }
    if fields.isEmpty { return nil }
  }

  private subscript(name: String) -> RouteField? { fields.first { $0.name == name.lowercased() } }

  package var isNotified: Bool { self["notify"]?.bool == true }

  /// Routes with the middlewares that they amount to, one for each index: `servicePath.1`.
  package func routes(of service: Service) -> [(route: Route, middlewares: [RouteMiddleware])] {
    var endings: [String] = []
    for field in fields {
      guard ["servicepath", "servicedomain", "port"].contains(field.path[0].lowercased()) else {
        continue
      }
      let ending = field.path.count > 1 ? ".\(field.path[1])" : ""
      if !endings.contains(ending) { endings.append(ending) }
    }
    // What has no index holds for all indexed ones, and is a route of its own only with a path or a port.
    if endings.count > 1, self["servicepath"] == nil, self["port"] == nil {
      endings.removeAll { $0.isEmpty }
    }
    return endings.map { route($0, service) }
  }

  private func route(
    _ ending: String, _ service: Service
  ) -> (route: Route, middlewares: [RouteMiddleware]) {
    func field(_ name: String) -> RouteField? {
      self[name + ending] ?? (ending == "" ? nil : self[name])
    }
    var rules: [RouteRule] = []
    var shown: [String] = []
    if let domain = field("serviceDomain"), !domain.list.isEmpty {
      shown.append("serviceDomain=\(domain.text)")
      rules.append(
        .any(
          of: domain.list.map { name in
            let name = name.lowercased()
            guard name.hasPrefix("*") else { return .host(name) }
            let rest = name.drop { $0 == "*" || $0 == "." }.replacing(".", with: "\\.")
            return .hostPattern("^[^.]+\\.\(rest)$")
          }))
    }
    let kind = field("pathType")?.text.lowercased()
    if let path = field("servicePath"), !path.list.isEmpty {
      shown.append("servicePath=\(path.text)")
      rules.append(
        .any(
          of: path.list.map { text in
            switch kind {
            case "path": .path(text)
            case "path_reg": .pathPattern(text)
            default: .pathPrefix(text)
            }
          }))
    }
    let base = ending.isEmpty ? service.name : "\(service.name)\(ending)"
    var middlewares: [RouteMiddleware] = []
    func add(_ name: String, _ kind: String, _ options: [(String, RouteField)]) {
      middlewares.append(
        RouteMiddleware(
          name: "\(base)-\(name)", kind: kind,
          options: options.map { name, field in
            RouteField(path: [name], label: field.label, text: field.text, key: field.key)
          }))
    }
    if let search = field("reqPathSearch"), let replace = field("reqPathReplace") {
      add("path", "replacepathregex", [("regex", search), ("replacement", replace)])
    }
    if let users = field("users") { add("auth", "basicauth", [("users", users)]) }
    if let allowed = field("allowedMethods") {
      rules.append(.any(of: allowed.list.map { .method($0.uppercased()) }))
    }
    var route = Route(
      .dockerFlow, name: "", rule: .success(rules.count == 1 ? rules[0] : .all(rules)),
      text: shown.joined(separator: " "),
      key: field("serviceDomain")?.key ?? field("servicePath")?.key ?? fields[0].key,
      target: .port(field("port").flatMap { Int($0.text) }))
    if field("reqMode")?.text.lowercased() == "tcp" { route.transport = .tcp }
    if rules.isEmpty, route.transport == .http {
      route.rule = .failure(RouteRuleError("it has neither `serviceDomain` nor `servicePath`"))
    }
    let secure = field("httpsOnly") ?? field("redirectWhenHttpProto")
    if let secure, secure.bool == true {
      route.tls = Route.TLS()
      add(
        "https", "redirectscheme",
        [("scheme", RouteField(path: [], label: secure.label, text: "https", key: secure.key))])
    }
    route.fields = fields
    route.middlewares = middlewares.map(\.name)
    return (route, middlewares)
  }
}
