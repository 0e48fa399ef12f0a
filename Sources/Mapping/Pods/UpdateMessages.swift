import Kubernetes
package import Ledger
import Swarm

extension UpdatePolicy {
  enum Kind {
    static let job: FindingKind = .inert("update-policy/job")
    static let `default`: FindingKind = .adapted("update-policy/default")
    static let recreate: FindingKind = .adapted("update-policy/recreate")
    static let hostPorts: FindingKind = .adapted("update-policy/host-ports")
    static let oneByOne: FindingKind = .adapted("update-policy/one-by-one")
    static let delayOfOneGroup: FindingKind = .inert("update-policy/delay-of-one-group")
    static let delay: FindingKind = .adapted("update-policy/delay")
    static let monitorDeadline: FindingKind = .adapted("update-policy/monitor-deadline")
    static let monitor: FindingKind = .adapted("update-policy/monitor")
    static let stopsOnFailure: FindingKind = .adapted("update-policy/stops-on-failure")
    static let noAutomaticRollback: FindingKind = .lost(
      "update-policy/no-automatic-rollback", .changesBehaviour)
    static let failureRatio: FindingKind = .adapted("update-policy/failure-ratio")
    static let rollbackIsRollout: FindingKind = .adapted("update-policy/rollback-is-rollout")
    static let rollbackSettings: FindingKind = .lost(
      "update-policy/rollback-settings", .changesBehaviour)
  }

  package static let kinds: [FindingKind] = [
    Kind.job, Kind.default, Kind.recreate, Kind.hostPorts, Kind.oneByOne, Kind.delayOfOneGroup,
    Kind.delay, Kind.monitorDeadline, Kind.monitor, Kind.stopsOnFailure, Kind.noAutomaticRollback,
    Kind.failureRatio, Kind.rollbackIsRollout, Kind.rollbackSettings,
  ]
}

private typealias Kind = UpdatePolicy.Kind

extension Finding.Message {
  static func jobs() -> Self {
    Self(
      Kind.job,
      "Tasks that run to their end are not replaced step by step, so this has no effect.")
  }

  static func byDefault() -> Self {
    Self(
      Kind.default,
      "The stack says neither order nor parallelism, so Swarm stops one task and then starts its successor; that is written out. "
        + "Kubernetes alone would start new pods first, a quarter of them at a time.")
  }

  static func recreated() -> Self {
    Self(
      Kind.recreate,
      "The pods hold a volume that one node at a time can mount, so an update stops all of them before it starts the new ones."
    )
  }

  static func nodePorts() -> Self {
    Self(
      Kind.hostPorts,
      "A new pod cannot start beside the old one that holds its port of the node, so old pods are stopped first."
    )
  }

  static func oneByOne() -> Self {
    Self(
      Kind.oneByOne,
      "A StatefulSet stops one pod, starts its successor and waits until that is ready, whatever parallelism and order say: an update "
        + "takes longer, and one pod at a time is away.")
  }

  static func delayBetweenOne() -> Self {
    Self(
      Kind.delayOfOneGroup,
      "All tasks are replaced at once, so there is nothing for the delay to come between.")
  }

  static func delay(_ delay: Duration, _ seconds: Int) -> Self {
    Self(
      Kind.delay,
      "Instead of waiting \(delay.goText) between two groups, Kubernetes lets each new pod count only after it has been ready for "
        + "\(seconds) s, and goes on then. New pods that crash within that time hold the rollout up."
    )
  }

  static func monitorIsDeadline(_ monitor: Duration) -> Self {
    Self(
      Kind.monitorDeadline,
      "Swarm watches each new task for \(monitor.goText). Kubernetes reports a rollout as failed when nothing has moved for that long; "
        + "it does not look at pods again that have once been ready.")
  }

  static func monitor(_ monitor: Duration) -> Self {
    Self(
      Kind.monitor,
      "Swarm counts a new task as failed if it ends within \(monitor.goText). Kubernetes has no such time: a rollout goes on when new pods "
        + "are ready and stops while they are not, however long that takes.")
  }

  static func continues() -> Self {
    Self(
      Kind.stopsOnFailure,
      "Swarm goes on with an update although new tasks fail. Kubernetes stops a rollout while its new pods are not ready, and keeps the "
        + "remaining old pods.")
  }

  static func noAutomaticRollback(_ workload: Workload) -> Self {
    Self(
      Kind.noAutomaticRollback,
      "Swarm goes back to the old version by itself when an update fails. Kubernetes only stops the rollout: go back by hand, with "
        + "`helm upgrade --rollback-on-failure`, or let Argo Rollouts do it.",
      remedy: .undo(workload))
  }

  static func failureRatio(_ ratio: String) -> Self {
    Self(
      Kind.failureRatio,
      "Swarm accepts that a share of \(ratio) of the new tasks fails. Kubernetes accepts none: the rollout stops at the first pods that do "
        + "not become ready.")
  }

  static func rollbackIsRollout(_ workload: Workload) -> Self {
    Self(
      Kind.rollbackIsRollout,
      "A rollback is a rollout of the old version here and follows the same settings as an update, which are those of this rollback too. "
        + "It is started by hand.",
      remedy: .undo(workload))
  }

  static func rollbackLost(_ policy: Swarm.UpdatePolicy, _ workload: Workload) -> Self {
    let count = policy.parallelism.value
    return Self(
      Kind.rollbackSettings,
      "A rollback replaces pods as an update does; settings of its own (here \(count == 0 ? "all" : "\(count)") at a time, "
        + "\(policy.order.value.rawValue), \(policy.delay.value.goText) between) do not exist. It is started by hand.",
      remedy: .undo(workload))
  }
}

extension Remedy {
  /// Goes back to the version before.
  fileprivate static func undo(_ workload: Workload) -> Self {
    .command(
      "kubectl -n \(workload.namespace) rollout undo \(workload.reference.lowercased())")
  }
}
