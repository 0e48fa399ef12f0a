package import YAML

/// When and how Swarm starts a new task in place of one that has ended.
///
/// `deploy.restart_policy` counts; where it is absent, the legacy `restart` does. Unset values are SwarmKit's: `any`,
/// after five seconds, without end. Source: docker/cli `cli/compose/convert/service.go`, `convertRestartPolicy`;
/// swarmkit `api/defaults/service.go`.
package struct RestartPolicy: Sendable {
  package enum Condition: String, Sendable {
    case none
    case onFailure = "on-failure"
    case any
  }

  package let condition: Setting<Condition>
  package let delay: Setting<Duration>
  /// Starts before Swarm gives up; nil is without end.
  package let maxAttempts: Setting<Int?>
  /// The time in which attempts are counted; nil counts them for ever.
  package let window: Setting<Duration?>
  /// `deploy.restart_policy`, if written.
  package let node: Node?
  /// The legacy `restart`, if written.
  package let legacy: Node?

  init(policy: Node?, legacy: Node?) {
    node = policy
    self.legacy = legacy
    if let policy {
      condition = Setting(policy["condition"], default: .any) { $0.text.flatMap(Condition.init) }
      delay = Setting(policy["delay"], default: .seconds(5), read: \.duration)
      maxAttempts = Setting(policy["max_attempts"], default: nil) { node in
        node.int.flatMap { $0 > 0 ? .some($0) : nil }
      }
      window = Setting(policy["window"], default: nil) { node in
        node.nonZeroDuration.map { .some($0) }
      }
      return
    }
    delay = Setting(.seconds(5))
    window = Setting(nil)
    let parts = (legacy?.text ?? "").split(separator: ":", maxSplits: 1)
    let origin = legacy.map { Origin.key($0.id) } ?? .swarmDefault
    switch parts.first {
    case "on-failure":
      condition = Setting(.onFailure, origin)
      let attempts = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
      maxAttempts = attempts > 0 ? Setting(attempts, origin) : Setting(nil)
    case "always", "unless-stopped":
      condition = Setting(.any, origin)
      maxAttempts = Setting(nil)
    default:
      // `no` is no policy to the client, and no policy is `any` to the engine.
      condition = Setting(.any)
      maxAttempts = Setting(nil)
    }
  }
}

extension Service {
  package var restartPolicy: RestartPolicy {
    RestartPolicy(policy: deploy?["restart_policy"], legacy: node["restart"])
  }
}
