import YAML

/// How a service's name resolves.
package enum EndpointMode: String, Sendable {
  /// To one virtual address.
  case vip
  /// To the addresses of all tasks.
  case dnsrr
}

extension Service {
  /// A virtual address where nothing is written, and for words that the engine does not know.
  ///
  /// Source: moby `daemon/cluster/convert/service.go`, which looks the word up in any letter case.
  package var endpointMode: Setting<EndpointMode> {
    Setting(deploy?["endpoint_mode"], default: .vip) {
      $0.text.map { EndpointMode(rawValue: $0.lowercased()) ?? .vip }
    }
  }
}
