import Kubernetes
package import Ledger
import Swarm
import YAML

/// What happens when a container ends.
package enum RestartPolicy: Feature {
  package static let name = "restart-policy"
  package static let title = "Restart policy"
  package static let about = """
    Swarm starts a new task when one ends: always (`any`), only after a failure (`on-failure`), or never (`none`); after \
    `delay` (5 s), at most `max_attempts` times within `window`. Without `deploy.restart_policy` the legacy `restart` counts: \
    `on-failure:3` is read, `always` and `unless-stopped` are `any`, and `no` is no policy at all, which is `any` as well.

    The pods of Deployments, StatefulSets and DaemonSets are always restarted, by the kubelet, at once after the first end, \
    then after 10 s, 20 s, … up to five minutes; ten minutes without an end start the count anew. So:

    - `any` is the same.
    - `on-failure`: a process that exits with 0 is done in Swarm and is started again in Kubernetes.
    - `none`: a service that is plainly a one-shot is a Job (see workload kinds); any other becomes a Deployment all the same, \
    which restarts it.
    - `max_attempts` has no counterpart there: Kubernetes never gives up. `window` only says when attempts count, so without \
    `max_attempts` it has no effect in Swarm either.

    On Jobs and CronJobs `none` is `restartPolicy: Never` with `backoffLimit: 0`, and `on-failure` is `OnFailure`, with \
    `max_attempts` for each of the pods as `backoffLimit`, or as good as no limit where Swarm has none.
    """
  package static let owns: [KeyPattern] = [
    "services.*.deploy.restart_policy.**", "services.*.restart",
  ]
  package static let examples: [Example] = [
    Example(
      "A job with three more attempts",
      stack: """
        image: busybox:1.36
        deploy:
          mode: replicated-job
          restart_policy:
            condition: on-failure
            max_attempts: 3
        """,
      kubernetes: """
        kind: Job
          backoffLimit: 3
              restartPolicy: OnFailure
        """),
    Example(
      "A service that may end",
      stack: """
        image: nginx:1.27
        deploy:
          restart_policy:
            condition: on-failure
            max_attempts: 5
        """,
      kubernetes: """
        kind: Deployment
        """,
      findings: ["restart-policy/on-failure", "restart-policy/max-attempts"]),
  ]

  enum Kind {
    static let legacyOverruled: FindingKind = .inert("restart-policy/legacy-overruled")
    static let legacyNo: FindingKind = .inert("restart-policy/legacy-no")
    static let onFailure: FindingKind = .adapted("restart-policy/on-failure")
    static let none: FindingKind = .decide("restart-policy/none")
    static let neverRestarted: FindingKind = .inert("restart-policy/never-restarted")
    static let maxAttempts: FindingKind = .lost("restart-policy/max-attempts", .changesBehaviour)
    static let attemptsTogether: FindingKind = .adapted("restart-policy/attempts-together")
    static let delay: FindingKind = .adapted("restart-policy/delay")
    static let windowWithoutAttempts: FindingKind = .inert("restart-policy/window-without-attempts")
    static let window: FindingKind = .lost("restart-policy/window", .changesBehaviour)
    static let cronAny: FindingKind = .adapted("restart-policy/cron-any")
  }

  package static let kinds: [FindingKind] = [
    Kind.legacyOverruled, Kind.legacyNo, Kind.onFailure, Kind.none, Kind.neverRestarted,
    Kind.maxAttempts, Kind.attemptsTogether, Kind.delay, Kind.windowWithoutAttempts, Kind.window,
    Kind.cronAny,
  ]

  private static let field = "spec.template.spec.restartPolicy"

  package static func map(_ context: inout ServiceContext) {
    let service = context.service
    let policy = service.restartPolicy
    if policy.node != nil {
      context.settle(policy.legacy, .legacyOverruled())
    } else if let legacy = policy.legacy, policy.condition.isDefault {
      context.settle(legacy, .legacyNo(legacy.text ?? ""))
    }
    switch context.workload.kind {
    case .deployment, .statefulSet, .daemonSet: mapLasting(policy, &context)
    case .job, .cronJob: mapEnding(policy, &context)
    }
    // Empty and odd values leave Swarm's defaults in force, which have been mapped.
    context.keep(policy.node, as: field)
  }

  /// Pods that are always restarted.
  private static func mapLasting(_ policy: Swarm.RestartPolicy, _ context: inout ServiceContext) {
    let node = policy.node
    // Of the legacy form, one scalar holds the condition and the attempts.
    let condition = node == nil ? policy.legacy : node?["condition"]
    switch policy.condition.value {
    case .any: context.keep(policy.condition.isDefault ? nil : condition, as: field)
    case .onFailure: context.settle(condition, .onFailure(), as: field)
    case .none:
      context.settle(condition, .noneRestarted(), as: field)
      for name in ["delay", "max_attempts", "window"] {
        context.settle(node?[name], .neverRestarted())
      }
      return
    }
    if let attempts = policy.maxAttempts.value {
      let message = Finding.Message.attemptsLost(attempts)
      context.settle(node == nil ? policy.legacy : node?["max_attempts"], message)
    }
    settleDelay(policy, &context)
    settleWindow(policy, &context)
  }

  /// Pods of Jobs.
  private static func mapEnding(
    _ policy: Swarm.RestartPolicy, _ context: inout ServiceContext
  ) {
    let node = policy.node
    let condition = node == nil ? policy.legacy : node?["condition"]
    let field = context.workload.kind == .cronJob ? "spec.jobTemplate.spec" : "spec"
    switch policy.condition.value {
    case .none:
      context.workload.pod.restartPolicy = .never
      context.workload.job.backoffLimit = 0
      context.keep(condition, as: "\(field).backoffLimit")
      for name in ["delay", "max_attempts", "window"] {
        context.settle(node?[name], .neverRestarted())
      }
      return
    case .onFailure, .any:
      context.workload.pod.restartPolicy = .onFailure
      if context.workload.kind == .cronJob, policy.condition.value == .any {
        let key = policy.condition.origin.key
        context.remark(.cronAny(), at: key, as: "\(field).template.spec.restartPolicy")
      }
    }
    context.keep(policy.condition.isDefault ? nil : condition, as: "\(field).backoffLimit")
    let pods = max(context.workload.job.completions ?? 1, 1)
    if let attempts = policy.maxAttempts.value {
      let (limit, overflow) = attempts.multipliedReportingOverflow(by: pods)
      context.workload.job.backoffLimit =
        overflow ? WorkloadKind.largestCount : min(limit, WorkloadKind.largestCount)
      let key = node == nil ? policy.legacy : node?["max_attempts"]
      if pods > 1 {
        context.settle(
          key, .attemptsTogether(attempts, pods), as: "\(field).backoffLimit")
      } else {
        context.keep(key, as: "\(field).backoffLimit")
      }
    } else {
      context.workload.job.backoffLimit = WorkloadKind.largestCount
    }
    settleDelay(policy, &context)
    settleWindow(policy, &context)
  }

  private static func settleDelay(_ policy: Swarm.RestartPolicy, _ context: inout ServiceContext) {
    guard let node = policy.node?["delay"] else { return }
    context.settle(node, .delay(policy.delay.value), as: field)
  }

  private static func settleWindow(_ policy: Swarm.RestartPolicy, _ context: inout ServiceContext) {
    guard let node = policy.node?["window"] else { return }
    if policy.maxAttempts.value == nil {
      context.settle(node, .windowWithoutAttempts())
    } else if let window = policy.window.value {
      context.settle(node, .windowLost(window))
    }
  }
}

private typealias Kind = RestartPolicy.Kind

extension Finding.Message {
  fileprivate static func legacyOverruled() -> Self {
    Self(
      Kind.legacyOverruled,
      "Swarm reads `deploy.restart_policy` and takes no notice of `restart` beside it.")
  }

  fileprivate static func legacyNo(_ text: String) -> Self {
    Self(
      Kind.legacyNo,
      "To Swarm `restart: \(text)` is no restart policy, and without one it restarts every task that ends. That stays so."
    )
  }

  fileprivate static func onFailure() -> Self {
    Self(
      Kind.onFailure,
      "Swarm leaves a task that exits with 0 alone; Kubernetes starts the container again. If the process is meant to end, write "
        + "`mode: replicated-job` into the stack.",
      remedy: .edit("deploy: {mode: replicated-job}"))
  }

  fileprivate static func noneRestarted() -> Self {
    Self(
      Kind.none,
      "Swarm never restarts a task of this service that has ended; as it looks like a server, it becomes a lasting workload, whose "
        + "containers Kubernetes always restarts. To have it run only once, write `mode: replicated-job` into the stack.",
      remedy: .edit("deploy: {mode: replicated-job}"))
  }

  fileprivate static func neverRestarted() -> Self {
    Self(
      Kind.neverRestarted,
      "With the condition `none` Swarm restarts nothing, so this has no effect.")
  }

  fileprivate static func attemptsLost(_ attempts: Int) -> Self {
    Self(
      Kind.maxAttempts,
      "Swarm gives up after \(attempts) restart\(attempts == 1 ? "" : "s"); Kubernetes never does, and tries again at most every five "
        + "minutes (CrashLoopBackOff). Watch restart counts instead of missing tasks.",
      remedy: .look(
        """
        kubectl get pods -A --field-selector status.phase=Running \
        --sort-by '.status.containerStatuses[0].restartCount'
        """))
  }

  fileprivate static func attemptsTogether(_ attempts: Int, _ pods: Int) -> Self {
    Self(
      Kind.attemptsTogether,
      "Swarm counts \(attempts) restart\(attempts == 1 ? "" : "s") for each of the \(pods) tasks; a Job counts those of all its pods "
        + "together, so the limit is \(attempts) × \(pods).")
  }

  fileprivate static func delay(_ delay: Duration) -> Self {
    Self(
      Kind.delay,
      "Swarm waits \(delay.goText) before each restart. The kubelet restarts at once the first time, then after 10 s, doubling up to "
        + "five minutes, and begins anew after ten minutes without an end.")
  }

  fileprivate static func windowWithoutAttempts() -> Self {
    Self(
      Kind.windowWithoutAttempts,
      "`window` says in what time `max_attempts` count; without them it has no effect.")
  }

  fileprivate static func windowLost(_ window: Duration) -> Self {
    Self(
      Kind.window,
      "Swarm counts attempts within \(window.goText); Kubernetes has no such window: it doubles the pause between restarts instead."
    )
  }

  fileprivate static func cronAny() -> Self {
    Self(
      Kind.cronAny,
      "Swarm restarts this scheduled service whenever its process ends, even with exit code 0. A Job ends with the first success, and "
        + "failures are tried again until the next start.",
      remedy: .edit(
        "deploy: {restart_policy: {condition: none}}",
        note: "in the stack: one attempt for each start"))
  }
}
