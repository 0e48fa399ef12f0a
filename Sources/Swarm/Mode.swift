import YAML

/// How many tasks a service has and whether they end.
package enum Mode: Sendable, Hashable {
  case replicated(replicas: Int)
  case global
  /// Runs `replicas` tasks to completion: the CLI sets both the total and the concurrency to it.
  case replicatedJob(replicas: Int)
  case globalJob
}

extension Service {
  /// The mode; `replicated` with one replica where nothing is written.
  package var mode: Setting<Mode> {
    let replicas = deploy?["replicas"]?.int ?? 1
    return Setting(deploy?["mode"], default: .replicated(replicas: replicas)) { node in
      switch node.text {
      case "global": .global
      case "replicated-job": .replicatedJob(replicas: replicas)
      case "global-job": .globalJob
      default: .replicated(replicas: replicas)
      }
    }
  }

  /// The number of tasks, where the mode has one.
  package var replicas: Int? {
    switch mode.value {
    case .replicated(let replicas), .replicatedJob(let replicas): replicas
    case .global, .globalJob: nil
    }
  }
}
