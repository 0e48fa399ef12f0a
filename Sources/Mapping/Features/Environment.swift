import Basics
import Kubernetes
package import Ledger
import Stack
import Swarm
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

  enum Kind {
    static let withoutValue: FindingKind = .adapted("environment/without-value")
    static let relaxedName: FindingKind = .adapted("environment/relaxed-name")
    static let nameNeedsNewer: FindingKind = .lost(
      "environment/name-needs-1.32", .changesBehaviour, asks: .kubernetes)
    static let illegalName: FindingKind = .lost("environment/illegal-name", .changesBehaviour)
    static let secretInValue: FindingKind = .decide("environment/secret-in-value")
    static let templateRefused: FindingKind = .manual(
      "environment/template-refused", .keepsPodsDown)
    static let templateUnreadable: FindingKind = .manual(
      "environment/template-unreadable", .changesBehaviour)
    static let templatePerTask: FindingKind = .manual(
      "environment/template-per-task", .changesBehaviour)
  }

  package static let kinds: [FindingKind] =
    [
      Kind.withoutValue, Kind.relaxedName, Kind.nameNeedsNewer, Kind.illegalName,
      Kind.secretInValue, Kind.templateRefused, Kind.templateUnreadable, Kind.templatePerTask,
    ] + TaskFields.kinds + HostKinds.environment.all + [DockerBridge.inEnvironment]

  private static let field = "containers[].env"

  package static func map(_ context: inout ServiceContext) {
    let service = context.service
    if let node = service["environment"] {
      let entries = (node.entries ?? []).sorted { $0.key < $1.key }
      var fields = TaskFields(service, reserved: entries.map(\.key))
      var secrets: [Entry] = []
      var variables: [EnvironmentVariable] = []
      variables.reserveCapacity(entries.count)
      for entry in entries {
        guard isUsable(entry, &context) else { continue }
        let text = entry.value.text ?? ""
        let isSecret = SecretNames.isSecret(entry.key, value: text)
        if isSecret { secrets.append(entry) }
        guard Template.isIn(text) else {
          let (value, hosts) =
            isSecret ? (text, []) : context.rewriteHosts(text, hint: entry.key)
          variables.append(EnvironmentVariable(entry.key, escapingReferences(value)))
          DockerBridge.look(
            in: text, of: entry.value, DockerBridge.inEnvironment, &context, as: field)
          context.settle(entry.value, hosts: hosts, .environment, as: field)
          continue
        }
        variables.append(templated(entry, service.expand(text), &fields, &context))
      }
      context.workload.container.env = fields.variables + variables
      if let first = secrets.first {
        context.remark(
          .secretsInValues(secrets.map(\.key), context.workload), at: first.value.id, as: field)
      }
      context.keep(node, as: field)
    }
    context.keep(service["env_file"], as: field)
  }

  /// Whether a variable can be written at all; settled here if not.
  private static func isUsable(_ entry: Entry, _ context: inout ServiceContext) -> Bool {
    if entry.value.isNull {
      context.settle(entry.value, .withoutValue(entry.key), as: field)
      return false
    }
    if isPlainName(entry.key) { return true }
    let isRelaxed =
      !entry.key.isEmpty && entry.key.utf8.allSatisfy { 0x20...0x7E ~= $0 && $0 != 0x3D }
    if isRelaxed, context.options.kubernetes >= Options.KubernetesVersion(minor: 32) {
      context.settle(entry.value, .relaxedName(entry.key), as: field)
      return true
    }
    context.settle(
      entry.value, isRelaxed ? .nameNeedsNewer(entry.key) : .illegalName(entry.key), as: field)
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
    _ entry: Entry, _ template: Template, _ fields: inout TaskFields,
    _ context: inout ServiceContext
  ) -> EnvironmentVariable {
    switch template.problem {
    case .refused(let reason)?:
      context.settle(entry.value, .templateRefused(reason), as: field)
    case .unreadable(let what)?:
      context.settle(entry.value, .templateUnreadable(what), as: field)
    case .perTask(let condition)?:
      let slot =
        template.mentioned.contains(.taskSlot) ? fields.name(of: .taskSlot, &context.workload) : nil
      context.settle(entry.value, .templatePerTask(condition, slot: slot), as: field)
    case nil: break
    }
    var hosts: [HostReplacement] = []
    var variable: EnvironmentVariable
    if template.parts.count == 1, case .value(let value) = template.parts[0] {
      variable = fields.variable(entry.key, value, &context.workload)
    } else {
      var text = ""
      for (index, part) in template.parts.enumerated() {
        switch part {
        case .text(let literal):
          let (value, found) = context.rewriteHosts(
            literal, hint: template.parts.count == 1 ? entry.key : nil)
          hosts += found
          text += escapingReferences(value, beforeReference: index + 1 < template.parts.count)
        case .value(let value):
          text += fields.reference(to: value, &context.workload)
        }
      }
      variable = EnvironmentVariable(entry.key, text)
    }
    for case .value(let value) in template.parts {
      if let message = fields.finding(value, context.workload) {
        context.settle(entry.value, message, as: field)
      }
    }
    context.settle(entry.value, hosts: hosts, .environment, as: field)
    return variable
  }
}

private typealias Kind = Environment.Kind

extension Finding.Message {
  fileprivate static func withoutValue(_ name: String) -> Self {
    Self(
      Kind.withoutValue,
      "`\(name)` has no value here, and the shell that ran this had none for it. Swarm removes the "
        + "variable from the container; Kubernetes leaves the one that the image sets, if any.")
  }

  fileprivate static func relaxedName(_ name: String) -> Self {
    Self(
      Kind.relaxedName,
      "The variable name `\(name)` is accepted from Kubernetes 1.32 on; older API servers refuse "
        + "the whole workload.")
  }

  fileprivate static func nameNeedsNewer(_ name: String) -> Self {
    Self(
      Kind.nameNeedsNewer,
      "The variable `\(name)` is left out: API servers before 1.32 refuse the name.",
      remedy: .option(.kubernetes, value: "1.32"))
  }

  fileprivate static func illegalName(_ name: String) -> Self {
    Self(
      Kind.illegalName,
      "The variable `\(name)` is left out: no version of Kubernetes accepts the name, and the "
        + "process will not have it.",
      remedy: .sentence("Rename it, or set it in the image (ENV)."))
  }

  fileprivate static func secretsInValues(_ names: [String], _ workload: Workload) -> Self {
    let list = names.map { "`\($0)`" }.joined(separator: ", ")
    let secret = "\(workload.name)-env"
    let object = workload.reference.lowercased()
    var remedies: [Remedy] = [
      .sentence(
        "Write a line NAME=VALUE for each of them into a file `\(secret).txt`, and remove it once the Secret is made."
      ),
      .commands([
        "kubectl -n \(workload.namespace) create secret generic \(secret) --from-env-file=./\(secret).txt",
        "kubectl -n \(workload.namespace) set env \(object) --from=secret/\(secret)",
      ]),
    ]
    let changed = names.filter { !isKeptByKubectl($0) }.map { "`\($0)`" }.joined(separator: ", ")
    if !changed.isEmpty {
      remedies.append(
        .sentence(
          "`kubectl set env` writes names in capitals, digits and underscores, which are others than \(changed): refer to the "
            + "Secret from there by hand, with `valueFrom.secretKeyRef` in the manifest."
        ))
    }
    return Self(
      Kind.secretInValue,
      "The name of \(list) says that the value is a secret. It stands in the workload's manifest, "
        + "as it stood in the stack file; everyone who may read the workload can read it.",
      remedies: remedies)
  }

  /// Source: k8s.io/kubectl `keyToEnvName`.
  private static func isKeptByKubectl(_ name: String) -> Bool {
    name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "_"):
        true
      default: false
      }
    }
  }

  fileprivate static func templateRefused(_ reason: String) -> Self {
    Self(
      Kind.templateRefused,
      "Docker refuses this template (\(reason)) and with it the whole service, so it never ran from "
        + "this file as it was read here. The value is written as it stands.")
  }

  fileprivate static func templateUnreadable(_ what: String) -> Self {
    Self(
      Kind.templateUnreadable,
      "The template uses \(what), which cannot be worked out ahead of a running task. The container "
        + "gets the text of the template itself.",
      remedy: .sentence(
        "Write the value that Swarm gave: docker inspect shows it under Config.Env of a task."))
  }

  fileprivate static func templatePerTask(_ condition: String, slot: String?) -> Self {
    Self(
      Kind.templatePerTask,
      "`{{if \(condition)}}` differs from task to task, which Kubernetes cannot express in a pod "
        + "template: all pods get the value of the `else` side."
        + (slot.map { " `\($0)` holds the slot; decide by it in the start command." } ?? ""))
  }
}
