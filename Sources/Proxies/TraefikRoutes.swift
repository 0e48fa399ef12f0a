package import Swarm
import YAML

/// What Traefik 2 and 3 make of a service's labels.
///
/// Source: traefik `pkg/provider/docker/config.go`, `pkg/provider/configuration.go`.
extension TraefikLabels {
  /// The routes, in the order of their labels. `settings` is the Traefik of the estate, where there is one.
  package func routes(of service: Service, _ settings: TraefikSettings?) -> [Route] {
    var routes: [Route] = []
    for transport in [RouteElement.Transport.http, .tcp, .udp] {
      let services = elements(.services, transport)
      var routers = elements(.routers, transport)
      if routers.isEmpty {
        // Only HTTP has a rule by default, and only where nothing says that the service is none of HTTP.
        guard transport == .http, services.count < 2 else { continue }
        let isOther = elements.contains { $0.transport != .http }
        if isOther && elements(.services, .http).isEmpty && elements(.middlewares, .http).isEmpty {
          continue
        }
        routers.append(
          RouteElement(
            kind: .routers, transport: .http, name: Self.normalized(service.fullName), fields: []))
      }
      for router in routers {
        routes.append(route(router, services, service, settings))
      }
    }
    return routes
  }

  private func route(
    _ router: RouteElement, _ services: [RouteElement], _ service: Service,
    _ settings: TraefikSettings?
  ) -> Route {
    let (target, element) = target(of: router, services)
    let (rule, text) = rule(of: router, service, settings)
    var route = Route(
      .traefik, name: router.name, rule: rule, text: text,
      key: router["rule"]?.key ?? router.fields.first?.key ?? settingsKey, target: target)
    route.transport = router.transport
    route.fields = router.fields
    route.entryPoints = router["entrypoints"]?.list ?? []
    route.middlewares = router["middlewares"]?.list.map(Self.withoutOwnProvider) ?? []
    route.priority = router["priority"].flatMap { Int($0.text) }
    route.scheme = element?["loadbalancer.server.scheme"]?.text.lowercased()
    route.tls = tls(of: router)
    return route
  }

  /// The label that stands for the whole set where a route has none of its own.
  private var settingsKey: KeyID { self["enable"]?.key ?? fields.first?.key ?? .none }

  private func rule(
    of router: RouteElement, _ service: Service, _ settings: TraefikSettings?
  ) -> (Result<RouteRule, RouteRuleError>, String) {
    if router.transport == .udp { return (.success(.everything), "") }
    let text: String
    if let written = router["rule"], !written.text.trimmingBlanks.isEmpty {
      text = written.text
    } else if router.transport == .http {
      let template = settings?.defaultRule ?? "Host(`{{ normalize .Name }}`)"
      guard let expanded = DefaultRule.expand(template, for: service) else {
        return (
          .failure(
            RouteRuleError(
              "its rule comes from Traefik's default rule `\(template)`", isOfProxy: false)), ""
        )
      }
      text = expanded
    } else {
      return (.failure(RouteRuleError("it has no rule")), "")
    }
    do throws(RouteRuleError) {
      return (.success(try RouteRule(traefik: text)), text)
    } catch {
      return (.failure(error), text)
    }
  }

  private func target(
    of router: RouteElement, _ services: [RouteElement]
  ) -> (Route.Target, RouteElement?) {
    guard let written = router["service"]?.text.trimmingBlanks, !written.isEmpty else {
      switch services.count {
      case 0: return (.port(nil), nil)
      case 1: return (.port(Self.port(services[0])), services[0])
      default: return (.ambiguous, nil)
      }
    }
    let name = Self.withoutOwnProvider(written)
    if name.hasSuffix("@internal") { return (.ofProxy(name), nil) }
    if name.contains("@") { return (.elsewhere(name), nil) }
    if let own = services.first(where: { $0.name.lowercased() == name.lowercased() }) {
      return (.port(Self.port(own)), own)
    }
    return (.named(name), nil)
  }

  package static func port(_ service: RouteElement) -> Int? {
    service["loadbalancer.server.port"].flatMap { Int($0.text) }
  }

  private func tls(of router: RouteElement) -> Route.TLS? {
    guard router.has("tls"), router["tls"]?.bool != false || router.has("tls.certresolver") else {
      return nil
    }
    var tls = Route.TLS(resolver: router["tls.certresolver"]?.text)
    tls.isPassedThrough = router["tls.passthrough"]?.bool ?? false
    tls.options = router["tls.options"]?.text
    var number = 0
    while true {
      let main = router["tls.domains[\(number)].main"]?.text
      let others = router["tls.domains[\(number)].sans"]?.list
      if main == nil && others == nil { break }
      tls.certificates.append(
        ((main.map { [$0] } ?? []) + (others ?? [])).map { $0.trimmingBlanks.lowercased() })
      number += 1
    }
    return tls
  }

  /// `auth@docker` and `auth@swarm` are what `auth` is.
  package static func withoutOwnProvider(_ name: String) -> String {
    for provider in ["@docker", "@swarm"] where name.hasSuffix(provider) {
      return String(name.dropLast(provider.count))
    }
    return name
  }

  /// Source: traefik `pkg/provider/configuration.go`, `Normalize`: words of letters and digits, joined by dashes.
  package static func normalized(_ name: String) -> String {
    name.split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
  }

  /// The middlewares that the labels define, by the transport of HTTP.
  package var middlewares: [RouteMiddleware] {
    elements(.middlewares, .http).flatMap { element in
      var kinds: [(kind: String, options: [RouteField])] = []
      for field in element.fields {
        let kind = field.path[0].lowercased()
        let option = RouteField(
          path: Array(field.path.dropFirst()), label: field.label, text: field.text, key: field.key)
        if let place = kinds.firstIndex(where: { $0.kind == kind }) {
          kinds[place].options.append(option)
        } else {
          kinds.append((kind, [option]))
        }
      }
      return kinds.map { RouteMiddleware(name: element.name, kind: $0.kind, options: $0.options) }
    }
  }
}

/// Traefik's template for the rule of a service that has none.
///
/// Source: traefik `pkg/provider/docker/config.go`: Go templates with the functions of sprig and `normalize`, over `Name` and
/// `Labels`. What is read here is what such rules hold in practice.
package enum DefaultRule {
  package static func expand(_ template: String, for service: Service) -> String? {
    var result = ""
    var rest = template[...]
    while let open = rest.firstRange(of: "{{") {
      guard let close = rest[open.upperBound...].firstRange(of: "}}") else { return nil }
      result += rest[..<open.lowerBound]
      guard let value = value(of: rest[open.upperBound..<close.lowerBound], service) else {
        return nil
      }
      result += value
      rest = rest[close.upperBound...]
    }
    return result + rest
  }

  /// `normalize .Name`, `.Name | trimPrefix "shop_"`, `index .Labels "com.example.host"`.
  private static func value(of action: Substring, _ service: Service) -> String? {
    var current: String?
    for stage in action.split(separator: "|") {
      guard var words = words(stage), let head = words.first else { return nil }
      words.removeFirst()
      var arguments: [String] = []
      if head == "index" {
        guard words.count == 2, words[0] == ".Labels" else { return nil }
        current = label(unquoted(words[1]) ?? words[1], of: service)
        continue
      }
      for word in words {
        switch word {
        case ".Name", ".ServiceName": arguments.append(service.fullName)
        default:
          guard let text = unquoted(word) else { return nil }
          arguments.append(text)
        }
      }
      if let current { arguments.append(current) }
      switch (head, arguments.count) {
      case (".Name", 0), (".ServiceName", 0): current = service.fullName
      case ("normalize", 1): current = TraefikLabels.normalized(arguments[0])
      case ("lower", 1): current = arguments[0].lowercased()
      case ("trimPrefix", 2):
        current =
          arguments[1].hasPrefix(arguments[0])
          ? String(arguments[1].dropFirst(arguments[0].count)) : arguments[1]
      case ("trimSuffix", 2):
        current =
          arguments[1].hasSuffix(arguments[0])
          ? String(arguments[1].dropLast(arguments[0].count)) : arguments[1]
      case ("replace", 3): current = arguments[2].replacing(arguments[0], with: arguments[1])
      default: return nil
      }
    }
    return current
  }

  /// A service's label; the ones that `docker stack deploy` sets included.
  private static func label(_ name: String, of service: Service) -> String {
    switch name {
    case "com.docker.stack.namespace": service.stack
    case "com.docker.swarm.service.name": service.fullName
    default: service.deploy?["labels"]?[name]?.text ?? ""
    }
  }

  private static func words(_ text: Substring) -> [String]? {
    var words: [String] = []
    var rest = text.drop { $0 == " " }
    while let first = rest.first {
      if first == "\"" || first == "`" {
        guard let end = rest.dropFirst().firstIndex(of: first) else { return nil }
        words.append(String(rest[...end]))
        rest = rest[rest.index(after: end)...]
      } else {
        let end = rest.firstIndex(of: " ") ?? rest.endIndex
        words.append(String(rest[..<end]))
        rest = rest[end...]
      }
      rest = rest.drop { $0 == " " }
    }
    return words
  }

  private static func unquoted(_ word: String) -> String? {
    guard word.count > 1, let first = word.first, first == "\"" || first == "`" else { return nil }
    return String(word.dropFirst().dropLast())
  }
}
