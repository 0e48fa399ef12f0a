import Kubernetes
import Ledger
import Stack
package import Swarm
import YAML

/// Bind mounts: files of the stack, and paths of the node.
package enum Binds {
  package static func mount(
    _ mount: Mount, _ mounts: inout PodMounts, _ context: inout ServiceContext
  ) {
    guard let source = mount.source else {
      context.settle(mount.node, .bindWithoutSource)
      return
    }
    let key = mount.node["source"] ?? mount.node
    if case .dockerSocket? = NodePaths.fate(source) {
      context.settle(mount.node, .dockerAPI(context.workload))
      return
    }
    if let bundle = context.fileBundles.binds[source] {
      carry(bundle, mount, key, &mounts, &context)
      context.remark(
        hosts: bundle.hosts, .volumes, at: key.id, as: "ConfigMap/\(bundle.name) data")
      context.settle(mount.node["bind"], .propagationOfFiles)
      return
    }
    let propagation = propagation(mount, &context)
    if Template.isIn(source) {
      templated(source, mount, key, propagation, &mounts, &context)
      return
    }
    let path = source.hasPrefix("/") ? cleanPath(source) : source
    let name = mounts.volume(
      .hostPath(HostPath(path)), named: path == "/" ? "host" : "host-\(lastPart(path))",
      in: &context.workload)
    Volumes.add(name, mount, to: &context.workload, &mounts, propagation: propagation)
    let stack = context.stack
    let isFolder = path == stack.folder
    if case .mounted(let advice, let remedies)? = NodePaths.fate(path) {
      let message = Finding.Message.wellKnownPath(
        path, advice, remedies, context.workload.namespace)
      context.settle(key, message, as: "hostPath")
    } else if !stack.folder.isEmpty, isFolder || path.hasPrefix(stack.folder + "/") {
      context.settle(
        key, .besideStack(path, stack.boundFiles[source], isFolder: isFolder), as: "hostPath")
    } else {
      context.settle(key, .hostPath(path), as: "hostPath")
    }
  }

  /// Files of the stack's folder, which the manifests carry.
  private static func carry(
    _ bundle: FileBundle, _ mount: Mount, _ key: Node, _ mounts: inout PodMounts,
    _ context: inout ServiceContext
  ) {
    let stack = context.stack
    let source = mount.source ?? ""
    let isFolder = if case .directory? = stack.boundFiles[source] { true } else { false }
    let items = bundle.files.map {
      KeyToPath(key: $0.key, path: $0.path, mode: $0.isScript ? 0o755 : nil)
    }
    let volume: Kubernetes.Volume.Source =
      bundle.kind == .secret
      ? .secret(SecretVolume(name: bundle.name, items: items, defaultMode: 0o644))
      : .configMap(ConfigMapVolume(name: bundle.name, items: items, defaultMode: 0o644))
    let name = mounts.volume(volume, named: "file-\(lastPart(source))", in: &context.workload)
    _ = mounts.take(path: mount.target)
    context.workload.container.volumeMounts.append(
      VolumeMount(
        name: name, mountPath: mount.target, subPath: isFolder ? nil : bundle.key, readOnly: true))
    if case .omitted(let path)? = bundle.absence {
      let message = Finding.Message.omittedFiles(
        path, bundle, context.workload.namespace, context.options, isFolder: isFolder)
      context.settle(key, message, as: "volumes")
      return
    }
    let shown = stack.shown(source)
    if isFolder {
      let message = Finding.Message.carriedFolder(shown, bundle, mount)
      // What is written there is lost, unless nothing could be.
      context.settle(
        key, mount.readOnly ? .adapted : message.kind.disposition, message, as: "volumes")
    } else {
      context.settle(key, .carriedFile(shown, bundle, mount.readOnly), as: "volumes")
    }
  }

  /// A path that differs from task to task: the fixed beginning is the volume, and the rest is put together from variables.
  private static func templated(
    _ source: String, _ mount: Mount, _ key: Node, _ propagation: VolumeMount.Propagation?,
    _ mounts: inout PodMounts, _ context: inout ServiceContext
  ) {
    let template = context.service.expand(source)
    if template.problem == nil, let path = template.staticText, path.hasPrefix("/") {
      let name = mounts.volume(
        .hostPath(HostPath(cleanPath(path))), named: "host-\(lastPart(path))",
        in: &context.workload)
      Volumes.add(name, mount, to: &context.workload, &mounts, propagation: propagation)
      context.settle(key, .hostPath(cleanPath(path)), as: "hostPath")
      return
    }
    guard template.problem == nil, case .text(let start)? = template.parts.first,
      let slash = start.lastIndex(of: "/"), start.hasPrefix("/")
    else {
      context.settle(mount.node, .unknownPath(source))
      return
    }
    var rest = String(start[start.index(after: slash)...])
    for part in template.parts.dropFirst() {
      switch part {
      case .text(let text): rest += text
      case .value(let value):
        guard let variable = variable(value, &context.workload) else {
          context.settle(mount.node, .unknownPath(source))
          return
        }
        rest += "$(\(variable))"
      }
    }
    let folder = slash == start.startIndex ? "/" : cleanPath(String(start[..<slash]))
    let name = mounts.volume(
      .hostPath(HostPath(folder)), named: "host-\(lastPart(folder))", in: &context.workload)
    _ = mounts.take(path: mount.target)
    context.workload.container.volumeMounts.append(
      VolumeMount(
        name: name, mountPath: mount.target, subPathExpr: rest,
        readOnly: mount.readOnly ? true : nil, mountPropagation: propagation))
    context.settle(
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

  private static func propagation(
    _ mount: Mount, _ context: inout ServiceContext
  ) -> VolumeMount.Propagation? {
    let written = mount.propagation
    let node = mount.node["bind"]?["propagation"]
    switch written.value {
    case "rshared", "shared":
      context.settle(
        node ?? mount.node, .sharedPropagation(written.value), as: "volumeMounts[].mountPropagation"
      )
      return .hostToContainer
    case "rslave", "slave":
      context.keep(node, as: "volumeMounts[].mountPropagation")
      return .hostToContainer
    default:
      context.keep(node, as: "volumeMounts[].mountPropagation")
      return nil
    }
  }
}
