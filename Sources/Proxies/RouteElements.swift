import Swarm
package import YAML

/// One label of a proxy.
package struct RouteField: Sendable {
  /// The parts of the key behind the element's own, as written: `["headers", "customrequestheaders", "X-Id"]`.
  package let path: [String]
  /// The whole key, for messages.
  package let label: String
  package let text: String
  package let key: KeyID

  /// The path in small letters, with dots: `tls.certresolver`.
  package var name: String { path.joined(separator: ".").lowercased() }

  package var bool: Bool? { CronLabels.bool(text) }

  /// The items of a list, which stand behind commas.
  package var list: [String] {
    text.split(separator: ",").map { $0.trimmingBlanks }.filter { !$0.isEmpty }
  }
}

/// What labels say about one router, one service or one middleware.
package struct RouteElement: Sendable {
  package enum Kind: String, Sendable { case routers, services, middlewares }
  package enum Transport: String, Sendable { case http, tcp, udp }

  package let kind: Kind
  package let transport: Transport
  /// In the letter case in which it comes first.
  package let name: String
  package var fields: [RouteField] = []

  package subscript(name: String) -> RouteField? { fields.first { $0.name == name } }

  /// Whether a field or anything below it is there: `tls`, `tls.certresolver`.
  package func has(_ name: String) -> Bool {
    fields.contains { $0.name == name || $0.name.hasPrefix(name + ".") }
  }
}

extension StringProtocol {
  /// Without blanks at the ends.
  package var trimmingBlanks: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[first...last])
  }
}

/// Traefik's labels of one service, as far as their keys go.
///
/// Source: traefik/paerser `parser/labels_decode.go`: keys count in any letter case.
package struct TraefikLabels: Sendable {
  /// Routers, services and middlewares of Traefik 2 and 3.
  package private(set) var elements: [RouteElement] = []
  /// Traefik 1's labels by segment; the segment without a name is `""`.
  package private(set) var segments: [(name: String, fields: [RouteField])] = []
  /// `traefik.enable`, `traefik.docker.network` and the like; also what no version of Traefik reads.
  package private(set) var settings: [RouteField] = []

  /// What a key of a segment of Traefik 1 begins with.
  private static let segmentFields: Set<String> = [
    "frontend", "backend", "port", "portname", "protocol", "weight", "domain",
  ]

  package init?(_ labels: Node?) {
    for entry in labels?.entries ?? [] {
      guard case .traefik(let lower) = ProxyLabel(entry.key) else { continue }
      let parts = entry.key.split(separator: ".", omittingEmptySubsequences: false)
        .dropFirst().map(String.init)
      func field(_ depth: Int) -> RouteField {
        RouteField(
          path: Array(parts.dropFirst(depth)), label: entry.key, text: entry.value.text ?? "",
          key: entry.value.id)
      }
      if lower.count > 3, let transport = RouteElement.Transport(rawValue: lower[0]),
        let kind = RouteElement.Kind(rawValue: lower[1])
      {
        add(field(3), to: kind, transport, parts[2])
      } else if Self.segmentFields.contains(lower[0]) {
        add(field(0), toSegment: "")
      } else if lower.count > 1, Self.segmentFields.contains(lower[1]) {
        add(field(1), toSegment: parts[0])
      } else {
        settings.append(field(0))
      }
    }
    if elements.isEmpty && segments.isEmpty && settings.isEmpty { return nil }
  }

  private mutating func add(
    _ field: RouteField, to kind: RouteElement.Kind, _ transport: RouteElement.Transport,
    _ name: String
  ) {
    let place = elements.firstIndex {
      $0.kind == kind && $0.transport == transport && $0.name.lowercased() == name.lowercased()
    }
    if let place {
      elements[place].fields.append(field)
    } else {
      elements.append(
        RouteElement(kind: kind, transport: transport, name: name, fields: [field]))
    }
  }

  private mutating func add(_ field: RouteField, toSegment name: String) {
    if let place = segments.firstIndex(where: { $0.name == name }) {
      segments[place].fields.append(field)
    } else {
      segments.append((name, [field]))
    }
  }

  package subscript(setting: String) -> RouteField? { settings.first { $0.name == setting } }

  /// `traefik.enable`, of version 1 also per segment.
  package var isEnabled: Bool? { self["enable"].flatMap(\.bool) }

  package func elements(_ kind: RouteElement.Kind, _ transport: RouteElement.Transport)
    -> [RouteElement]
  {
    elements.filter { $0.kind == kind && $0.transport == transport }
  }

  /// All labels.
  package var fields: [RouteField] {
    settings + elements.flatMap(\.fields) + segments.flatMap(\.fields)
  }
}
