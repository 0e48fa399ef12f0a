import Kubernetes
import Ledger
import Proxies
import Swarm

private typealias Kind = Routes.Kind

// What is said of routes that become HTTPRoutes.

extension Finding.Message {
  static func guardedInGateway(_ route: Proxies.Route, _ step: RouteStep) -> Self {
    Self(
      Kind.guarded,
      "\(step.title(in: route)) decides who may use the route \(route.title), and an HTTPRoute cannot say that. It would open "
        + "the service to everybody, so none is made.",
      remedy: .option(.routes, value: "traefik", effect: "keeps the middleware"))
  }

  static func beyondGateway(_ route: Proxies.Route, _ names: [String]) -> Self {
    var seen: [String] = []
    for name in names where !seen.contains(name) { seen.append(name) }
    return Self(
      Kind.beyondGateway,
      "An HTTPRoute has no \(seen.map { "`\($0)`" }.joined(separator: ", ")), and a wider route is not opened in its place: "
        + "\(route.quoted).",
      remedy: .option(.routes, value: "traefik", effect: "keeps the rule as it is"))
  }

  static func patternOfImplementation(_ pattern: String) -> Self {
    Self(
      Kind.pattern,
      "The path is the regular expression `\(pattern)`. Whether a Gateway takes patterns at all, and in which syntax, depends on its "
        + "implementation; Traefik's was Go's (RE2).")
  }

  static func dropsInGateway(_ route: Proxies.Route, _ step: RouteStep) -> Self {
    Self(
      Kind.dropsMiddleware,
      "\(step.title(in: route)) has no filter in an HTTPRoute: requests to \(route.title) go without it.",
      remedy: .option(.routes, value: "traefik", effect: "keeps the middleware"))
  }

  static var whichGateway: Self {
    Self(
      Kind.whichGateway,
      "Nothing says which Gateway serves the routes; they attach to one named `gateway` in their own namespace.",
      remedy: .option(.gateway, value: "NAMESPACE/NAME"))
  }

  static func listener(
    _ section: ObjectName, _ parent: HTTPRoute.Parent
  ) -> Self {
    let text =
      section == "http"
      ? "The redirect to HTTPS attaches to the Gateway's listener `http`, which must be the one at port 80; at the other it would send "
        + "requests round in circles."
      : "The route attaches to the Gateway's listener `https`, which must be the one at port 443. The listener holds the "
        + "certificate, which the proxy managed before."
    let kubectl: Command = parent.namespace.map { "kubectl -n \($0)" } ?? "kubectl"
    let command: Command = "\(kubectl) get gateway \(parent.name) -o jsonpath='{.spec.listeners}'"
    return Self(Kind.listener, text, remedy: .look(command))
  }

  static func priorityInGateway(_ value: String) -> Self {
    Self(
      Kind.priority,
      "HTTPRoutes have no priorities (this router has \(value)): the longest path wins, then the method, then the number of "
        + "headers and queries.")
  }
}
