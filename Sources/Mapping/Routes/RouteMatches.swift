import Kubernetes
import Ledger
package import Proxies
import Swarm

/// One way to meet a rule: everything in it must hold.
package struct RouteMatch: Hashable, Sendable {
  package var wanted: [RouteMatcher] = []
  package var unwanted: [RouteMatcher] = []
}

extension RouteRule {
  /// Rules with more ways than this are for a person to read.
  private static let limit = 256

  /// The ways to meet the rule, each once and in the order of the rule; nil where there are too many.
  package var ways: [RouteMatch]? {
    var seen = Set<RouteMatch>()
    return ways(negated: false)?.filter { seen.insert($0).inserted }
  }

  private func ways(negated: Bool) -> [RouteMatch]? {
    switch self {
    case .matches(let matcher):
      return [
        negated ? RouteMatch(unwanted: [matcher]) : RouteMatch(wanted: [matcher])
      ]
    case .not(let rule): return rule.ways(negated: !negated)
    case .any(let rules) where !negated, .all(let rules) where negated:
      var result: [RouteMatch] = []
      for rule in rules {
        guard let ways = rule.ways(negated: negated), result.count + ways.count <= Self.limit else {
          return nil
        }
        result += ways
      }
      return result
    case .any(let rules), .all(let rules):
      var result = [RouteMatch()]
      for rule in rules {
        guard let ways = rule.ways(negated: negated), result.count * ways.count <= Self.limit else {
          return nil
        }
        result = result.flatMap { left in
          ways.map { right in
            RouteMatch(
              wanted: left.wanted + right.wanted, unwanted: left.unwanted + right.unwanted)
          }
        }
      }
      return result
    }
  }
}

/// The host and the path of one way to meet a rule, and what it asks beyond them.
package struct RouteAddress {
  package enum Host: Hashable {
    case any
    case exact(String)
    /// `*.example.com`, from a pattern that covers just that or a part of it.
    case wildcard(String, from: String)
    case pattern(String)
  }

  package enum Path: Hashable {
    case prefix(String)
    case exact(String)
    case pattern(String)
  }

  package var host = Host.any
  package var path: Path = .prefix("/")
  /// Methods, headers, queries, addresses.
  package var others: [RouteMatcher] = []
  package var unwanted: [RouteMatcher] = []
  /// Two conditions that no request can meet together.
  package var isImpossible = false

  package init(_ match: RouteMatch) {
    unwanted = match.unwanted
    for matcher in match.wanted {
      switch matcher {
      case .host(let name): add(host: Self.host(name))
      case .hostPattern(let pattern): add(host: Self.host(pattern: pattern))
      case .path(let path): add(path: .exact(path))
      case .pathPrefix(let path): add(path: .prefix(path))
      case .pathPattern(let pattern): add(path: Self.path(pattern: pattern))
      default: others.append(matcher)
      }
    }
  }

  /// Whether host and path say everything.
  package var isPlain: Bool { others.isEmpty && unwanted.isEmpty }

  private mutating func add(host new: Host) {
    if host == .any || host == new {
      host = new
    } else if new != .any {
      switch (host, new) {
      case (.exact, .exact): isImpossible = true
      default: others.append(.hostPattern("\(new)"))
      }
    }
  }

  private mutating func add(path new: Path) {
    switch (path, new) {
    case (.prefix("/"), _): path = new
    case (.prefix(let old), .prefix(let longer)) where longer.hasPrefix(old): path = new
    case (.prefix(let old), .prefix(let shorter)) where old.hasPrefix(shorter): break
    case (.prefix(let old), .exact(let whole)) where whole.hasPrefix(old): path = new
    case (.exact(let whole), .prefix(let prefix)) where whole.hasPrefix(prefix): break
    case (.pattern, _), (_, .pattern):
      if case .pattern(let pattern) = new { others.append(.pathPattern(pattern)) }
    default: if path != new { isImpossible = true }
    }
  }

  private static func host(_ name: String) -> Host {
    name == "*" ? .any : .exact(name)
  }

  /// Patterns that say less than their length: any host at all, or one name before a fixed rest.
  private static func host(pattern: String) -> Host {
    var body = pattern[...]
    if body.hasPrefix("^") { body = body.dropFirst() }
    if body.hasSuffix("$"), !body.hasSuffix("\\$") { body = body.dropLast() }
    if isAnything(body) { return .any }
    // `(?:[a-z]+)\.example\.com`
    guard let dot = body.firstRange(of: "\\.") else {
      return plain(body).map { Host.exact($0) } ?? .pattern(pattern)
    }
    let rest = plain(body[dot.upperBound...])
    if let whole = plain(body) { return Host.exact(whole) }
    guard let rest, rest.contains("."), isOneLabel(body[..<dot.lowerBound]) else {
      return .pattern(pattern)
    }
    return .wildcard("*.\(rest.lowercased())", from: pattern)
  }

  private static func path(pattern: String) -> Path {
    var body = pattern[...]
    guard body.hasPrefix("^") else { return .pattern(pattern) }
    body = body.dropFirst()
    let isWhole = body.hasSuffix("$") && !body.hasSuffix("\\$")
    if isWhole { body = body.dropLast() }
    for ending in [".*", "(.*)", "(?:.*)"] where body.hasSuffix(ending) {
      if let prefix = plain(body.dropLast(ending.count)), prefix.hasPrefix("/") {
        return .prefix(prefix)
      }
    }
    guard let text = plain(body), text.hasPrefix("/") else { return .pattern(pattern) }
    return isWhole ? .exact(text) : .prefix(text)
  }

  private static func isAnything(_ pattern: Substring) -> Bool {
    [".+", ".*", "(.+)", "(.*)", "(?:.+)", "(?:.*)", "(?:^.*$)"].contains(String(pattern))
  }

  /// A character class or a dot, repeated, in parentheses or not: no more than one name.
  private static func isOneLabel(_ pattern: Substring) -> Bool {
    var body = pattern
    for open in ["(?:", "("] where body.hasPrefix(open) && body.hasSuffix(")") {
      body = body.dropFirst(open.count).dropLast()
      break
    }
    guard body.hasSuffix("+") || body.hasSuffix("*") else { return false }
    body = body.dropLast()
    if body == "." || body == "\\w" { return true }
    return body.hasPrefix("[") && body.hasSuffix("]") && !body.dropFirst().dropLast().contains("]")
  }

  /// The text that a pattern without any special sign stands for.
  private static func plain(_ pattern: Substring) -> String? {
    var result = ""
    var isEscaped = false
    for character in pattern {
      if isEscaped {
        if character.isLetter || character.isNumber { return nil }
        result.append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if "+*?()|[]{}^$".contains(character) {
        return nil
      } else if character == "." {
        return nil
      } else {
        result.append(character)
      }
    }
    return isEscaped ? nil : result
  }
}
