import Kubernetes
import Ledger
import Proxies
import Swarm

private typealias Kind = Routes.Kind

// What is said of routes that become an Ingress.

extension Finding.Message {
  static func stream(
    _ route: Proxies.Route, _ port: PortNumber, _ workload: Workload
  ) -> Self {
    let transport = route.transport.rawValue.uppercased()
    let points = route.entryPoints.map { "`\($0)`" }.joined(separator: ", ")
    let object = workload.reference.lowercased()
    let name = "\(workload.name)-\(route.transport.rawValue)"
    return Self(
      Kind.stream,
      "An Ingress or HTTPRoute is for HTTP; this \(transport) route \(route.title)\(points.isEmpty ? "" : " at \(points)") leads to port "
        + "\(port). A Service of type LoadBalancer opens it, to everybody; `--routes traefik` makes an "
        + "IngressRoute\(transport).",
      remedy: .command(
        """
        kubectl -n \(workload.namespace) expose \(object) --name \(name) --type LoadBalancer \
        --protocol \(transport) --port \(port)
        """))
  }

  static func redirectsToHTTPS(_ route: Proxies.Route) -> Self {
    Self(
      Kind.redirectsToHTTPS,
      "The route \(route.title) sends plain HTTP on to HTTPS, which an Ingress cannot say: it is a setting of the ingress "
        + "controller. Until it is made, the hosts answer over plain HTTP too.",
      remedy: .command(.redirectToHTTPS))
  }

  static func guarded(_ route: Proxies.Route, _ step: RouteStep) -> Self {
    Self(
      Kind.guarded,
      "\(step.title(in: route)) decides who may use the route \(route.title), and an Ingress cannot say that. It "
        + "would open the service to everybody, so none is made.",
      remedy: .option(.routes, value: "traefik", effect: "keeps the middleware"))
  }

  static func beyondIngress(_ route: Proxies.Route, _ names: [String]) -> Self {
    var seen: [String] = []
    for name in names where !seen.contains(name) { seen.append(name) }
    let list = seen.map { "`\($0)`" }.joined(separator: ", ")
    return Self(
      Kind.beyondIngress,
      "An Ingress knows hosts and paths; \(list.isEmpty ? "" : "\(list) of ")this rule \(seen.count == 1 ? "goes" : "go") beyond that, and a wider route "
        + "is not opened in its place: \(route.quoted).",
      remedies: [
        .option(.routes, value: "traefik", effect: "keeps the rule as it is"),
        .option(.routes, value: "gateway", effect: "knows headers, methods and queries"),
      ])
  }

  static func noHost(_ route: Proxies.Route, _ host: String) -> Self {
    Self(
      Kind.noHost,
      "`\(host)` in \(route.quoted) is no DNS name that Kubernetes takes as a host (an address, a port or a sign such as `_` is in it); "
        + "this host is left out.",
      remedy: .option(.routes, value: "traefik", effect: "keeps the rule as it is"))
  }

  static func noPath(_ route: Proxies.Route) -> Self {
    Self(
      Kind.noPath,
      "Kubernetes takes no path with `//`, `/./`, `/../` or an escaped slash; this one is left out: \(route.quoted).",
      remedy: .option(.routes, value: "traefik", effect: "keeps the rule as it is"))
  }

  static func wildcard(_ host: String, _ route: Proxies.Route) -> Self {
    Self(
      Kind.wildcard,
      "The pattern of hosts in \(route.quoted) becomes `\(host)`, which covers every name of one part before the rest, and "
        + "nothing deeper.")
  }

  static func prefixByParts(_ path: String) -> Self {
    let bare = path.hasSuffix("/") ? String(path.dropLast()) : path
    return Self(
      Kind.prefixByParts,
      path.hasSuffix("/")
        ? "`\(path)` as the beginning of a path did not cover `\(bare)` itself; now that is covered too."
        : "`\(path)` as the beginning of a path covered `\(path)-more` too; now it is `\(path)` and what is below "
          + "`\(path)/` only.")
  }

  static func taken(_ route: Proxies.Route, _ host: String, _ path: String) -> Self {
    Self(
      Kind.taken,
      "Another router of this service leads `\(host)\(path)` to another port, told apart by entry point or priority; an Ingress "
        + "has one backend for it, the first. Left out: \(route.quoted).")
  }

  static func certificateOfController(_ route: Proxies.Route) -> Self {
    Self(
      Kind.certificateOfController,
      "The route \(route.title) is served over TLS for any host, so no certificate can be named: the ingress controller's own "
        + "default certificate is used.",
      remedy: .sentence(
        "Name the host in the rule, as in Host(`www.example.com`), to have a certificate for it."))
  }

  static func issued(_ issuer: String) -> Self {
    Self(
      Kind.certificateIssued,
      "The proxy got certificates by itself; cert-manager's ClusterIssuer `\(issuer)` does it now and writes them into the "
        + "Secrets that `tls` names.")
  }

  static func certificate(
    _ secrets: [ObjectName], _ isIssued: Bool, _ workload: Workload
  ) -> Self {
    let names = secrets.map { "`\($0)`" }.joined(separator: ", ")
    let noun = secrets.count == 1 ? "the Secret \(names)" : "the Secrets \(names)"
    return Self(
      Kind.certificate,
      isIssued
        ? "The proxy got certificates by itself; an ingress controller takes them from \(noun), which nobody fills yet. "
          + "`--cluster-issuer NAME` lets cert-manager do it; or put the certificate there by hand."
        : "The proxy took its certificates from its own files; an ingress controller takes them from \(noun), which you have to "
          + "make.",
      remedy: .commands(
        secrets.map { secret in
          let command: Command =
            "kubectl -n \(workload.namespace) create secret tls \(secret) --cert=tls.crt --key=tls.key"
          return command.meaning(
            .create(
              kind: "Secret", name: secret.rawValue, namespace: workload.namespace.rawValue))
        }))
  }

  static func rewrites(_ route: Proxies.Route, _ step: RouteStep) -> Self {
    Self(
      Kind.rewrites,
      "\(step.title(in: route)) changes the path before the service sees it; an Ingress passes it on as it "
        + "comes, so the service gets paths that it did not get before: \(route.quoted).",
      remedies: ["traefik", "gateway"].map {
        .option(.routes, value: $0, effect: "keeps the change of the path")
      })
  }

  static func dropsStep(_ route: Proxies.Route, _ step: RouteStep) -> Self {
    Self(
      Kind.dropsMiddleware,
      "\(step.title(in: route)) has no place in an Ingress: requests to \(route.title) go without it.",
      remedy: .option(.routes, value: "traefik", effect: "keeps the middleware"))
  }

  static func priority(_ value: String) -> Self {
    Self(
      Kind.priority,
      "An Ingress has no priorities (this router has \(value)): of two paths of a host the longer one wins, and a named host wins "
        + "over none.")
  }

  static func scheme(_ scheme: String) -> Self {
    Self(
      Kind.scheme,
      "The service speaks `\(scheme)` to the proxy. The Service says so in `appProtocol`, which not every ingress controller "
        + "reads; others want an annotation of their own.",
      remedy: .option(.routes, value: "traefik", effect: "keeps the protocol"))
  }

  static func tlsOptions(_ name: String) -> Self {
    Self(
      Kind.tlsOptions,
      "The TLS options `\(name)` (versions, ciphers, client certificates) are set in the proxy's own configuration; the ingress "
        + "controller has its own settings for them.")
  }
}
