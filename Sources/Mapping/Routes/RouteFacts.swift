package import Kubernetes
import Ledger
package import Proxies
package import Swarm
import YAML

/// The HTTP routes of the whole estate: a router may name a middleware or a service that another service's labels define.
package struct RouteFacts: Sendable {
  /// Why a proxy takes no notice of labels.
  package enum Silence: Sendable {
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
  package struct Plan: Sendable {
    package var routes: [Route] = []
    /// Labels that the routes were made from, with those of services, middlewares and settings.
    package var fields: [RouteField] = []
    package var silent: [(fields: [RouteField], why: Silence)] = []
    /// Middlewares that the service's labels define.
    package var middlewares: [RouteMiddleware] = []
    /// Options of the service as a backend: `loadbalancer.sticky.cookie`.
    package var backends: [RouteElement] = []
  }

  /// Where a service stands in the estate.
  package struct Place: Sendable, Hashable {
    package let stack: Int
    package let service: Int
  }

  private var plans: [Place: Plan] = [:]
  private var backends: [String: (place: Place, port: Int?)] = [:]
  /// Ports of services to which routers of other services lead.
  package private(set) var foreignPorts: [Place: [Int]] = [:]
  /// Which service a middleware's object belongs to, and the object's name, by stack and by name in small letters.
  private var middlewareObjects: [[String: (place: Place, name: ObjectName)]] = []
  /// The names of the objects of routers, by stack and by transport and router; a name that two services use belongs to the
  /// first.
  private var routerObjects: [[String: (place: Place, name: ObjectName)]] = []
  /// The Traefik of the estate.
  package let traefik: TraefikSettings?
  package let traefikPlace: Place?

  package init(_ stacks: [Swarm.Stack]) {
    var found: (settings: TraefikSettings, place: Place)?
    for (number, stack) in stacks.enumerated() where found == nil {
      for (index, service) in stack.services.enumerated() {
        guard let settings = TraefikSettings(service) else { continue }
        found = (settings, Place(stack: number, service: index))
        break
      }
    }
    traefik = found?.settings
    traefikPlace = found?.place
    for (number, stack) in stacks.enumerated() {
      for (index, service) in stack.services.enumerated() {
        guard let plan = Self.plan(service, traefik) else { continue }
        let place = Place(stack: number, service: index)
        plans[place] = plan
        for backend in plan.backends {
          backends[backend.name.lowercased()] = (
            place, backend["loadbalancer.server.port"].flatMap { Int($0.text) }
          )
        }
      }
    }
    nameObjects(stacks)
    for plan in plans.values {
      for case .named(let name) in plan.routes.map(\.target) {
        guard let (place, port) = backends[name.lowercased()], let port else { continue }
        if foreignPorts[place]?.contains(port) != true {
          foreignPorts[place, default: []].append(port)
        }
      }
    }
  }

  /// Objects of Traefik get the names of middlewares and routers; where several fold to one, all but the first get a suffix.
  private mutating func nameObjects(_ stacks: [Swarm.Stack]) {
    for (number, stack) in stacks.enumerated() {
      var middlewares: [String: (place: Place, name: ObjectName)] = [:]
      var routers: [String: (place: Place, name: ObjectName)] = [:]
      var taken: [String: Set<ObjectName>] = [:]
      func free(_ kind: String, _ raw: String, _ owner: String) -> ObjectName {
        let folded = ObjectName.folding(raw)
        let name =
          taken[kind, default: []].contains(folded)
          ? folded.suffixed(with: "\(owner) \(raw)") : folded
        taken[kind, default: []].insert(name)
        return name
      }
      for (index, service) in stack.services.enumerated() {
        let place = Place(stack: number, service: index)
        guard let plan = plans[place] else { continue }
        for middleware in plan.middlewares {
          let key = middleware.name.lowercased()
          if middlewares[key] == nil {
            middlewares[key] = (place, free("middleware", middleware.name, service.name))
          }
        }
        for route in plan.routes {
          let name = route.name.isEmpty ? service.name : route.name
          routers[Self.routerKey(route, place)] = (
            place, free(route.transport.rawValue, name, service.name)
          )
        }
      }
      middlewareObjects.append(middlewares)
      routerObjects.append(routers)
    }
  }

  private static func routerKey(_ route: Proxies.Route, _ place: Place) -> String {
    "\(place.service) \(route.transport.rawValue) \(route.name)"
  }

  /// The object of a middleware: whose it is and its name; nil where no service of the estate defines it. The stack's own comes first.
  package func middlewareObject(_ name: String, stack: Int) -> (place: Place, name: ObjectName)? {
    let key = name.lowercased()
    return middlewareObjects[stack][key]
      ?? middlewareObjects.lazy.compactMap { $0[key] }.first
  }

  package func routerObject(_ route: Proxies.Route, _ place: Place) -> ObjectName {
    routerObjects[place.stack][Self.routerKey(route, place)]?.name ?? ObjectName.folding(route.name)
  }

  package func plan(stack: Int, service: Int) -> Plan? {
    plans[Place(stack: stack, service: service)]
  }

  /// The definitions of a middleware, those of a chain in its place; nil where nobody in the estate defines it.
  package func resolve(_ name: String, stack: Int, depth: Int = 8) -> [RouteMiddleware]? {
    let own = name.hasSuffix("@docker") || name.hasSuffix("@swarm")
    let name = own ? String(name[..<(name.lastIndex(of: "@") ?? name.endIndex)]) : name
    guard depth > 0, let owner = middlewareObject(name, stack: stack)?.place else { return nil }
    let found = plans[owner]?.middlewares.filter { $0.name.lowercased() == name.lowercased() } ?? []
    return found.flatMap { middleware -> [RouteMiddleware] in
      guard middleware.kind == "chain" else { return [middleware] }
      return (middleware["middlewares"]?.list ?? []).flatMap { link in
        resolve(link, stack: owner.stack, depth: depth - 1)
          ?? [RouteMiddleware(name: link, kind: "", options: [])]
      }
    }
  }

  /// The service behind a name that another service's labels define.
  package func backend(_ name: String) -> (place: Place, port: Int?)? {
    backends[name.lowercased()]
  }

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
    for labels in [service.deploy?["labels"], service["labels"]] {
      guard let labels = CaddyLabels(labels) else { continue }
      add(labels.routes(of: service), labels.fields, to: &plan)
    }
    if let labels = DockerFlowLabels(service.deploy?["labels"]) {
      if labels.isNotified {
        add(labels.routes(of: service), labels.fields, to: &plan)
      } else {
        plan.silent.append((labels.fields, .notNotified))
      }
    }
    if let labels = DockerFlowLabels(service["labels"]) {
      plan.silent.append((labels.fields, .notNotified))
    }
    add(service.virtualHostRoutes(), [], to: &plan)
    let keys = Set(plan.fields.map(\.key))
    for index in plan.routes.indices { plan.routes[index].ownKeys = keys }
    return plan.fields.isEmpty && plan.silent.isEmpty && plan.routes.isEmpty ? nil : plan
  }

  private static func add(
    _ routes: [(route: Proxies.Route, middlewares: [RouteMiddleware])], _ fields: [RouteField],
    to plan: inout Plan
  ) {
    plan.fields += fields
    for (route, middlewares) in routes {
      plan.routes.append(route)
      plan.middlewares += middlewares
    }
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
    let isOld =
      settings?.version.map { $0 == 1 } ?? (labels.elements.isEmpty && !labels.segments.isEmpty)
    let old = labels.segments.flatMap(\.fields)
    let new = labels.elements.flatMap(\.fields)
    plan.fields += labels.settings
    if isOld {
      if !new.isEmpty { plan.silent.append((new, .otherVersion(1))) }
      plan.fields += old
      add(labels.oldRoutes(of: service, settings), [], to: &plan)
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
