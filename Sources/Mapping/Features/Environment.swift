import Basics
import Kubernetes
package import Ledger
import Stack
package import Swarm
import YAML

/// The environment of a container.
package enum Environment: Feature {
  package static let name = "environment"
  package static let title = "Environment"
  package static let about = """
    `env_file` and `environment` become one list `env`, sorted by name as Swarm sorts it; what `environment` says wins. Values
    are texts as Docker's loader reads them (`yes` stays `yes`, `1.0` stays `1.0`).

    **Names without a value** take the value of the shell that deploys. Where that shell has none, the variable is absent in
    the container, and Swarm even removes one of that name that the image sets. Kubernetes cannot remove a variable of an
    image, only set it, so nothing is written and the image's value shows through.

    **Names.** Docker takes any name without `=`. Kubernetes takes letters, digits, `-`, `_` and `.`, not beginning with a
    digit, and from 1.32 on every printable ASCII character but `=`. A name beyond that is dropped with a finding.

    **`$`.** Kubernetes replaces `$(NAME)` in values and reads `$$` as `$`. Both are escaped, so that the container gets the
    value that it got before.

    **Templates.** Swarm expands Go templates in values when a task starts.

    | template | becomes |
    |---|---|
    | `{{.Service.Name}}` | the full name, `shop_web`, as text |
    | `{{.Service.Labels.x}}`, `{{index .Service.Labels "x.y"}}` | the label's value, as text |
    | `{{.Task.Slot}}` | the pod's index, which counts from 1; the service becomes a StatefulSet |
    | `{{.Node.Hostname}}` | `spec.nodeName` |
    | `{{.Task.Name}}`, `{{.Task.ID}}` | the pod's name and uid |
    | `{{.Node.ID}}`, `{{.Service.ID}}` | Swarm's own ids are gone: the node's name, and the service's full name |
    | `{{.Node.Platform.Architecture}}` | the one that the placement constraints name, else `x86_64` |
    | `{{if …}}`, `eq`, `and`, `or`, `not`, `join`, `printf`, `index` | decided beforehand where that can be; else a finding |

    A value inside a longer text comes from a variable of its own (`SWARM_TASK_SLOT` and the like) that stands before all
    others, through `$(SWARM_TASK_SLOT)`.

    **Host names** of other services are rewritten as whole host names, and each one is listed. **Passwords in values** are
    taken over as they are and stand in the manifest for everyone who may read it; a finding names the variables.
    """
  package static let owns: [KeyPattern] = ["services.*.environment.**", "services.*.env_file.**"]
  package static let examples: [Example] = [
    Example(
      "The slot inside a longer value",
      stack: """
        image: broker:1
        environment:
          NODE_NAME: broker-{{.Task.Slot}}
        """,
      kubernetes: """
        env:
          - name: SWARM_TASK_SLOT
            valueFrom:
              fieldRef:
                fieldPath: metadata.labels['apps.kubernetes.io/pod-index']
          - name: NODE_NAME
            value: broker-$(SWARM_TASK_SLOT)
        """)
  ]

  private static let field = "containers[].env"

  package static func map(
    _ service: Swarm.Service, into workload: inout Workload, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    if let node = service["environment"] {
      let entries = (node.entries ?? []).sorted { $0.key < $1.key }
      var fields = TaskFields(service, reserved: entries.map(\.key))
      var secrets: [Entry] = []
      var variables: [EnvironmentVariable] = []
      variables.reserveCapacity(entries.count)
      for entry in entries {
        guard isUsable(entry, facts.options.kubernetes, &ledger) else { continue }
        let text = entry.value.text ?? ""
        let isSecret = SecretNames.isSecret(entry.key, value: text)
        if isSecret { secrets.append(entry) }
        guard Template.isIn(text) else {
          let (value, hosts) =
            isSecret ? (text, []) : facts.rewriteHosts(text, hint: entry.key)
          variables.append(EnvironmentVariable(entry.key, escapingReferences(value)))
          DockerBridge.look(in: text, of: entry.value, name, workload, &ledger, as: field)
          ledger.settle(
            entry.value, hosts: hosts, isRewritten: facts.options.rewriteHosts, feature: name,
            as: field)
          continue
        }
        variables.append(
          templated(entry, service.expand(text), &fields, &workload, facts, &ledger))
      }
      workload.container.env = fields.variables + variables
      if let first = secrets.first {
        ledger.remark(
          .decide, .secretsInValues(secrets.map(\.key), workload), at: first.value.id, as: field)
      }
      ledger.keep(node, as: field)
    }
    ledger.keep(service["env_file"], as: field)
  }

  /// Whether a variable can be written at all; settled here if not.
  private static func isUsable(
    _ entry: Entry, _ version: Options.KubernetesVersion, _ ledger: inout Ledger
  ) -> Bool {
    if entry.value.isNull {
      ledger.settle(entry.value, .adapted, .withoutValue(entry.key), as: field)
      return false
    }
    if isPlainName(entry.key) { return true }
    let isRelaxed =
      !entry.key.isEmpty && entry.key.utf8.allSatisfy { 0x20...0x7E ~= $0 && $0 != 0x3D }
    if isRelaxed, version >= Options.KubernetesVersion(minor: 32) {
      ledger.settle(entry.value, .adapted, .relaxedName(entry.key), as: field)
      return true
    }
    ledger.settle(
      entry.value, .lost, isRelaxed ? .nameNeedsNewer(entry.key) : .illegalName(entry.key),
      as: field)
    return false
  }

  /// What every version of Kubernetes takes. Source: k8s.io/apimachinery `IsEnvVarName`.
  private static func isPlainName(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(0x30...0x39 ~= first), name != ".",
      !name.hasPrefix("..")
    else { return false }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
        UInt8(ascii: "."):
        true
      default: false
      }
    }
  }

  private static func templated(
    _ entry: Entry, _ template: Template, _ fields: inout TaskFields, _ workload: inout Workload,
    _ facts: borrowing Facts, _ ledger: inout Ledger
  ) -> EnvironmentVariable {
    switch template.problem {
    case .refused(let reason)?:
      ledger.settle(entry.value, .manual, .templateRefused(reason), as: field)
    case .unreadable(let what)?:
      ledger.settle(entry.value, .manual, .templateUnreadable(what), as: field)
    case .perTask(let condition)?:
      let slot =
        template.mentioned.contains(.taskSlot) ? fields.name(of: .taskSlot, &workload) : nil
      ledger.settle(entry.value, .manual, .templatePerTask(condition, slot: slot), as: field)
    case nil: break
    }
    var hosts: [HostNames.Replacement] = []
    var isRewritten = true
    func rewritten(_ text: String, _ facts: borrowing Facts) -> String {
      isRewritten = facts.options.rewriteHosts
      let (value, found) = facts.rewriteHosts(
        text, hint: template.parts.count == 1 ? entry.key : nil)
      hosts += found
      return value
    }
    var variable: EnvironmentVariable
    if template.parts.count == 1, case .value(let value) = template.parts[0] {
      variable = fields.variable(entry.key, value, &workload)
    } else {
      var text = ""
      for (index, part) in template.parts.enumerated() {
        switch part {
        case .text(let literal):
          text += escapingReferences(
            rewritten(literal, facts), beforeReference: index + 1 < template.parts.count)
        case .value(let value):
          text += fields.reference(to: value, &workload)
        }
      }
      variable = EnvironmentVariable(entry.key, text)
    }
    for case .value(let value) in template.parts {
      if let message = fields.finding(value, workload) {
        ledger.settle(entry.value, message, as: field)
      }
    }
    ledger.settle(
      entry.value, hosts: hosts, isRewritten: isRewritten, feature: name, as: field)
    return variable
  }
}

extension Finding.Message {
  fileprivate static func withoutValue(_ name: String) -> Self {
    Self(
      "environment/without-value",
      "`\(name)` has no value here, and the shell that ran this had none for it. Swarm removes the "
        + "variable from the container; Kubernetes leaves the one that the image sets, if any.")
  }

  fileprivate static func relaxedName(_ name: String) -> Self {
    Self(
      "environment/relaxed-name",
      "The variable name `\(name)` is accepted from Kubernetes 1.32 on; older API servers refuse "
        + "the whole workload.")
  }

  fileprivate static func nameNeedsNewer(_ name: String) -> Self {
    Self(
      "environment/name-needs-1.32",
      "The variable `\(name)` is left out: API servers before 1.32 refuse the name.",
      remedy: "--kubernetes 1.32")
  }

  fileprivate static func illegalName(_ name: String) -> Self {
    Self(
      "environment/illegal-name",
      "The variable `\(name)` is left out: no version of Kubernetes accepts the name, and the "
        + "process will not have it.",
      remedy: "Rename it, or set it in the image (ENV).")
  }

  fileprivate static func secretsInValues(_ names: [String], _ workload: Workload) -> Self {
    let list = names.map { "`\($0)`" }.joined(separator: ", ")
    let secret = "\(workload.name)-env"
    let literals = names.map { "read -rs \(shellName($0)); " }.joined()
    let arguments = names.map { " --from-literal=\($0)=\"$\(shellName($0))\"" }.joined()
    return Self(
      "environment/secret-in-value",
      "The name of \(list) says that the value is a secret. It stands in the workload's manifest, "
        + "as it stood in the stack file; everyone who may read the workload can read it.",
      remedy:
        "\(literals)kubectl -n \(workload.namespace) create secret generic \(secret)\(arguments)"
        + " && kubectl -n \(workload.namespace) set env \(workload.reference.lowercased())"
        + " --from=secret/\(secret)")
  }

  private static func shellName(_ name: String) -> String {
    String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }

  fileprivate static func templateRefused(_ reason: String) -> Self {
    Self(
      "environment/template-refused",
      "Docker refuses this template (\(reason)) and with it the whole service, so it never ran from "
        + "this file as it was read here. The value is written as it stands.")
  }

  fileprivate static func templateUnreadable(_ what: String) -> Self {
    Self(
      "environment/template-unreadable",
      "The template uses \(what), which cannot be worked out ahead of a running task. The container "
        + "gets the text of the template itself.",
      remedy: "Write the value that Swarm gave: docker inspect shows it under Config.Env of a task."
    )
  }

  fileprivate static func templatePerTask(_ condition: String, slot: String?) -> Self {
    Self(
      "environment/template-per-task",
      "`{{if \(condition)}}` differs from task to task, which Kubernetes cannot express in a pod "
        + "template: all pods get the value of the `else` side."
        + (slot.map { " `\($0)` holds the slot; decide by it in the start command." } ?? ""))
  }
}
