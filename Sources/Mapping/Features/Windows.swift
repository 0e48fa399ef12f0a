import Kubernetes
package import Ledger
import Swarm
import YAML

/// What only Windows containers have.
package enum Windows: Feature {
  package static let name = "windows"
  package static let title = "Windows containers"
  package static let about = """
    **isolation** chooses between a process on the node's kernel and a small virtual machine (Hyper-V) for Windows containers.
    Kubernetes runs Windows containers as processes only: `process` and `default` on a server are the same there, and
    `hyperv` is lost, which matters because the image must then be built for the Windows version of the node. On Linux
    the engine refuses every value but `default`.

    **credential_spec** lets a container act as a group Managed Service Account (gMSA). Kubernetes has it as a custom resource of
    the gMSA webhook, referred to by name. The pod gets that name; the resource has to be made from the same JSON text, and the
    nodes have to be joined to the domain, as the Swarm nodes were.
    """
  package static let owns: [KeyPattern] = [
    "services.*.isolation", "services.*.credential_spec.**",
  ]
  package static let examples: [Example] = [
    Example(
      "A group Managed Service Account",
      stack: """
        image: web:1
        credential_spec:
          file: web.json
        """,
      kubernetes: """
        windowsOptions:
          gmsaCredentialSpecName: web
        """,
      findings: ["windows/credential-spec"])
  ]

  enum Kind {
    static let nodes: FindingKind = .adapted("windows/nodes")
    static let hyperv: FindingKind = .lost("windows/hyperv", .changesBehaviour)
    static let credentialSpec: FindingKind = .manual("windows/credential-spec", .keepsPodsDown)
  }

  package static let kinds: [FindingKind] = [
    Kind.nodes, Kind.hyperv, Kind.credentialSpec,
  ]

  package static func map(_ context: inout ServiceContext) {
    let service = context.service
    if let node = service["isolation"] {
      switch node.text ?? "" {
      case "hyperv": context.settle(node, .hyperV)
      case "process": context.keep(node, as: "process isolation")
      default: context.keep(node, as: "default isolation")
      }
    }
    if service.isWindows { requireWindows(&context) }
    guard let node = service["credential_spec"] else { return }
    for key in ["config", "file", "registry"] {
      guard let source = node[key]?.text, !source.isEmpty else { continue }
      let name = ObjectName.folding(source.hasSuffix(".json") ? String(source.dropLast(5)) : source)
      context.workload.pod.securityContext.windowsOptions = WindowsOptions(
        gmsaCredentialSpecName: name.rawValue)
      context.settle(
        node, .credentialSpec(key, source, name.rawValue),
        as: "spec.securityContext.windowsOptions.gmsaCredentialSpecName")
    }
    context.keep(node, as: "no credential spec")
  }

  /// Swarm places a task by the platform of its image; a pod has to say it.
  private static func requireWindows(_ context: inout ServiceContext) {
    let service = context.service
    let system: LabelKey = "kubernetes.io/os"
    let isSaid = (context.workload.pod.affinity?.requiredNodeTerms ?? []).contains { term in
      term.matchExpressions.contains { $0.key == system }
    }
    if isSaid { return }
    context.workload.pod.require(.init(system, .isIn, ["windows"]))
    context.remark(
      .windowsNodes, at: service.node["isolation"]?.id ?? service.key,
      as: "spec.template.spec.affinity.nodeAffinity")
  }
}

private typealias Kind = Windows.Kind

extension Finding.Message {
  fileprivate static var windowsNodes: Self {
    Self(
      Kind.nodes,
      "Swarm places a task on a node that its image runs on. Kubernetes does not look, so the pods ask for nodes with Windows "
        + "(`kubernetes.io/os`).")
  }

  fileprivate static var hyperV: Self {
    Self(
      Kind.hyperv,
      "Kubernetes runs Windows containers as processes on the node's kernel: the virtual machine around "
        + "them (`isolation: hyperv`) is gone, and the image must match the node's Windows version."
    )
  }

  fileprivate static func credentialSpec(_ kind: String, _ source: String, _ name: String) -> Self {
    let place =
      switch kind {
      case "config": "the config `\(source)`"
      case "file": "the file `\(source)` in Docker's CredentialSpecs folder of each node"
      default: "the registry value `\(source)` of each Windows node"
      }
    return Self(
      Kind.credentialSpec,
      "The gMSA credential spec was \(place). The pods refer to a GMSACredentialSpec named `\(name)`, "
        + "which must be made from that JSON, with the gMSA webhook installed and the nodes in the "
        + "domain; until then the pods are refused.",
      remedy: .look(
        Command("kubectl get gmsacredentialspecs.windows.k8s.io \(name)")
          .noting("must exist before the pods")))
  }
}
