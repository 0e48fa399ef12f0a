import Kubernetes
package import Ledger
package import Swarm
import YAML

/// How new pods replace old ones when the service changes.
package enum UpdatePolicy: Feature {
  package static let name = "update-policy"
  package static let title = "Updates and rollbacks"
  package static let about = """
    Swarm replaces `parallelism` tasks at a time (1; 0 is all), by `order` (`stop-first`), with `delay` between the groups. \
    It watches each for `monitor` (5 s) and then pauses, goes on or rolls back, as `failure_action` says. Kubernetes' defaults \
    differ (a quarter of the pods, new ones first), so Swarm's are written out also where the stack is silent:

    | order | Deployment, DaemonSet |
    |---|---|
    | `stop-first`, P at a time | `maxUnavailable: P`, `maxSurge: 0` |
    | `start-first`, P at a time | `maxSurge: P`, `maxUnavailable: 0` |
    | all at once | `100%` instead of P |

    - Pods that hold a port of the node cannot start beside the old ones: they are stopped first. A volume that one node at a \
    time can mount needs all old pods gone: `Recreate`.
    - A StatefulSet stops one pod, starts its successor, and goes on when that is ready. It knows no other order; more at a time \
    is a feature that clusters have off.
    - Jobs are not updated in place; the policy has no effect on them in Swarm either.
    - `delay` is `minReadySeconds`: a new pod counts only after that time, and the next one waits for it.
    - `failure_action: pause` is what Kubernetes does: a rollout stops while its new pods do not become ready. `continue` and \
    `rollback` it does not do by itself.
    - `monitor` of a minute or more becomes `progressDeadlineSeconds`, the time after which a rollout that does not move is reported \
    as failed; a shorter one would report every slow start.
    """
  package static let owns: [KeyPattern] = [
    "services.*.deploy.update_config.**", "services.*.deploy.rollback_config.**",
  ]
  package static let examples: [Example] = [
    Example(
      "Nothing written",
      stack: """
        image: nginx:1.27
        """,
      kubernetes: """
          strategy:
            type: RollingUpdate
            rollingUpdate:
              maxSurge: 0
              maxUnavailable: 1
        """,
      findings: ["update-policy/default"]),
    Example(
      "Two at a time, new ones first",
      stack: """
        image: nginx:1.27
        deploy:
          replicas: 6
          update_config:
            parallelism: 2
            order: start-first
            delay: 10s
            failure_action: rollback
        """,
      kubernetes: """
          strategy:
            type: RollingUpdate
            rollingUpdate:
              maxSurge: 2
              maxUnavailable: 0
          minReadySeconds: 10
        """,
      findings: ["update-policy/delay", "update-policy/no-automatic-rollback"]),
  ]

  package static func map(
    _ service: Swarm.Service, into workload: inout Workload, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    let policy = service.updatePolicy
    let rollback = service.deploy?["rollback_config"]
    switch workload.kind {
    case .job, .cronJob:
      ledger.settle(policy.node, .inert, .jobs())
      ledger.settle(rollback, .inert, .jobs())
      return
    case .statefulSet: mapStatefulSet(policy, &ledger)
    case .deployment: mapRolling(policy, service, into: &workload, "strategy", &ledger)
    case .daemonSet: mapRolling(policy, service, into: &workload, "updateStrategy", &ledger)
    }
    mapDelay(policy, into: &workload, &ledger)
    mapFailures(policy, into: &workload, &ledger)
    // Empty and odd values leave Swarm's defaults in force, which have been mapped.
    ledger.keep(
      policy.node, as: workload.kind == .deployment ? "spec.strategy" : "spec.updateStrategy")
    mapRollback(service.rollbackPolicy, policy, workload, &ledger)
  }

  private static func mapRolling(
    _ policy: Swarm.UpdatePolicy, _ service: Swarm.Service, into workload: inout Workload,
    _ field: String, _ ledger: inout Ledger
  ) {
    let order = policy.node?["order"]
    let parallelism = policy.node?["parallelism"]
    if case .recreate = workload.update, workload.kind == .deployment {
      ledger.settle(order, .adapted, .recreated(), as: "spec.strategy.type")
      ledger.settle(parallelism, .adapted, .recreated(), as: "spec.strategy.type")
      return
    }
    let count = policy.parallelism.value
    let amount: Workload.Update.Amount =
      count == 0 || count > WorkloadKind.largestCount ? .all : .pods(count)
    let takesNodePorts =
      workload.pod.hostNetwork == true
      || service.publishedPorts.contains { $0.mode == .host }
      || workload.container.ports.contains { $0.hostPort != nil }
    let startsFirst = policy.order.value == .startFirst
    if startsFirst && !takesNodePorts {
      workload.update = .rolling(maxUnavailable: .pods(0), maxSurge: amount)
      ledger.keep(order, as: "spec.\(field).rollingUpdate.maxSurge")
      ledger.keep(parallelism, as: "spec.\(field).rollingUpdate.maxSurge")
    } else {
      workload.update = .rolling(maxUnavailable: amount, maxSurge: .pods(0))
      if startsFirst {
        ledger.settle(order, .adapted, .nodePorts(), as: "spec.\(field).rollingUpdate")
      }
      ledger.keep(order, as: "spec.\(field).rollingUpdate.maxUnavailable")
      ledger.keep(parallelism, as: "spec.\(field).rollingUpdate.maxUnavailable")
    }
    if policy.parallelism.isDefault && policy.order.isDefault {
      ledger.remark(.adapted, .byDefault(), as: "spec.\(field)")
    }
  }

  private static func mapStatefulSet(_ policy: Swarm.UpdatePolicy, _ ledger: inout Ledger) {
    if policy.order.value == .startFirst {
      ledger.settle(policy.node?["order"], .adapted, .oneByOne(), as: "spec.updateStrategy")
    }
    if policy.parallelism.value != 1 {
      ledger.settle(policy.node?["parallelism"], .adapted, .oneByOne(), as: "spec.updateStrategy")
    }
  }

  private static func mapDelay(
    _ policy: Swarm.UpdatePolicy, into workload: inout Workload, _ ledger: inout Ledger
  ) {
    let delay = policy.delay.value
    guard delay > .zero else { return }
    let node = policy.node?["delay"]
    if policy.parallelism.value == 0 {
      ledger.settle(node, .inert, .delayBetweenOne())
      return
    }
    // The deadline has to be the larger of the two 32-bit numbers.
    let seconds = min(delay.secondsRoundedUp, WorkloadKind.largestCount - 600)
    workload.minReadySeconds = seconds
    if workload.kind == .deployment, seconds >= 600 {
      workload.progressDeadlineSeconds = seconds + 600
    }
    ledger.settle(node, .adapted, .delay(delay, seconds), as: "spec.minReadySeconds")
  }

  private static func mapFailures(
    _ policy: Swarm.UpdatePolicy, into workload: inout Workload, _ ledger: inout Ledger
  ) {
    let node = policy.node
    if let monitor = node?["monitor"], !policy.monitor.isDefault {
      let seconds = min(
        policy.monitor.value.secondsRoundedUp, WorkloadKind.largestCount - 600)
      let least = workload.minReadySeconds ?? 0
      if workload.kind == .deployment, seconds >= 60 {
        let deadline = max(seconds, workload.progressDeadlineSeconds ?? 0, least + 60)
        workload.progressDeadlineSeconds = min(deadline, WorkloadKind.largestCount)
        ledger.settle(
          monitor, .adapted, .monitorIsDeadline(policy.monitor.value),
          as: "spec.progressDeadlineSeconds")
      } else {
        ledger.settle(monitor, .adapted, .monitor(policy.monitor.value))
      }
    }
    if let action = node?["failure_action"] {
      switch policy.failureAction.value {
      case .pause: ledger.keep(action, as: "spec.strategy")
      case .continue: ledger.settle(action, .adapted, .continues())
      case .rollback: ledger.settle(action, .lost, .noAutomaticRollback(workload))
      }
    }
    if let ratio = node?["max_failure_ratio"], policy.maxFailureRatio.value > 0 {
      ledger.settle(ratio, .adapted, .failureRatio(ratio.text ?? ""))
    }
  }

  private static func mapRollback(
    _ rollback: Swarm.UpdatePolicy?, _ policy: Swarm.UpdatePolicy, _ workload: Workload,
    _ ledger: inout Ledger
  ) {
    guard let rollback, let node = rollback.node else { return }
    if rollback.replaces(like: policy) {
      ledger.settle(node, .adapted, .rollbackIsRollout(workload))
    } else {
      ledger.settle(node, .lost, .rollbackLost(rollback, workload))
    }
  }
}

extension Finding.Message {
  fileprivate static func jobs() -> Self {
    Self(
      "update-policy/job",
      "Tasks that run to their end are not replaced step by step, so this has no effect.")
  }

  fileprivate static func byDefault() -> Self {
    Self(
      "update-policy/default",
      "The stack says neither order nor parallelism, so Swarm stops one task and then starts its successor; that is written out. "
        + "Kubernetes alone would start new pods first, a quarter of them at a time.")
  }

  fileprivate static func recreated() -> Self {
    Self(
      "update-policy/recreate",
      "The pods hold a volume that one node at a time can mount, so an update stops all of them before it starts the new ones."
    )
  }

  fileprivate static func nodePorts() -> Self {
    Self(
      "update-policy/host-ports",
      "A new pod cannot start beside the old one that holds its port of the node, so old pods are stopped first."
    )
  }

  fileprivate static func oneByOne() -> Self {
    Self(
      "update-policy/one-by-one",
      "A StatefulSet stops one pod, starts its successor and waits until that is ready, whatever parallelism and order say: an update "
        + "takes longer, and one pod at a time is away.")
  }

  fileprivate static func delayBetweenOne() -> Self {
    Self(
      "update-policy/delay-of-one-group",
      "All tasks are replaced at once, so there is nothing for the delay to come between.")
  }

  fileprivate static func delay(_ delay: Duration, _ seconds: Int) -> Self {
    Self(
      "update-policy/delay",
      "Instead of waiting \(delay.goText) between two groups, Kubernetes lets each new pod count only after it has been ready for "
        + "\(seconds) s, and goes on then. New pods that crash within that time hold the rollout up."
    )
  }

  fileprivate static func monitorIsDeadline(_ monitor: Duration) -> Self {
    Self(
      "update-policy/monitor-deadline",
      "Swarm watches each new task for \(monitor.goText). Kubernetes reports a rollout as failed when nothing has moved for that long; "
        + "it does not look at pods again that have once been ready.")
  }

  fileprivate static func monitor(_ monitor: Duration) -> Self {
    Self(
      "update-policy/monitor",
      "Swarm counts a new task as failed if it ends within \(monitor.goText). Kubernetes has no such time: a rollout goes on when new pods "
        + "are ready and stops while they are not, however long that takes.")
  }

  fileprivate static func continues() -> Self {
    Self(
      "update-policy/stops-on-failure",
      "Swarm goes on with an update although new tasks fail. Kubernetes stops a rollout while its new pods are not ready, and keeps the "
        + "remaining old pods.")
  }

  fileprivate static func noAutomaticRollback(_ workload: Workload) -> Self {
    Self(
      "update-policy/no-automatic-rollback",
      "Swarm goes back to the old version by itself when an update fails. Kubernetes only stops the rollout: go back by hand, with "
        + "`helm upgrade --rollback-on-failure`, or let Argo Rollouts do it.",
      remedy: "kubectl -n \(workload.namespace) rollout undo \(workload.reference.lowercased())")
  }

  fileprivate static func failureRatio(_ ratio: String) -> Self {
    Self(
      "update-policy/failure-ratio",
      "Swarm accepts that a share of \(ratio) of the new tasks fails. Kubernetes accepts none: the rollout stops at the first pods that do "
        + "not become ready.")
  }

  fileprivate static func rollbackIsRollout(_ workload: Workload) -> Self {
    Self(
      "update-policy/rollback-is-rollout",
      "A rollback is a rollout of the old version here and follows the same settings as an update, which are those of this rollback too. "
        + "It is started by hand.",
      remedy: "kubectl -n \(workload.namespace) rollout undo \(workload.reference.lowercased())")
  }

  fileprivate static func rollbackLost(_ policy: Swarm.UpdatePolicy, _ workload: Workload) -> Self {
    let count = policy.parallelism.value
    return Self(
      "update-policy/rollback-settings",
      "A rollback replaces pods as an update does; settings of its own (here \(count == 0 ? "all" : "\(count)") at a time, "
        + "\(policy.order.value.rawValue), \(policy.delay.value.goText) between) do not exist. It is started by hand.",
      remedy: "kubectl -n \(workload.namespace) rollout undo \(workload.reference.lowercased())")
  }
}
