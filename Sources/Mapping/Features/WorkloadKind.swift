import Kubernetes
import Ledger
import Swarm
import YAML

/// A service's mode decides which controller runs its pods.
package enum WorkloadKind: Feature {
  package static let name = "workload-kind"
  package static let title = "Workload kinds"
  package static let about = """
    A Swarm service is a set of tasks; what kind of set says `deploy.mode`. The controller in Kubernetes follows from it, and \
    from what the tasks need of their slot:

    - `replicated` becomes a Deployment; `replicas: 0` stays 0.
    - A replicated service that uses `{{.Task.Slot}}` in its environment, host name or volumes becomes a StatefulSet whose \
    ordinals start at 1, as Swarm's slots do; so does one that mounts a volume of the `local` driver with more than one replica \
    and shares it with no other service. Pods start in parallel, as tasks do. A headless Service governs their names; it is \
    named after the service with `-pods` unless the service's own Service is headless.
    - `global` becomes a DaemonSet. Swarm's managers run global tasks, so it tolerates the control-plane taint, unless a \
    constraint excludes managers. Swarm runs replicated tasks on managers too; a cluster whose control plane is tainted has \
    that much less room.
    - `replicated-job` becomes a Job with as many completions as replicas, all at once. `global-job` becomes an Indexed Job \
    whose pods may not share a node, one for each of `--nodes` nodes.
    - A replicated service with `restart_policy.condition: none` that neither listens nor is checked is a one-shot: a Job. With \
    `replicas: 0` the Job is suspended until somebody starts it.
    - Labels of swarm-cronjob under `deploy.labels` make it a CronJob: `skip-running` is `concurrencyPolicy: Forbid`; without \
    it swarm-cronjob restarts the service, so a running task ends, which is `Replace`. Seconds in a schedule are dropped. \
    Schedules run in the time zone of the swarm-cronjob service (its `TZ`), which is written out.

    Jobs are never bare Pods. `enableServiceLinks` is off everywhere: Swarm puts no addresses of other services into the \
    environment, and a namespace with thousands of Services would overflow it.
    """
  package static let owns: [KeyPattern] = ["services.*.deploy.mode", "services.*.deploy.replicas"]
  package static let examples: [Example] = [
    Example(
      "A global service",
      stack: """
        image: prom/node-exporter:v1.8.0
        deploy:
          mode: global
        """,
      kubernetes: """
        kind: DaemonSet
              tolerations:
                - key: node-role.kubernetes.io/control-plane
        """),
    Example(
      "A service started by swarm-cronjob",
      stack: """
        image: busybox:1.36
        command: date
        deploy:
          replicas: 0
          restart_policy:
            condition: none
          labels:
            swarm.cronjob.enable: "true"
            swarm.cronjob.schedule: 0 3 * * *
            swarm.cronjob.skip-running: "true"
        """,
      kubernetes: """
        kind: CronJob
          schedule: 0 3 * * *
          timeZone: Etc/UTC
          concurrencyPolicy: Forbid
        """,
      findings: ["workload-kind/cron-time-zone"]),
    Example(
      "A slot in the environment",
      stack: """
        image: busybox:1.36
        environment:
          BROKER_ID: "{{.Task.Slot}}"
        deploy:
          replicas: 3
        """,
      kubernetes: """
        kind: StatefulSet
          replicas: 3
          ordinals:
            start: 1
          podManagementPolicy: Parallel
        """,
      findings: ["workload-kind/slot-identity"]),
  ]

  /// The API's counts are 32-bit numbers.
  static let largestCount = Int(Int32.max)

  package static func map(_ context: inout ServiceContext) {
    let service = context.service
    context.workload.pod.enableServiceLinks = false
    let mode = service.mode.value
    let count = min(service.replicas ?? 1, largestCount)
    let deploy = service.deploy
    if let cron = service.cronLabels, let schedule = cronSchedule(cron, &context) {
      mapCron(cron, schedule, &context)
      return
    }
    switch mode {
    case .replicatedJob:
      context.workload.kind = .job
      context.workload.job.completions = count
      context.workload.job.parallelism = count
      named(&context)
      context.keep(deploy?["mode"], as: "kind")
      settleReplicas("spec.parallelism", &context)
      context.remark(
        .jobIsImmutable(context.workload), at: deploy?["mode"]?.id ?? .none, as: "spec.template")
    case .globalJob:
      let nodes = spreadOverNodes(&context)
      context.workload.kind = .job
      named(&context)
      context.settle(
        deploy?["mode"], .onePodPerNode(nodes), as: "spec.completions")
      context.settle(deploy?["replicas"], .replicasOfGlobal())
    case .global:
      context.workload.kind = .daemonSet
      if !service.excludesManagers { context.workload.pod.tolerations.append(.controlPlane) }
      named(&context)
      context.keep(deploy?["mode"], as: "kind")
      context.settle(deploy?["replicas"], .replicasOfGlobal())
    case .replicated:
      mapReplicated(count, &context)
    }
  }

  private static func mapReplicated(
    _ count: Int, _ context: inout ServiceContext
  ) {
    let service = context.service
    let deploy = service.deploy
    if isOneShot(service) {
      context.workload.kind = .job
      // Nothing runs at first; the Job's size is then that of one start by hand.
      context.workload.job.isSuspended = count == 0
      context.workload.job.completions = max(count, 1)
      context.workload.job.parallelism = max(count, 1)
      named(&context)
      context.keep(deploy?["mode"], as: "kind")
      let condition = service["deploy", "restart_policy", "condition"]?.id ?? .none
      if count == 0 {
        context.settle(deploy?["replicas"], .suspended(context.workload), as: "spec.suspend")
      } else {
        settleReplicas("spec.parallelism", &context)
      }
      context.remark(.oneShot(), at: condition, as: "kind")
      return
    }
    context.workload.replicas = count
    if let slot = SlotIdentity(
      service, context.stack, context.volumeUses, replicas: count)
    {
      context.workload.kind = .statefulSet
      context.workload.firstOrdinal = 1
      context.workload.governingService = context.names.free(context.workload.name, "-pods")
      named(&context)
      switch slot {
      case .template(let key):
        context.remark(.slotIdentity(context.workload), at: key, as: "kind")
      case .localVolume(let volume, let key):
        context.remark(
          .localVolume(volume, count), at: key, as: "spec.volumeClaimTemplates")
      }
    } else {
      context.workload.kind = .deployment
      named(&context)
    }
    context.keep(deploy?["mode"], as: "kind")
    settleReplicas("spec.replicas", &context)
  }

  private static func settleReplicas(_ field: String, _ context: inout ServiceContext) {
    let service = context.service
    let node = service.deploy?["replicas"]
    if let count = service.replicas, count > largestCount {
      context.settle(node, .replicasCut(count), as: field)
    } else {
      context.keep(node, as: field)
    }
  }

  /// Sets the controller's name, whose length depends on the kind, and the subject of what follows.
  static func named(_ context: inout ServiceContext) {
    // StatefulSets and CronJobs put a suffix of 11 characters behind their name and the whole into a label of 63.
    switch context.workload.kind {
    case .statefulSet, .cronJob, .job:
      context.workload.controllerName = ObjectName.folding(
        "\(context.workload.name)", maxLength: 52)
    case .deployment, .daemonSet: break
    }
    context.ledger.subject.object = context.workload.reference
  }

  /// One pod a node: as many completions as nodes, and no two pods of the service on one.
  /// Gives the number of nodes back.
  static func spreadOverNodes(_ context: inout ServiceContext) -> Int {
    let nodes = context.options.nodes
    let count = min(nodes, 100_000)
    context.workload.job.completions = count
    context.workload.job.parallelism = count
    context.workload.job.isIndexed = true
    context.workload.pod.requireDistinctNodes(context.workload.selector)
    if !context.service.excludesManagers {
      context.workload.pod.tolerations.append(.controlPlane)
    }
    return nodes
  }

  /// Nothing says that the service is one that others talk to, and Swarm starts its tasks only once.
  static func isOneShot(_ service: Swarm.Service) -> Bool {
    let policy = service.restartPolicy
    guard policy.node != nil, policy.condition.value == .none else { return false }
    if !service.publishedPorts.isEmpty || service.node["expose"]?.items?.isEmpty == false {
      return false
    }
    switch service.healthcheck?.test {
    case .exec, .shell: return false
    case .image, .disabled, .unknown, nil: break
    }
    let routes = service.deploy?["labels"]?.entries ?? []
    return !routes.contains {
      ($0.key.hasPrefix("traefik.") || $0.key.hasPrefix("caddy")) && $0.value.text != "false"
    }
  }
}
