import Kubernetes
package import Ledger
import Stack
package import Swarm
import YAML

/// Bind mounts: files of the stack, and paths of the node.
package enum Binds {
  package static func mount(
    _ mount: Mount, of service: Swarm.Service, into workload: inout Workload,
    _ mounts: inout PodMounts, _ facts: borrowing Facts, _ ledger: inout Ledger
  ) {
    guard let source = mount.source else {
      ledger.settle(mount.node, .lost, .noSource)
      return
    }
    let key = mount.node["source"] ?? mount.node
    if case .dockerSocket? = NodePaths.fate(source) {
      ledger.settle(mount.node, .lost, dockerAPI(workload))
      return
    }
    if let bundle = facts.fileBundles[facts.current].binds[source] {
      carry(bundle, mount, key, into: &workload, &mounts, facts, &ledger)
      ledger.remark(
        hosts: bundle.hosts, isRewritten: facts.options.rewriteHosts, feature: "volumes",
        at: key.id, as: "ConfigMap/\(bundle.name) data")
      ledger.settle(mount.node["bind"], .inert, .propagationOfFiles)
      return
    }
    let propagation = propagation(mount, &ledger)
    if Template.isIn(source) {
      templated(source, mount, key, service, propagation, into: &workload, &mounts, &ledger)
      return
    }
    let path = source.hasPrefix("/") ? cleanPath(source) : source
    let name = mounts.volume(
      .hostPath(HostPath(path)), named: path == "/" ? "host" : "host-\(lastPart(path))",
      in: &workload)
    Volumes.add(name, mount, to: &workload, &mounts, propagation: propagation)
    switch NodePaths.fate(path) {
    case .mounted(let advice, let remedy):
      ledger.settle(
        key, .decide, .wellKnown(path, advice, remedy, workload.namespace), as: "hostPath")
    default:
      let stack = facts.stacks[facts.current]
      if !stack.folder.isEmpty, path == stack.folder || path.hasPrefix(stack.folder + "/") {
        ledger.settle(
          key, .decide,
          .besideStack(path, stack.boundFiles[source], isFolder: path == stack.folder),
          as: "hostPath")
      } else {
        ledger.settle(key, .decide, .hostPath(path), as: "hostPath")
      }
    }
  }

  /// Files of the stack's folder, which the manifests carry.
  private static func carry(
    _ bundle: FileBundle, _ mount: Mount, _ key: Node, into workload: inout Workload,
    _ mounts: inout PodMounts, _ facts: borrowing Facts, _ ledger: inout Ledger
  ) {
    let stack = facts.stacks[facts.current]
    let source = mount.source ?? ""
    let isFolder = if case .directory? = stack.boundFiles[source] { true } else { false }
    let items = bundle.files.map {
      KeyToPath(key: $0.key, path: $0.path, mode: $0.isScript ? 0o755 : nil)
    }
    let volume: Kubernetes.Volume.Source =
      bundle.kind == .secret
      ? .secret(SecretVolume(name: bundle.name, items: items, defaultMode: 0o644))
      : .configMap(ConfigMapVolume(name: bundle.name, items: items, defaultMode: 0o644))
    let name = mounts.volume(volume, named: "file-\(lastPart(source))", in: &workload)
    _ = mounts.take(path: mount.target)
    workload.container.volumeMounts.append(
      VolumeMount(
        name: name, mountPath: mount.target, subPath: isFolder ? nil : bundle.key, readOnly: true))
    if case .omitted(let path)? = bundle.absence {
      ledger.settle(
        key, .manual,
        .omitted(path, bundle, workload.namespace, facts.options, isFolder: isFolder), as: "volumes"
      )
      return
    }
    let shown = stack.shown(source)
    if isFolder {
      ledger.settle(
        key, mount.readOnly ? .adapted : .decide, .carriedFolder(shown, bundle, mount),
        as: "volumes")
    } else {
      ledger.settle(key, .adapted, .carriedFile(shown, bundle, mount.readOnly), as: "volumes")
    }
  }

  /// A path that differs from task to task: the fixed beginning is the volume, and the rest is put together from variables.
  private static func templated(
    _ source: String, _ mount: Mount, _ key: Node, _ service: Swarm.Service,
    _ propagation: VolumeMount.Propagation?, into workload: inout Workload,
    _ mounts: inout PodMounts, _ ledger: inout Ledger
  ) {
    let template = service.expand(source)
    if template.problem == nil, let path = template.staticText, path.hasPrefix("/") {
      let name = mounts.volume(
        .hostPath(HostPath(cleanPath(path))), named: "host-\(lastPart(path))", in: &workload)
      Volumes.add(name, mount, to: &workload, &mounts, propagation: propagation)
      ledger.settle(key, .decide, .hostPath(cleanPath(path)), as: "hostPath")
      return
    }
    guard template.problem == nil, case .text(let start)? = template.parts.first,
      let slash = start.lastIndex(of: "/"), start.hasPrefix("/")
    else {
      ledger.settle(mount.node, .manual, .unknownPath(source))
      return
    }
    var rest = String(start[start.index(after: slash)...])
    for part in template.parts.dropFirst() {
      switch part {
      case .text(let text): rest += text
      case .value(let value):
        guard let variable = variable(value, &workload) else {
          ledger.settle(mount.node, .manual, .unknownPath(source))
          return
        }
        rest += "$(\(variable))"
      }
    }
    let folder = slash == start.startIndex ? "/" : cleanPath(String(start[..<slash]))
    let name = mounts.volume(
      .hostPath(HostPath(folder)), named: "host-\(lastPart(folder))", in: &workload)
    _ = mounts.take(path: mount.target)
    workload.container.volumeMounts.append(
      VolumeMount(
        name: name, mountPath: mount.target, subPathExpr: rest,
        readOnly: mount.readOnly ? true : nil, mountPropagation: propagation))
    ledger.settle(
      key, .decide, .templatedPath(source, folder, rest), as: "volumeMounts[].subPathExpr")
  }

  /// A variable of the container that holds a task's value; nil where a pod has none.
  package static func variable(_ value: TaskValue, _ workload: inout Workload) -> String? {
    let field: String
    switch value {
    case .nodeHostname: field = "spec.nodeName"
    case .taskSlot where workload.kind == .statefulSet:
      field = "metadata.labels['apps.kubernetes.io/pod-index']"
      if workload.firstOrdinal == nil { workload.firstOrdinal = 1 }
    default: return nil
    }
    let name = "MOUNT" + value.rawValue.map { $0 == "." ? "_" : $0.uppercased() }.joined()
    if !workload.container.env.contains(where: { $0.name == name }) {
      workload.container.env.insert(EnvironmentVariable(name, from: .fieldRef(field)), at: 0)
    }
    return name
  }

  private static func propagation(_ mount: Mount, _ ledger: inout Ledger) -> VolumeMount
    .Propagation?
  {
    let written = mount.propagation
    let node = mount.node["bind"]?["propagation"]
    switch written.value {
    case "rshared", "shared":
      ledger.settle(
        node ?? mount.node, .adapted, .shared(written.value), as: "volumeMounts[].mountPropagation")
      return .hostToContainer
    case "rslave", "slave":
      ledger.keep(node, as: "volumeMounts[].mountPropagation")
      return .hostToContainer
    default:
      ledger.keep(node, as: "volumeMounts[].mountPropagation")
      return nil
    }
  }

  package static func dockerAPI(_ workload: borrowing Workload) -> Finding.Message {
    let (name, namespace) = (workload.name, workload.namespace)
    return Finding.Message(
      "volumes/docker-socket",
      "The Docker socket is not mounted: Kubernetes nodes have no Docker API, so whatever this service reads or starts through "
        + "it is gone. A service that can use the Kubernetes API in its place needs a ServiceAccount that may do just that.",
      remedy: """
        kubectl -n \(namespace) create serviceaccount \(name)
        kubectl -n \(namespace) create rolebinding \(name) --clusterrole=view --serviceaccount=\(namespace):\(name)
        """)
  }
}

extension Finding.Message {
  fileprivate static var noSource: Self {
    Self(
      "volumes/no-source",
      "A bind mount without a source is refused by Docker; nothing is mounted.")
  }

  fileprivate static func hostPath(_ path: String) -> Self {
    Self(
      "volumes/host-path",
      "`\(path)` stays a path of the node (`hostPath`). It has to be there, with the same content, on every node that may run "
        + "the pod; where it is missing an empty folder is made, where Swarm would not start the task.",
      remedy:
        "For data, declare a named volume in the stack in its place; for configuration, a config.")
  }

  fileprivate static func besideStack(
    _ path: String, _ content: BoundContent?, isFolder: Bool
  ) -> Self {
    let why: String =
      if isFolder {
        "It is the stack's own folder, which is not carried in manifests."
      } else {
        switch content {
        case .tooLarge?: "It holds more than the 1 MiB that a ConfigMap can carry."
        case .unreadable(let reason)?:
          "It cannot be read here (\(reason)), so it is not carried in a ConfigMap."
        case .directory?, .file?:
          "It is empty or holds the service's data, so it is not carried in a ConfigMap."
        case nil: "It is not beside the stack here, so it is not carried in a ConfigMap."
        }
      }
    return Self(
      "volumes/stack-folder",
      "`\(path)` stays a path of the node (`hostPath`). \(why) It has to be there on every node that may run the pod.",
      remedy:
        "For data, declare a named volume in the stack in its place; put a program's own files into its image."
    )
  }

  fileprivate static func wellKnown(
    _ path: String, _ advice: String, _ remedy: String?, _ namespace: ObjectName
  ) -> Self {
    Self(
      "volumes/well-known-path", "`\(path)` of the node stays mounted (`hostPath`). \(advice)",
      remedy: remedy
        ?? "kubectl label namespace \(namespace) pod-security.kubernetes.io/enforce=privileged --overwrite"
        + "  # lets pods mount paths of the node; or drop the mount from the stack")
  }

  fileprivate static func carriedFile(
    _ path: String, _ bundle: FileBundle, _ wasReadOnly: Bool
  ) -> Self {
    Self(
      "volumes/carried-file",
      "The file `\(path)` is carried in the \(bundle.kind == .secret ? "Secret" : "ConfigMap") `\(bundle.name)`: run the "
        + "migration again when it changes, and the pods are replaced."
        + (wasReadOnly ? "" : " It is read-only now, so a program that writes to it fails."))
  }

  fileprivate static func carriedFolder(_ path: String, _ bundle: FileBundle, _ mount: Mount)
    -> Self
  {
    Self(
      "volumes/carried-folder",
      "The folder `\(path)` (\(bundle.files.count) file\(bundle.files.count == 1 ? "" : "s")) is carried in the "
        + "\(bundle.kind == .secret ? "Secret" : "ConfigMap") `\(bundle.name)`: run the migration again when it changes, and "
        + "the pods are replaced."
        + (mount.readOnly
          ? ""
          : " It is read-only now: if the service writes to `\(mount.target)`, give it a named volume there."),
      remedy: mount.readOnly
        ? nil
        : "volumes: [\"NAME:\(mount.target)\"]  # in the stack: a volume that can be written to"
    )
  }

  fileprivate static func omitted(
    _ path: String, _ bundle: FileBundle, _ namespace: ObjectName, _ options: Options,
    isFolder: Bool
  ) -> Self {
    if options.secrets == .externalSecrets {
      return Self(
        "volumes/external-secret",
        "The name of `\(path)` says that it holds a secret. The External Secrets Operator makes the Secret `\(bundle.name)` from "
          + "what the ClusterSecretStore `\(options.secretStore)` holds under `\(bundle.remoteName)`; the pods wait for it.",
        remedy: "kubectl -n \(namespace) wait --for=condition=Ready externalsecret/\(bundle.name)")
    }
    let files = bundle.files.map { file in
      " --from-file=\(file.key)=\(isFolder ? "\(path)/\(file.path)" : path)"
    }
    return Self(
      "volumes/omitted",
      "The name of `\(path)` says that it holds a secret, and with `--secrets \(options.secrets.rawValue)` no manifest does. The "
        + "pods that use it wait until the Secret `\(bundle.name)` exists.",
      remedy: "kubectl -n \(namespace) create secret generic \(bundle.name)\(files.joined())"
        + (options.secrets == .sealed
          ? " --dry-run=client -o yaml | kubeseal -o yaml | kubectl apply -f -" : ""))
  }

  fileprivate static var propagationOfFiles: Self {
    Self(
      "volumes/propagation-of-files",
      "Nothing is mounted below a file that a ConfigMap carries, so its propagation does not matter."
    )
  }

  fileprivate static func shared(_ value: String) -> Self {
    Self(
      "volumes/propagation",
      "Propagation `\(value)` becomes HostToContainer: mounts that the node makes appear in the container, but not the other way "
        + "round, which Kubernetes allows to privileged containers only.")
  }

  fileprivate static func unknownPath(_ source: String) -> Self {
    Self(
      "volumes/templated-path",
      "The path `\(source)` differs from task to task in a way that a pod does not know, so nothing is mounted.",
      remedy:
        "Write the path without a template, or use `{{.Node.Hostname}}`, or `{{.Task.Slot}}` in a replicated service."
    )
  }

  fileprivate static func templatedPath(
    _ source: String, _ folder: String, _ rest: String
  ) -> Self {
    Self(
      "volumes/templated-path",
      "`\(source)` is the folder `\(rest)` below `\(folder)` of the node, put together for each pod. Where it is missing it is "
        + "made, empty, where Swarm would not start the task.",
      remedy: "For data, declare a named volume in the stack in its place.")
  }
}
