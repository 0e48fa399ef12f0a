package import YAML

/// How Swarm replaces a service's tasks when the service changes, or rolls a change back.
///
/// Unset values are SwarmKit's: one task at a time, the old one stopped first, no delay, five seconds of monitoring,
/// `pause` on failure, no failures tolerated. Source: swarmkit `api/defaults/service.go`.
package struct UpdatePolicy: Sendable {
  package enum Order: String, Sendable {
    case stopFirst = "stop-first"
    case startFirst = "start-first"
  }

  package enum FailureAction: String, Sendable {
    case pause
    case `continue`
    case rollback
  }

  /// Tasks that are replaced at the same time; 0 is all of them.
  package let parallelism: Setting<Int>
  package let order: Setting<Order>
  /// The pause between two groups of tasks.
  package let delay: Setting<Duration>
  package let monitor: Setting<Duration>
  package let failureAction: Setting<FailureAction>
  /// The share of tasks that may fail, 0 to 1.
  package let maxFailureRatio: Setting<Double>
  /// The mapping; nil where all are Swarm's defaults.
  package let node: Node?

  init(_ node: Node?) {
    self.node = node
    parallelism = Setting(node?["parallelism"], default: 1) { node in
      node.int.flatMap { $0 < 0 ? nil : $0 }
    }
    order = Setting(node?["order"], default: .stopFirst) { $0.text.flatMap(Order.init) }
    delay = Setting(node?["delay"], default: .zero) { node in
      node.duration.flatMap { $0 < .zero ? nil : $0 }
    }
    monitor = Setting(node?["monitor"], default: .seconds(5)) { node in
      node.nonZeroDuration.flatMap { $0 < .zero ? nil : $0 }
    }
    failureAction = Setting(node?["failure_action"], default: .pause) {
      $0.text.flatMap(FailureAction.init)
    }
    maxFailureRatio = Setting(node?["max_failure_ratio"], default: 0) {
      $0.text.flatMap(Double.init)
    }
  }

  /// Whether both replace tasks in the same way.
  package func replaces(like other: UpdatePolicy) -> Bool {
    parallelism.value == other.parallelism.value && order.value == other.order.value
      && delay.value == other.delay.value
  }
}

extension Service {
  package var updatePolicy: UpdatePolicy { UpdatePolicy(deploy?["update_config"]) }

  /// How a rollback replaces tasks, where the stack says anything of it.
  package var rollbackPolicy: UpdatePolicy? { deploy?["rollback_config"].map { UpdatePolicy($0) } }
}
