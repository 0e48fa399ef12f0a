import Kubernetes
import Ledger
import Proxies
package import Swarm
import YAML

/// Mounts a service's configs or secrets: what `Configs` and `Secrets` have in common.
///
/// What lies in `/run/secrets` becomes one projected volume for the whole folder, as Swarm has one file system there. Any
/// other file is mounted by itself with a `subPath`, so that the image's own files beside it stay visible. Neither changes
/// while a pod runs, which is as it was.
package enum FileMounts {
  package static let folder = "/run/secrets"

  package static func mount(
    _ references: [FileReference], _ kind: FileObject.Kind, _ context: inout ServiceContext
  ) {
    guard !references.isEmpty else { return }
    let service = context.service
    var mounts = PodMounts(context.workload)
    let readability = FileReadability(service)
    if let group = readability.group {
      context.workload.pod.securityContext.fsGroup = group
      context.workload.pod.securityContext.fsGroupChangePolicy = .onRootMismatch
    }
    let bundles = context.fileBundles
    var first: [String: FileReference] = [:]
    for reference in references {
      // References to what the stack does not define are refused when it is read.
      guard let bundle = bundles.bundle(kind, reference.source, for: service) else { continue }
      let target = reference.target.value
      if target == "/" || target == folder {
        context.settle(reference.node, .folderAsTarget(kind, target))
        continue
      }
      if target.utf8.contains(UInt8(ascii: ":")) {
        context.settle(reference.node, .colon(kind, target))
        continue
      }
      // A secret is one file to the engine, with the owner and mode of its first reference, wherever else it appears.
      let owner = kind == .secret ? first[reference.source] ?? reference : reference
      first[reference.source] = owner
      let isPlaced =
        if target.hasPrefix(folder + "/") {
          project(
            bundle, at: String(target.dropFirst(folder.utf8.count + 1)), owner, &mounts,
            &context.workload)
        } else {
          place(bundle, kind, at: target, owner, &mounts, &context.workload)
        }
      guard isPlaced else {
        context.settle(reference.node, .sameTarget(kind, target))
        continue
      }
      if owner.node.id == reference.node.id {
        settle(reference, kind, readability, &context)
      } else {
        for key in ["uid", "gid", "mode"] {
          context.settle(reference.node[key], .firstReferenceRules(reference.source))
        }
      }
      context.keep(
        reference.node, as: target.hasPrefix(folder + "/") ? "volumes[run-secrets]" : "volumeMounts"
      )
    }
  }

  /// Puts a file into the volume at `/run/secrets`.
  private static func project(
    _ bundle: FileBundle, at path: String, _ reference: FileReference, _ mounts: inout PodMounts,
    _ workload: inout Workload
  ) -> Bool {
    let item = KeyToPath(key: bundle.key, path: path, mode: mode(reference))
    let source: Projection =
      bundle.kind == .secret
      ? .secret(name: bundle.name, items: [item]) : .configMap(name: bundle.name, items: [item])
    guard let index = workload.pod.volumes.firstIndex(where: { $0.name.rawValue == "run-secrets" }),
      case .projected(var sources, let mode) = workload.pod.volumes[index].source
    else {
      guard mounts.take(path: folder) else { return false }
      let name = mounts.name("run-secrets")
      workload.pod.volumes.append(
        Kubernetes.Volume(name: name, .projected(sources: [source], defaultMode: 0o444)))
      workload.container.volumeMounts.append(
        VolumeMount(name: name, mountPath: folder, readOnly: true))
      return true
    }
    let isTaken = sources.contains { source in
      switch source {
      case .secret(_, let items, _), .configMap(_, let items, _): items.contains { $0.path == path }
      case .downwardAPI(let items): items.contains { $0.path == path }
      }
    }
    if isTaken { return false }
    sources.append(source)
    workload.pod.volumes[index].source = .projected(sources: sources, defaultMode: mode)
    return true
  }

  /// Mounts a file by itself.
  private static func place(
    _ bundle: FileBundle, _ kind: FileObject.Kind, at target: String, _ reference: FileReference,
    _ mounts: inout PodMounts, _ workload: inout Workload
  ) -> Bool {
    guard mounts.take(path: target) else { return false }
    let item = KeyToPath(key: bundle.key, path: bundle.key, mode: mode(reference))
    let source: Kubernetes.Volume.Source =
      bundle.kind == .secret
      ? .secret(SecretVolume(name: bundle.name, items: [item], defaultMode: 0o444))
      : .configMap(ConfigMapVolume(name: bundle.name, items: [item], defaultMode: 0o444))
    let name = mounts.volume(source, named: "\(kind.rawValue)-\(reference.source)", in: &workload)
    workload.container.volumeMounts.append(
      VolumeMount(name: name, mountPath: target, subPath: bundle.key, readOnly: true))
    return true
  }

  /// The mode of an item; nil where it is Swarm's 0444, which the volume has anyway.
  private static func mode(_ reference: FileReference) -> Int? {
    let mode = reference.mode.value & 0o777
    return mode == 0o444 && reference.mode.isDefault ? nil : mode
  }

  private static func settle(
    _ reference: FileReference, _ kind: FileObject.Kind, _ readability: FileReadability,
    _ context: inout ServiceContext
  ) {
    let mode = reference.mode.value
    if mode & ~0o777 != 0 {
      context.settle(reference.node["mode"], .specialBits(kind, mode), as: "items[].mode")
    } else {
      context.keep(reference.node["mode"], as: "items[].mode")
    }
    let owner = reference.uid.value == "0" ? nil : reference.node["uid"]
    let group = reference.gid.value == "0" ? nil : reference.node["gid"]
    switch readability.verdict(reference) {
    case .same:
      context.settle(owner ?? group, .ownerWithoutEffect(kind))
    case .ownedByRoot:
      for node in [owner, group] { context.settle(node, .ownedByRoot(kind)) }
    case .byGroup(let number):
      context.settle(owner, .byGroup(kind, number), as: "securityContext.fsGroup")
      if owner == nil {
        context.settle(group, .byGroup(kind, number), as: "securityContext.fsGroup")
      }
      context.keep(group, as: "securityContext.fsGroup")
    case .byGuessedGroup(let number):
      context.settle(
        owner ?? group, .byGuessedGroup(kind, reference.source, number),
        as: "securityContext.fsGroup")
    case .unreadable(let wanted, let number):
      context.settle(
        owner ?? group, .unreadable(kind, reference.source, wanted: wanted, group: number),
        as: "securityContext.fsGroup")
      context.keep(group, as: "securityContext.fsGroup")
    }
  }
}

extension Finding.Message {
  fileprivate static func folderAsTarget(_ kind: FileObject.Kind, _ target: String) -> Self {
    Self(
      kind.kinds.folderAsTarget,
      "The target `\(target)` is a folder, where a \(kind) is a file: a Swarm task with it does not start. Nothing is "
        + "mounted.")
  }

  fileprivate static func colon(_ kind: FileObject.Kind, _ target: String) -> Self {
    Self(
      kind.kinds.colonInTarget,
      "The target `\(target)` has a colon, which Kubernetes does not allow in a mount path, so nothing is mounted there.",
      remedy: .sentence("Give the \(kind) a target without `:` and tell the program the new path."))
  }

  fileprivate static func firstReferenceRules(_ name: String) -> Self {
    Self(
      Secrets.Kind.firstReferenceRules,
      "The service refers to the secret `\(name)` twice. The engine keeps one file of it, with the owner and mode of the first "
        + "reference; those of the second have no effect.")
  }

  fileprivate static func sameTarget(_ kind: FileObject.Kind, _ target: String) -> Self {
    Self(
      kind.kinds.sameTarget,
      "Something else of this service is mounted at `\(target)` already. Swarm refuses two files with one target, and lays "
        + "one mount over the other; Kubernetes takes one mount a path, and the first is kept.")
  }

  fileprivate static func specialBits(_ kind: FileObject.Kind, _ mode: Int) -> Self {
    Self(
      kind.kinds.specialBits,
      "The mode 0\(String(mode, radix: 8)) has bits beyond 0777 (setuid, setgid, sticky), which files of a volume do not "
        + "have in Kubernetes; the file gets 0\(String(mode & 0o777, radix: 8)).")
  }

  fileprivate static func ownedByRoot(_ kind: FileObject.Kind) -> Self {
    Self(
      kind.kinds.ownedByRoot,
      "Files of a volume belong to root in Kubernetes, not to the `uid` and `gid` of the stack. Everyone may still read "
        + "this one; only a program that insists on the owner would notice.")
  }

  fileprivate static func ownerWithoutEffect(_ kind: FileObject.Kind) -> Self {
    Self(
      kind.kinds.ownerWithoutEffect,
      "Files of a volume belong to root in Kubernetes, not to the `uid` and `gid` of the stack. By its user and mode the "
        + "service's process could not read this one in Swarm either.")
  }

  fileprivate static func byGroup(_ kind: FileObject.Kind, _ group: Int) -> Self {
    Self(
      kind.kinds.readByGroup,
      "The file belongs to root and to the pod's group \(group) (`fsGroup`), and that group may read it; in Swarm it had "
        + "the `uid` and `gid` of the stack. The pod's claims get the same group.")
  }

  fileprivate static func byGuessedGroup(
    _ kind: FileObject.Kind, _ name: String, _ group: Int
  ) -> Self {
    Self(
      kind.kinds.checkReader,
      "Only user \(group) could read the \(kind) `\(name)`. Files have no `uid` in Kubernetes: it belongs to root and the "
        + "pod's group \(group), and a process that drops its rights to user \(group) reads it only if that user is in "
        + "group \(group).",
      remedy: .sentence(
        "Give the \(kind) `mode: 0444` in the stack, or the `gid` of the group that reads it."))
  }

  fileprivate static func unreadable(
    _ kind: FileObject.Kind, _ name: String, wanted: Int, group: Int
  ) -> Self {
    Self(
      kind.kinds.unreadable,
      "The \(kind) `\(name)` was readable for group or user \(wanted) only. A pod has one group for its files, and another "
        + "file of this service takes it for \(group), so a process that runs as \(wanted) cannot read this one.",
      remedy: .sentence(
        "Give the \(kind) `mode: 0444`, or all of the service's configs and secrets the same `gid`."
      ))
  }
}
