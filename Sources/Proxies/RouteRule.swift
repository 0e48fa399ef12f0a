/// What a router asks of a request: Traefik's rules, and what other proxies' settings amount to.
///
/// Source: doc.traefik.io, "Rules & Priority" of versions 2 and 3. The spelling of both versions ends in one form here.
package indirect enum RouteRule: Sendable, Hashable {
  case matches(RouteMatcher)
  case all([RouteRule])
  case any([RouteRule])
  case not(RouteRule)

  /// Every request.
  package static let everything = RouteRule.all([])

  /// The matchers in the rule, in their order.
  package var matchers: [RouteMatcher] {
    switch self {
    case .matches(let matcher): [matcher]
    case .all(let rules), .any(let rules): rules.flatMap(\.matchers)
    case .not(let rule): rule.matchers
    }
  }
}

/// One thing that a request must have.
package enum RouteMatcher: Sendable, Hashable {
  /// In small letters.
  case host(String)
  /// A Go regular expression for the whole host.
  case hostPattern(String)
  /// `HostSNI` of a TCP router: the server name of the TLS handshake; `*` for any, or none at all.
  case serverName(String)
  case path(String)
  /// The beginning of the path as a text, not as parts: `/api` covers `/apis`.
  case pathPrefix(String)
  case pathPattern(String)
  case method(String)
  case header(name: String, value: String)
  case headerPattern(name: String, pattern: String)
  /// Any value where that is nil.
  case query(name: String, value: String?)
  case queryPattern(name: String, pattern: String)
  /// An address or a block in CIDR form.
  case client(String)
  case alpn(String)
}

/// Why there is no rule: the proxy does not take it and so serves nothing, or it is in the proxy's own language.
package struct RouteRuleError: Error, Sendable, Hashable {
  package let reason: String
  /// The proxy itself refuses the rule.
  package let isOfProxy: Bool

  package init(_ reason: String, isOfProxy: Bool = true) {
    self.reason = reason
    self.isOfProxy = isOfProxy
  }
}
