import Kubernetes
import Ledger
import Proxies
import Swarm
import YAML

/// HTTP routes that proxies read from labels and variables.
package enum Routes: Feature {
  package static let name = "routes"
  package static let title = "HTTP routes"
  package static let about = """
    On a Swarm the proxy reads its routes from the labels of services: Traefik from `traefik.*`, caddy-docker-proxy from
    `caddy*`, Docker Flow Proxy from `com.df.*`; nginx-proxy reads `VIRTUAL_HOST` and its like from the environment. On
    Kubernetes routes are objects of their own. `--routes` chooses the kind: `ingress` (the default), `gateway` (HTTPRoutes of
    the Gateway API), `traefik` (IngressRoutes and Middlewares of Traefik 3), or `none`.

    **What counts.** A Traefik that watches Swarm services reads `deploy.labels`; labels of containers (`labels`) mean nothing to
    it. Where Traefik is among the converted services, its flags decide this, its entry points, whether services are exposed
    by default, and the rule of services without one. Labels without effect are `inert`.

    **Rules.** Traefik's rules of all versions are parsed and brought into one form; each way to meet a rule becomes a host and
    a path. What an Ingress cannot say (headers, methods, addresses of clients, patterns, `!`) is a finding that quotes the rule,
    and no wider route is opened in its place. `PathPrefix` covers the beginning of a text, an Ingress whole parts of a path.

    **Guarded routes.** A router behind a password, a list of addresses or an authentication service does not become an Ingress,
    which would open it to everybody. `--routes traefik` keeps such middlewares.

    **Certificates.** A router with TLS gets an entry under `tls` for each host, with a Secret named after the host.
    `--cluster-issuer NAME` lets cert-manager make it, as Traefik's certificate resolver did. The redirect from HTTP to HTTPS is
    a setting of the ingress controller.

    **Ports.** The backend is the port in the labels, or else the lowest that the stack names. It is reached through the
    service's own Service where that has the port, else through `NAME-routed`. A NetworkPolicy admits the port from all
    namespaces but the stacks' own (`--ingress-namespace` narrows it to one): the proxy was a member of an overlay of the
    service and is not any more.
    """
  package static let owns: [KeyPattern] = []
  package static let examples: [Example] = [
    Example(
      "A router of Traefik 2 or 3",
      stack: """
        image: web:1
        deploy:
          labels:
            traefik.enable: "true"
            traefik.http.routers.web.rule: Host(`shop.example.com`) && PathPrefix(`/api`)
            traefik.http.services.web.loadbalancer.server.port: 8080
        """,
      kubernetes: """
        kind: Ingress
          rules:
            - host: shop.example.com
              http:
                paths:
                  - path: /api
                    pathType: Prefix
                    backend:
                      service:
                        port:
                          number: 8080
        """,
      findings: ["routes/prefix-by-parts", "routes/admitted"]),
    Example(
      "A frontend of Traefik 1",
      stack: """
        image: web:1
        deploy:
          labels:
            traefik.port: 80
            traefik.frontend.rule: Host:shop.example.com
        """,
      kubernetes: """
        kind: Ingress
          rules:
            - host: shop.example.com
        """,
      findings: ["routes/admitted"]),
  ]

  package static func map(_ context: inout ServiceContext) {
    let routes = context.facts.routes
    let place = RouteFacts.Place(stack: context.place.stack, service: context.place.service)
    if place == routes.traefikPlace, let traefik = routes.traefik, context.options.routes != .none {
      for point in traefik.entryPoints where point.redirect != nil {
        context.remark(.entryPointRedirects(point), at: traefik.key)
      }
      if traefik.exposedByDefault { context.remark(.exposesByDefault(traefik), at: traefik.key) }
    }
    var targets: [Listener] = []
    for port in (routes.foreignPorts[place] ?? []).sorted().compactMap({ PortNumber($0) }) {
      let target = Listener(port)
      context.workload.addRoutedService(target, nil, context.names)
      targets.append(target)
    }
    let plan = routes.plan(stack: place.stack, service: place.service)
    if let plan { targets += map(plan, &context) }
    let admitted = Set(targets).sorted()
    context.admitRoutes(to: admitted)
    if !admitted.isEmpty {
      context.remark(
        .admitted(admitted, context.options.ingressNamespace),
        at: plan?.routes.first?.key ?? context.service.key, as: "NetworkPolicy")
    }
  }

  /// What one service's labels and variables become; gives the ports of this service that routes lead to.
  private static func map(
    _ plan: RouteFacts.Plan, _ context: inout ServiceContext
  ) -> [Listener] {
    for (fields, why) in plan.silent {
      context.ledger.settle(fields.map(\.key), .silent(why, fields))
    }
    if context.options.routes == .none {
      for route in plan.routes { context.ledger.settleRoute(route, .leftOut(route)) }
      for field in plan.fields where context.ledger.isOpen(field.key) {
        context.ledger.settle(field.key, .labelLeftOut)
      }
      return []
    }
    let resolved = plan.routes.compactMap { RouteResolver.resolve($0, &context) }
    let count = context.workload.extras.count
    let targets = emit(resolved, plan, &context)
    RouteBackends(plan, targets)?.settle(&context)
    let madeNothing = context.workload.extras.count == count
    settleRest(plan, targets, madeNothing: madeNothing, &context.ledger)
    return targets
  }

  /// The objects of the chosen kind; gives the ports of this service that they lead to.
  private static func emit(
    _ routes: [ResolvedRoute], _ plan: RouteFacts.Plan, _ context: inout ServiceContext
  ) -> [Listener] {
    switch context.options.routes {
    case .none: return []
    case .gateway:
      var made = GatewayRoutes()
      for route in routes { made.add(route, &context) }
      context.workload.extras += made.objects
      return made.targets
    case .ingress:
      var made = IngressRoutes()
      for route in routes { made.add(route, &context) }
      if let ingress = made.ingress(context.workload, context.options) {
        context.workload.extras.append(ingress)
      }
      return made.targets
    case .traefik:
      var middlewares = TraefikMiddlewares()
      middlewares.add(plan, &context)
      var made = TraefikRouteObjects()
      for route in routes { made.add(route, plan, &context) }
      context.workload.extras += middlewares.objects + made.objects
      return made.targets
    }
  }

  /// Labels that have their place in the objects, and those that only steered the proxy.
  private static func settleRest(
    _ plan: RouteFacts.Plan, _ targets: [Listener], madeNothing: Bool, _ ledger: inout Ledger
  ) {
    for middleware in plan.middlewares {
      let own = Set(plan.fields.map(\.key))
      let open = middleware.options.map(\.key).filter { own.contains($0) && ledger.isOpen($0) }
      ledger.settle(open, .middlewareDefined(middleware))
    }
    var rest: [RouteField] = []
    for field in plan.fields where ledger.isOpen(field.key) {
      let isSaid: Bool
      switch field.name {
      case "rule", "frontend.rule": isSaid = true
      case "loadbalancer.server.port":
        isSaid = targets.contains { $0.number.description == field.text }
      default:
        switch field.path.first?.lowercased() {
        case "port": isSaid = targets.contains { $0.number.description == field.text }
        case "servicepath", "servicedomain", "reqpathreplace": isSaid = true
        default: isSaid = field.path.last == "reverse_proxy"
        }
      }
      if isSaid && !madeNothing {
        ledger.keep(field.key, as: "HTTP route")
      } else {
        rest.append(field)
      }
    }
    ledger.settle(rest.map(\.key), madeNothing ? .withoutRoute(rest) : .proxySettings(rest))
  }
}
