import Kubernetes
package import Ledger
import Proxies
import Stack
import Swarm

/// What a proxy's labels say about the way to the tasks: sticky sessions, health checks, the Host header, limits.
///
/// Neither an Ingress nor an HTTPRoute has a place for these; the pod has one for the health check.
package struct RouteBackends {
  private let plan: RouteFacts.Plan
  private let target: RoutedTarget

  /// nil where the labels lead nowhere.
  package init?(_ plan: RouteFacts.Plan, _ targets: [RoutedTarget]) {
    guard let target = targets.first else { return nil }
    self.plan = plan
    self.target = target
  }

  package func settle(_ workload: inout Workload, _ facts: borrowing Facts, _ ledger: inout Ledger)
  {
    settleSticky(workload, facts, &ledger)
    settleHostHeader(workload, facts, &ledger)
    settleCheck(&workload, facts.routes.traefik?.version, &ledger)
    settleLimits(&ledger)
  }

  /// Fields that nothing else has taken, whose name begins so.
  private func open(_ prefixes: String..., in ledger: borrowing Ledger) -> [RouteField] {
    plan.fields.filter { field in
      ledger.isOpen(field.key)
        && prefixes.contains { field.name == $0 || field.name.hasPrefix("\($0).") }
    }
  }

  // MARK: Sticky sessions

  private func settleSticky(
    _ workload: Workload, _ facts: borrowing Facts, _ ledger: inout Ledger
  ) {
    let fields = open(
      "loadbalancer.sticky", "backend.loadbalancer.sticky", "backend.loadbalancer.stickiness",
      "sessiontype", in: ledger)
    guard let first = fields.first else { return }
    let keys = fields.map(\.key)
    if fields.allSatisfy({ $0.bool == false }) {
      return ledger.settle(keys, .kept, .notSticky(), as: "HTTP route")
    }
    if workload.kind == .deployment || workload.kind == .statefulSet, workload.replicas ?? 1 < 2 {
      return ledger.settle(keys, .adapted, .stickyToOne(first.label))
    }
    ledger.settle(keys, .manual, .sticky(workload, facts.options.routes))
  }

  // MARK: The Host header

  private func settleHostHeader(
    _ workload: Workload, _ facts: borrowing Facts, _ ledger: inout Ledger
  ) {
    for field in open("loadbalancer.passhostheader", "frontend.passhostheader", in: ledger) {
      if field.bool == false {
        ledger.settle([field.key], .manual, .hostHeader(workload, facts.options.routes))
      } else {
        ledger.keep(field.key, as: "HTTP route")
      }
    }
  }

  // MARK: Health checks

  private func settleCheck(
    _ workload: inout Workload, _ version: Int?, _ ledger: inout Ledger
  ) {
    let fields = open("loadbalancer.healthcheck", "backend.healthcheck", in: ledger)
    guard !fields.isEmpty else { return }
    let keys = fields.map(\.key)
    func option(_ name: String) -> RouteField? {
      fields.first { $0.name.hasSuffix("healthcheck.\(name)") }
    }
    let written = option("path")?.text.trimmingBlanks ?? ""
    // Without a path version 3 asks for the root, and those before it ask nothing.
    guard !written.isEmpty || version == 3 else {
      return ledger.settle(keys, .adapted, .checkWithoutPath(fields[0]))
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
    if workload.container.readinessProbe != nil {
      return ledger.settle(keys, .adapted, .checkBesideProbe(path), as: "readinessProbe")
    }
    if let beyond { return ledger.settle(keys, .manual, .checkByHand(path, beyond.label)) }
    let scheme =
      option("scheme")?.text ?? plan.fields.first { $0.name.hasSuffix("server.scheme") }?.text
    let port = option("port").flatMap { Int($0.text) }.flatMap { PortNumber($0) } ?? target.port
    let interval = Self.seconds(option("interval")?.text) ?? 30
    // Traefik 1 has no limit but the interval; later ones wait five seconds. One failure takes a server out, one success
    // brings it back. Source: doc.traefik.io/traefik "Health Check".
    let timeout = Self.seconds(option("timeout")?.text) ?? 5
    workload.container.readinessProbe = Probe(
      .httpGet(
        path: path, port: .number(port), scheme: scheme?.lowercased() == "https" ? .https : nil),
      timeoutSeconds: min(timeout, interval), periodSeconds: interval, failureThreshold: 1)
    ledger.settle(keys, .adapted, .check(path, port, interval), as: "readinessProbe")
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
    for field in fields { ledger.settle([field.key], .manual, .proxyLimit(field)) }
  }
}

extension Finding.Message {
  fileprivate static func notSticky() -> Self {
    Self("routes/not-sticky", "Requests are spread over all tasks, and over all pods.")
  }

  fileprivate static func stickyToOne(_ label: String) -> Self {
    Self(
      "routes/sticky-to-one",
      "There is one pod, so every session finds it and `\(label)` is not missed. With more of them sessions would change pods."
    )
  }

  fileprivate static func sticky(_ workload: Workload, _ routes: Options.Routes) -> Self {
    Self(
      "routes/sticky",
      "A cookie of the proxy's took each browser to the same task every time. The route's object has no place for it: requests "
        + "go to any pod, and a session that lives in one pod's memory is lost with the next click.",
      remedy: annotate(
        workload, routes, service: "sticky.cookie=true", ingress: "affinity=cookie",
        "keeps the cookie"))
  }

  fileprivate static func hostHeader(_ workload: Workload, _ routes: Options.Routes) -> Self {
    Self(
      "routes/host-header",
      "The proxy put the task's own address into the Host header (`passHostHeader` is false); the service sees the name that the "
        + "browser asked for now, and may answer to another site or refuse it.",
      remedy: annotate(
        workload, routes, service: "passhostheader=false",
        ingress: "upstream-vhost=\(workload.name)", "keeps the setting"))
  }

  private static func annotate(
    _ workload: Workload, _ routes: Options.Routes, service: String, ingress: String, _ gain: String
  ) -> String {
    var lines: [String] = []
    if routes == .ingress {
      let annotate = "kubectl -n \(workload.namespace) annotate"
      lines = [
        "\(annotate) service \(workload.name) traefik.ingress.kubernetes.io/service.\(service)  # with Traefik as the controller",
        "\(annotate) ingress \(workload.name) nginx.ingress.kubernetes.io/\(ingress)  # with ingress-nginx",
      ]
    }
    return (lines + ["--routes traefik  # \(gain)"]).joined(separator: "\n")
  }

  fileprivate static func check(_ path: String, _ port: PortNumber, _ interval: Int) -> Self {
    Self(
      "routes/check-is-probe",
      "The proxy asked `\(path)` on port \(port) every \(interval) s and sent nothing to tasks that failed. The pods' readiness "
        + "probe asks the same, and pods that fail it get nothing from other services either.")
  }

  fileprivate static func checkBesideProbe(_ path: String) -> Self {
    Self(
      "routes/check-beside-probe",
      "The proxy asked `\(path)` itself and sent nothing to tasks that failed. The readiness probe, which comes of the service's "
        + "own health check, decides that here.")
  }

  fileprivate static func checkWithoutPath(_ field: RouteField) -> Self {
    let name = field.label.prefix { $0 != "=" }
    let end = name.lowercased().firstRange(of: "healthcheck.")
    let stem = end.map { String(name.lowercased()[..<$0.upperBound]) } ?? "healthcheck."
    return Self(
      "routes/check-without-path",
      "Traefik 1 and 2 ask nothing in a health check without a path, so nothing is missed. Version 3 asks `/`.",
      remedy: "\(stem)path: /  # in deploy.labels, if this Traefik is of version 3")
  }

  fileprivate static func checkByHand(_ path: String, _ label: String) -> Self {
    Self(
      "routes/check-by-hand",
      "The proxy asked `\(path)` itself and sent nothing to tasks that failed. `\(label)` is more than a probe by HTTP can say, so "
        + "pods get requests as soon as they run.",
      remedy:
        "healthcheck: {test: [\"CMD\", \"wget\", \"-qO-\", \"http://localhost\(path)\"]}  # in the stack, for the probes"
    )
  }

  fileprivate static func proxyLimit(_ field: RouteField) -> Self {
    Self(
      "routes/proxy-limit",
      "`\(field.label)` set how the proxy speaks to the tasks; the route's object has no place for it, and the controller's "
        + "defaults hold.")
  }
}
