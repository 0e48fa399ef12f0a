package import Kubernetes
package import Ledger
package import Proxies
import Stack
import Swarm
package import YAML

/// Routes as one Ingress for each service.
package struct IngressRoutes {
  private var rules: [Ingress.Rule] = []
  private var tls: [Ingress.TLS] = []
  /// Who asks cert-manager for a certificate.
  private var needsIssuer = false
  /// Ports of the service that the Ingress leads to.
  package private(set) var targets: [Listener] = []

  /// Prefixes of the route at hand about which enough is said.
  private var prefixes: Set<String> = []

  /// Puts a route into the Ingress, and settles what it cannot say.
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
        route, [route.key] + first.keys(in: route), .guarded(route, first))
      return
    }
    if resolved.isRedirectOnly {
      for step in resolved.steps where step.effect == .secures {
        context.ledger.settleRoute(
          route, [route.key] + step.keys(in: route), .redirectsToHTTPS(route))
      }
      return
    }
    settleSteps(resolved, &context.ledger)

    prefixes = []
    let places = resolved.addresses.compactMap { place(of: $0, route, &context.ledger) }
    guard !places.isEmpty else { return }
    let service = context.workload.service(of: resolved.backend, for: route, context.names)
    let backend = Ingress.Backend(service: service, port: .number(port))
    var hosts: [String] = []
    for (host, path, type) in places {
      if let host, !hosts.contains(host) { hosts.append(host) }
      if insert(host, Ingress.Path(path, type, backend)) {
        context.ledger.settleRoute(route, .taken(route, host ?? "*", path))
      }
    }
    if case .own = resolved.backend { targets.append(Listener(port, of: route.transport)) }
    if let secured = resolved.tls { addTLS(secured, hosts, route, &context) }
    settleOptions(resolved, &context.ledger)
  }

  /// The Ingress with all that was added; nil where nothing was.
  package func ingress(_ workload: Workload, _ options: Options) -> Ingress? {
    if rules.isEmpty { return nil }
    var annotations = Annotations()
    if needsIssuer, let issuer = options.clusterIssuer {
      annotations["cert-manager.io/cluster-issuer"] = issuer
    }
    return Ingress(
      metadata: workload.metadata(annotations: annotations),
      ingressClassName: options.ingressClass, tls: tls, rules: rules)
  }

  // MARK: Hosts and paths

  private mutating func place(
    of address: RouteAddress, _ route: Proxies.Route, _ ledger: inout Ledger
  ) -> (host: String?, path: String, type: Ingress.PathType)? {
    guard address.isPlain else {
      ledger.settleRoute(
        route, .beyondIngress(route, (address.others + address.unwanted).map(\.name)))
      return nil
    }
    let host: String?
    switch address.host {
    case .any: host = nil
    case .exact(let name):
      guard Ingress.isHost(name) else {
        ledger.settleRoute(route, .noHost(route, name))
        return nil
      }
      host = name
    case .wildcard(let name, _):
      guard Ingress.isHost(name) else { fallthrough }
      ledger.settleRoute(route, .wildcard(name, route), as: "spec.rules[].host")
      host = name
    case .pattern:
      ledger.settleRoute(route, .beyondIngress(route, ["HostRegexp"]))
      return nil
    }
    switch address.path {
    case .exact(let path):
      guard Ingress.isPath(path) else { break }
      return (host, path, .exact)
    case .prefix(let path):
      guard Ingress.isPath(path) else { break }
      if path != "/", prefixes.insert(path).inserted {
        ledger.settleRoute(route, .prefixByParts(path), as: "spec.rules[].http.paths[]")
      }
      return (host, path, .prefix)
    case .pattern:
      ledger.settleRoute(route, .beyondIngress(route, ["PathRegexp"]))
      return nil
    }
    ledger.settleRoute(route, .noPath(route))
    return nil
  }

  /// Whether the place is taken by another backend already.
  private mutating func insert(_ host: String?, _ path: Ingress.Path) -> Bool {
    guard let index = rules.firstIndex(where: { $0.host == host }) else {
      rules.append(Ingress.Rule(host: host, paths: [path]))
      return false
    }
    let same = rules[index].paths.first { $0.path == path.path && $0.pathType == path.pathType }
    if let same { return same.backend != path.backend }
    rules[index].paths.append(path)
    return false
  }

  // MARK: Certificates

  /// One entry for each host, so that Ingresses that share a host share its certificate; one for each certificate that the
  /// router asks for by name.
  private mutating func addTLS(
    _ secured: Proxies.Route.TLS, _ hosts: [String], _ route: Proxies.Route,
    _ context: inout ServiceContext
  ) {
    let wanted = secured.certificates.map { $0.filter(Ingress.isHost) }.filter { !$0.isEmpty }
    let covered = Set(wanted.flatMap { $0 })
    let rest = hosts.filter { host in
      !covered.contains(host)
        && !covered.contains("*" + host.drop { $0 != "." })
    }
    for names in wanted + rest.map({ [$0] }) where !tls.contains(where: { $0.hosts == names }) {
      tls.append(Ingress.TLS(hosts: names, secretName: Self.secretName(names[0])))
    }
    for field in route.fields where field.name.hasPrefix("tls.domains") {
      context.ledger.keep(field.key, as: "spec.tls[].hosts")
    }
    let names = (wanted + rest.map { [$0] }).compactMap(\.first)
    let isIssued = secured.resolver != nil || route.proxy != .traefik
    let issuer = isIssued ? context.options.clusterIssuer : nil
    if issuer != nil { needsIssuer = true }
    guard !names.isEmpty else {
      context.ledger.settleRoute(route, .certificateOfController(route))
      return
    }
    let message: Finding.Message =
      issuer.map { .issued($0) }
      ?? .certificate(names.map(Self.secretName), isIssued, context.workload)
    if let field = route["tls.certresolver"] ?? route["tls"] {
      context.ledger.settle(field.key, message, as: "spec.tls")
    } else {
      context.remark(message, at: route.key, as: "spec.tls")
    }
  }

  private static func secretName(_ host: String) -> ObjectName {
    ObjectName.folding(
      host.hasPrefix("*.") ? "wildcard-\(host.dropFirst(2))-tls" : "\(host)-tls")
  }

  // MARK: What else a route says

  private func settleSteps(_ resolved: ResolvedRoute, _ ledger: inout Ledger) {
    let route = resolved.route
    for step in resolved.steps {
      let keys = step.keys(in: route)
      switch step.effect {
      case .guards: break
      case .secures: ledger.settleRoute(route, keys, .redirectsToHTTPS(route))
      case .rewrites: ledger.settleRoute(route, keys, .rewrites(route, step))
      case .redirects, .headers, .other:
        ledger.settleRoute(route, keys, .dropsStep(route, step))
      }
    }
  }

  private func settleOptions(_ resolved: ResolvedRoute, _ ledger: inout Ledger) {
    let route = resolved.route
    if let field = route["priority"] ?? route["frontend.priority"] {
      ledger.settle(field.key, .priority(field.text), as: "spec.rules[].http.paths")
    }
    if let scheme = route.scheme, scheme != "http" {
      ledger.settleRoute(route, .scheme(scheme))
    }
    if let field = route["tls.options"] {
      ledger.settle(field.key, .tlsOptions(field.text))
    }
  }
}

extension Ingress {
  /// Whether a text may be a host: a name, or one behind `*.`.
  package static func isHost(_ text: String) -> Bool {
    let name = text.hasPrefix("*.") ? String(text.dropFirst(2)) : text
    return ObjectName.isSubdomain(name) && !Kubernetes.IPAddress.isValid(text)
  }

  /// Whether the API server takes a text as a path of the types Exact and Prefix.
  package static func isPath(_ text: String) -> Bool {
    text.hasPrefix("/") && !["//", "/./", "/../", "%2f", "%2F"].contains { text.contains($0) }
      && !text.hasSuffix("/..") && !text.hasSuffix("/.")
  }
}

extension RouteMatcher {
  /// The name in Traefik 3's spelling.
  package var name: String {
    switch self {
    case .host: "Host"
    case .hostPattern: "HostRegexp"
    case .serverName: "HostSNI"
    case .path: "Path"
    case .pathPrefix: "PathPrefix"
    case .pathPattern: "PathRegexp"
    case .method: "Method"
    case .header: "Header"
    case .headerPattern: "HeaderRegexp"
    case .query: "Query"
    case .queryPattern: "QueryRegexp"
    case .client: "ClientIP"
    case .alpn: "ALPN"
    }
  }
}

extension RouteStep {
  /// The beginning of a sentence: by the middleware's name, or by the label that amounts to one.
  package func title(in route: Proxies.Route) -> String {
    switch self {
    case .unknown(let name):
      return "The middleware `\(name)`, which is defined outside these stacks,"
    case .known(let middleware):
      if route["middlewares"] == nil, let option = middleware.options.first {
        return "`\(option.label)` (`\(kind)`)"
      }
      return "The middleware `\(middleware.name)` (`\(kind)`)"
    }
  }

  /// The labels that a finding about the step is for: of the router that names it, and of the middleware where the same
  /// service defines it.
  package func keys(in route: Proxies.Route) -> [KeyID] {
    var keys: [KeyID] = []
    if case .known(let middleware) = self {
      // How the redirect is made is for the controller to choose.
      let options = middleware.options.filter { effect != .secures || $0.name == "scheme" }
      keys = options.map(\.key).filter { key in route.ownKeys.contains(key) }
    }
    if let field = route["middlewares"] { keys.insert(field.key, at: 0) }
    return keys.isEmpty ? [route.key] : keys
  }
}
