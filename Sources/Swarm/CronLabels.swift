package import YAML

/// The labels by which swarm-cronjob starts a service at set times.
///
/// Source: swarm-cronjob `internal/app/app.go`: only labels of the service (`deploy.labels`) count, and only with
/// `enable` true and a `schedule`.
package struct CronLabels: Sendable {
  package static let prefix = "swarm.cronjob."

  /// The entries under `deploy.labels`, in the order of the file.
  package let entries: [Entry]

  init?(_ labels: Node?) {
    guard let all = labels?.entries else { return nil }
    entries = all.filter { $0.key.hasPrefix(Self.prefix) }
    if entries.isEmpty { return nil }
  }

  package subscript(name: String) -> Node? {
    entries.first { $0.key.dropFirst(Self.prefix.count) == name }?.value
  }

  /// Whether swarm-cronjob takes notice of the service at all.
  package var isEnabled: Bool { Self.bool(self["enable"]?.text) == true && self["schedule"] != nil }

  package var schedule: String? { self["schedule"]?.text }

  /// A start is left out while the last one still runs; else the running tasks are replaced.
  package var skipsRunning: Bool { Self.bool(self["skip-running"]?.text) ?? false }

  /// The number of tasks to start.
  package var replicas: Int {
    self["replicas"]?.text.flatMap { Int($0) }.flatMap { $0 < 0 ? nil : $0 } ?? 1
  }

  package static func isTrue(_ node: Node) -> Bool { bool(node.text) == true }

  /// `strconv.ParseBool`.
  package static func bool(_ text: String?) -> Bool? {
    switch text {
    case "1", "t", "T", "true", "TRUE", "True": true
    case "0", "f", "F", "false", "FALSE", "False": false
    default: nil
    }
  }
}

extension Service {
  /// swarm-cronjob's labels, if the service has any.
  package var cronLabels: CronLabels? { CronLabels(deploy?["labels"]) }
}
