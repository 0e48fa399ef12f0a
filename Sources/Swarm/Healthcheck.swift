package import YAML

/// A service's health check as the engine runs it.
///
/// Unset timings are the engine's: interval 30 s, timeout 30 s, 3 retries, no start period, start interval 5 s.
/// Source: moby `daemon/health.go`.
package struct Healthcheck: Sendable {
  /// What the engine runs.
  package enum Test: Sendable {
    /// The image's own test, or none if it has none.
    case image
    /// `NONE` or `disable: true`: not even the image's test.
    case disabled
    /// `CMD`: the argument vector.
    case exec([String])
    /// `CMD-SHELL` or a plain string: the script for `/bin/sh -c`, and its positional parameters from `$0`.
    case shell(String, parameters: [String])
    /// A first word that the engine does not know: it logs a warning and runs no test at all, not even the image's. The
    /// container's health stays "starting" for ever, so that Swarm never counts the task as running.
    case unknown(String)
  }

  package let test: Test
  package let interval: Setting<Duration>
  package let timeout: Setting<Duration>
  package let retries: Setting<Int>
  package let startPeriod: Setting<Duration>
  package let startInterval: Setting<Duration>
  /// The mapping under `healthcheck`.
  package let node: Node

  init(_ node: Node) {
    self.node = node
    interval = Setting(node["interval"], default: .seconds(30), read: \.nonZeroDuration)
    timeout = Setting(node["timeout"], default: .seconds(30), read: \.nonZeroDuration)
    retries = Setting(node["retries"], default: 3) { node in
      node.int.flatMap { $0 == 0 ? nil : $0 }
    }
    startPeriod = Setting(node["start_period"], default: .zero, read: \.duration)
    startInterval = Setting(node["start_interval"], default: .seconds(5), read: \.nonZeroDuration)
    let words = (node["test"]?.items ?? []).compactMap(\.text)
    test =
      if node["disable"]?.bool == true || words.first == "NONE" {
        .disabled
      } else {
        switch words.first {
        case "CMD": .exec(Array(words.dropFirst()))
        case "CMD-SHELL":
          .shell(words.count > 1 ? words[1] : "", parameters: Array(words.dropFirst(2)))
        case let word?: .unknown(word)
        case nil: .image
        }
      }
  }

  /// The process that the engine runs in the container; nil where the stack gives no test to run.
  package var arguments: [String]? {
    switch test {
    case .exec(let words): words.isEmpty ? nil : words
    case .shell(let script, let parameters): ["/bin/sh", "-c", script] + parameters
    case .image, .disabled, .unknown: nil
    }
  }
}

extension Service {
  /// The health check, where the stack says anything of it.
  package var healthcheck: Healthcheck? {
    node["healthcheck"].flatMap { $0.entries == nil ? nil : Healthcheck($0) }
  }
}
