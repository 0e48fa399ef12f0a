import Swarm
import YAML

/// What nginx-proxy makes of a service's environment.
///
/// Source: github.com/nginx-proxy/nginx-proxy, docs/README.md; it reads the containers of its own node.
extension Service {
  /// Routes with the middlewares that they amount to; none where the service has no `VIRTUAL_HOST`.
  package func virtualHostRoutes() -> [(route: Route, middlewares: [RouteMiddleware])] {
    func variable(_ name: String) -> Entry? { self["environment"]?.entry(name) }
    guard let hosts = variable("VIRTUAL_HOST"), let text = hosts.value.text else { return [] }
    let names = text.split(separator: ",").map { $0.trimmingBlanks.lowercased() }
      .filter { !$0.isEmpty }
    if names.isEmpty { return [] }
    var rules: [RouteRule] = [.any(of: names.map(Self.virtualHost))]
    var middlewares: [RouteMiddleware] = []
    var shown = "VIRTUAL_HOST=\(text)"
    if let path = variable("VIRTUAL_PATH"), let value = path.value.text, value != "/" {
      rules.append(.matches(value.hasPrefix("~") ? .pathPattern(value) : .pathPrefix(value)))
      shown += " VIRTUAL_PATH=\(value)"
      if let destination = variable("VIRTUAL_DEST"), let to = destination.value.text {
        let kind = to == "/" || to.isEmpty ? "stripprefix" : "replacepathregex"
        let options =
          kind == "stripprefix"
          ? [("prefixes", value.hasSuffix("/") ? String(value.dropLast()) : value)]
          : [("regex", "^\(value)(.*)"), ("replacement", "\(to)$1")]
        middlewares.append(
          RouteMiddleware(
            name: "\(name)-path", kind: kind,
            options: options.map { option in
              RouteField(
                path: [option.0], label: destination.key, text: option.1, key: destination.value.id)
            }))
      }
    }
    let exposed = (self["expose"]?.items ?? []).compactMap { $0.text.flatMap { Int($0) } }
    let port =
      variable("VIRTUAL_PORT")?.value.text.flatMap { Int($0) }
      ?? (exposed.count == 1 ? exposed[0] : nil)
    var route = Route(
      .nginxProxy, name: "", rule: .success(rules.count == 1 ? rules[0] : .all(rules)),
      text: shown, key: hosts.value.id, target: .port(port))
    route.scheme = variable("VIRTUAL_PROTO")?.value.text?.lowercased()
    if let secure = variable("LETSENCRYPT_HOST") ?? variable("CERT_NAME") {
      route.tls = Route.TLS(resolver: "letsencrypt")
      middlewares.append(
        RouteMiddleware(
          name: "\(name)-https", kind: "redirectscheme",
          options: [
            RouteField(path: ["scheme"], label: secure.key, text: "https", key: secure.value.id)
          ]))
    }
    route.middlewares = middlewares.map(\.name)
    return [(route, middlewares)]
  }

  /// A name, `*.example.com`, `www.example.*`, or `~` and a regular expression.
  private static func virtualHost(_ name: String) -> RouteMatcher {
    if name.hasPrefix("~") { return .hostPattern(String(name.dropFirst())) }
    guard name.contains("*") else { return .host(name) }
    let pattern = name.replacing(".", with: "\\.").replacing("*", with: "[^.]+")
    return .hostPattern("^\(pattern)$")
  }
}
