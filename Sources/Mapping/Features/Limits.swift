import Kubernetes
package import Ledger
import Swarm
import YAML

/// Limits of a process: ulimits, and its score for the out-of-memory killer.
package enum Limits: Feature {
  package static let name = "limits"
  package static let title = "Process limits"
  package static let about = """
    Swarm honours `ulimits`; a pod cannot set any. What a container gets is the container runtime's default on its node, which
    for open files is often higher than what stacks ask for, and for `memlock` often lower (64 KiB). A process may lower its own limits,
    and raise the soft limit up to the hard one: `ulimit -n` in the start command does that.

    `oom_score_adj` is in the newest schema, but the Docker CLI that stackferry follows does not pass it on. Kubernetes sets
    the score itself, by the pod's quality of service class.
    """
  package static let owns: [KeyPattern] = ["services.*.ulimits.**", "services.*.oom_score_adj"]
  package static let examples: [Example] = [
    Example(
      "A limit of open files",
      stack: """
        image: db:1
        ulimits:
          nofile: 65536
        """,
      kubernetes: """
        image: db:1
        """,
      findings: ["limits/ulimit"])
  ]

  enum Kind {
    static let ulimit: FindingKind = .lost("limits/ulimit", .changesBehaviour)
    static let oomScore: FindingKind = .lost("limits/oom-score", .changesBehaviour)
  }

  package static let kinds: [FindingKind] = [
    Kind.ulimit, Kind.oomScore,
  ]

  package static func map(_ context: inout ServiceContext) {
    let service = context.service
    if let node = service["ulimits"] {
      for entry in node.entries ?? [] {
        // One number stands for both; 0, which the loader leaves out, is a limit as well.
        let single = entry.value.int
        let soft = single ?? entry.value["soft"]?.int ?? 0
        let hard = single ?? entry.value["hard"]?.int ?? 0
        context.settle(entry.value, .ulimit(entry.key, soft, hard, context.workload))
      }
      context.keep(node, as: "no ulimits")
    }
    if let node = service["oom_score_adj"] { context.settle(node, .oomScore) }
  }
}

private typealias Kind = Limits.Kind

extension Finding.Message {
  fileprivate static func ulimit(
    _ name: String, _ soft: Int, _ hard: Int, _ workload: Workload
  ) -> Self {
    let value = soft == hard ? number(soft) : "\(number(soft)) (soft) and \(number(hard)) (hard)"
    let look: Command =
      """
      kubectl -n \(workload.namespace) exec \(workload.reference.lowercased()) -- \
      cat /proc/1/limits
      """
    return Self(
      Kind.ulimit,
      "A pod cannot set the ulimit `\(name)`, which was \(value): it is what the container runtime "
        + "gives on the node.",
      remedy: .look(look.noting("what the container gets")))
  }

  private static func number(_ value: Int) -> String { value == -1 ? "unlimited" : String(value) }

  fileprivate static var oomScore: Self {
    Self(
      Kind.oomScore,
      "Kubernetes sets `oom_score_adj` by the pod's quality of service class: pods whose requests equal "
        + "their limits are killed last.")
  }
}
