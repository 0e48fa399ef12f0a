import Kubernetes
package import Ledger
package import Swarm
import YAML

/// What a container runs.
package enum ContainerCommand: Feature {
  package static let name = "command"
  package static let title = "Commands"
  package static let about = """
    Swarm's `entrypoint` is Kubernetes' `command`, and Swarm's `command` is Kubernetes' `args`. The string forms are split
    into words as Docker splits them; no shell is involved on either side.

    An `entrypoint` alone drops the image's own `CMD`, and so does a `command` alone in Kubernetes: both leave the process
    with just these words. A `command` (Swarm) or `args` (Kubernetes) alone keeps the image's entrypoint. Empty lists count as
    not written.

    Kubernetes replaces `$(NAME)` in these words and reads `$$` as `$`, which Docker does not, so both are escaped: the
    container gets the words that it got before. Templates (`{{.Task.Slot}}`) are not expanded in commands by Swarm, and stay
    as they are.

    Names of other services are rewritten to their names in Kubernetes, as whole host names only, and each one is listed.
    """
  package static let owns: [KeyPattern] = [
    "services.*.command.**", "services.*.entrypoint.**", "services.*.working_dir",
  ]
  package static let examples: [Example] = [
    Example(
      "Entrypoint and command",
      stack: """
        image: worker:1
        entrypoint: /bin/sh -c
        command: ["echo $$(hostname)"]
        working_dir: /srv
        """,
      kubernetes: """
        command:
          - /bin/sh
          - -c
        args:
          - echo $$(hostname)
        workingDir: /srv
        """)
  ]

  package static func map(
    _ service: Swarm.Service, into workload: inout Workload, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    let command = words(
      service["entrypoint"], of: workload, as: "containers[].command", facts, &ledger)
    let arguments = words(
      service["command"], of: workload, as: "containers[].args", facts, &ledger)
    workload.container.command = command
    workload.container.args = arguments
    if let node = service["working_dir"] {
      if let directory = node.text, !directory.isEmpty { workload.container.workingDir = directory }
      ledger.keep(node, as: "containers[].workingDir")
    }
  }

  private static func words(
    _ node: Node?, of workload: Workload, as field: String, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) -> [String] {
    guard let node else { return [] }
    var words: [String] = []
    var option: String?
    for item in node.items ?? [] {
      let word = item.text ?? ""
      let (text, hosts) = facts.rewriteHosts(word, hint: option)
      words.append(escapingReferences(text))
      DockerBridge.look(in: word, of: item, name, workload, &ledger, as: field)
      ledger.settle(
        item, hosts: hosts, isRewritten: facts.options.rewriteHosts, feature: name, as: field)
      // `--host db`: the option says what the next word is.
      option = word.hasPrefix("-") && !word.contains("=") ? word : nil
    }
    ledger.keep(node, as: field)
    return words
  }
}
