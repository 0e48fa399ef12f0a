package import Kubernetes
package import Ledger
package import Proxies
import Swarm
package import YAML

/// A route whose every part is known, ready for the kind of object that it becomes.
package struct ResolvedRoute {
  package let route: Proxies.Route
  package let rule: RouteRule
  package let addresses: [RouteAddress]
  package let backend: RouteBackend
  /// Of the router, or else of the entry point.
  package let tls: Proxies.Route.TLS?
  package let steps: [RouteStep]

  /// The router only sends plain HTTP on to HTTPS.
  package var isRedirectOnly: Bool { tls == nil && steps.contains { $0.effect == .secures } }

  /// What the router asks of those who want in.
  package var guards: [RouteStep] { steps.filter { $0.effect == .guards } }
}

/// What requests go to.
package enum RouteBackend: Hashable {
  /// A port of the service itself.
  case own(PortNumber)
  /// A port of another service of the stack, through a Service of this name.
  case other(ObjectName, PortNumber)
  /// Served by the proxy itself.
  case ofProxy(String)

  /// nil where the proxy itself answers.
  package var port: PortNumber? {
    switch self {
    case .own(let port), .other(_, let port): port
    case .ofProxy: nil
    }
  }

  /// What the proxy calls that which it serves itself.
  package var name: String {
    switch self {
    case .own, .other: ""
    case .ofProxy(let name): name
    }
  }
}

/// Finds what the routes of one service lead to, and settles what no target can express.
package enum RouteResolver {
  /// nil where the route leads nowhere; the ledger has the reason then.
  package static func resolve(
    _ route: Proxies.Route, _ context: inout ServiceContext
  ) -> ResolvedRoute? {
    let rule: RouteRule
    switch route.rule {
    case .success(let success): rule = success
    case .failure(let error):
      context.ledger.settleRoute(route, .invalidRule(route, error))
      return nil
    }
    // Traefik's own objects keep the rule as a whole.
    guard let ways = rule.ways ?? (context.options.routes == .traefik ? [] : nil) else {
      context.ledger.settleRoute(route, .tooManyWays(route))
      return nil
    }
    guard let backend = backend(of: route, &context) else { return nil }
    let steps = steps(of: route, context)
    var tls = tls(of: route, context.facts.routes.traefik)
    if tls == nil, route.entryPoints.isEmpty, steps.contains(where: { $0.effect == .secures }) {
      // It is at all entry points, and what is sent on to HTTPS is answered there.
      tls = Proxies.Route.TLS()
    }
    return ResolvedRoute(
      route: route, rule: rule, addresses: ways.map(RouteAddress.init).filter { !$0.isImpossible },
      backend: backend, tls: tls, steps: steps)
  }

  private static func backend(
    of route: Proxies.Route, _ context: inout ServiceContext
  ) -> RouteBackend? {
    switch route.target {
    case .port(let written):
      if let written, let port = PortNumber(written) { return .own(port) }
      let service = context.service
      // nginx-proxy takes the only port that an image exposes, or 80.
      let usual = route.proxy == .nginxProxy ? 80 : nil
      guard let lowest = lowestPort(of: service) ?? usual, let port = PortNumber(lowest) else {
        context.ledger.settleRoute(route, .noPort(route, service))
        return nil
      }
      context.ledger.settleRoute(route, .portByEvidence(route, lowest))
      return .own(port)
    case .named(let name): return backend(named: name, of: route, &context)
    case .ofProxy(let name): return .ofProxy(name)
    case .elsewhere(let name):
      context.ledger.settleRoute(route, .ofFile(route, name))
      return nil
    case .ambiguous:
      context.ledger.settleRoute(route, .ambiguous(route))
      return nil
    }
  }

  /// What labels define under this name, here or at another service.
  private static func backend(
    named name: String, of route: Proxies.Route, _ context: inout ServiceContext
  ) -> RouteBackend? {
    guard let (target, written) = context.facts.routes.backend(name) else {
      context.ledger.settleRoute(route, .unknownService(route, name))
      return nil
    }
    let stack = context.facts.stacks[target.stack]
    let service = stack.services[target.service]
    guard let written, let port = PortNumber(written) else {
      context.ledger.settleRoute(route, .noPort(route, service))
      return nil
    }
    let place = context.place
    if target.stack == place.stack, target.service == place.service { return .own(port) }
    guard target.stack == place.stack, let other = context.names.services[service.name] else {
      context.ledger.settleRoute(route, .otherNamespace(route, stack, service))
      return nil
    }
    return .other(context.names.free(other, Workload.routedEnding), port)
  }

  /// The lowest port that the stack itself names: what Traefik takes from a container.
  private static func lowestPort(of service: Swarm.Service) -> Int? {
    let published = service.publishedPorts.filter { $0.transport == .tcp }.map(\.target)
    let exposed = (service["expose"]?.items ?? []).compactMap { item in
      item.text.flatMap { Int($0.prefix { $0.isNumber }) }
    }
    return (published + exposed).min() ?? service.routedPorts.map(\.number).min()
  }

  private static func tls(
    of route: Proxies.Route, _ traefik: TraefikSettings?
  ) -> Proxies.Route.TLS? {
    if let tls = route.tls { return tls }
    guard route.proxy == .traefik, route.transport == .http else { return nil }
    guard let traefik else {
      // Nothing but its name says what an entry point is.
      let isSecure = route.entryPoints.contains { name in
        let name = name.lowercased()
        return name.contains("https") || name.contains("secure") && !name.contains("insecure")
      }
      return isSecure ? Proxies.Route.TLS() : nil
    }
    let points = route.entryPoints.compactMap(traefik.entryPoint)
    guard let secure = points.first(where: \.hasTLS) else { return nil }
    return Proxies.Route.TLS(resolver: secure.resolver)
  }

  private static func steps(
    of route: Proxies.Route, _ context: borrowing ServiceContext
  ) -> [RouteStep] {
    let (routes, stack) = (context.facts.routes, context.place.stack)
    let points = route.entryPoints.compactMap { routes.traefik?.entryPoint($0) }
    return (points.flatMap(\.middlewares) + route.middlewares).flatMap { name -> [RouteStep] in
      guard let found = routes.resolve(name, stack: stack) else { return [.unknown(name)] }
      return found.map { $0.kind.isEmpty ? .unknown($0.name) : .known($0) }
    }
  }
}

extension Ledger {
  /// A finding about a route as a whole. Variables of the environment belong to another feature,
  /// which settles them.
  package mutating func settleRoute(
    _ route: Proxies.Route, _ message: Finding.Message, as field: String = ""
  ) {
    settleRoute(route, [route.key], message, as: field)
  }

  /// As above, about some of the route's labels.
  package mutating func settleRoute(
    _ route: Proxies.Route, _ keys: [KeyID], _ message: Finding.Message, as field: String = ""
  ) {
    let own = keys.filter { route.ownKeys.contains($0) }
    if own.isEmpty {
      remark(message, at: route.key, as: field)
    } else {
      settle(own, message, as: field)
    }
  }
}
