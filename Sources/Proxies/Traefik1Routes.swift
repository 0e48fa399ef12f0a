package import Swarm
package import YAML

/// What Traefik 1 makes of a service's labels.
///
/// Source: traefik v1.7 `provider/docker/config.go`, `provider/label`; doc.traefik.io/traefik/v1.7 "Docker provider".
extension TraefikLabels {
  /// Routes with the middlewares that they amount to in later versions, whose names begin with the route's.
  package func oldRoutes(
    of service: Service, _ settings: TraefikSettings?
  ) -> [(route: Route, middlewares: [RouteMiddleware])] {
    let common = segments.first { $0.name.isEmpty }?.fields ?? []
    let named = segments.filter { !$0.name.isEmpty }
    let wanted = named.isEmpty ? [(name: "", fields: common)] : named
    return wanted.map { segment in
      // What a segment does not say for itself holds for all of them.
      let inherited = common.filter { field in
        !segment.fields.contains { $0.name == field.name }
      }
      let fields = segment.name.isEmpty ? segment.fields : segment.fields + inherited
      return route(segment.name, fields, service, settings)
    }
  }

  private func route(
    _ segment: String, _ fields: [RouteField], _ service: Service, _ settings: TraefikSettings?
  ) -> (route: Route, middlewares: [RouteMiddleware]) {
    func field(_ name: String) -> RouteField? { fields.first { $0.name == name } }
    let host =
      "\(Self.subdomain(service.fullName)).\(field("domain")?.text ?? settings?.domain ?? "")"
    let text = field("frontend.rule")?.text ?? "Host:\(host)"
    let name = segment.isEmpty ? service.name : "\(service.name)-\(segment)"
    let key =
      field("frontend.rule")?.key ?? fields.first?.key ?? self["enable"]?.key ?? .none
    var middlewares = Self.middlewares(fields, name, settings)
    var rule: Result<RouteRule, RouteRuleError>
    do throws(RouteRuleError) {
      let old = try OldRule(text, key: key, label: field("frontend.rule")?.label ?? "")
      rule = .success(old.rule)
      for (number, step) in old.modifiers.enumerated() {
        middlewares.append(
          RouteMiddleware(
            name: "\(name)-path\(number == 0 ? "" : "-\(number + 1)")", kind: step.kind,
            options: step.options))
      }
    } catch {
      rule = .failure(error)
    }
    var route = Route(
      .traefik, name: name, rule: rule, text: text, key: key,
      target: .port(field("port").flatMap { Int($0.text) }))
    route.fields = fields
    route.entryPoints = field("frontend.entrypoints")?.list ?? []
    route.scheme = field("protocol")?.text.lowercased()
    route.priority = field("frontend.priority").flatMap { Int($0.text) }
    route.middlewares = middlewares.map(\.name)
    let points =
      route.entryPoints.isEmpty
      ? settings?.entryPoints.filter(\.isDefault).map(\.name) ?? [] : route.entryPoints
    let isSecure = points.contains { name in
      settings?.entryPoint(name)?.hasTLS ?? (name.lowercased() == "https")
    }
    if isSecure {
      route.tls = Route.TLS(resolver: settings?.getsCertificates == true ? "acme" : nil)
    }
    return (route, middlewares)
  }

  /// Source: v1.7 `getSubDomain`.
  private static func subdomain(_ name: String) -> String {
    String(name.map { $0 == "/" || $0 == "_" ? "-" : $0 })
  }

  private static func middlewares(
    _ fields: [RouteField], _ name: String, _ settings: TraefikSettings?
  ) -> [RouteMiddleware] {
    var made: [RouteMiddleware] = []
    func add(_ ending: String, _ kind: String, _ options: [(String, RouteField, String)]) {
      guard !options.isEmpty else { return }
      made.append(
        RouteMiddleware(
          name: "\(name)-\(ending)", kind: kind,
          options: options.map { name, field, text in
            RouteField(
              path: name.split(separator: ".").map(String.init), label: field.label, text: text,
              key: field.key)
          }))
    }
    func all(_ names: [(from: String, to: String)]) -> [(String, RouteField, String)] {
      names.compactMap { name in
        fields.first { $0.name == "frontend.\(name.from)" }.map { (name.to, $0, $0.text) }
      }
    }
    if let point = fields.first(where: { $0.name == "frontend.redirect.entrypoint" }) {
      let known = settings?.entryPoint(point.text)
      let isSecure = known?.hasTLS ?? (point.text.lowercased() != "http")
      var options = [("scheme", point, isSecure ? "https" : "http")]
      if let port = known?.port, port != 443, port != 80 {
        options.append(("port", point, String(port)))
      }
      add("redirect", "redirectscheme", options + all([("redirect.permanent", "permanent")]))
    } else {
      add(
        "redirect", "redirectregex",
        all([
          ("redirect.regex", "regex"), ("redirect.replacement", "replacement"),
          ("redirect.permanent", "permanent"),
        ]))
    }
    add(
      "auth", "basicauth",
      all([
        ("auth.basic", "users"), ("auth.basic.users", "users"),
        ("auth.basic.usersfile", "usersfile"),
        ("auth.basic.removeheader", "removeheader"), ("auth.headerfield", "headerfield"),
      ]))
    add(
      "digest", "digestauth",
      all([
        ("auth.digest.users", "users"), ("auth.digest.usersfile", "usersfile"),
        ("auth.digest.removeheader", "removeheader"),
      ]))
    add(
      "forward", "forwardauth",
      all([
        ("auth.forward.address", "address"),
        ("auth.forward.trustforwardheader", "trustforwardheader"),
        ("auth.forward.authresponseheaders", "authresponseheaders"),
      ]))
    add(
      "addresses", "ipallowlist",
      all([
        ("whitelist.sourcerange", "sourcerange"), ("whitelistsourcerange", "sourcerange"),
      ]))
    add(
      "headers", "headers",
      fields.filter { $0.name.hasPrefix("frontend.headers.") }.flatMap(header))
    return made
  }

  /// `name:value||name:value` for custom headers; all others have the name that they have today.
  private static func header(_ field: RouteField) -> [(String, RouteField, String)] {
    let name = String(field.name.dropFirst("frontend.headers.".count))
    guard name == "customrequestheaders" || name == "customresponseheaders" else {
      return [(name, field, field.text)]
    }
    return field.text.split(separator: "||").compactMap { pair in
      guard let colon = pair.firstIndex(of: ":") else { return nil }
      // Names of headers hold no dot.
      return (
        "\(name).\(pair[..<colon].trimmingBlanks)", field,
        pair[pair.index(after: colon)...].trimmingBlanks
      )
    }
  }
}

/// A rule of Traefik 1: `Host:a.example,b.example;PathPrefixStrip:/shop`.
package struct OldRule {
  package private(set) var rule = RouteRule.everything
  /// What happens to the path of a request, as middlewares.
  package private(set) var modifiers: [(kind: String, options: [RouteField])] = []

  package init(_ text: String, key: KeyID, label: String) throws(RouteRuleError) {
    var rules: [RouteRule] = []
    for part in text.split(separator: ";") {
      guard let colon = part.firstIndex(of: ":") else {
        throw RouteRuleError("`\(part)` has no value")
      }
      let name = part[..<colon].trimmingBlanks
      let body = part[part.index(after: colon)...].trimmingBlanks
      let values = body.split(separator: ",").map(\.trimmingBlanks).filter { !$0.isEmpty }
      guard !values.isEmpty else { throw RouteRuleError("`\(name)` has no value") }
      func option(_ name: String, _ text: String) -> RouteField {
        RouteField(path: [name], label: label, text: text, key: key)
      }
      switch name.lowercased() {
      case "pathstrip":
        rules.append(try RouteRule(matcher: "path", values))
        modifiers.append(("stripprefix", [option("prefixes", body)]))
      case "pathprefixstrip":
        rules.append(try RouteRule(matcher: "pathprefix", values))
        modifiers.append(("stripprefix", [option("prefixes", body)]))
      case "pathstripregex", "pathprefixstripregex":
        let isPrefix = name.lowercased() == "pathprefixstripregex"
        rules.append(try RouteRule(matcher: isPrefix ? "pathprefix" : "path", values))
        let patterns = values.map { RouteRule.goPattern($0, ends: !isPrefix) }
        modifiers.append(("stripprefixregex", [option("regex", patterns.joined(separator: ","))]))
      case "addprefix": modifiers.append(("addprefix", [option("prefix", body)]))
      case "replacepath": modifiers.append(("replacepath", [option("path", body)]))
      case "replacepathregex":
        let halves = body.split(separator: " ", maxSplits: 1).map(\.trimmingBlanks)
        guard halves.count == 2 else {
          throw RouteRuleError("`\(name)` takes a pattern and a replacement")
        }
        modifiers.append(
          ("replacepathregex", [option("regex", halves[0]), option("replacement", halves[1])]))
      case "headers", "headersregexp", "query": rules.append(try RouteRule(matcher: name, values))
      case "host", "hostregexp", "path", "pathprefix", "method":
        rules.append(try RouteRule(matcher: name, values))
      default: throw RouteRuleError("Traefik 1 knows no matcher `\(name)`")
      }
    }
    rule = rules.count == 1 ? rules[0] : .all(rules)
  }
}
