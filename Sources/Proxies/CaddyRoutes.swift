package import Swarm
package import YAML

/// What caddy-docker-proxy makes of a service's labels: each group `caddy`, `caddy_0`, … is a site of a Caddyfile.
///
/// Source: github.com/lucaslorentz/caddy-docker-proxy, "Labels to Caddyfile conversion"; caddyserver.com/docs/caddyfile.
package struct CaddyLabels: Sendable {
  private var sites: [(head: String, fields: [RouteField])] = []

  package init?(_ labels: Node?) {
    for entry in labels?.entries ?? [] where ProxyLabel(entry.key) == .caddy {
      let parts = entry.key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      let field = RouteField(
        path: parts.dropFirst().map(Self.directive), label: entry.key,
        text: entry.value.text ?? "", key: entry.value.id)
      if let place = sites.firstIndex(where: { $0.head == parts[0] }) {
        sites[place].fields.append(field)
      } else {
        sites.append((parts[0], [field]))
      }
    }
    if sites.isEmpty { return nil }
  }

  package var fields: [RouteField] { sites.flatMap(\.fields) }

  /// `1_handle` and `handle_1` are directives `handle` in an order of their own.
  private static func directive(_ part: String) -> String {
    var body = part[...]
    if let sign = body.firstIndex(of: "_"), body[..<sign].allSatisfy(\.isNumber),
      sign > body.startIndex
    {
      body = body[body.index(after: sign)...]
    }
    if let sign = body.lastIndex(of: "_"), body.index(after: sign) < body.endIndex,
      body[body.index(after: sign)...].allSatisfy(\.isNumber)
    {
      body = body[..<sign]
    }
    return String(body)
  }

  /// Routes with the middlewares that they amount to.
  package func routes(of service: Service) -> [(route: Route, middlewares: [RouteMiddleware])] {
    var routes: [(route: Route, middlewares: [RouteMiddleware])] = []
    for site in sites {
      guard let head = site.fields.first(where: \.path.isEmpty), !head.text.hasPrefix("(") else {
        continue
      }
      let addresses = head.text.split { $0 == " " || $0 == "," || $0 == "\n" }.map(String.init)
      if addresses.isEmpty { continue }
      for proxy in site.fields where proxy.path.last == "reverse_proxy" {
        routes.append(
          route(
            proxy, addresses, head, site.fields, service, number: routes.count))
      }
      if let redirect = site.fields.first(where: { $0.path == ["redir"] }),
        !site.fields.contains(where: { $0.path.last == "reverse_proxy" })
      {
        var route = Route(
          .caddy, name: "", rule: .failure(RouteRuleError("a redirect alone is no route")),
          text: "\(head.text): redir \(redirect.text)", key: head.key, target: .port(nil))
        route.rule = .success(.any(of: addresses.compactMap(Self.host)))
        route.target = .ofProxy("redir \(redirect.text)")
        route.fields = [head, redirect]
        routes.append((route, []))
      }
    }
    return routes
  }

  private func route(
    _ proxy: RouteField, _ addresses: [String], _ head: RouteField, _ fields: [RouteField],
    _ service: Service, number: Int
  ) -> (route: Route, middlewares: [RouteMiddleware]) {
    var rules: [RouteRule] = []
    let hosts = addresses.compactMap(Self.host)
    if hosts.count == addresses.count { rules.append(.any(of: hosts)) }
    var middlewares: [RouteMiddleware] = []
    let base = number == 0 ? service.name : "\(service.name)-\(number + 1)"
    func add(_ ending: String, _ kind: String, _ options: [(String, String, RouteField)]) {
      middlewares.append(
        RouteMiddleware(
          name: "\(base)-\(ending)", kind: kind,
          options: options.map { name, text, field in
            RouteField(
              path: name.isEmpty ? [] : [name], label: field.label, text: text, key: field.key)
          }))
    }
    // What stands around the directive, from the outside in.
    var problem: String?
    for depth in 1..<max(proxy.path.count, 1) {
      let path = Array(proxy.path.prefix(depth))
      guard let block = fields.first(where: { $0.path == path }) else { continue }
      let word = block.text.trimmingBlanks
      switch Self.matcher(word) {
      case .path(let rule):
        rules.append(rule)
        if path.last == "handle_path", let prefix = Self.prefix(word) {
          add("strip", "stripprefix", [("prefixes", prefix, block)])
        }
      case .everything: break
      case .named:
        problem = "the matcher `\(word)` of `\(block.label)` is written in Caddy's own way"
      }
    }
    var words = Self.words(proxy.text)
    if let first = words.first, first.hasPrefix("/") || first.hasPrefix("@") || first == "*" {
      words.removeFirst()
      switch Self.matcher(first) {
      case .path(let rule): rules.append(rule)
      case .everything: break
      case .named:
        problem = "the matcher `\(first)` of `\(proxy.label)` is written in Caddy's own way"
      }
    }
    let upstream = words.first ?? ""
    for field in fields where field.path.count > 0 {
      switch field.path[0] {
      case "basicauth", "basic_auth":
        if !middlewares.contains(where: { $0.kind == "basicauth" }) {
          let users = fields.filter {
            ["basicauth", "basic_auth"].contains($0.path.first) && $0.path.count == 2
          }
          add("auth", "basicauth", users.map { ("users", "\($0.path[1]):\($0.text)", $0) })
        }
      case "forward_auth":
        if field.path.count == 1 {
          add("forward", "forwardauth", [("address", field.text, field)])
        }
      case "rewrite": add("rewrite", "replacepath", [("path", field.text, field)])
      case "uri" where field.text.hasPrefix("strip_prefix "):
        add(
          "uri", "stripprefix",
          [("prefixes", String(field.text.dropFirst("strip_prefix ".count)), field)])
      case "encode": add("encode", "compress", [("", "true", field)])
      default: break
      }
    }
    let text = Self.shown(addresses, rules.count > 1 ? proxy : nil)
    var route = Route(
      .caddy, name: "", rule: .success(rules.count == 1 ? rules[0] : .all(rules)), text: text,
      key: head.key, target: Self.target(upstream))
    if let problem { route.rule = .failure(RouteRuleError(problem, isOfProxy: false)) }
    if upstream.contains("https ") || upstream.hasPrefix("https://") { route.scheme = "https" }
    if upstream.contains("h2c ") || upstream.hasPrefix("h2c://") { route.scheme = "h2c" }
    if addresses.contains(where: Self.isSecure) {
      route.tls = Route.TLS(resolver: "caddy")
      add("https", "redirectscheme", [("scheme", "https", head)])
    }
    route.fields = fields
    route.middlewares = middlewares.map(\.name)
    return (route, middlewares)
  }

  private static func shown(_ addresses: [String], _ proxy: RouteField?) -> String {
    addresses.joined(separator: " ")
      + (proxy.map { ": \($0.path.joined(separator: ".")) \($0.text)" } ?? "")
  }

  /// `{{upstreams 8080}}` is one word.
  private static func words(_ text: String) -> [String] {
    var words: [String] = []
    var rest = text.trimmingBlanks[...]
    while !rest.isEmpty {
      let end: Substring.Index
      if rest.hasPrefix("{{"), let close = rest.firstRange(of: "}}") {
        end = close.upperBound
      } else {
        end = rest.firstIndex(of: " ") ?? rest.endIndex
      }
      words.append(String(rest[..<end]))
      rest = rest[end...].drop { $0 == " " }
    }
    return words
  }

  private static func target(_ upstream: String) -> Route.Target {
    if upstream.hasPrefix("{{") {
      // Without a port Caddy takes 80.
      return .port(CaddyTemplate.upstreamPorts(upstream).first.flatMap { Int($0) } ?? 80)
    }
    return .elsewhere(upstream)
  }

  private enum Matcher {
    case everything
    case path(RouteRule)
    case named
  }

  private static func matcher(_ word: String) -> Matcher {
    if word.isEmpty || word == "*" || word == "/*" { return .everything }
    guard word.hasPrefix("/"), !word.contains(" ") else { return .named }
    if let prefix = prefix(word) {
      guard !prefix.contains("*") else { return .named }
      // `/api/*` does not cover `/api` itself, `/api*` covers all that begins with it.
      return .path(.matches(.pathPrefix(word.hasSuffix("/*") ? prefix + "/" : prefix)))
    }
    return word.contains("*") ? .named : .path(.matches(.path(word)))
  }

  /// `/api` of `/api/*` and of `/api*`.
  private static func prefix(_ word: String) -> String? {
    if word.hasSuffix("/*") { return String(word.dropLast(2)) }
    return word.hasSuffix("*") ? String(word.dropLast()) : nil
  }

  /// The host of a site's address; nil where it has none, as `:80`.
  private static func host(_ address: String) -> RouteMatcher? {
    var body = address[...]
    for scheme in ["http://", "https://"] where body.hasPrefix(scheme) {
      body = body.dropFirst(scheme.count)
    }
    body = body.prefix { $0 != "/" && $0 != ":" }
    if body.isEmpty || body == "*" { return nil }
    guard body.hasPrefix("*.") else { return .host(body.lowercased()) }
    let rest = body.dropFirst(2).lowercased().replacing(".", with: "\\.")
    return .hostPattern("^[^.]+\\.\(rest)$")
  }

  /// Caddy gets certificates for every name by itself, unless the address says `http://` or port 80.
  private static func isSecure(_ address: String) -> Bool {
    !address.hasPrefix("http://") && !address.hasSuffix(":80") && host(address) != nil
  }
}
