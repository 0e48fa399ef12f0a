import Kubernetes
import Ledger
package import Proxies
import Swarm

/// What happens to a request on its way, as far as a route can tell.
package enum RouteStep: Sendable {
  case known(RouteMiddleware)
  /// A middleware that nobody in the estate defines: in a file of the proxy, or in a stack that is not among these.
  case unknown(String)

  package enum Effect: Sendable {
    /// Plain HTTP is sent on to HTTPS.
    case secures
    /// Who may come in: passwords, addresses, another service that is asked.
    case guards
    /// The path that the service sees.
    case rewrites
    /// A redirect by a pattern.
    case redirects
    /// Headers of the request or the answer.
    case headers
    /// All else: compression, limits, retries, error pages.
    case other
  }

  package var name: String {
    switch self {
    case .known(let middleware): middleware.name
    case .unknown(let name): name
    }
  }

  /// The kind in Traefik's spelling.
  package var kind: String {
    switch self {
    case .known(let middleware):
      TraefikMiddlewareKind.named(middleware.kind)?.name ?? middleware.kind
    case .unknown: ""
    }
  }

  package var effect: Effect {
    switch self {
    case .unknown(let name):
      // Nothing but its name says what it does, and a door must not open by a guess.
      let name = name.lowercased()
      if ["auth", "white", "allow", "ipfilter", "vpn", "restrict", "private", "internal", "local"]
        .contains(where: { name.contains($0) })
      {
        return .guards
      }
      if name.contains("redirect") || name.contains("to-https") || name.contains("https-only") {
        return .secures
      }
      return .other
    case .known(let middleware):
      switch middleware.kind {
      case "redirectscheme":
        return middleware["scheme"]?.text.lowercased() == "https" ? .secures : .redirects
      case "redirectregex": return .redirects
      case "basicauth", "digestauth", "forwardauth", "ipwhitelist", "ipallowlist",
        "passtlsclientcert", "plugin":
        return .guards
      case "stripprefix", "stripprefixregex", "addprefix", "replacepath", "replacepathregex":
        return .rewrites
      case "headers":
        let isRedirect = middleware["sslredirect"]?.bool == true && middleware.options.count == 1
        return isRedirect ? .secures : .headers
      default: return .other
      }
    }
  }
}
