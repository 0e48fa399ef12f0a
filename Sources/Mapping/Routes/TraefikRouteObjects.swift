package import Kubernetes
import Ledger
package import Proxies
import Swarm
import YAML

/// Routes as objects of Traefik 3, one for each router.
package struct TraefikRouteObjects {
  package private(set) var objects: [any Object] = []
  /// Ports of the service that the objects lead to.
  package private(set) var targets: [Listener] = []

  package mutating func add(
    _ resolved: ResolvedRoute, _ plan: RouteFacts.Plan, _ context: inout ServiceContext
  ) {
    let route = resolved.route
    let target: TraefikIngressRoute.Target
    if let port = resolved.backend.port {
      let service = context.workload.service(of: resolved.backend, for: route, context.names)
      target = Self.target(service, port, route, plan, &context.ledger)
      if case .own = resolved.backend { targets.append(Listener(port, of: route.transport)) }
    } else if resolved.backend.name.hasSuffix("@internal") {
      target = .init(name: resolved.backend.name, port: nil)
    } else {
      context.ledger.settleRoute(route, .ofProxy(route, resolved.backend.name))
      return
    }
    let middlewares = middlewares(resolved, &context)
    var spec = TraefikIngressRoute(
      entryPoints: route.entryPoints,
      routes: [
        .init(
          match: route.transport == .udp ? nil : resolved.rule.traefik(route.transport),
          priority: route.priority, middlewares: middlewares, service: target)
      ])
    if let tls = resolved.tls { spec.tls = self.tls(tls, route, &context) }
    let place = RouteFacts.Place(stack: context.place.stack, service: context.place.service)
    let metadata = context.workload.metadata(context.facts.routes.routerObject(route, place))
    switch route.transport {
    case .http: objects.append(IngressRoute(metadata: metadata, spec: spec))
    case .tcp: objects.append(IngressRouteTCP(metadata: metadata, spec: spec))
    case .udp: objects.append(IngressRouteUDP(metadata: metadata, spec: spec))
    }
    if let field = route["entrypoints"] ?? route["frontend.entrypoints"] {
      context.ledger.settle(field.key, .entryPoints(route), as: "spec.entryPoints")
    }
    for field in route.fields {
      switch field.name {
      case "priority", "frontend.priority":
        context.ledger.keep(field.key, as: "spec.routes[].priority")
      case "middlewares" where context.ledger.isOpen(field.key):
        context.ledger.keep(field.key, as: "spec.routes[].middlewares")
      default:
        if field.name.hasPrefix("tls.domains")
          || field.name == "tls" && context.ledger.isOpen(field.key)
        {
          context.ledger.keep(field.key, as: "spec.tls")
        }
      }
    }
  }

  private func middlewares(
    _ resolved: ResolvedRoute, _ context: inout ServiceContext
  ) -> [TraefikIngressRoute.Reference] {
    let route = resolved.route
    let keys = [route["middlewares"]?.key ?? route.key]
    for case .unknown(let name) in resolved.steps {
      let object = TraefikMiddlewares.reference(name, context).name
      context.ledger.settleRoute(
        route, keys, .middlewareToMake(name, object, context.workload.namespace))
    }
    var references: [TraefikIngressRoute.Reference] = []
    for name in route.middlewares {
      let reference = TraefikMiddlewares.reference(name, context)
      if let namespace = reference.namespace {
        context.ledger.settleRoute(route, keys, .otherNamespace(name, namespace))
      }
      references.append(reference)
    }
    return references
  }

  private static func target(
    _ name: ObjectName, _ port: PortNumber, _ route: Proxies.Route, _ plan: RouteFacts.Plan,
    _ ledger: inout Ledger
  ) -> TraefikIngressRoute.Target {
    var target = TraefikIngressRoute.Target(name: name.rawValue, port: port)
    if route.transport != .http { return target }
    if let scheme = route.scheme, scheme != "http" { target.scheme = scheme }
    for field in plan.fields where field.name == "loadbalancer.server.scheme" {
      ledger.keep(field.key, as: "spec.routes[].services[].scheme")
    }
    let wanted = route["service"]?.text.lowercased()
    let backend =
      plan.backends.filter { $0.transport == .http }
      .first { wanted == nil || wanted?.hasPrefix($0.name.lowercased()) == true }
    let host = backend?["loadbalancer.passhostheader"] ?? route["frontend.passhostheader"]
    if let host {
      target.passHostHeader = host.bool
      ledger.keep(host.key, as: "spec.routes[].services[].passHostHeader")
    }
    let sticky = (backend?.fields ?? []).filter { $0.name.hasPrefix("loadbalancer.sticky") }
    if !sticky.isEmpty {
      func option(_ name: String) -> RouteField? { backend?["loadbalancer.sticky.cookie.\(name)"] }
      target.stickyCookie = .init(
        name: option("name")?.text, secure: option("secure")?.bool,
        httpOnly: option("httponly")?.bool, sameSite: option("samesite")?.text)
      for field in sticky { ledger.keep(field.key, as: "spec.routes[].services[].sticky") }
    }
    return target
  }

  private func tls(
    _ tls: Proxies.Route.TLS, _ route: Proxies.Route, _ context: inout ServiceContext
  ) -> TraefikIngressRoute.TLS {
    var result = TraefikIngressRoute.TLS(
      certResolver: tls.resolver, passthrough: tls.isPassedThrough ? true : nil,
      domains: tls.certificates)
    let field = route["tls.certresolver"] ?? route["tls"]
    let key = field?.key ?? route.key
    if tls.isPassedThrough {
      context.ledger.keep(route["tls.passthrough"]?.key ?? .none, as: "spec.tls.passthrough")
    } else if let resolver = tls.resolver {
      context.ledger.settleRoute(route, [key], .resolver(resolver), as: "spec.tls.certResolver")
    } else {
      let namespace = context.workload.namespace
      context.ledger.settleRoute(route, [key], .defaultCertificate(namespace), as: "spec.tls")
    }
    if let options = route["tls.options"] {
      context.ledger.settle(options.key, .tlsOptionsToMake(options.text))
    }
    if route.transport == .http { result.passthrough = nil }
    return result
  }
}

extension RouteRule {
  /// The rule in the syntax of Traefik 3.
  package func traefik(_ transport: RouteElement.Transport) -> String {
    switch self {
    case .matches(let matcher): return matcher.traefik(transport)
    case .all(let rules):
      if rules.isEmpty { return transport == .tcp ? "HostSNI(`*`)" : "PathPrefix(`/`)" }
      return rules.map { rule in
        if case .any(let rules) = rule, rules.count > 1 { return "(\(rule.traefik(transport)))" }
        return rule.traefik(transport)
      }.joined(separator: " && ")
    case .any(let rules): return rules.map { $0.traefik(transport) }.joined(separator: " || ")
    case .not(let rule):
      if case .matches = rule { return "!\(rule.traefik(transport))" }
      return "!(\(rule.traefik(transport)))"
    }
  }
}

extension RouteMatcher {
  fileprivate func traefik(_ transport: RouteElement.Transport) -> String {
    switch self {
    case .host(let value), .path(let value), .pathPrefix(let value), .pathPattern(let value),
      .method(let value), .client(let value), .alpn(let value), .serverName(let value):
      "\(name)(\(Self.quoted(value)))"
    case .hostPattern(let value):
      "\(transport == .tcp ? "HostSNIRegexp" : name)(\(Self.quoted(value)))"
    case .header(let key, let value), .headerPattern(let key, let value),
      .queryPattern(let key, let value):
      "\(name)(\(Self.quoted(key)), \(Self.quoted(value)))"
    case .query(let key, let value):
      value.map { "\(name)(\(Self.quoted(key)), \(Self.quoted($0)))" }
        ?? "\(name)(\(Self.quoted(key)))"
    }
  }

  private static func quoted(_ text: String) -> String {
    guard text.contains("`") else { return "`\(text)`" }
    return "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
  }
}

private typealias Kind = Routes.Kind

extension Finding.Message {
  fileprivate static func entryPoints(_ route: Proxies.Route) -> Self {
    let list = route.entryPoints.map { "`\($0)`" }.joined(separator: ", ")
    return Self(
      Kind.entryPoints,
      "The route holds at the entry point\(route.entryPoints.count == 1 ? "" : "s") \(list) of Traefik; the new Traefik has to have "
        + "them. Its Helm chart makes `web` (80) and `websecure` (443), and others under `ports`.")
  }

  fileprivate static func middlewareToMake(
    _ name: String, _ object: ObjectName, _ namespace: ObjectName
  ) -> Self {
    Self(
      Kind.middlewareToMake,
      "The middleware `\(name)` is defined outside these stacks. The route names the Middleware `\(object)` in the namespace "
        + "`\(namespace)` and is not served before that is there.",
      remedy: .look("kubectl -n \(namespace) get middlewares.traefik.io \(object)"))
  }

  fileprivate static func otherNamespace(_ name: String, _ namespace: ObjectName) -> Self {
    Self(
      Kind.middlewareOfOtherNamespace,
      "The middleware `\(name)` belongs to the namespace `\(namespace)`; Traefik refuses such references unless it is told "
        + "otherwise.",
      remedy: .command(
        """
        helm upgrade traefik traefik/traefik --reuse-values --set \
        providers.kubernetesCRD.allowCrossNamespace=true
        """))
  }

  fileprivate static func resolver(_ name: String) -> Self {
    Self(
      Kind.resolver,
      "Certificates come from the resolver `\(name)`, which the new Traefik has to define too (`certificatesResolvers` in the "
        + "Helm values, with a volume for `acme.json`; one replica only).")
  }

  fileprivate static func defaultCertificate(_ namespace: ObjectName) -> Self {
    let store = """
      apiVersion: traefik.io/v1alpha1
      kind: TLSStore
      metadata:
        name: default
        namespace: \(namespace)
      spec:
        defaultCertificate:
          secretName: default-certificate
      """
    let secret: Command =
      "kubectl -n \(namespace) create secret tls default-certificate --cert=tls.crt --key=tls.key"
    return Self(
      Kind.defaultCertificate,
      "The proxy took its certificate from its own files. The new Traefik takes it from a TLSStore named `default`, or from "
        + "`tls.secretName` in the route; until then browsers get a certificate that nobody trusts.",
      remedy: .commands([secret, "kubectl apply -f - \(document: store)"]))
  }

  fileprivate static func tlsOptionsToMake(_ name: String) -> Self {
    Self(
      Kind.tlsOptions,
      "The TLS options `\(name)` (versions, ciphers, client certificates) are set in the proxy's own configuration; make a "
        + "TLSOption object and name it in the route under `tls.options`.")
  }
}
