package import Kubernetes
import Ledger
import Proxies
import Stack
import Swarm
import YAML

/// What a proxy's labels say about the way to the tasks: sticky sessions, health checks, the Host header, limits.
///
/// Neither an Ingress nor an HTTPRoute has a place for these; the pod has one for the health check.
package struct RouteBackends {
  private let plan: RouteFacts.Plan
  private let target: Listener

  /// nil where the labels lead nowhere.
  package init?(_ plan: RouteFacts.Plan, _ targets: [Listener]) {
    guard let target = targets.first else { return nil }
    self.plan = plan
    self.target = target
  }

  package func settle(_ context: inout ServiceContext) {
    settleSticky(&context)
    settleHostHeader(&context)
    settleCheck(&context)
    settleLimits(&context.ledger)
  }

  /// Fields that nothing else has taken, whose name begins so.
  private func open(_ prefixes: String..., in ledger: borrowing Ledger) -> [RouteField] {
    plan.fields.filter { field in
      ledger.isOpen(field.key)
        && prefixes.contains { field.name == $0 || field.name.hasPrefix("\($0).") }
    }
  }

  // MARK: Sticky sessions

  private func settleSticky(_ context: inout ServiceContext) {
    let fields = open(
      "loadbalancer.sticky", "backend.loadbalancer.sticky", "backend.loadbalancer.stickiness",
      "sessiontype", in: context.ledger)
    guard let first = fields.first else { return }
    let keys = fields.map(\.key)
    let workload = context.workload
    if fields.allSatisfy({ $0.bool == false }) {
      return context.ledger.settle(keys, .notSticky, as: "HTTP route")
    }
    if workload.kind == .deployment || workload.kind == .statefulSet, workload.replicas ?? 1 < 2 {
      return context.ledger.settle(keys, .stickyToOne(first.label))
    }
    context.ledger.settle(keys, .sticky(workload, context.options.routes))
  }

  // MARK: The Host header

  private func settleHostHeader(_ context: inout ServiceContext) {
    let fields = open(
      "loadbalancer.passhostheader", "frontend.passhostheader", in: context.ledger)
    for field in fields {
      if field.bool == false {
        context.ledger.settle(
          field.key, .hostHeader(context.workload, context.options.routes))
      } else {
        context.ledger.keep(field.key, as: "HTTP route")
      }
    }
  }

  // MARK: Health checks

  private func settleCheck(_ context: inout ServiceContext) {
    let fields = open("loadbalancer.healthcheck", "backend.healthcheck", in: context.ledger)
    guard !fields.isEmpty else { return }
    let keys = fields.map(\.key)
    func option(_ name: String) -> RouteField? {
      fields.first { $0.name.hasSuffix("healthcheck.\(name)") }
    }
    let written = option("path")?.text.trimmingBlanks ?? ""
    // Without a path version 3 asks for the root, and those before it ask nothing.
    guard !written.isEmpty || context.facts.routes.traefik?.version == 3 else {
      return context.ledger.settle(keys, .checkWithoutPath(fields[0]))
    }
    let path = written.hasPrefix("/") ? written : "/" + written
    let beyond = fields.first { field in
      let name = field.name.split(separator: ".").drop { $0 != "healthcheck" }.dropFirst().first
      switch name {
      case "method": return field.text.uppercased() != "GET"
      case "mode": return field.text.lowercased() != "http"
      case "hostname", "headers", "status": return true
      default: return false
      }
    }
    if context.workload.container.readinessProbe != nil {
      return context.ledger.settle(keys, .checkBesideProbe(path), as: "readinessProbe")
    }
    if let beyond { return context.ledger.settle(keys, .checkByHand(path, beyond.label)) }
    let scheme =
      option("scheme")?.text ?? plan.fields.first { $0.name.hasSuffix("server.scheme") }?.text
    let port = option("port").flatMap { Int($0.text) }.flatMap { PortNumber($0) } ?? target.number
    let interval = Self.seconds(option("interval")?.text) ?? 30
    // Traefik 1 has no limit but the interval; later ones wait five seconds. One failure takes a server out, one success
    // brings it back. Source: doc.traefik.io/traefik "Health Check".
    let timeout = Self.seconds(option("timeout")?.text) ?? 5
    context.workload.container.readinessProbe = Probe(
      .httpGet(
        path: path, port: .number(port), scheme: scheme?.lowercased() == "https" ? .https : nil),
      timeoutSeconds: min(timeout, interval), periodSeconds: interval, failureThreshold: 1)
    context.ledger.settle(keys, .check(path, port, interval), as: "readinessProbe")
  }

  /// Whole seconds, at least one, of `10s` or `10`.
  private static func seconds(_ text: String?) -> Int? {
    guard let text else { return nil }
    if let number = Int(text) { return number > 0 ? min(number, 86_400) : nil }
    guard let duration = goDuration(text), duration > .zero else { return nil }
    let (seconds, rest) = duration.components
    return min(Int(seconds) + (rest > 0 ? 1 : 0), 86_400)
  }

  // MARK: Limits

  private func settleLimits(_ ledger: inout Ledger) {
    let fields = open(
      "backend.circuitbreaker", "backend.maxconn", "backend.buffering", "frontend.ratelimit",
      "backend.responseforwarding", "loadbalancer.responseforwarding",
      "loadbalancer.serverstransport",
      in: ledger)
    for field in fields { ledger.settle(field.key, .proxyLimit(field)) }
  }
}

private typealias Kind = Routes.Kind

extension Finding.Message {
  fileprivate static var notSticky: Self {
    Self(Kind.notSticky, "Requests are spread over all tasks, and over all pods.")
  }

  fileprivate static func stickyToOne(_ label: String) -> Self {
    Self(
      Kind.stickyToOne,
      "There is one pod, so every session finds it and `\(label)` is not missed. With more of them sessions would change pods."
    )
  }

  fileprivate static func sticky(_ workload: Workload, _ routes: Options.Routes) -> Self {
    Self(
      Kind.sticky,
      "A cookie of the proxy's took each browser to the same task every time. The route's object has no place for it: requests "
        + "go to any pod, and a session that lives in one pod's memory is lost with the next click.",
      remedies: annotate(
        workload, routes, service: "sticky.cookie=true", ingress: "affinity=cookie",
        "keeps the cookie"))
  }

  fileprivate static func hostHeader(_ workload: Workload, _ routes: Options.Routes) -> Self {
    Self(
      Kind.hostHeader,
      "The proxy put the task's own address into the Host header (`passHostHeader` is false); the service sees the name that the "
        + "browser asked for now, and may answer to another site or refuse it.",
      remedies: annotate(
        workload, routes, service: "passhostheader=false",
        ingress: "upstream-vhost=\(workload.name)", "keeps the setting"))
  }

  private static func annotate(
    _ workload: Workload, _ routes: Options.Routes, service: String, ingress: String, _ gain: String
  ) -> [Remedy] {
    let option = Remedy.option(.routes, value: "traefik", effect: gain)
    guard routes == .ingress else { return [option] }
    let annotate: Command = "kubectl -n \(workload.namespace) annotate"
    let ofService: Command =
      "\(annotate) service \(workload.name) traefik.ingress.kubernetes.io/service.\(service)"
    let ofIngress: Command =
      "\(annotate) ingress \(workload.name) nginx.ingress.kubernetes.io/\(ingress)"
    return [
      .commands([
        ofService.noting("with Traefik as the controller"), ofIngress.noting("with ingress-nginx"),
      ]), option,
    ]
  }

  fileprivate static func check(_ path: String, _ port: PortNumber, _ interval: Int) -> Self {
    Self(
      Kind.checkIsProbe,
      "The proxy asked `\(path)` on port \(port) every \(interval) s and sent nothing to tasks that failed. The pods' readiness "
        + "probe asks the same, and pods that fail it get nothing from other services either.")
  }

  fileprivate static func checkBesideProbe(_ path: String) -> Self {
    Self(
      Kind.checkBesideProbe,
      "The proxy asked `\(path)` itself and sent nothing to tasks that failed. The readiness probe, which comes of the service's "
        + "own health check, decides that here.")
  }

  fileprivate static func checkWithoutPath(_ field: RouteField) -> Self {
    let name = field.label.prefix { $0 != "=" }
    let end = name.lowercased().firstRange(of: "healthcheck.")
    let stem = end.map { String(name.lowercased()[..<$0.upperBound]) } ?? "healthcheck."
    var w = Writer()
    w.entry("\(stem)path", "/")
    return Self(
      Kind.checkWithoutPath,
      "Traefik 1 and 2 ask nothing in a health check without a path, so nothing is missed. Version 3 asks `/`.",
      remedy: .edit(
        String(decoding: w.bytes.dropLast(), as: UTF8.self),
        note: "in deploy.labels, if this Traefik is of version 3"))
  }

  fileprivate static func checkByHand(_ path: String, _ label: String) -> Self {
    Self(
      Kind.checkByHand,
      "The proxy asked `\(path)` itself and sent nothing to tasks that failed. `\(label)` is more than a probe by HTTP can say, so "
        + "pods get requests as soon as they run.",
      remedy: .edit(
        "healthcheck: {test: [\"CMD\", \"wget\", \"-qO-\", \(Writer.quoted("http://localhost\(path)"))]}",
        note: "in the stack, for the probes"))
  }

  fileprivate static func proxyLimit(_ field: RouteField) -> Self {
    Self(
      Kind.proxyLimit,
      "`\(field.label)` set how the proxy speaks to the tasks; the route's object has no place for it, and the controller's "
        + "defaults hold.")
  }
}
