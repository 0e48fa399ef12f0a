package import Kubernetes
package import Ledger
package import Proxies
package import Swarm
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

/// A port of a service's pods that a route leads to.
package struct RoutedTarget: Hashable, Comparable {
  package let port: PortNumber
  package let transport: TransportProtocol

  package init(_ port: PortNumber, _ transport: TransportProtocol) {
    self.port = port
    self.transport = transport
  }

  package init(_ port: PortNumber, _ transport: RouteElement.Transport) {
    self.init(port, transport == .udp ? TransportProtocol.udp : .tcp)
  }

  package func isIn(_ entry: ServicePort) -> Bool {
    entry.port == port && (entry.protocol ?? .tcp) == transport
  }

  package static func < (left: Self, right: Self) -> Bool {
    (left.port, left.transport) < (right.port, right.transport)
  }
}

/// Finds what the routes of one service lead to, and settles what no target can express.
package struct RouteResolver {
  package let facts: Facts
  package let service: Swarm.Service
  package let place: RouteFacts.Place

  package init(_ facts: borrowing Facts, _ service: Swarm.Service, _ index: Int) {
    self.facts = copy facts
    self.service = service
    place = RouteFacts.Place(stack: facts.current, service: index)
  }

  /// nil where the route leads nowhere; the ledger has the reason then.
  package func resolve(
    _ route: Proxies.Route, _ ledger: inout Ledger
  ) -> ResolvedRoute? {
    let rule: RouteRule
    switch route.rule {
    case .success(let success): rule = success
    case .failure(let error):
      settle(route, .manual, .invalidRule(route, error), &ledger)
      return nil
    }
    // Traefik's own objects keep the rule as a whole.
    guard let ways = rule.ways ?? (facts.options.routes == .traefik ? [] : nil) else {
      settle(route, .manual, .tooManyWays(route), &ledger)
      return nil
    }
    guard let backend = backend(of: route, &ledger) else { return nil }
    let steps = steps(of: route)
    var tls = tls(of: route)
    if tls == nil, route.entryPoints.isEmpty, steps.contains(where: { $0.effect == .secures }) {
      // It is at all entry points, and what is sent on to HTTPS is answered there.
      tls = Proxies.Route.TLS()
    }
    return ResolvedRoute(
      route: route, rule: rule, addresses: ways.map(RouteAddress.init).filter { !$0.isImpossible },
      backend: backend, tls: tls, steps: steps)
  }

  private func backend(
    of route: Proxies.Route, _ ledger: inout Ledger
  ) -> RouteBackend? {
    switch route.target {
    case .port(let written):
      if let written, let port = PortNumber(written) {
        return .own(port)
      }
      // nginx-proxy takes the only port that an image exposes, or 80.
      let usual = route.proxy == .nginxProxy ? 80 : nil
      guard let lowest = lowestPort ?? usual, let port = PortNumber(lowest) else {
        settle(route, .manual, .noPort(route, service), &ledger)
        return nil
      }
      settle(route, .adapted, .portByEvidence(route, lowest), &ledger)
      return .own(port)
    case .named(let name):
      guard let (target, written) = facts.routes.backend(name) else {
        settle(route, .manual, .unknownService(route, name), &ledger)
        return nil
      }
      let stack = facts.stacks[target.stack]
      guard let written, let port = PortNumber(written) else {
        settle(route, .manual, .noPort(route, stack.services[target.service]), &ledger)
        return nil
      }
      if target == place {
        return .own(port)
      }
      guard target.stack == place.stack,
        let other = facts.stackNames.services[stack.services[target.service].name]
      else {
        settle(route, .manual, .otherNamespace(route, stack, target), &ledger)
        return nil
      }
      return .other(facts.stackNames.free(other, Workload.routedEnding), port)
    case .ofProxy(let name): return .ofProxy(name)
    case .elsewhere(let name):
      settle(route, .manual, .ofFile(route, name), &ledger)
      return nil
    case .ambiguous:
      settle(route, .inert, .ambiguous(route), &ledger)
      return nil
    }
  }

  /// The lowest port that the stack itself names: what Traefik takes from a container.
  private var lowestPort: Int? {
    let published = service.publishedPorts.filter { $0.transport == .tcp }.map(\.target)
    let exposed = (service["expose"]?.items ?? []).compactMap { item in
      item.text.flatMap { Int($0.prefix { $0.isNumber }) }
    }
    return (published + exposed).min() ?? service.routedPorts.map(\.number).min()
  }

  private func tls(of route: Proxies.Route) -> Proxies.Route.TLS? {
    if let tls = route.tls { return tls }
    guard route.proxy == .traefik, route.transport == .http else { return nil }
    guard let traefik = facts.routes.traefik else {
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

  private func steps(of route: Proxies.Route) -> [RouteStep] {
    let points = route.entryPoints.compactMap { facts.routes.traefik?.entryPoint($0) }
    return (points.flatMap(\.middlewares) + route.middlewares).flatMap { name -> [RouteStep] in
      guard let found = facts.routes.resolve(name, stack: place.stack) else {
        return [.unknown(name)]
      }
      return found.map { $0.kind.isEmpty ? .unknown($0.name) : .known($0) }
    }
  }

  /// Settles the label of the rule, or what stands for it.
  private func settle(
    _ route: Proxies.Route, _ disposition: Disposition, _ message: Finding.Message,
    _ ledger: inout Ledger
  ) {
    ledger.settleRoute(route, disposition, message)
  }
}

extension Ledger {
  /// A finding about a route as a whole, or about some of its labels. Variables of the environment belong to another feature,
  /// which settles them.
  package mutating func settleRoute(
    _ route: Proxies.Route, _ disposition: Disposition, _ message: Finding.Message,
    as field: String = ""
  ) {
    settleRoute(route, [route.key], disposition, message, as: field)
  }

  /// As above, about some of the route's labels.
  package mutating func settleRoute(
    _ route: Proxies.Route, _ keys: [KeyID], _ disposition: Disposition,
    _ message: Finding.Message, as field: String = ""
  ) {
    let own = keys.filter { route.ownKeys.contains($0) }
    if own.isEmpty {
      remark(disposition, message, at: route.key, as: field)
    } else {
      settle(own, disposition, message, as: field)
    }
  }
}

extension Workload {
  package static var routedEnding: String { "-routed" }

  /// The Service of a backend.
  package mutating func service(
    of backend: RouteBackend, _ transport: TransportProtocol, _ scheme: String?,
    _ facts: borrowing Facts
  ) -> ObjectName {
    switch backend {
    case .own(let port): routedService(RoutedTarget(port, transport), scheme, facts)
    case .other(let name, _): name
    case .ofProxy: name
    }
  }

  /// The Service through which a routed port is reached: the service's own where that has the port, else one more.
  package mutating func routedService(
    _ target: RoutedTarget, _ scheme: String?, _ facts: borrowing Facts
  ) -> ObjectName {
    let isPlain = scheme == nil || scheme == "http"
    for case let service as Kubernetes.Service in extras
    where isPlain && service.metadata.name == name && service.clusterIP != .headless
      && service.type != .externalName
    {
      if service.ports.contains(where: { target.isIn($0) }) {
        return name
      }
    }
    return addRoutedService(target, scheme, facts)
  }

  /// A port of the service's Service for routes alone, which is made where it is not there.
  @discardableResult
  package mutating func addRoutedService(
    _ target: RoutedTarget, _ scheme: String?, _ facts: borrowing Facts
  ) -> ObjectName {
    let routed = facts.stackNames.free(name, Self.routedEnding)
    let entry = ServicePort(
      name: PortName(target.transport, target.port),
      protocol: target.transport == .tcp ? nil : target.transport,
      appProtocol: Self.appProtocol(scheme), port: target.port)
    let place = extras.firstIndex { $0 is Kubernetes.Service && $0.metadata.name == routed }
    if let place, var service = extras[place] as? Kubernetes.Service {
      if !service.ports.contains(where: target.isIn) { service.ports.append(entry) }
      extras[place] = service
    } else {
      extras.append(
        Kubernetes.Service(
          metadata: metadata(routed), type: .clusterIP, ports: [entry], selector: selector))
    }
    return routed
  }

  private static func appProtocol(_ scheme: String?) -> String? {
    switch scheme {
    case "https": "https"
    case "h2c": "kubernetes.io/h2c"
    default: nil
    }
  }

  /// Lets the proxy, which Swarm joined to the service by an overlay, come in from its own namespace.
  package mutating func admitRoutes(to targets: [RoutedTarget], _ facts: borrowing Facts) {
    guard !targets.isEmpty, pod.hostNetwork != true else { return }
    let key: LabelKey = "kubernetes.io/metadata.name"
    let namespaces =
      facts.options.ingressNamespace.map { name in
        LabelSelector(matchLabels: [key: LabelValue.folding(name)])
      }
      ?? LabelSelector(matchExpressions: [
        .init(key, .isNotIn, Set(facts.names.map(\.namespace)).sorted().map { LabelValue($0) })
      ])
    extras.append(
      NetworkPolicy(
        metadata: metadata(facts.stackNames.free(name, "-routes")),
        podSelector: LabelSelector(matchLabels: selector), policyTypes: [.ingress],
        ingress: [
          .init(
            peers: [.pods(nil, namespaces: namespaces)],
            ports: targets.map { .init(.number($0.port), $0.transport) })
        ]))
  }
}
