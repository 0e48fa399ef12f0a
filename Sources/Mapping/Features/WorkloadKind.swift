import Kubernetes
package import Ledger
package import Swarm
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

  package static func map(
    _ service: Swarm.Service, into workload: inout Workload, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    workload.pod.enableServiceLinks = false
    let mode = service.mode.value
    let count = min(service.replicas ?? 1, largestCount)
    let deploy = service.deploy
    if let cron = service.cronLabels, let schedule = cronSchedule(cron, &ledger) {
      mapCron(service, cron, schedule, into: &workload, facts, &ledger)
      return
    }
    switch mode {
    case .replicatedJob:
      workload.kind = .job
      workload.job.completions = count
      workload.job.parallelism = count
      named(&workload, &ledger)
      ledger.keep(deploy?["mode"], as: "kind")
      settleReplicas(service, "spec.parallelism", &ledger)
      ledger.remark(
        .adapted, .jobIsImmutable(workload), at: deploy?["mode"]?.id ?? .none, as: "spec.template")
    case .globalJob:
      spreadOverNodes(service, &workload, facts.options.nodes)
      workload.kind = .job
      named(&workload, &ledger)
      ledger.settle(
        deploy?["mode"], .decide, .onePodPerNode(facts.options.nodes), as: "spec.completions")
      ledger.settle(deploy?["replicas"], .inert, .replicasOfGlobal())
    case .global:
      workload.kind = .daemonSet
      if !service.excludesManagers { workload.pod.tolerations.append(.controlPlane) }
      named(&workload, &ledger)
      ledger.keep(deploy?["mode"], as: "kind")
      ledger.settle(deploy?["replicas"], .inert, .replicasOfGlobal())
    case .replicated:
      mapReplicated(service, count, into: &workload, facts, &ledger)
    }
  }

  private static func mapReplicated(
    _ service: Swarm.Service, _ count: Int, into workload: inout Workload,
    _ facts: borrowing Facts, _ ledger: inout Ledger
  ) {
    let deploy = service.deploy
    if isOneShot(service) {
      workload.kind = .job
      // Nothing runs at first; the Job's size is then that of one start by hand.
      workload.job.isSuspended = count == 0
      workload.job.completions = max(count, 1)
      workload.job.parallelism = max(count, 1)
      named(&workload, &ledger)
      ledger.keep(deploy?["mode"], as: "kind")
      let condition = service["deploy", "restart_policy", "condition"]?.id ?? .none
      if count == 0 {
        ledger.settle(deploy?["replicas"], .adapted, .suspended(workload), as: "spec.suspend")
      } else {
        settleReplicas(service, "spec.parallelism", &ledger)
      }
      ledger.remark(.decide, .oneShot(), at: condition, as: "kind")
      return
    }
    workload.replicas = count
    if let slot = SlotIdentity(service, facts, replicas: count) {
      workload.kind = .statefulSet
      workload.firstOrdinal = 1
      workload.governingService = facts.stackNames.free(workload.name, "-pods")
      named(&workload, &ledger)
      switch slot {
      case .template(let key):
        ledger.remark(.adapted, .slotIdentity(workload), at: key, as: "kind")
      case .localVolume(let volume, let key):
        ledger.remark(
          .decide, .localVolume(volume, count), at: key, as: "spec.volumeClaimTemplates")
      }
    } else {
      workload.kind = .deployment
      named(&workload, &ledger)
    }
    ledger.keep(deploy?["mode"], as: "kind")
    settleReplicas(service, "spec.replicas", &ledger)
  }

  private static func settleReplicas(
    _ service: Swarm.Service, _ field: String, _ ledger: inout Ledger
  ) {
    let node = service.deploy?["replicas"]
    if let count = service.replicas, count > largestCount {
      ledger.settle(node, .adapted, .replicasCut(count), as: field)
    } else {
      ledger.keep(node, as: field)
    }
  }

  /// Sets the controller's name, whose length depends on the kind, and the subject of what follows.
  static func named(_ workload: inout Workload, _ ledger: inout Ledger) {
    // StatefulSets and CronJobs put a suffix of 11 characters behind their name and the whole into a label of 63.
    switch workload.kind {
    case .statefulSet, .cronJob, .job:
      workload.controllerName = ObjectName.folding("\(workload.name)", maxLength: 52)
    case .deployment, .daemonSet: break
    }
    ledger.subject.object = workload.reference
  }

  /// One pod a node: as many completions as nodes, and no two pods of the service on one.
  static func spreadOverNodes(
    _ service: Swarm.Service, _ workload: inout Workload, _ nodes: Int
  ) {
    let count = min(nodes, 100_000)
    workload.job.completions = count
    workload.job.parallelism = count
    workload.job.isIndexed = true
    workload.pod.requireDistinctNodes(workload.selector)
    if !service.excludesManagers { workload.pod.tolerations.append(.controlPlane) }
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

extension Finding.Message {
  fileprivate static func jobIsImmutable(_ workload: Workload) -> Self {
    Self(
      "workload-kind/job-is-immutable",
      "Kubernetes never changes a Job's pods: where `docker stack deploy` with a new image or command runs the job again, "
        + "`kubectl apply` is refused with \"field is immutable\". Delete the Job first, then apply.",
      remedy: "kubectl -n \(workload.namespace) delete job \(workload.controller)")
  }

  fileprivate static func onePodPerNode(_ nodes: Int) -> Self {
    Self(
      "workload-kind/one-pod-per-node",
      "Kubernetes has no job that runs once on every node. This Job runs \(nodes) pods that may not share a node; with more "
        + "than \(nodes) nodes some get none, with fewer the rest stays Pending.",
      remedy: "--nodes $(kubectl get nodes --no-headers | wc -l)")
  }

  fileprivate static func replicasOfGlobal() -> Self {
    Self(
      "workload-kind/replicas-of-global",
      "A global service has one task on every node; `replicas` counts for nothing there.")
  }

  fileprivate static func replicasCut(_ count: Int) -> Self {
    Self(
      "workload-kind/replicas-cut",
      "\(count) replicas are more than Kubernetes counts; \(WorkloadKind.largestCount) are written."
    )
  }

  fileprivate static func suspended(_ workload: Workload) -> Self {
    Self(
      "workload-kind/suspended",
      "The service waits with 0 replicas for somebody to scale it up and runs once then. The Job is suspended instead; "
        + "resuming it is the counterpart of `docker service scale`.",
      remedy: "kubectl -n \(workload.namespace) patch job \(workload.controller) --type merge "
        + "-p '{\"spec\":{\"suspend\":false}}'")
  }

  fileprivate static func oneShot() -> Self {
    Self(
      "workload-kind/one-shot",
      "Swarm starts this service's tasks once and leaves them when they have ended, and nothing shows that it serves "
        + "requests: it runs as a Job, once for each deployment.",
      remedy:
        "deploy: {restart_policy: {condition: any}}  # in the stack: makes it a Deployment, which always runs"
    )
  }

  fileprivate static func slotIdentity(_ workload: Workload) -> Self {
    Self(
      "workload-kind/slot-identity",
      "The tasks depend on their slot, so they run as a StatefulSet: the pod \(workload.controller)-1 is slot 1. Kubernetes "
        + "updates its pods one at a time, the highest number first, and stops each before it starts the new one."
    )
  }

  fileprivate static func localVolume(_ volume: String, _ replicas: Int) -> Self {
    Self(
      "workload-kind/volume-per-pod",
      "On Swarm the volume `\(volume)` holds different data on each node, and tasks on one node share it. Here each of the "
        + "\(replicas) pods gets a volume of its own, which follows the pod to other nodes. If all replicas are meant to see the same "
        + "files, make it a network volume in the stack.",
      remedy:
        "volumes: {\(volume): {driver_opts: {type: nfs, o: addr=10.0.0.1, device: \":/export\"}}}  "
        + "# in the stack: one volume for all pods")
  }
}
