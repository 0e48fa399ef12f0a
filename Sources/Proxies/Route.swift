import Swarm
package import YAML

/// A route of a proxy: which requests it sends where.
package struct Route: Sendable {
  package enum Proxy: String, Sendable {
    case traefik = "Traefik"
    case caddy = "caddy-docker-proxy"
    case nginxProxy = "nginx-proxy"
    case dockerFlow = "Docker Flow Proxy"
  }

  /// Where requests go.
  package enum Target: Sendable, Hashable {
    /// This service: at a port, where one is known.
    case port(Int?)
    /// A service of this name, defined by the labels of another service.
    case named(String)
    /// Something that the proxy serves itself, such as `api@internal`.
    case ofProxy(String)
    /// Defined in the proxy's own files, such as `legacy@file`.
    case elsewhere(String)
    /// Several services are defined and the router names none of them: Traefik drops the router.
    case ambiguous
  }

  /// Encryption between the client and the proxy.
  package struct TLS: Sendable {
    /// Who gets the certificate, such as `letsencrypt`.
    package var resolver: String?
    /// Hosts of each certificate, where they are not those of the rule.
    package var certificates: [[String]] = []
    /// A TCP router hands the encrypted stream on.
    package var isPassedThrough = false
    package var options: String?

    package init(resolver: String? = nil) { self.resolver = resolver }
  }

  package let proxy: Proxy
  package var transport = RouteElement.Transport.http
  /// The router's name; empty where the proxy has no such thing.
  package let name: String
  package var rule: Result<RouteRule, RouteRuleError>
  /// The rule as written, for messages.
  package var text: String
  /// Where the rule is written, or else what makes the route.
  package var key: KeyID
  /// The names of the ports of the proxy where the route holds; empty for the proxy's default.
  package var entryPoints: [String] = []
  package var tls: TLS?
  /// Names of middlewares, with `@file` where that is their provider.
  package var middlewares: [String] = []
  package var target: Target
  /// The protocol that the service speaks: `http`, `https`, `h2c`.
  package var scheme: String?
  package var priority: Int?
  /// The labels that make the route.
  package var fields: [RouteField] = []
  /// The keys of all labels of the proxy on the same service.
  package var ownKeys: Set<KeyID> = []

  package init(
    _ proxy: Proxy, name: String, rule: Result<RouteRule, RouteRuleError>, text: String,
    key: KeyID, target: Target
  ) {
    self.proxy = proxy
    self.name = name
    self.rule = rule
    self.text = text
    self.key = key
    self.target = target
  }

  package subscript(field: String) -> RouteField? { fields.first { $0.name == field } }
}

/// Something that a proxy does to a request on its way, in the terms of Traefik's middlewares.
package struct RouteMiddleware: Sendable {
  package let name: String
  /// In small letters: `stripprefix`.
  package let kind: String
  /// The options below the kind.
  package var options: [RouteField]

  package init(name: String, kind: String, options: [RouteField]) {
    self.name = name
    self.kind = kind
    self.options = options
  }

  package subscript(option: String) -> RouteField? { options.first { $0.name == option } }
}
