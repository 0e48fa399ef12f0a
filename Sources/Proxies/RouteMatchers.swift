/// The matchers of Traefik 2 and 3 by their names.
extension RouteRule {
  /// Version 2 takes several arguments and means any of them; version 3 renamed some matchers.
  package init(matcher name: String, _ arguments: [String]) throws(RouteRuleError) {
    func any(_ matcher: (String) -> RouteMatcher) throws(RouteRuleError) -> RouteRule {
      guard !arguments.isEmpty else { throw RouteRuleError("`\(name)` has no arguments") }
      return Self.any(of: arguments.map(matcher))
    }
    func pair() throws(RouteRuleError) -> (String, String) {
      guard arguments.count == 2 else {
        throw RouteRuleError("`\(name)` takes a name and a value")
      }
      return (arguments[0], arguments[1])
    }
    switch name.lowercased() {
    case "host", "hostheader":
      for host in arguments where host.isEmpty || !host.utf8.allSatisfy({ $0 < 0x80 }) {
        throw RouteRuleError("`\(host)` is no host in ASCII")
      }
      self = try any { .host($0.lowercased()) }
    case "hostregexp": self = try any { .hostPattern(Self.goPattern($0, isHost: true)) }
    case "hostsni": self = try any { .serverName($0.lowercased()) }
    case "hostsniregexp": self = try any { .hostPattern(Self.goPattern($0, isHost: true)) }
    case "path":
      try Self.checkPaths(name, arguments)
      self = try any { $0.contains("{") ? .pathPattern(Self.goPattern($0, ends: true)) : .path($0) }
    case "pathprefix":
      try Self.checkPaths(name, arguments)
      self = try any {
        $0.contains("{") ? .pathPattern(Self.goPattern($0, ends: false)) : .pathPrefix($0)
      }
    case "pathregexp": self = try any { .pathPattern($0) }
    case "method": self = try any { .method($0.uppercased()) }
    case "header", "headers":
      let (key, value) = try pair()
      self = .matches(.header(name: key, value: value))
    case "headerregexp", "headersregexp":
      let (key, value) = try pair()
      self = .matches(.headerPattern(name: key, pattern: value))
    case "query": self = try Self.query(arguments)
    case "queryregexp":
      let (key, value) = try pair()
      self = .matches(.queryPattern(name: key, pattern: value))
    case "clientip": self = try any { .client($0) }
    case "alpn": self = try any { .alpn($0) }
    default: throw RouteRuleError("Traefik knows no matcher `\(name)`")
    }
  }

  package static func any(of matchers: [RouteMatcher]) -> RouteRule {
    matchers.count == 1 ? .matches(matchers[0]) : .any(matchers.map { .matches($0) })
  }

  private static func checkPaths(_ name: String, _ paths: [String]) throws(RouteRuleError) {
    for path in paths where !path.hasPrefix("/") {
      throw RouteRuleError("the path `\(path)` does not begin with a `/`")
    }
  }

  /// Version 2 writes `Query("a=b", "c=d")` and means both; version 3 `Query("a", "b")`.
  private static func query(_ arguments: [String]) throws(RouteRuleError) -> RouteRule {
    guard let first = arguments.first else { throw RouteRuleError("`Query` has no arguments") }
    if first.contains("=") {
      return .all(
        arguments.map { argument in
          let parts = argument.split(
            separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
          return .matches(
            .query(name: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : nil))
        })
    }
    guard arguments.count < 3 else { throw RouteRuleError("`Query` takes a name and a value") }
    return .matches(.query(name: first, value: arguments.count > 1 ? arguments[1] : nil))
  }

  /// Version 2 writes patterns as gorilla/mux does, with `{name:regex}` in plain text; the same as a regular expression.
  /// A text without braces is one already.
  package static func goPattern(_ text: String, isHost: Bool = false, ends: Bool = true) -> String {
    guard text.contains("{"), !text.hasPrefix("^"), let parts = muxParts(text) else { return text }
    var pattern = "^"
    for part in parts {
      switch part {
      case .text(let text): pattern += escaped(text)
      case .variable(let regex): pattern += "(?:\(regex ?? (isHost ? "[^.]+" : "[^/]+")))"
      }
    }
    return ends ? pattern + "$" : pattern
  }

  private enum MuxPart {
    case text(String)
    case variable(String?)
  }

  private static func muxParts(_ text: String) -> [MuxPart]? {
    var parts: [MuxPart] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
      var depth = 0
      var end: Substring.Index?
      for index in rest[open...].indices {
        if rest[index] == "{" { depth += 1 }
        if rest[index] == "}" { depth -= 1 }
        if depth == 0 {
          end = index
          break
        }
      }
      guard let end else { return nil }
      let body = rest[rest.index(after: open)..<end]
      let halves = body.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      // `{2,3}` is a repetition in a regular expression and no variable.
      guard let name = halves.first, !name.isEmpty, !name.allSatisfy({ $0.isNumber || $0 == "," })
      else { return nil }
      parts.append(.variable(halves.count > 1 ? String(halves[1]) : nil))
      rest = rest[rest.index(after: end)...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    return parts
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      if #"\.+*?()|[]{}^$"#.contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }
}
