package import Kubernetes
package import Ledger
import Proxies
import Swarm
import YAML

/// Routes as HTTPRoutes of the Gateway API.
package struct GatewayRoutes {
  package private(set) var objects: [any Object] = []
  /// Ports of the service that the objects lead to.
  package private(set) var targets: [RoutedTarget] = []
  private var count = 0
  /// Steps of the route at hand that some of its rules go without.
  private var dropped: [RouteStep] = []

  package mutating func add(
    _ resolved: ResolvedRoute, _ workload: inout Workload, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    let route = resolved.route
    guard let port = resolved.backend.port else {
      ledger.settleRoute(route, .manual, .ofProxy(route, resolved.backend.name))
      return
    }
    if route.transport != .http {
      ledger.settleRoute(route, .manual, .stream(route, port, workload))
      return
    }
    if let first = resolved.guards.first {
      ledger.settleRoute(
        route, [route.key] + first.keys(in: route), .manual, .guardedInGateway(route, first))
      return
    }
    var matches: [(hosts: [String], matches: [HTTPRoute.Match])] = []
    for address in resolved.addresses {
      guard let host = host(of: address, route, &ledger),
        let ways = self.matches(of: address, route, &ledger)
      else { continue }
      if let place = matches.firstIndex(where: { $0.matches == ways }) {
        if !host.isEmpty, !matches[place].hosts.isEmpty { matches[place].hosts += host }
      } else if let place = matches.firstIndex(where: { $0.hosts == host }) {
        matches[place].matches += ways
      } else {
        matches.append((host, ways))
      }
    }
    guard !matches.isEmpty else { return }
    let isRedirect = resolved.isRedirectOnly
    dropped = []
    var backend: Ingress.Backend?
    if !isRedirect {
      backend = Ingress.Backend(
        service: workload.service(
          of: resolved.backend, RoutedTarget(port, route.transport).transport, route.scheme, facts),
        port: .number(port))
      if case .own = resolved.backend {
        targets.append(RoutedTarget(port, route.transport))
      }
    }
    let section: ObjectName? = isRedirect ? "http" : resolved.tls == nil ? nil : "https"
    let parent = Self.parent(facts.options.gateway, section)
    for group in matches {
      var rules: [HTTPRoute.Rule] = []
      for match in group.matches {
        let filters = self.filters(resolved, match, &ledger)
        if let last = rules.indices.last, rules[last].filters == filters,
          rules[last].matches.count < 8
        {
          rules[last].matches.append(match)
        } else {
          rules.append(.init(matches: [match], filters: filters, backend: backend))
        }
      }
      for start in stride(from: 0, to: max(group.hosts.count, 1), by: 16) {
        let hosts = Array(group.hosts.dropFirst(start).prefix(16))
        for first in stride(from: 0, to: rules.count, by: 16) {
          count += 1
          objects.append(
            HTTPRoute(
              metadata: workload.metadata(
                count == 1 ? nil : facts.stackNames.free(workload.name, "-\(count)")),
              parents: [parent], hostnames: hosts, rules: Array(rules.dropFirst(first).prefix(16))))
        }
      }
    }
    settleRest(resolved, parent, facts.options, &ledger)
  }

  private static func parent(_ gateway: String?, _ section: ObjectName?) -> HTTPRoute.Parent {
    let parts = (gateway ?? "gateway").split(separator: "/", maxSplits: 1)
    let name = ObjectName.folding(String(parts.last ?? "gateway"))
    return HTTPRoute.Parent(
      namespace: parts.count > 1 ? ObjectName.folding(String(parts[0])) : nil, name: name,
      sectionName: section)
  }

  // MARK: Conditions

  /// Empty for any host; nil where the API cannot say it.
  private func host(
    of address: RouteAddress, _ route: Proxies.Route, _ ledger: inout Ledger
  ) -> [String]? {
    switch address.host {
    case .any: return []
    case .exact(let name):
      guard Ingress.isHost(name) else {
        ledger.settleRoute(route, .manual, .noHost(route, name))
        return nil
      }
      return [name]
    case .wildcard(let name, _):
      guard Ingress.isHost(name) else { fallthrough }
      ledger.settleRoute(route, .adapted, .wildcard(name, route), as: "spec.hostnames")
      return [name]
    case .pattern:
      ledger.settleRoute(route, .manual, .beyondGateway(route, ["HostRegexp"]))
      return nil
    }
  }

  /// One match for each method.
  private mutating func matches(
    of address: RouteAddress, _ route: Proxies.Route, _ ledger: inout Ledger
  ) -> [HTTPRoute.Match]? {
    guard address.unwanted.isEmpty else {
      ledger.settleRoute(
        route, .manual, .beyondGateway(route, address.unwanted.map { "!\($0.name)" }))
      return nil
    }
    var match: HTTPRoute.Match
    switch address.path {
    case .exact(let path): match = .init(.exact, path)
    case .prefix(let path):
      match = .init(.prefix, path)
      if path != "/" {
        ledger.settleRoute(route, .adapted, .prefixByParts(path), as: "spec.rules[].matches[].path")
      }
    case .pattern(let pattern):
      match = .init(.pattern, pattern)
      ledger.settleRoute(
        route, .adapted, .patternOfImplementation(pattern), as: "spec.rules[].matches[].path")
    }
    if match.pathType != .pattern, !Ingress.isPath(match.path) {
      ledger.settleRoute(route, .manual, .noPath(route))
      return nil
    }
    var beyond: [String] = []
    for other in address.others {
      switch other {
      case .method(let method):
        // Two methods at once are never met; the first of several alternatives is alone here.
        match.method = match.method ?? method
      case .header(let name, let value): match.headers.append(.init(name, value))
      case .headerPattern(let name, let pattern):
        match.headers.append(.init(name, pattern, isPattern: true))
      case .query(let name, let value?): match.queryParams.append(.init(name, value))
      case .query(let name, nil):
        match.queryParams.append(.init(name, ".*", isPattern: true))
      case .queryPattern(let name, let pattern):
        match.queryParams.append(.init(name, pattern, isPattern: true))
      default: beyond.append(other.name)
      }
    }
    if !beyond.isEmpty {
      ledger.settleRoute(route, .manual, .beyondGateway(route, beyond))
      return nil
    }
    return [match]
  }

  // MARK: Filters

  private mutating func filters(
    _ resolved: ResolvedRoute, _ match: HTTPRoute.Match, _ ledger: inout Ledger
  ) -> [HTTPRoute.Filter] {
    let route = resolved.route
    var filters: [HTTPRoute.Filter] = []
    for step in resolved.steps {
      guard case .known(let middleware) = step else {
        if step.effect == .secures, resolved.isRedirectOnly {
          filters = [.redirect(scheme: "https", port: nil, status: 301)]
        }
        drop(step)
        continue
      }
      if resolved.isRedirectOnly {
        if step.effect == .secures {
          let port = middleware["port"].flatMap { Int($0.text) }.flatMap { PortNumber($0) }
          filters = [
            .redirect(
              scheme: "https", port: port,
              status: middleware["permanent"]?.bool == true ? 301 : 302)
          ]
          for key in step.keys(in: route) where route.ownKeys.contains(key) {
            ledger.keep(key, as: "spec.rules[].filters")
          }
        }
        continue
      }
      if let filter = Self.filter(middleware, match),
        !filters.contains(where: { $0.isRewrite && filter.isRewrite })
      {
        filters.append(filter)
        for key in step.keys(in: route) where route.ownKeys.contains(key) {
          ledger.keep(key, as: "spec.rules[].filters")
        }
      } else {
        drop(step)
      }
    }
    return filters
  }

  private mutating func drop(_ step: RouteStep) {
    if !dropped.contains(where: { $0.name == step.name }) { dropped.append(step) }
  }

  private static func filter(
    _ middleware: RouteMiddleware, _ match: HTTPRoute.Match
  ) -> HTTPRoute.Filter? {
    switch middleware.kind {
    case "stripprefix":
      guard match.pathType == .prefix,
        let prefix = middleware["prefixes"]?.list.first(where: { match.path == $0 })
      else { return nil }
      return prefix.isEmpty ? nil : .replacePrefix("/")
    case "addprefix":
      guard match.pathType == .prefix, match.path == "/", let prefix = middleware["prefix"]?.text
      else { return nil }
      return .replacePrefix(prefix)
    case "replacepath": return middleware["path"].map { .replacePath($0.text) }
    case "headers":
      func change(_ name: String) -> HTTPRoute.HeaderChange? {
        let fields = middleware.options.filter { $0.name.hasPrefix(name + ".") }
        guard !fields.isEmpty, fields.count == middleware.options.count, fields.count <= 16 else {
          return nil
        }
        func header(_ field: RouteField) -> String {
          field.path.dropFirst().joined(separator: ".")
        }
        return HTTPRoute.HeaderChange(
          set: fields.filter { !$0.text.isEmpty }.map { .init(header($0), $0.text) },
          remove: fields.filter { $0.text.isEmpty }.map(header))
      }
      if let change = change("customrequestheaders") { return .requestHeaders(change) }
      if let change = change("customresponseheaders") { return .responseHeaders(change) }
      return nil
    default: return nil
    }
  }

  private func settleRest(
    _ resolved: ResolvedRoute, _ parent: HTTPRoute.Parent, _ options: Options,
    _ ledger: inout Ledger
  ) {
    let route = resolved.route
    for step in dropped {
      ledger.settleRoute(
        route, step.keys(in: route), .manual,
        step.effect == .secures ? .redirectsToHTTPS(route) : .dropsInGateway(route, step))
    }
    if options.gateway == nil {
      ledger.remark(.decide, .whichGateway(), at: route.key, as: "spec.parentRefs")
    }
    if let section = parent.sectionName {
      ledger.settleRoute(
        route, .manual, .listener(section, parent, resolved.tls), as: "spec.parentRefs")
    }
    if let field = route["priority"] ?? route["frontend.priority"] {
      ledger.settle([field.key], .adapted, .priorityInGateway(field.text), as: "spec.rules")
    }
    if let scheme = route.scheme, scheme != "http" {
      ledger.settleRoute(route, .manual, .scheme(scheme, resolved.backend))
    }
  }
}

extension HTTPRoute.Filter {
  /// A rule has one change of the path at most.
  fileprivate var isRewrite: Bool {
    switch self {
    case .replacePrefix, .replacePath, .redirect: true
    case .requestHeaders, .responseHeaders: false
    }
  }
}

extension Finding.Message {
  fileprivate static func guardedInGateway(_ route: Proxies.Route, _ step: RouteStep) -> Self {
    Self(
      "routes/guarded",
      "\(step.title(in: route)) decides who may use the route \(route.title), and an HTTPRoute cannot say that. It would open "
        + "the service to everybody, so none is made.",
      remedy: "--routes traefik keeps the middleware")
  }

  fileprivate static func beyondGateway(_ route: Proxies.Route, _ names: [String]) -> Self {
    var seen: [String] = []
    for name in names where !seen.contains(name) { seen.append(name) }
    return Self(
      "routes/beyond-gateway",
      "An HTTPRoute has no \(seen.map { "`\($0)`" }.joined(separator: ", ")), and a wider route is not opened in its place: "
        + "\(route.quoted).",
      remedy: "--routes traefik keeps the rule as it is")
  }

  fileprivate static func patternOfImplementation(_ pattern: String) -> Self {
    Self(
      "routes/pattern",
      "The path is the regular expression `\(pattern)`. Whether a Gateway takes patterns at all, and in which syntax, depends on its "
        + "implementation; Traefik's was Go's (RE2).")
  }

  fileprivate static func dropsInGateway(_ route: Proxies.Route, _ step: RouteStep) -> Self {
    Self(
      "routes/drops-middleware",
      "\(step.title(in: route)) has no filter in an HTTPRoute: requests to \(route.title) go without it.",
      remedy: "--routes traefik keeps the middleware")
  }

  fileprivate static func whichGateway() -> Self {
    Self(
      "routes/which-gateway",
      "Nothing says which Gateway serves the routes; they attach to one named `gateway` in their own namespace.",
      remedy: "--gateway NAMESPACE/NAME")
  }

  fileprivate static func listener(
    _ section: ObjectName, _ parent: HTTPRoute.Parent, _ tls: Proxies.Route.TLS?
  ) -> Self {
    let text =
      section == "http"
      ? "The redirect to HTTPS attaches to the Gateway's listener `http`, which must be the one at port 80; at the other it would send "
        + "requests round in circles."
      : "The route attaches to the Gateway's listener `https`, which must be the one at port 443. The listener holds the "
        + "certificate, which the proxy managed before."
    let place = parent.namespace.map { "-n \($0) " } ?? ""
    return Self(
      "routes/listener", text,
      remedy: "kubectl \(place)get gateway \(parent.name) -o jsonpath='{.spec.listeners}'")
  }

  fileprivate static func priorityInGateway(_ value: String) -> Self {
    Self(
      "routes/priority",
      "HTTPRoutes have no priorities (this router has \(value)): the longest path wins, then the method, then the number of "
        + "headers and queries.")
  }
}
