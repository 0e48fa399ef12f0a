import YAML

/// A port on which containers of a service listen, by its own word.
package struct ExposedPort: Sendable, Hashable {
  package let number: Int
  package let transport: PublishedPort.Transport

  /// All ports of `3000`, `53/udp`, `8000-8010`; none of what Docker would not read.
  package static func all(_ text: String) -> [ExposedPort] {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let ends = (parts.first ?? "").split(separator: "-").map { UInt16($0) }
    guard
      let transport = PublishedPort.Transport(
        rawValue: parts.count > 1 ? parts[1].lowercased() : "tcp"),
      let first = ends.first ?? nil, let last = ends.last ?? nil, 1...2 ~= ends.count,
      first > 0, last >= first
    else { return [] }
    return (first...last).map { ExposedPort(number: Int($0), transport: transport) }
  }
}

extension Service {
  /// The ports under `expose`. What Docker would not read is not here.
  package var exposedPorts: [ExposedPort] {
    (node["expose"]?.items ?? []).flatMap { ExposedPort.all($0.text ?? "") }
  }

  /// The addresses that `extra_hosts` gives to names: they are asked before Swarm's DNS.
  package var extraHostNames: [String] {
    (node["extra_hosts"]?.items ?? []).compactMap { item in
      item.text?.split(separator: ":", maxSplits: 1).first?.split(separator: "=").first
        .map { $0.lowercased() }
    }
  }
}
