import Kubernetes
import Ledger
import Swarm
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

  package static func map(_ context: inout ServiceContext) {
    let service = context.service
    let policy = service.updatePolicy
    let rollback = service.deploy?["rollback_config"]
    switch context.workload.kind {
    case .job, .cronJob:
      context.settle(policy.node, .jobs())
      context.settle(rollback, .jobs())
      return
    case .statefulSet: mapStatefulSet(policy, &context)
    case .deployment: mapRolling(policy, service, "strategy", &context)
    case .daemonSet: mapRolling(policy, service, "updateStrategy", &context)
    }
    mapDelay(policy, &context)
    mapFailures(policy, &context)
    // Empty and odd values leave Swarm's defaults in force, which have been mapped.
    context.keep(
      policy.node,
      as: context.workload.kind == .deployment ? "spec.strategy" : "spec.updateStrategy")
    mapRollback(service.rollbackPolicy, policy, &context)
  }

  private static func mapRolling(
    _ policy: Swarm.UpdatePolicy, _ service: Swarm.Service, _ field: String,
    _ context: inout ServiceContext
  ) {
    let order = policy.node?["order"]
    let parallelism = policy.node?["parallelism"]
    if case .recreate = context.workload.update, context.workload.kind == .deployment {
      context.settle(order, .recreated(), as: "spec.strategy.type")
      context.settle(parallelism, .recreated(), as: "spec.strategy.type")
      return
    }
    let count = policy.parallelism.value
    let amount: Workload.Update.Amount =
      count == 0 || count > WorkloadKind.largestCount ? .all : .pods(count)
    let takesNodePorts =
      context.workload.pod.hostNetwork == true
      || service.publishedPorts.contains { $0.mode == .host }
      || context.workload.container.ports.contains { $0.hostPort != nil }
    let startsFirst = policy.order.value == .startFirst
    if startsFirst && !takesNodePorts {
      context.workload.update = .rolling(maxUnavailable: .pods(0), maxSurge: amount)
      context.keep(order, as: "spec.\(field).rollingUpdate.maxSurge")
      context.keep(parallelism, as: "spec.\(field).rollingUpdate.maxSurge")
    } else {
      context.workload.update = .rolling(maxUnavailable: amount, maxSurge: .pods(0))
      if startsFirst {
        context.settle(order, .nodePorts(), as: "spec.\(field).rollingUpdate")
      }
      context.keep(order, as: "spec.\(field).rollingUpdate.maxUnavailable")
      context.keep(parallelism, as: "spec.\(field).rollingUpdate.maxUnavailable")
    }
    if policy.parallelism.isDefault && policy.order.isDefault {
      context.remark(.byDefault(), as: "spec.\(field)")
    }
  }

  private static func mapStatefulSet(_ policy: Swarm.UpdatePolicy, _ context: inout ServiceContext)
  {
    if policy.order.value == .startFirst {
      context.settle(policy.node?["order"], .oneByOne(), as: "spec.updateStrategy")
    }
    if policy.parallelism.value != 1 {
      context.settle(policy.node?["parallelism"], .oneByOne(), as: "spec.updateStrategy")
    }
  }

  private static func mapDelay(
    _ policy: Swarm.UpdatePolicy, _ context: inout ServiceContext
  ) {
    let delay = policy.delay.value
    guard delay > .zero else { return }
    let node = policy.node?["delay"]
    if policy.parallelism.value == 0 {
      context.settle(node, .delayBetweenOne())
      return
    }
    // The deadline has to be the larger of the two 32-bit numbers.
    let seconds = min(delay.secondsRoundedUp, WorkloadKind.largestCount - 600)
    context.workload.minReadySeconds = seconds
    if context.workload.kind == .deployment, seconds >= 600 {
      context.workload.progressDeadlineSeconds = seconds + 600
    }
    context.settle(node, .delay(delay, seconds), as: "spec.minReadySeconds")
  }

  private static func mapFailures(
    _ policy: Swarm.UpdatePolicy, _ context: inout ServiceContext
  ) {
    let node = policy.node
    if let monitor = node?["monitor"], !policy.monitor.isDefault {
      let seconds = min(
        policy.monitor.value.secondsRoundedUp, WorkloadKind.largestCount - 600)
      let least = context.workload.minReadySeconds ?? 0
      if context.workload.kind == .deployment, seconds >= 60 {
        let deadline = max(seconds, context.workload.progressDeadlineSeconds ?? 0, least + 60)
        context.workload.progressDeadlineSeconds = min(deadline, WorkloadKind.largestCount)
        context.settle(
          monitor, .monitorIsDeadline(policy.monitor.value),
          as: "spec.progressDeadlineSeconds")
      } else {
        context.settle(monitor, .monitor(policy.monitor.value))
      }
    }
    if let action = node?["failure_action"] {
      switch policy.failureAction.value {
      case .pause: context.keep(action, as: "spec.strategy")
      case .continue: context.settle(action, .continues())
      case .rollback: context.settle(action, .noAutomaticRollback(context.workload))
      }
    }
    if let ratio = node?["max_failure_ratio"], policy.maxFailureRatio.value > 0 {
      context.settle(ratio, .failureRatio(ratio.text ?? ""))
    }
  }

  private static func mapRollback(
    _ rollback: Swarm.UpdatePolicy?, _ policy: Swarm.UpdatePolicy, _ context: inout ServiceContext
  ) {
    guard let rollback, let node = rollback.node else { return }
    if rollback.replaces(like: policy) {
      context.settle(node, .rollbackIsRollout(context.workload))
    } else {
      context.settle(node, .rollbackLost(rollback, context.workload))
    }
  }
}
