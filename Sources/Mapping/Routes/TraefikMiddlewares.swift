package import Kubernetes
import Ledger
import Proxies
import Swarm
import YAML

/// Middlewares as objects of Traefik 3.
package struct TraefikMiddlewares {
  package private(set) var objects: [any Object] = []

  package init() {}

  /// The name of the object for a middleware.
  private static func objectName(
    _ middleware: RouteMiddleware, _ context: borrowing ServiceContext
  ) -> ObjectName {
    context.facts.routes.middlewareObject(middleware.name, stack: context.place.stack)?.name
      ?? ObjectName.folding(middleware.name)
  }

  /// Makes the objects for the middlewares that a service's labels define, and settles those labels.
  package mutating func add(_ plan: RouteFacts.Plan, _ context: inout ServiceContext) {
    let routes = context.facts.routes
    let place = context.place
    let own = Set(plan.fields.map(\.key))
    for middleware in plan.middlewares {
      let name = Self.objectName(middleware, context)
      let keys = middleware.options.map(\.key).filter { own.contains($0) }
      let field = "Middleware/\(name)"
      let owner = routes.middlewareObject(middleware.name, stack: place.stack)?.place
      if let owner, owner.service != place.service {
        let service = context.stack.services[owner.service]
        context.ledger.settle(keys, .definedTwice(middleware, service), as: field)
        continue
      }
      if middleware.kind == "plugin" {
        addPlugin(middleware, name, &context)
        continue
      }
      guard let kind = TraefikMiddlewareKind.named(middleware.kind) else {
        context.ledger.settle(keys, .unknownKind(middleware))
        continue
      }
      var options = OptionTree()
      for option in middleware.options {
        set(option, of: middleware, name, kind, &options, &context)
      }
      objects.append(
        TraefikMiddleware(
          metadata: context.workload.metadata(name), type: kind.name, options: options.node))
      for key in keys where context.ledger.isOpen(key) { context.ledger.keep(key, as: field) }
      if middleware.kind == "ipwhitelist" || middleware.kind == "ipallowlist" {
        context.ledger.settle(keys, .addresses(middleware), as: field)
      }
    }
  }

  private mutating func set(
    _ option: RouteField, of middleware: RouteMiddleware, _ name: ObjectName,
    _ kind: TraefikMiddlewareKind, _ options: inout OptionTree, _ context: inout ServiceContext
  ) {
    // `compress: true` stands for the options as they are.
    if option.path.isEmpty { return }
    let routes = context.facts.routes
    let stack = context.place.stack
    switch (middleware.kind, option.name) {
    case ("basicauth", "users"), ("digestauth", "users"):
      let secret = name.appending("-users")
      options.set(["secret"], .string(secret.rawValue))
      setUsers(option, secret, &context)
      return
    case ("basicauth", "usersfile"), ("digestauth", "usersfile"):
      let secret = name.appending("-users")
      options.set(["secret"], .string(secret.rawValue))
      context.ledger.settle(
        option.key, .usersFile(option.text, secret, context.workload.namespace),
        as: "Middleware/\(name)")
      return
    case ("errors", "service"):
      guard let (place, port) = routes.backend(option.text), let port, place.stack == stack,
        let other = context.names.services[context.stack.services[place.service].name]
      else {
        context.ledger.settle(option.key, .errorService(option.text))
        return
      }
      options.set(
        ["service", "name"],
        .string(context.names.free(other, Workload.routedEnding).rawValue))
      options.set(["service", "port"], .int(port))
      return
    case ("chain", "middlewares"):
      var links: [Node] = []
      for link in option.list {
        let object = Self.reference(link, context)
        var entries = [Entry("name", .string(object.name.rawValue))]
        if let namespace = object.namespace {
          entries.append(Entry("namespace", .string(namespace.rawValue)))
        }
        links.append(Node(.mapping(entries)))
      }
      options.set(["middlewares"], Node(.sequence(links)))
      return
    default: break
    }
    set(option, kind, &options, &context.ledger)
  }

  /// The users of a password in a Secret of their own.
  private mutating func setUsers(
    _ option: RouteField, _ secret: ObjectName, _ context: inout ServiceContext
  ) {
    let field = "Secret/\(secret)"
    if context.options.secrets == .inline {
      context.ledger.settle(option.key, .usersInSecret(option.label, secret), as: field)
      objects.append(
        Secret(
          metadata: context.workload.metadata(secret), type: .opaque,
          stringData: ["users": option.list.joined(separator: "\n") + "\n"]))
    } else {
      let namespace = context.workload.namespace
      context.ledger.settle(
        option.key, .secretToMake(secret, namespace, context.options.secrets), as: field)
    }
  }

  /// An option with the name and the type that the resource gives it.
  private func set(
    _ option: RouteField, _ kind: TraefikMiddlewareKind, _ options: inout OptionTree,
    _ ledger: inout Ledger
  ) {
    let known = kind.options.first { entry in
      entry.value == .map
        ? option.name.hasPrefix(entry.path.lowercased() + ".")
        : entry.path.lowercased() == option.name
    }
    guard let known else {
      ledger.settle(option.key, .unknownOption(option, kind.name))
      return
    }
    let path = known.path.split(separator: ".").map(String.init)
    switch known.value {
    case .text: options.set(path, .string(option.text))
    case .texts: options.set(path, Node(.sequence(option.list.map { .string($0) })))
    case .map:
      options.set(
        path + [option.path.dropFirst(path.count).joined(separator: ".")], .string(option.text))
    case .number:
      guard let number = Int(option.text.trimmingBlanks) else {
        ledger.settle(option.key, .badValue(option, "a number"))
        return
      }
      options.set(path, .int(number))
    case .flag:
      guard let flag = option.bool else {
        ledger.settle(option.key, .badValue(option, "true or false"))
        return
      }
      options.set(path, .bool(flag))
    }
  }

  /// A plugin's options are its own business: texts, as labels have them.
  private mutating func addPlugin(
    _ middleware: RouteMiddleware, _ name: ObjectName, _ context: inout ServiceContext
  ) {
    var options = OptionTree()
    for option in middleware.options where !option.path.isEmpty {
      options.set(option.path, .string(option.text))
    }
    objects.append(
      TraefikMiddleware(
        metadata: context.workload.metadata(name), type: "plugin", options: options.node))
    context.ledger.settle(
      middleware.options.map(\.key), .plugin(middleware), as: "Middleware/\(name)")
  }

  /// What a router or a chain calls a middleware, as a reference to an object.
  package static func reference(
    _ name: String, _ context: borrowing ServiceContext
  ) -> TraefikIngressRoute.Reference {
    var bare = name
    for provider in ["@docker", "@swarm"] where name.hasSuffix(provider) {
      bare = String(name.dropLast(provider.count))
    }
    let stack = context.place.stack
    guard let (place, object) = context.facts.routes.middlewareObject(bare, stack: stack) else {
      return .init(ObjectName.folding(bare))
    }
    return place.stack == stack
      ? .init(object) : .init(object, namespace: context.facts.names[place.stack].namespace)
  }
}

/// Values by their paths, as a tree in the order in which they came.
private struct OptionTree {
  private(set) var node = Node(.mapping([]))

  mutating func set(_ path: [String], _ value: Node) { Self.set(path[...], value, in: &node) }

  private static func set(_ path: ArraySlice<String>, _ value: Node, in node: inout Node) {
    guard let head = path.first else {
      node = value
      return
    }
    var entries = node.entries ?? []
    if let place = entries.firstIndex(where: { $0.key == head }) {
      set(path.dropFirst(), value, in: &entries[place].value)
    } else {
      var below = Node(.mapping([]))
      set(path.dropFirst(), value, in: &below)
      entries.append(Entry(head, below))
    }
    node.content = .mapping(entries)
  }
}
