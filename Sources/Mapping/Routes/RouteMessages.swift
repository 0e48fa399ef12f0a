import Basics
import Kubernetes
import Ledger
import Proxies
import Swarm
import YAML

private typealias Kind = Routes.Kind

// The words of the feature `Routes` for routes of every kind; each kind of object keeps its own beside its code.

extension Finding.Message {
  static func silent(_ why: RouteFacts.Silence, _ fields: [RouteField]) -> Self {
    let labels = list(fields)
    return switch why {
    case .disabled:
      Self(
        Kind.disabled,
        "`traefik.enable` is false, so Traefik takes no notice of the service, and there is no route now either: \(labels)."
      )
    case .notExposed:
      Self(
        Kind.notExposed,
        "The Traefik of this estate has `exposedByDefault=false`, and the service does not say `traefik.enable=true`: its labels "
          + "change nothing, \(labels).")
    case .onContainers:
      Self(
        Kind.onContainers,
        "Traefik reads the labels of Swarm services (`deploy.labels`); these are on the containers, where it does not look, so "
          + "there was no such route: \(labels). If there should be one, move them to `deploy.labels` and convert again."
      )
    case .onService:
      Self(
        Kind.onService,
        "The Traefik of this estate reads the labels of containers and not of Swarm services, so these change nothing: "
          + "\(labels).")
    case .otherVersion(let version):
      Self(
        Kind.otherVersion,
        version == 1
          ? "The Traefik that reads this service is of version 1; labels of later versions change nothing: \(labels)."
          : "These are labels of Traefik 1; version \(version), which reads this service, takes no notice of them: \(labels)."
      )
    case .constraint(let constraint):
      Self(
        Kind.constraint,
        "The Traefik of this estate serves services that meet ``\(constraint)`` only, and this one does not; its labels change "
          + "nothing: \(labels).")
    case .notNotified:
      Self(
        Kind.notNotified,
        "Docker Flow takes no notice of a service without `com.df.notify=true`: \(labels).")
    }
  }

  static func entryPointRedirects(_ point: TraefikSettings.EntryPoint) -> Self {
    Self(
      Kind.entryPointRedirects,
      "Traefik sends everything that comes in at its entry point `\(point.name)` on to `\(point.redirect ?? "")`. No route's "
        + "object says so; it is a setting of the ingress controller.",
      remedy: .command(.redirectToHTTPS))
  }

  static func exposesByDefault(_ traefik: TraefikSettings) -> Self {
    let rule =
      traefik.defaultRule.map { "``\($0)``" }
      ?? (traefik.version == 1
        ? "`Host:STACK-SERVICE.\(traefik.domain ?? "")`" : "``Host(`STACK-SERVICE`)``")
    return Self(
      Kind.exposesByDefault,
      "This Traefik exposes services by default: one without any label for it has the route \(rule), if Traefik finds a port. No "
        + "object is made of such routes.")
  }

  static func leftOut(_ route: Proxies.Route) -> Self {
    Self(
      Kind.leftOut,
      "`--routes none` makes no object of the route \(route.title).",
      remedies: ["ingress", "gateway", "traefik"].map { .option(.routes, value: $0) })
  }

  static func invalidRule(_ route: Proxies.Route, _ error: RouteRuleError) -> Self {
    if !error.isOfProxy {
      return Self(
        Kind.ownLanguage,
        "No object is made of the route \(route.title): \(error.reason), which has to be brought over by hand."
      )
    }
    return Self(
      Kind.invalidRule,
      "\(route.proxy.rawValue) cannot read the rule of the route \(route.title): \(error.reason). It served nothing there, and "
        + "no object is made.")
  }

  static func tooManyWays(_ route: Proxies.Route) -> Self {
    Self(
      Kind.tooManyWays,
      "The rule has more than 256 combinations of hosts, paths and other conditions, so no object is made of it: \(route.quoted). "
        + "Write it as several routers.",
      remedy: .option(.routes, value: "traefik", effect: "keeps the rule as it is"))
  }

  static func noPort(_ route: Proxies.Route, _ service: Swarm.Service) -> Self {
    let isOld = route.fields.contains { $0.name.hasPrefix("frontend.") }
    let remedy: Remedy =
      switch route.proxy {
      case .traefik where isOld: label("traefik.port", "80")
      case .traefik:
        label(
          "traefik.\(route.transport.rawValue).services.\(service.name).loadbalancer.server.port",
          "80")
      case .caddy: label("caddy.reverse_proxy", "{{upstreams 80}}")
      case .nginxProxy:
        .edit("VIRTUAL_PORT: \"80\"", note: "in environment, with the real port")
      case .dockerFlow: label("com.df.port", "80")
      }
    return Self(
      Kind.noPort,
      "No label names the port behind the route \(route.title), and the stack publishes and exposes none"
        + (route.proxy == .traefik ? ": Traefik's Swarm provider serves nothing then" : "")
        + ". No object is made; name the port to have one.",
      remedy: remedy)
  }

  /// A label of a service; its key holds at most the service's name, which the loader keeps to letters, digits, `.`, `_` and `-`.
  private static func label(_ key: String, _ value: String) -> Remedy {
    .edit("\(key): \(Writer.quoted(value))", note: "in deploy.labels, with the real port")
  }

  static func portByEvidence(_ route: Proxies.Route, _ port: Int) -> Self {
    let text: String =
      switch route.proxy {
      case .traefik:
        "No label names the port behind the route \(route.title); \(port), the lowest that the stack publishes or exposes, is "
          + "taken. A Traefik that watches Swarm services insists on the label and may have served nothing here."
      case .nginxProxy:
        "`VIRTUAL_PORT` is not set, so nginx-proxy takes the only port that the image exposes, or else 80. \(port) is taken for "
          + "\(route.title)."
      case .caddy, .dockerFlow:
        "No label names the port behind the route \(route.title); \(port), the lowest that the stack names, is taken."
      }
    return Self(Kind.portByEvidence, text)
  }

  static func unknownService(_ route: Proxies.Route, _ name: String) -> Self {
    Self(
      Kind.unknownService,
      "The route \(route.title) leads to the service `\(name)`, which no label in these stacks defines. No object is made; "
        + "convert the stack that defines it together with this one.",
      remedy: .sentence("Give --stack NAME=FILE for each of the stacks."))
  }

  static func otherNamespace(
    _ route: Proxies.Route, _ stack: Swarm.Stack, _ service: Swarm.Service
  ) -> Self {
    Self(
      Kind.otherNamespace,
      "The route \(route.title) leads to `\(service.name)` of the stack `\(stack.name)`, which is in "
        + "another namespace; no object is made. Move the router's labels to that service.")
  }

  static func ofProxy(_ route: Proxies.Route, _ name: String) -> Self {
    let text =
      name.hasPrefix("redir ")
      ? "only redirects (`\(name)`) and has no Service behind it. No object is made; an HTTPRoute with a RequestRedirect does the same."
      : name.hasPrefix("noop@")
        ? "leads nowhere (`\(name)`): it is there for its middlewares. No object is made of it."
        : name.hasPrefix("api@") || name.hasPrefix("dashboard@")
          ? "serves the proxy's own dashboard (`\(name)`), which has no Service of the stack behind it. The ingress controller's "
            + "installation decides on its dashboard now; Traefik's Helm chart has `ingressRoute.dashboard` for it."
          : "serves something of the proxy itself (`\(name)`), which has no Service of the stack behind it. No object is made."
    return Self(
      Kind.ofProxy, "The route \(route.title) \(text)",
      remedy: !name.hasSuffix("@internal") || name.hasPrefix("noop@")
        ? nil
        : .command(
          "helm upgrade traefik traefik/traefik --reuse-values --set ingressRoute.dashboard.enabled=true"
        ))
  }

  static func ofFile(_ route: Proxies.Route, _ name: String) -> Self {
    Self(
      Kind.ofFile,
      "The route \(route.title) leads to `\(name)`, which is defined in the proxy's own configuration and not in labels. No "
        + "object is made; write a Service (of type ExternalName for a host outside) and a route for it."
    )
  }

  static func ambiguous(_ route: Proxies.Route) -> Self {
    Self(
      Kind.ambiguous,
      "The service defines several Traefik services and the router `\(route.name)` names none of them; Traefik drops such a "
        + "router.")
  }

  static func admitted(_ ports: [Listener], _ namespace: String?) -> Self {
    let list = ports.map(\.description).joined(separator: ", ")
    let noun = ports.count == 1 ? "port \(list)" : "ports \(list)"
    return Self(
      Kind.admitted,
      namespace.map {
        "On the Swarm the proxy reached the service over a shared overlay. The ingress controller's namespace `\($0)` is "
          + "admitted to \(noun) instead."
      }
        ?? "On the Swarm the proxy reached the service over a shared overlay. The ingress controller is in a namespace of its "
        + "own now, so \(noun) \(ports.count == 1 ? "is" : "are") open to pods of every namespace but the stacks' own.",
      remedy: namespace == nil
        ? .option(
          .ingressNamespace, value: "NAME", effect: "admits the controller's namespace alone")
        : nil)
  }

  static var labelLeftOut: Self {
    Self(
      Kind.labelLeftOut,
      "`--routes none` makes no objects of the proxy's labels, and nothing on Kubernetes reads them as they are; they are left out."
    )
  }

  static func proxySettings(_ fields: [RouteField]) -> Self {
    Self(
      Kind.proxySettings,
      "These labels steered the proxy and have no counterpart; the route's object and its Service stand for them: "
        + "\(list(fields)).")
  }

  static func withoutRoute(_ fields: [RouteField]) -> Self {
    Self(
      Kind.withoutRoute,
      "No object is made of the routes here, so these labels go with them: \(list(fields)).")
  }

  private static func list(_ fields: [RouteField]) -> String {
    let list = fields.prefix(12).map { field in
      let value = field.text.count > 60 ? field.text.prefix(60) + "…" : field.text[...]
      let quote = value.contains("`") ? "``" : "`"
      return value.isEmpty || SecretNames.hides(field.label)
        ? "`\(field.label)`" : "\(quote)\(field.label)=\(value)\(quote)"
    }
    return list.joined(separator: ", ")
      + (fields.count > 12 ? ", and \(fields.count - 12) more" : "")
  }

  static func middlewareDefined(_ middleware: RouteMiddleware) -> Self {
    let kind = TraefikMiddlewareKind.named(middleware.kind)?.name ?? middleware.kind
    return Self(
      Kind.middleware,
      "The middleware `\(middleware.name)` (`\(kind)`) is a thing of Traefik; an Ingress has no place for it. Where a route "
        + "uses it, a finding there says what that means.",
      remedy: .option(.routes, value: "traefik", effect: "makes it a Middleware object"))
  }
}

extension Command {
  static var redirectToHTTPS: Command {
    ("""
    helm upgrade traefik traefik/traefik --reuse-values --set \
    ports.web.http.redirections.entryPoint.to=websecure
    """ as Command).noting("with Traefik as the controller")
  }
}

extension Proxies.Route {
  /// The route in a sentence: its name and its rule, as far as there are any.
  package var title: String {
    name.isEmpty ? quoted : text.isEmpty ? "`\(name)`" : "`\(name)` (\(quoted))"
  }

  /// The rule as written, in quotes that fit it.
  package var quoted: String {
    let text = text.count > 300 ? text.prefix(300) + "…" : text[...]
    return text.contains("`") ? "``\(text)``" : "`\(text)`"
  }
}
