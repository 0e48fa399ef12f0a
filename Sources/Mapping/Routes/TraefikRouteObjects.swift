package import Kubernetes
package import Ledger
package import Proxies
import Swarm
import YAML

/// Routes as objects of Traefik 3, one for each router.
package struct TraefikRouteObjects {
  package private(set) var objects: [any Object] = []
  /// Ports of the service that the objects lead to.
  package private(set) var targets: [RoutedTarget] = []

  package mutating func add(
    _ resolved: ResolvedRoute, _ plan: RouteFacts.Plan, _ workload: inout Workload,
    _ facts: borrowing Facts, _ ledger: inout Ledger
  ) {
    let route = resolved.route
    let target: TraefikIngressRoute.Target
    if let port = resolved.backend.port {
      target = Self.target(
        workload.service(
          of: resolved.backend, RoutedTarget(port, route.transport).transport, route.scheme, facts),
        port, route, plan, &ledger)
      if case .own = resolved.backend {
        targets.append(RoutedTarget(port, route.transport))
      }
    } else if resolved.backend.name.hasSuffix("@internal") {
      target = .init(name: resolved.backend.name, port: nil)
    } else {
      ledger.settleRoute(route, .manual, .ofProxy(route, resolved.backend.name))
      return
    }
    var spec = TraefikIngressRoute(
      entryPoints: route.entryPoints,
      routes: [
        .init(
          match: route.transport == .udp ? nil : resolved.rule.traefik(route.transport),
          priority: route.priority, middlewares: middlewares(resolved, workload, facts, &ledger),
          service: target)
      ])
    if let tls = resolved.tls {
      spec.tls = self.tls(tls, resolved, workload, facts.options, &ledger)
    }
    let metadata = workload.metadata(
      facts.routes.routerObject(
        route, RouteFacts.Place(stack: facts.current, service: workload.index)))
    switch route.transport {
    case .http: objects.append(IngressRoute(metadata: metadata, spec: spec))
    case .tcp: objects.append(IngressRouteTCP(metadata: metadata, spec: spec))
    case .udp: objects.append(IngressRouteUDP(metadata: metadata, spec: spec))
    }
    if let field = route["entrypoints"] ?? route["frontend.entrypoints"] {
      ledger.settle([field.key], .adapted, .entryPoints(route), as: "spec.entryPoints")
    }
    for field in route.fields {
      switch field.name {
      case "priority", "frontend.priority": ledger.keep(field.key, as: "spec.routes[].priority")
      case "middlewares" where ledger.isOpen(field.key):
        ledger.keep(field.key, as: "spec.routes[].middlewares")
      default:
        if field.name.hasPrefix("tls.domains") || field.name == "tls" && ledger.isOpen(field.key) {
          ledger.keep(field.key, as: "spec.tls")
        }
      }
    }
  }

  private func middlewares(
    _ resolved: ResolvedRoute, _ workload: Workload, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) -> [TraefikIngressRoute.Reference] {
    for case .unknown(let name) in resolved.steps {
      ledger.settleRoute(
        resolved.route, [resolved.route["middlewares"]?.key ?? resolved.route.key], .manual,
        .middlewareToMake(name, TraefikMiddlewares.reference(name, facts).name, workload))
    }
    var references: [TraefikIngressRoute.Reference] = []
    for name in resolved.route.middlewares {
      let reference = TraefikMiddlewares.reference(name, facts)
      if let namespace = reference.namespace {
        ledger.settleRoute(
          resolved.route, [resolved.route["middlewares"]?.key ?? resolved.route.key], .manual,
          .otherNamespace(name, namespace))
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
    _ tls: Proxies.Route.TLS, _ resolved: ResolvedRoute, _ workload: Workload, _ options: Options,
    _ ledger: inout Ledger
  ) -> TraefikIngressRoute.TLS {
    let route = resolved.route
    var result = TraefikIngressRoute.TLS(
      certResolver: tls.resolver, passthrough: tls.isPassedThrough ? true : nil,
      domains: tls.certificates)
    let field = route["tls.certresolver"] ?? route["tls"]
    let key = field?.key ?? route.key
    if tls.isPassedThrough {
      ledger.keep(route["tls.passthrough"]?.key ?? .none, as: "spec.tls.passthrough")
    } else if let resolver = tls.resolver {
      ledger.settleRoute(route, [key], .manual, .resolver(resolver), as: "spec.tls.certResolver")
    } else {
      ledger.settleRoute(
        route, [key], .manual, .defaultCertificate(workload.namespace), as: "spec.tls")
    }
    if let options = route["tls.options"] {
      ledger.settle([options.key], .manual, .tlsOptionsToMake(options.text))
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

extension Finding.Message {
  fileprivate static func entryPoints(_ route: Proxies.Route) -> Self {
    let list = route.entryPoints.map { "`\($0)`" }.joined(separator: ", ")
    return Self(
      "routes/entry-points",
      "The route holds at the entry point\(route.entryPoints.count == 1 ? "" : "s") \(list) of Traefik; the new Traefik has to have "
        + "them. Its Helm chart makes `web` (80) and `websecure` (443), and others under `ports`.")
  }

  fileprivate static func middlewareToMake(
    _ name: String, _ object: ObjectName, _ workload: Workload
  ) -> Self {
    Self(
      "routes/middleware-to-make",
      "The middleware `\(name)` is defined outside these stacks. The route names the Middleware `\(object)` in the namespace "
        + "`\(workload.namespace)` and is not served before that is there.",
      remedy: "kubectl -n \(workload.namespace) get middlewares.traefik.io \(object)")
  }

  fileprivate static func otherNamespace(_ name: String, _ namespace: ObjectName) -> Self {
    Self(
      "routes/middleware-of-other-namespace",
      "The middleware `\(name)` belongs to the namespace `\(namespace)`; Traefik refuses such references unless it is told "
        + "otherwise.",
      remedy:
        "helm upgrade traefik traefik/traefik --reuse-values --set providers.kubernetesCRD.allowCrossNamespace=true"
    )
  }

  fileprivate static func resolver(_ name: String) -> Self {
    Self(
      "routes/resolver",
      "Certificates come from the resolver `\(name)`, which the new Traefik has to define too (`certificatesResolvers` in the "
        + "Helm values, with a volume for `acme.json`; one replica only).")
  }

  fileprivate static func defaultCertificate(_ namespace: ObjectName) -> Self {
    Self(
      "routes/default-certificate",
      "The proxy took its certificate from its own files. The new Traefik takes it from a TLSStore named `default`, or from "
        + "`tls.secretName` in the route; until then browsers get a certificate that nobody trusts.",
      remedy: """
        kubectl -n \(namespace) create secret tls default-certificate --cert=tls.crt --key=tls.key
        kubectl apply -f - <<'EOF'
        apiVersion: traefik.io/v1alpha1
        kind: TLSStore
        metadata:
          name: default
          namespace: \(namespace)
        spec:
          defaultCertificate:
            secretName: default-certificate
        EOF
        """)
  }

  fileprivate static func tlsOptionsToMake(_ name: String) -> Self {
    Self(
      "routes/tls-options",
      "The TLS options `\(name)` (versions, ciphers, client certificates) are set in the proxy's own configuration; make a "
        + "TLSOption object and name it in the route under `tls.options`.")
  }
}
