import Swarm
import YAML

/// The HTTP routes of the whole estate: a router may name a middleware or a service that another service's labels define.
struct RouteFacts: Sendable {
  /// Why a proxy takes no notice of labels.
  enum Silence: Sendable {
    case disabled
    case notExposed
    /// The labels are on the containers, and Traefik reads those of the service.
    case onContainers
    /// The labels are on the service, and Traefik reads those of containers.
    case onService
    /// Labels of Traefik 1 beside a later version, or the other way round.
    case otherVersion(Int)
    case constraint(String)
    /// com.df labels without `com.df.notify`.
    case notNotified
  }

  /// What one service's labels and variables come to.
  struct Plan: Sendable {
    var routes: [Route] = []
    /// Labels that the routes were made from, with those of services, middlewares and settings.
    var fields: [RouteField] = []
    var silent: [(fields: [RouteField], why: Silence)] = []
    /// Middlewares that the service's labels define.
    var middlewares: [RouteMiddleware] = []
    /// Options of the service as a backend: `loadbalancer.sticky.cookie`.
    var backends: [RouteElement] = []
  }

  /// Where a service stands in the estate.
  struct Place: Sendable, Hashable {
    let stack: Int
    let service: Int
  }

  private var plans: [Place: Plan] = [:]
  /// By name in small letters; a name defines several kinds only by mistake.
  private var middlewares: [String: [RouteMiddleware]] = [:]
  private var backends: [String: (place: Place, port: Int?)] = [:]
  /// Ports of services to which routers of other services lead.
  private(set) var foreignPorts: [Place: [Int]] = [:]
  /// The Traefik of the estate.
  let traefik: TraefikSettings?

  init(_ stacks: [Swarm.Stack]) {
    traefik = stacks.lazy.flatMap(\.services).compactMap(TraefikSettings.init).first
    for (number, stack) in stacks.enumerated() {
      for (index, service) in stack.services.enumerated() {
        guard let plan = Self.plan(service, traefik) else { continue }
        let place = Place(stack: number, service: index)
        plans[place] = plan
        for middleware in plan.middlewares {
          middlewares[middleware.name.lowercased(), default: []].append(middleware)
        }
        for backend in plan.backends {
          backends[backend.name.lowercased()] = (
            place, backend["loadbalancer.server.port"].flatMap { Int($0.text) }
          )
        }
      }
    }
    for plan in plans.values {
      for case .named(let name) in plan.routes.map(\.target) {
        guard let (place, port) = backends[name.lowercased()], let port else { continue }
        if foreignPorts[place]?.contains(port) != true {
          foreignPorts[place, default: []].append(port)
        }
      }
    }
  }

  func plan(stack: Int, service: Int) -> Plan? { plans[Place(stack: stack, service: service)] }

  /// The definitions of a middleware, those of a chain in its place; nil where nobody in the estate defines it.
  func resolve(_ name: String, depth: Int = 8) -> [RouteMiddleware]? {
    guard depth > 0, let found = middlewares[name.lowercased()] else { return nil }
    return found.flatMap { middleware -> [RouteMiddleware] in
      guard middleware.kind == "chain" else { return [middleware] }
      let names = middleware["middlewares"]?.list ?? []
      return names.flatMap { link in
        let own = link.hasSuffix("@docker") || link.hasSuffix("@swarm")
        let name = own ? String(link[..<(link.lastIndex(of: "@") ?? link.endIndex)]) : link
        return resolve(name, depth: depth - 1) ?? [
          RouteMiddleware(name: link, kind: "", options: [])
        ]
      }
    }
  }

  /// The service behind a name that another service's labels define.
  func backend(_ name: String) -> (place: Place, port: Int?)? { backends[name.lowercased()] }

  // MARK: One service

  private static func plan(_ service: Swarm.Service, _ settings: TraefikSettings?) -> Plan? {
    var plan = Plan()
    let readsContainers = settings.map { !$0.readsServices } ?? false
    let both = [
      (TraefikLabels(service.deploy?["labels"]), !readsContainers, Silence.onService),
      (TraefikLabels(service["labels"]), readsContainers, Silence.onContainers),
    ]
    for (labels, isRead, silence) in both {
      guard let labels else { continue }
      if isRead {
        addTraefik(labels, of: service, settings, to: &plan)
      } else {
        plan.silent.append((labels.fields, silence))
      }
    }
    return plan.fields.isEmpty && plan.silent.isEmpty && plan.routes.isEmpty ? nil : plan
  }

  private static func addTraefik(
    _ labels: TraefikLabels, of service: Swarm.Service, _ settings: TraefikSettings?,
    to plan: inout Plan
  ) {
    if labels.isEnabled == false {
      plan.silent.append((labels.fields, .disabled))
      return
    }
    if settings?.exposedByDefault == false, labels.isEnabled != true {
      plan.silent.append((labels.fields, .notExposed))
      return
    }
    if let constraint = settings?.constraints, !meets(constraint, service) {
      plan.silent.append((labels.fields, .constraint(constraint)))
      return
    }
    defer {
      let keys = Set(plan.fields.map(\.key))
      for index in plan.routes.indices { plan.routes[index].ownKeys = keys }
    }
    let isOld =
      settings?.version.map { $0 == 1 } ?? (labels.elements.isEmpty && !labels.segments.isEmpty)
    let old = labels.segments.flatMap(\.fields)
    let new = labels.elements.flatMap(\.fields)
    plan.fields += labels.settings
    if isOld {
      if !new.isEmpty { plan.silent.append((new, .otherVersion(1))) }
      plan.fields += old
      for (route, middlewares) in labels.oldRoutes(of: service, settings) {
        plan.routes.append(route)
        plan.middlewares += middlewares
      }
    } else {
      if !old.isEmpty { plan.silent.append((old, .otherVersion(settings?.version ?? 2))) }
      plan.fields += new
      plan.routes += labels.routes(of: service, settings)
      plan.middlewares += labels.middlewares
      plan.backends += labels.elements.filter { $0.kind == .services }
    }
  }

  /// ``Label(`a`, `b`)``, several joined by `&&`; what else there is counts as met.
  private static func meets(_ constraint: String, _ service: Swarm.Service) -> Bool {
    guard !constraint.contains("||"), !constraint.contains("!") else { return true }
    for part in constraint.split(separator: "&&") {
      let pieces = part.split(separator: "`", omittingEmptySubsequences: false)
      guard part.trimmingBlanks.hasPrefix("Label("), pieces.count == 5 else { continue }
      if service.deploy?["labels"]?[String(pieces[1])]?.text != String(pieces[3]) { return false }
    }
    return true
  }
}
