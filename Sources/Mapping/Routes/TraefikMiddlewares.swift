package import Kubernetes
package import Ledger
import Proxies
import Swarm
import YAML

/// Middlewares as objects of Traefik 3.
package struct TraefikMiddlewares {
  private let facts: Facts
  package private(set) var objects: [any Object] = []
  package init(_ facts: borrowing Facts) { self.facts = copy facts }

  /// The name of the object for a middleware.
  private func objectName(_ middleware: RouteMiddleware) -> ObjectName {
    facts.routes.middlewareObject(middleware.name, stack: facts.current)?.name
      ?? ObjectName.folding(middleware.name)
  }

  /// Makes the objects for the middlewares that a service's labels define, and settles those labels.
  package mutating func add(
    _ plan: RouteFacts.Plan, _ workload: Workload, _ ledger: inout Ledger
  ) {
    let own = Set(plan.fields.map(\.key))
    for middleware in plan.middlewares {
      let name = objectName(middleware)
      let keys = middleware.options.map(\.key).filter { own.contains($0) }
      let field = "Middleware/\(name)"
      let owner = facts.routes.middlewareObject(middleware.name, stack: facts.current)?.place
      if let owner, owner.service != workload.index {
        ledger.settle(
          keys, .adapted, .definedTwice(middleware, facts.stack.services[owner.service]),
          as: field)
        continue
      }
      if middleware.kind == "plugin" {
        addPlugin(middleware, name, workload, &ledger)
        continue
      }
      guard let kind = TraefikMiddlewareKind.named(middleware.kind) else {
        ledger.settle(keys, .manual, .unknownKind(middleware))
        continue
      }
      var options = OptionTree()
      for option in middleware.options {
        set(option, of: middleware, kind, &options, workload, &ledger)
      }
      objects.append(
        TraefikMiddleware(
          metadata: workload.metadata(name), type: kind.name, options: options.node))
      for key in keys where ledger.isOpen(key) { ledger.keep(key, as: field) }
      if middleware.kind == "ipwhitelist" || middleware.kind == "ipallowlist" {
        ledger.settle(keys, .adapted, .addresses(middleware), as: field)
      }
    }
  }

  private mutating func set(
    _ option: RouteField, of middleware: RouteMiddleware, _ kind: TraefikMiddlewareKind,
    _ options: inout OptionTree, _ workload: Workload, _ ledger: inout Ledger
  ) {
    // `compress: true` stands for the options as they are.
    if option.path.isEmpty { return }
    let field = "Middleware/\(objectName(middleware))"
    switch (middleware.kind, option.name) {
    case ("basicauth", "users"), ("digestauth", "users"):
      let secret = objectName(middleware).appending("-users")
      options.set(["secret"], .string(secret.rawValue))
      if facts.options.secrets == .inline {
        ledger.settle(
          [option.key], .adapted, .usersInSecret(option.label, secret), as: "Secret/\(secret)")
        objects.append(
          Secret(
            metadata: workload.metadata(secret), type: .opaque,
            stringData: ["users": option.list.joined(separator: "\n") + "\n"]))
      } else {
        ledger.settle(
          [option.key], .manual, .secretToMake(secret, workload, facts.options.secrets),
          as: "Secret/\(secret)")
      }
      return
    case ("basicauth", "usersfile"), ("digestauth", "usersfile"):
      let secret = objectName(middleware).appending("-users")
      options.set(["secret"], .string(secret.rawValue))
      ledger.settle([option.key], .manual, .usersFile(option.text, secret, workload), as: field)
      return
    case ("errors", "service"):
      guard let (place, port) = facts.routes.backend(option.text), let port,
        place.stack == facts.current,
        let other = facts.stackNames.services[facts.stack.services[place.service].name]
      else {
        ledger.settle([option.key], .manual, .errorService(option.text))
        return
      }
      options.set(
        ["service", "name"],
        .string(facts.stackNames.free(other, Workload.routedEnding).rawValue))
      options.set(["service", "port"], .int(port))
      return
    case ("chain", "middlewares"):
      let names = option.list.map { name -> Node in
        let object = Self.reference(name, facts)
        var entries = [Entry("name", .string(object.name.rawValue))]
        if let namespace = object.namespace {
          entries.append(Entry("namespace", .string(namespace.rawValue)))
        }
        return Node(.mapping(entries))
      }
      options.set(["middlewares"], Node(.sequence(names)))
      return
    default: break
    }
    let known = kind.options.first { entry in
      entry.value == .map
        ? option.name.hasPrefix(entry.path.lowercased() + ".")
        : entry.path.lowercased() == option.name
    }
    guard let known else {
      ledger.settle([option.key], .manual, .unknownOption(option, kind.name))
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
        ledger.settle([option.key], .manual, .badValue(option, "a number"))
        return
      }
      options.set(path, .int(number))
    case .flag:
      guard let flag = option.bool else {
        ledger.settle([option.key], .manual, .badValue(option, "true or false"))
        return
      }
      options.set(path, .bool(flag))
    }
  }

  /// A plugin's options are its own business: texts, as labels have them.
  private mutating func addPlugin(
    _ middleware: RouteMiddleware, _ name: ObjectName, _ workload: Workload,
    _ ledger: inout Ledger
  ) {
    var options = OptionTree()
    for option in middleware.options where !option.path.isEmpty {
      options.set(option.path, .string(option.text))
    }
    objects.append(
      TraefikMiddleware(metadata: workload.metadata(name), type: "plugin", options: options.node))
    ledger.settle(
      middleware.options.map(\.key), .manual, .plugin(middleware), as: "Middleware/\(name)")
  }

  /// What a router or a chain calls a middleware, as a reference to an object.
  package static func reference(
    _ name: String, _ facts: borrowing Facts
  ) -> TraefikIngressRoute.Reference {
    var bare = name
    for provider in ["@docker", "@swarm"] where name.hasSuffix(provider) {
      bare = String(name.dropLast(provider.count))
    }
    guard let (place, object) = facts.routes.middlewareObject(bare, stack: facts.current) else {
      return .init(ObjectName.folding(bare))
    }
    return place.stack == facts.current
      ? .init(object) : .init(object, namespace: facts.names[place.stack].namespace)
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

extension Finding.Message {
  fileprivate static func definedTwice(
    _ middleware: RouteMiddleware, _ service: Swarm.Service
  ) -> Self {
    Self(
      "routes/middleware-defined-twice",
      "The service `\(service.name)` defines the middleware `\(middleware.name)` too; the one object is made from its labels. "
        + "Traefik takes such a name only where both definitions are the same.")
  }

  fileprivate static func unknownKind(_ middleware: RouteMiddleware) -> Self {
    Self(
      "routes/unknown-middleware",
      "Traefik 3 has no middleware of the kind `\(middleware.kind)`, so none is made of `\(middleware.name)`; routes that name it "
        + "are not served until it is there or the name is taken out.")
  }

  fileprivate static func unknownOption(_ option: RouteField, _ kind: String) -> Self {
    Self(
      "routes/unknown-option",
      "The resource `\(kind)` of Traefik 3 has no option `\(option.path.joined(separator: "."))`; it is left out."
    )
  }

  fileprivate static func badValue(_ option: RouteField, _ wanted: String) -> Self {
    Self(
      "routes/bad-value",
      "`\(option.label)` wants \(wanted); Traefik drops labels with another value, and the option is left out."
    )
  }

  fileprivate static func usersInSecret(_ label: String, _ secret: ObjectName) -> Self {
    Self(
      "routes/users",
      "The users and hashes of `\(label)` are in the Secret `\(secret)` now, and in no other manifest."
    )
  }

  fileprivate static func secretToMake(
    _ secret: ObjectName, _ workload: Workload, _ kept: Options.Secrets
  ) -> Self {
    Self(
      "routes/users-secret",
      "The middleware reads its users from the Secret `\(secret)`, and with `--secrets \(kept.rawValue)` no manifest holds them. "
        + "Traefik serves none of its routes before it is there; put the users, one a line, into a file.",
      remedy:
        "kubectl -n \(workload.namespace) create secret generic \(secret) --from-file=users=./users"
        + (kept == .sealed
          ? " --dry-run=client -o yaml | kubeseal -o yaml | kubectl apply -f -" : ""))
  }

  fileprivate static func usersFile(
    _ file: String, _ secret: ObjectName, _ workload: Workload
  ) -> Self {
    Self(
      "routes/users-file",
      "Traefik read the users from its own file `\(file)`; the resource reads the Secret `\(secret)`, which has to be made from "
        + "that file.",
      remedy:
        "kubectl -n \(workload.namespace) create secret generic \(secret) --from-file=users=./users"
    )
  }

  fileprivate static func errorService(_ name: String) -> Self {
    Self(
      "routes/error-service",
      "Error pages come from `\(name)`, which no label in this stack defines with a port. Traefik serves no route that uses the "
        + "Middleware until it names a Service.",
      remedy: "service: {name: NAME, port: 80}  # in the Middleware, under spec.errors")
  }

  fileprivate static func plugin(_ middleware: RouteMiddleware) -> Self {
    Self(
      "routes/plugin",
      "The middleware `\(middleware.name)` is a plugin: the new Traefik has to load it (`experimental.plugins` in the Helm values), "
        + "and its options are texts here.")
  }

  fileprivate static func addresses(_ middleware: RouteMiddleware) -> Self {
    Self(
      "routes/client-addresses",
      "The middleware `\(middleware.name)` looks at the client's address. Behind a load balancer Traefik sees that address only with "
        + "`externalTrafficPolicy: Local`, or with the PROXY protocol.",
      remedy:
        "helm upgrade traefik traefik/traefik --reuse-values --set service.spec.externalTrafficPolicy=Local"
    )
  }
}
