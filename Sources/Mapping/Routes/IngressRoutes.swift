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
  package private(set) var targets: [RoutedTarget] = []

  /// Prefixes of the route at hand about which enough is said.
  private var prefixes: Set<String> = []

  /// Puts a route into the Ingress, and settles what it cannot say.
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
        route, [route.key] + first.keys(in: route), .manual, .guarded(route, first))
      return
    }
    if resolved.isRedirectOnly {
      for step in resolved.steps where step.effect == .secures {
        ledger.settleRoute(
          route, [route.key] + step.keys(in: route), .manual, .redirectsToHTTPS(route))
      }
      return
    }
    settleSteps(resolved, &ledger)

    prefixes = []
    let places = resolved.addresses.compactMap { place(of: $0, route, &ledger) }
    guard !places.isEmpty else { return }
    let backend = Ingress.Backend(
      service: workload.service(
        of: resolved.backend, RoutedTarget(port, route.transport).transport, route.scheme, facts),
      port: .number(port))
    var hosts: [String] = []
    for (host, path, type) in places {
      if let host, !hosts.contains(host) { hosts.append(host) }
      if insert(host, Ingress.Path(path, type, backend)) {
        ledger.settleRoute(route, .manual, .taken(route, host ?? "*", path))
      }
    }
    if case .own = resolved.backend {
      targets.append(RoutedTarget(port, route.transport))
    }
    if let secured = resolved.tls {
      addTLS(secured, hosts, route, workload, facts.options, &ledger)
    }
    settleOptions(resolved, &ledger)
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
        route, .manual, .beyondIngress(route, (address.others + address.unwanted).map(\.name)))
      return nil
    }
    let host: String?
    switch address.host {
    case .any: host = nil
    case .exact(let name):
      guard Ingress.isHost(name) else {
        ledger.settleRoute(route, .manual, .noHost(route, name))
        return nil
      }
      host = name
    case .wildcard(let name, _):
      guard Ingress.isHost(name) else { fallthrough }
      ledger.settleRoute(route, .adapted, .wildcard(name, route), as: "spec.rules[].host")
      host = name
    case .pattern:
      ledger.settleRoute(route, .manual, .beyondIngress(route, ["HostRegexp"]))
      return nil
    }
    switch address.path {
    case .exact(let path):
      guard Ingress.isPath(path) else { break }
      return (host, path, .exact)
    case .prefix(let path):
      guard Ingress.isPath(path) else { break }
      if path != "/", prefixes.insert(path).inserted {
        ledger.settleRoute(route, .adapted, .prefixByParts(path), as: "spec.rules[].http.paths[]")
      }
      return (host, path, .prefix)
    case .pattern:
      ledger.settleRoute(route, .manual, .beyondIngress(route, ["PathRegexp"]))
      return nil
    }
    ledger.settleRoute(route, .manual, .noPath(route))
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
    _ secured: Proxies.Route.TLS, _ hosts: [String], _ route: Proxies.Route, _ workload: Workload,
    _ options: Options, _ ledger: inout Ledger
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
      ledger.keep(field.key, as: "spec.tls[].hosts")
    }
    let isIssued = secured.resolver != nil || route.proxy != .traefik
    if isIssued, options.clusterIssuer != nil { needsIssuer = true }
    let names = (wanted + rest.map { [$0] }).compactMap(\.first)
    guard !names.isEmpty else {
      ledger.settleRoute(route, .manual, .certificateOfController(route))
      return
    }
    let field = route["tls.certresolver"] ?? route["tls"]
    let message: Finding.Message =
      isIssued && options.clusterIssuer != nil
      ? .issued(options.clusterIssuer ?? "")
      : .certificate(names.map(Self.secretName), isIssued, workload)
    let disposition: Disposition = isIssued && options.clusterIssuer != nil ? .adapted : .manual
    if let field {
      ledger.settle(field.key, disposition, message, as: "spec.tls")
    } else {
      ledger.remark(disposition, message, at: route.key, as: "spec.tls")
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
      case .secures: ledger.settleRoute(route, keys, .manual, .redirectsToHTTPS(route))
      case .rewrites: ledger.settleRoute(route, keys, .manual, .rewrites(route, step))
      case .redirects, .headers, .other:
        ledger.settleRoute(route, keys, .manual, .dropsStep(route, step))
      }
    }
  }

  private func settleOptions(_ resolved: ResolvedRoute, _ ledger: inout Ledger) {
    let route = resolved.route
    if let field = route["priority"] ?? route["frontend.priority"] {
      ledger.settle(field.key, .adapted, .priority(field.text), as: "spec.rules[].http.paths")
    }
    if let scheme = route.scheme, scheme != "http" {
      ledger.settleRoute(route, .manual, .scheme(scheme, resolved.backend))
    }
    if let field = route["tls.options"] {
      ledger.settle(field.key, .manual, .tlsOptions(field.text))
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
