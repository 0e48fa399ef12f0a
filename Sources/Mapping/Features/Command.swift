import Kubernetes
package import Ledger
import Swarm
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

  package static let kinds: [FindingKind] =
    HostKinds.command.all + [DockerBridge.inCommand]

  package static func map(_ context: inout ServiceContext) {
    let service = context.service
    let command = words(service["entrypoint"], as: "containers[].command", &context)
    let arguments = words(service["command"], as: "containers[].args", &context)
    context.workload.container.command = command
    context.workload.container.args = arguments
    if let node = service["working_dir"] {
      if let directory = node.text, !directory.isEmpty {
        context.workload.container.workingDir = directory
      }
      context.keep(node, as: "containers[].workingDir")
    }
  }

  private static func words(
    _ node: Node?, as field: String, _ context: inout ServiceContext
  ) -> [String] {
    guard let node else { return [] }
    var words: [String] = []
    var option: String?
    for item in node.items ?? [] {
      let word = item.text ?? ""
      let (text, hosts) = context.rewriteHosts(word, hint: option)
      words.append(escapingReferences(text))
      DockerBridge.look(in: word, of: item, DockerBridge.inCommand, &context, as: field)
      context.settle(item, hosts: hosts, .command, as: field)
      // `--host db`: the option says what the next word is.
      option = word.hasPrefix("-") && !word.contains("=") ? word : nil
    }
    context.keep(node, as: field)
    return words
  }
}
