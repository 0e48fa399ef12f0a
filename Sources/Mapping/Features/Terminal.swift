import Kubernetes
package import Ledger
import Swarm
import YAML

/// A terminal and an open standard input.
package enum Terminal: Feature {
  package static let name = "terminal"
  package static let title = "Terminals"
  package static let about = """
    `tty: true` gives the process a terminal, and `stdin_open: true` keeps its standard input open with nobody attached. Both
    exist in Kubernetes under the names `tty` and `stdin`, with the same effect: a shell without anything to do keeps running.
    """
  package static let owns: [KeyPattern] = ["services.*.tty", "services.*.stdin_open"]
  package static let examples: [Example] = [
    Example(
      "A terminal",
      stack: """
        image: alpine:3.20
        tty: true
        stdin_open: true
        """,
      kubernetes: """
        stdin: true
        tty: true
        """)
  ]

  package static let kinds: [FindingKind] = []

  package static func map(_ context: inout ServiceContext) {
    let service = context.service
    if let node = service["tty"] {
      if node.bool == true { context.workload.container.tty = true }
      context.keep(node, as: "containers[].tty")
    }
    if let node = service["stdin_open"] {
      if node.bool == true { context.workload.container.stdin = true }
      context.keep(node, as: "containers[].stdin")
    }
  }
}
