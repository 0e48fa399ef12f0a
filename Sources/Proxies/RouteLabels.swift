import Swarm
package import YAML

/// A port of a service that a proxy was told to send requests to.
package struct RoutedPort: Sendable, Hashable {
  package let number: Int
  /// The label or variable that names it, for messages.
  package let name: String
  package let key: KeyID
}

extension Service {
  /// The ports that labels and variables for HTTP proxies name, in the order of the file and each once: evidence of where
  /// the service listens, whether or not the proxy takes notice of the label.
  package var routedPorts: [RoutedPort] {
    var ports: [RoutedPort] = []
    func add(_ text: some StringProtocol, _ entry: Entry) {
      guard let number = Int(text), 1...65535 ~= number,
        !ports.contains(where: { $0.number == number })
      else { return }
      ports.append(RoutedPort(number: number, name: entry.key, key: entry.value.id))
    }
    for labels in [deploy?["labels"], node["labels"]] {
      for entry in labels?.entries ?? [] {
        guard let text = entry.value.text else { continue }
        switch ProxyLabel(entry.key) {
        case .traefik(let parts) where Self.namesPort(parts): add(text, entry)
        case .caddy:
          for port in CaddyTemplate.upstreamPorts(text) { add(port, entry) }
        case .dockerFlow(let parts) where parts[0] == "port" && parts.count < 3: add(text, entry)
        case .traefik, .dockerFlow, nil: break
        }
      }
    }
    if let entry = node["environment"]?.entry("VIRTUAL_PORT"), let text = entry.value.text {
      add(text, entry)
    }
    return ports
  }

  /// `traefik.http.services.NAME.loadbalancer.server.port`, and Traefik 1's `traefik.port` and `traefik.NAME.port`.
  private static func namesPort(_ parts: [String]) -> Bool {
    switch parts.count {
    case 1: parts[0] == "port"
    case 2: parts[1] == "port"
    case 6: parts[1] == "services" && parts[3...] == ["loadbalancer", "server", "port"]
    default: false
    }
  }
}

/// A label that a proxy reads, told by its key in any letter case.
package enum ProxyLabel: Equatable {
  /// The parts behind `traefik.`, in small letters.
  case traefik([String])
  case caddy
  /// The parts behind `com.df.`, in small letters.
  case dockerFlow([String])

  package init?(_ key: String) {
    switch key.utf8.first {
    case UInt8(ascii: "t"), UInt8(ascii: "T"):
      let key = key.lowercased()
      guard key.hasPrefix("traefik.") else { return nil }
      self = .traefik(Self.parts(key.dropFirst("traefik.".count)))
    case UInt8(ascii: "c"), UInt8(ascii: "C"):
      let key = key.lowercased()
      if key.hasPrefix("com.df.") {
        self = .dockerFlow(Self.parts(key.dropFirst("com.df.".count)))
      } else if CaddyTemplate.isKey(key) {
        self = .caddy
      } else {
        return nil
      }
    default: return nil
    }
  }

  private static func parts(_ text: Substring) -> [String] {
    text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
  }
}

/// The templates in the labels of caddy-docker-proxy.
package enum CaddyTemplate {
  /// `caddy`, `caddy_0`, and what stands below them: `caddy.reverse_proxy`.
  package static func isKey(_ key: String) -> Bool {
    guard key.hasPrefix("caddy") else { return false }
    let head = key.prefix { $0 != "." }.dropFirst("caddy".count)
    return head.isEmpty
      || head.first == "_" && head.count > 1 && head.dropFirst().allSatisfy(\.isNumber)
  }

  /// The ports of `{{upstreams 8080}}` and `{{upstreams https 8443}}`.
  package static func upstreamPorts(_ text: String) -> [Substring] {
    text.split(separator: "{{").dropFirst(text.hasPrefix("{{") ? 0 : 1).compactMap { piece in
      guard let end = piece.firstRange(of: "}}") else { return nil }
      let words = piece[..<end.lowerBound].split(separator: " ")
      guard words.first == "upstreams" else { return nil }
      return words.last { $0.allSatisfy(\.isNumber) }
    }
  }
}
