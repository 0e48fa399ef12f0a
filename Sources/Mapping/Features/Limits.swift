import Kubernetes
package import Ledger
package import Swarm
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

  package static func map(
    _ service: Swarm.Service, into workload: inout Workload, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    if let node = service["ulimits"] {
      for entry in node.entries ?? [] {
        // One number stands for both; 0, which the loader leaves out, is a limit as well.
        let single = entry.value.int
        let soft = single ?? entry.value["soft"]?.int ?? 0
        let hard = single ?? entry.value["hard"]?.int ?? 0
        ledger.settle(entry.value, .lost, .ulimit(entry.key, soft, hard, workload))
      }
      ledger.keep(node, as: "no ulimits")
    }
    if let node = service["oom_score_adj"] { ledger.settle(node, .lost, .oomScore) }
  }
}

extension Finding.Message {
  fileprivate static func ulimit(
    _ name: String, _ soft: Int, _ hard: Int, _ workload: Workload
  ) -> Self {
    let value = soft == hard ? number(soft) : "\(number(soft)) (soft) and \(number(hard)) (hard)"
    return Self(
      "limits/ulimit",
      "A pod cannot set the ulimit `\(name)`, which was \(value): it is what the container runtime "
        + "gives on the node.",
      remedy: "kubectl -n \(workload.namespace) exec \(workload.reference.lowercased()) -- "
        + "cat /proc/1/limits  # what the container gets")
  }

  private static func number(_ value: Int) -> String { value == -1 ? "unlimited" : String(value) }

  fileprivate static var oomScore: Self {
    Self(
      "limits/oom-score",
      "Kubernetes sets `oom_score_adj` by the pod's quality of service class: pods whose requests equal "
        + "their limits are killed last.")
  }
}
