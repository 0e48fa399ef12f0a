import Kubernetes
package import Ledger
import YAML

extension WorkloadKind {
  enum Kind {
    static let jobIsImmutable: FindingKind = .adapted("workload-kind/job-is-immutable")
    static let onePodPerNode: FindingKind = .decide("workload-kind/one-pod-per-node", asks: .nodes)
    static let replicasOfGlobal: FindingKind = .inert("workload-kind/replicas-of-global")
    static let replicasCut: FindingKind = .adapted("workload-kind/replicas-cut")
    static let suspended: FindingKind = .adapted("workload-kind/suspended")
    static let oneShot: FindingKind = .decide("workload-kind/one-shot")
    static let slotIdentity: FindingKind = .adapted("workload-kind/slot-identity")
    static let volumePerPod: FindingKind = .decide("workload-kind/volume-per-pod")
    static let cronDisabled: FindingKind = .inert("workload-kind/cron-disabled")
    static let cronInvalid: FindingKind = .manual("workload-kind/cron-invalid", .changesBehaviour)
    static let cronNeverStarted: FindingKind = .inert("workload-kind/cron-never-started")
    static let cronPerNode: FindingKind = .decide("workload-kind/cron-per-node", asks: .nodes)
    static let cronFirstStart: FindingKind = .adapted("workload-kind/cron-first-start")
    static let cronRounded: FindingKind = .adapted("workload-kind/cron-rounded")
    static let cronTimeZone: FindingKind = .decide("workload-kind/cron-time-zone")
    static let cronRegistry: FindingKind = .adapted("workload-kind/cron-registry")
    static let cronState: FindingKind = .inert("workload-kind/cron-state")
  }

  package static let kinds: [FindingKind] = [
    Kind.jobIsImmutable, Kind.onePodPerNode, Kind.replicasOfGlobal, Kind.replicasCut,
    Kind.suspended, Kind.oneShot, Kind.slotIdentity, Kind.volumePerPod, Kind.cronDisabled,
    Kind.cronInvalid, Kind.cronNeverStarted, Kind.cronPerNode, Kind.cronFirstStart,
    Kind.cronRounded, Kind.cronTimeZone, Kind.cronRegistry, Kind.cronState,
  ]
}

private typealias Kind = WorkloadKind.Kind

extension Finding.Message {
  static func jobIsImmutable(_ workload: Workload) -> Self {
    Self(
      Kind.jobIsImmutable,
      "Kubernetes never changes a Job's pods: where `docker stack deploy` with a new image or command runs the job again, "
        + "`kubectl apply` is refused with \"field is immutable\". Delete the Job first, then apply.",
      remedy: .command("kubectl -n \(workload.namespace) delete job \(workload.controller)"))
  }

  static func onePodPerNode(_ nodes: Int) -> Self {
    Self(
      Kind.onePodPerNode,
      "Kubernetes has no job that runs once on every node. This Job runs \(nodes) pods that may not share a node; with more "
        + "than \(nodes) nodes some get none, with fewer the rest stays Pending.",
      remedies: .numberOfNodes)
  }

  static func replicasOfGlobal() -> Self {
    Self(
      Kind.replicasOfGlobal,
      "A global service has one task on every node; `replicas` counts for nothing there.")
  }

  static func replicasCut(_ count: Int) -> Self {
    Self(
      Kind.replicasCut,
      "\(count) replicas are more than Kubernetes counts; \(WorkloadKind.largestCount) are written."
    )
  }

  static func suspended(_ workload: Workload) -> Self {
    Self(
      Kind.suspended,
      "The service waits with 0 replicas for somebody to scale it up and runs once then. The Job is suspended instead; "
        + "resuming it is the counterpart of `docker service scale`.",
      remedy: .command(
        """
        kubectl -n \(workload.namespace) patch job \(workload.controller) --type merge \
        -p '{"spec":{"suspend":false}}'
        """))
  }

  static func oneShot() -> Self {
    Self(
      Kind.oneShot,
      "Swarm starts this service's tasks once and leaves them when they have ended, and nothing shows that it serves "
        + "requests: it runs as a Job, once for each deployment.",
      remedy: .edit(
        "deploy: {restart_policy: {condition: any}}",
        note: "in the stack: makes it a Deployment, which always runs"))
  }

  static func slotIdentity(_ workload: Workload) -> Self {
    Self(
      Kind.slotIdentity,
      "The tasks depend on their slot, so they run as a StatefulSet: the pod \(workload.controller)-1 is slot 1. Kubernetes "
        + "updates its pods one at a time, the highest number first, and stops each before it starts the new one."
    )
  }

  static func localVolume(_ volume: String, _ replicas: Int) -> Self {
    Self(
      Kind.volumePerPod,
      "On Swarm the volume `\(volume)` holds different data on each node, and tasks on one node share it. Here each of the "
        + "\(replicas) pods gets a volume of its own, which follows the pod to other nodes. If all replicas are meant to see the same "
        + "files, make it a network volume in the stack.",
      remedy: .edit(
        "volumes: {\(Writer.inline(volume)): "
          + "{driver_opts: {type: nfs, o: addr=10.0.0.1, device: \":/export\"}}}",
        note: "in the stack: one volume for all pods"))
  }
}

extension [Remedy] {
  /// How the answer to "how many nodes" is given, and found out.
  static var numberOfNodes: Self {
    [
      .option(.nodes, value: "N", effect: "makes one pod for each of N nodes."),
      .look("kubectl get nodes --no-headers | wc -l"),
    ]
  }
}
