package import Kubernetes
import Ledger
import Proxies
import Swarm
import YAML

/// Routes as HTTPRoutes of the Gateway API.
package struct GatewayRoutes {
  package private(set) var objects: [any Object] = []
  /// Ports of the service that the objects lead to.
  package private(set) var targets: [Listener] = []
  private var count = 0
  /// Steps of the route at hand that some of its rules go without.
  private var dropped: [RouteStep] = []

  package mutating func add(
    _ resolved: ResolvedRoute, _ context: inout ServiceContext
  ) {
    let route = resolved.route
    guard let port = resolved.backend.port else {
      context.ledger.settleRoute(route, .ofProxy(route, resolved.backend.name))
      return
    }
    if route.transport != .http {
      context.ledger.settleRoute(route, .stream(route, port, context.workload))
      return
    }
    if let first = resolved.guards.first {
      context.ledger.settleRoute(
        route, [route.key] + first.keys(in: route), .guardedInGateway(route, first))
      return
    }
    let groups = groups(resolved, &context.ledger)
    guard !groups.isEmpty else { return }
    let isRedirect = resolved.isRedirectOnly
    dropped = []
    var backend: Ingress.Backend?
    if !isRedirect {
      let service = context.workload.service(of: resolved.backend, for: route, context.names)
      backend = Ingress.Backend(service: service, port: .number(port))
      if case .own = resolved.backend { targets.append(Listener(port, of: route.transport)) }
    }
    let section: ObjectName? = isRedirect ? "http" : resolved.tls == nil ? nil : "https"
    let parent = Self.parent(context.options.gateway, section)
    for group in groups {
      let rules = rules(for: group.matches, resolved, backend, &context.ledger)
      for start in stride(from: 0, to: max(group.hosts.count, 1), by: 16) {
        let hosts = Array(group.hosts.dropFirst(start).prefix(16))
        for first in stride(from: 0, to: rules.count, by: 16) {
          count += 1
          let name =
            count == 1 ? nil : context.names.free(context.workload.name, "-\(count)")
          objects.append(
            HTTPRoute(
              metadata: context.workload.metadata(name), parents: [parent], hostnames: hosts,
              rules: Array(rules.dropFirst(first).prefix(16))))
        }
      }
    }
    settleRest(resolved, parent, &context)
  }

  /// Conditions for the same hosts together, and hosts with the same conditions.
  private mutating func groups(
    _ resolved: ResolvedRoute, _ ledger: inout Ledger
  ) -> [(hosts: [String], matches: [HTTPRoute.Match])] {
    let route = resolved.route
    var groups: [(hosts: [String], matches: [HTTPRoute.Match])] = []
    for address in resolved.addresses {
      guard let host = host(of: address, route, &ledger),
        let ways = self.matches(of: address, route, &ledger)
      else { continue }
      if let place = groups.firstIndex(where: { $0.matches == ways }) {
        if !host.isEmpty, !groups[place].hosts.isEmpty { groups[place].hosts += host }
      } else if let place = groups.firstIndex(where: { $0.hosts == host }) {
        groups[place].matches += ways
      } else {
        groups.append((host, ways))
      }
    }
    return groups
  }

  /// One rule for conditions with the same filters; the API allows eight of them in a rule.
  private mutating func rules(
    for matches: [HTTPRoute.Match], _ resolved: ResolvedRoute, _ backend: Ingress.Backend?,
    _ ledger: inout Ledger
  ) -> [HTTPRoute.Rule] {
    var rules: [HTTPRoute.Rule] = []
    for match in matches {
      let filters = self.filters(resolved, match, &ledger)
      if let last = rules.indices.last, rules[last].filters == filters,
        rules[last].matches.count < 8
      {
        rules[last].matches.append(match)
      } else {
        rules.append(.init(matches: [match], filters: filters, backend: backend))
      }
    }
    return rules
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
        ledger.settleRoute(route, .noHost(route, name))
        return nil
      }
      return [name]
    case .wildcard(let name, _):
      guard Ingress.isHost(name) else { fallthrough }
      ledger.settleRoute(route, .wildcard(name, route), as: "spec.hostnames")
      return [name]
    case .pattern:
      ledger.settleRoute(route, .beyondGateway(route, ["HostRegexp"]))
      return nil
    }
  }

  /// One match for each method.
  private mutating func matches(
    of address: RouteAddress, _ route: Proxies.Route, _ ledger: inout Ledger
  ) -> [HTTPRoute.Match]? {
    guard address.unwanted.isEmpty else {
      ledger.settleRoute(route, .beyondGateway(route, address.unwanted.map { "!\($0.name)" }))
      return nil
    }
    var match: HTTPRoute.Match
    switch address.path {
    case .exact(let path): match = .init(.exact, path)
    case .prefix(let path):
      match = .init(.prefix, path)
      if path != "/" {
        ledger.settleRoute(route, .prefixByParts(path), as: "spec.rules[].matches[].path")
      }
    case .pattern(let pattern):
      match = .init(.pattern, pattern)
      ledger.settleRoute(
        route, .patternOfImplementation(pattern), as: "spec.rules[].matches[].path")
    }
    if match.pathType != .pattern, !Ingress.isPath(match.path) {
      ledger.settleRoute(route, .noPath(route))
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
      ledger.settleRoute(route, .beyondGateway(route, beyond))
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
    _ resolved: ResolvedRoute, _ parent: HTTPRoute.Parent, _ context: inout ServiceContext
  ) {
    let route = resolved.route
    for step in dropped {
      context.ledger.settleRoute(
        route, step.keys(in: route),
        step.effect == .secures ? .redirectsToHTTPS(route) : .dropsInGateway(route, step))
    }
    if context.options.gateway == nil {
      context.remark(.whichGateway, at: route.key, as: "spec.parentRefs")
    }
    if let section = parent.sectionName {
      context.ledger.settleRoute(route, .listener(section, parent), as: "spec.parentRefs")
    }
    if let field = route["priority"] ?? route["frontend.priority"] {
      context.ledger.settle(field.key, .priorityInGateway(field.text), as: "spec.rules")
    }
    if let scheme = route.scheme, scheme != "http" {
      context.ledger.settleRoute(route, .scheme(scheme))
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
