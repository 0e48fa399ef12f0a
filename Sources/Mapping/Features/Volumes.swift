import Basics
import Kubernetes
import Ledger
import Stack
import Swarm
import YAML

/// Volumes and mounts.
package enum Volumes: Feature {
  package static let name = "volumes"
  package static let title = "Volumes and mounts"
  package static let about = """
    A Swarm volume of the `local` driver is a folder of whatever node a task runs on, made at first use and filled with \
    what the image has at that path. A Kubernetes claim is storage of the cluster that starts empty and follows its pod.

    **Named volumes** become PersistentVolumeClaims. One pod uses it: `ReadWriteOnce`, and a Deployment replaces its pod by \
    stopping the old one first, since both could not have the volume. Several pods or services use it: `ReadWriteMany`, \
    which not every storage class has. A StatefulSet, whose pods have a number, gets a claim for each pod, also where the \
    volume's name holds `{{.Task.Slot}}`. A global service keeps data on each node, so its volume stays a folder of the \
    node. The size is `--volume-size`, or the volume's label `kubernetes.volume.size`; the class is `--storage-class`, or \
    the label `kubernetes.volume.storage-class`. A volume that no service mounts is never made by Swarm, and not here.

    **Who may write.** A new volume of Swarm takes over the owner of the image's folder; a claim belongs to root. Where the \
    service's `user` is a number, or its image is known to run as a user of its own (Grafana, Prometheus, Elasticsearch and \
    the like), the pod gets that group as `fsGroup`. PostgreSQL up to 17 gets a folder below its mount (`PGDATA`), since a \
    file system of its own has a folder lost+found, and a database is made in an empty folder only.

    **Data is never moved by manifests.** Each volume has a finding with the commands that copy it.

    **NFS** options of the local driver become a PersistentVolume with the same server, path and mount options, and a claim \
    on it: the data stays where it is. **SMB** shares are mounted by the SMB CSI driver. `o: bind` and binds of a node's \
    path become `hostPath`. **Plugins** become claims of a storage class that is named after the plugin, with the CSI \
    driver that takes its place. **Cluster volumes** are CSI volumes already: access mode and capacity are kept; the rest \
    belongs to a storage class.

    **Files beside the stack** that a service binds are configuration: they become a ConfigMap, or a Secret where the name \
    says that they hold one (`.pem`, `.key`, `.env`, `id_rsa` and the like), up to 1 MiB. They are read-only then. A folder \
    that is empty, or where a program keeps its data, stays a path of the node, as does the stack's folder itself.

    **Paths of the node** stay what they are. Well-known ones have their own advice. The Docker socket is not mounted: \
    there is no Docker API on a Kubernetes node.

    **tmpfs** becomes an `emptyDir` in memory, whose size is a limit; **anonymous volumes** an `emptyDir` on disk. An \
    `emptyDir` starts empty, with mode 0777, and outlives a restart of the container, but not its pod.

    Propagation `rslave` becomes `HostToContainer`. `rshared` would let the container mount for the host; Kubernetes allows \
    that to privileged containers only, which Swarm's are not, so it becomes `HostToContainer` too.
    """
  package static let owns: [KeyPattern] = ["services.*.volumes.**", "volumes.**"]
  package static let examples: [Example] = [
    Example(
      "A named volume",
      stack: """
        services:
          blog:
            image: wordpress:6
            volumes:
              - site:/var/www/html
        volumes:
          site:
        """,
      kubernetes: """
        kind: PersistentVolumeClaim
        spec:
          accessModes:
            - ReadWriteOnce
        """,
      findings: ["volumes/copy-data", "volumes/starts-empty"])
  ]

  package static func map(_ context: inout StackContext) {
    let uses = context.volumeUses
    for volume in context.stack.volumes {
      if let use = uses[volume.key] {
        NamedVolumes.declare(volume, use, &context)
      } else {
        context.settle(volume.node, .unused(volume.isExternal))
      }
    }
    let bundles = context.fileBundles
    for bundle in bundles.unwrittenBinds {
      if let external = FileObjects.external(bundle, context.objects, context.options, [:]) {
        context.objects.objects.append(external)
      }
    }
    for entry in bundles.written where entry.kind == nil {
      let metadata = context.objects.metadata(entry.bundle.name)
      context.objects.objects.append(FileObjects.manifest(entry.bundle, metadata))
      FileObjects.noteSize(entry.bundle, &context)
    }
  }

  package static func map(_ context: inout ServiceContext) {
    let service = context.service
    if let image = service.imageFacts {
      let mounted = Set(service.mounts.map(\.target))
      let rest = image.volumes.filter { !mounted.contains($0.value) }
      if !rest.isEmpty {
        context.ledger.remark(
          .adapted, .volumesOfImage(rest, isReadOnly: service["read_only"]?.bool == true),
          at: service.imageKey)
      }
    }
    guard let items = service.node["volumes"]?.items, !items.isEmpty else { return }
    var mounts = PodMounts(context.workload)
    for mount in service.mounts {
      guard let mount = usable(mount, mounts, &context) else { continue }
      if Self.mount(mount, &mounts, &context) { settleRest(mount, &context) }
    }
    VolumeOwners.apply(&context)
    // Items without a target are none to Docker either.
    for item in items where context.ledger.isOpen(item.id) { context.settle(item, .noTarget) }
  }

  /// The mount with its target as it is for all tasks; nil, and settled, where a pod cannot have it there.
  private static func usable(
    _ mount: Mount, _ mounts: PodMounts, _ context: inout ServiceContext
  ) -> Mount? {
    var mount = mount
    if Template.isIn(mount.target) {
      let template = context.service.expand(mount.target)
      guard template.problem == nil, let path = template.staticText else {
        context.settle(mount.node, .templatedTarget(mount.target))
        return nil
      }
      mount.target = cleanPath("/" + path)
    }
    if mount.target == "/" {
      context.settle(mount.node, .root)
    } else if mount.target.utf8.contains(UInt8(ascii: ":")), mount.target.hasPrefix("/") {
      context.settle(mount.node, .colon(mount.target))
    } else if mounts.has(path: mount.target) {
      context.settle(mount.node, .sameTarget(mount.target))
    } else {
      return mount
    }
    return nil
  }

  /// Mounts what its kind asks for; false where nothing is mounted and all is settled.
  private static func mount(
    _ mount: Mount, _ mounts: inout PodMounts, _ context: inout ServiceContext
  ) -> Bool {
    let end = lastPart(mount.target)
    switch mount.kind {
    case .volume, .cluster:
      if let source = mount.source {
        NamedVolumes.mount(mount, source, &mounts, &context)
      } else {
        let name = mounts.name("anonymous\(end == "/" ? "" : "-" + end)")
        context.workload.pod.volumes.append(Kubernetes.Volume(name: name, .emptyDir()))
        add(name, mount, to: &context.workload, &mounts)
        context.settle(
          mount.node["target"] ?? mount.node, .anonymous(mount.target), as: "emptyDir")
      }
    case .bind: Binds.mount(mount, &mounts, &context)
    case .tmpfs:
      let name = mounts.name("tmpfs-\(end)")
      let limit = mount.tmpfsSize.map { Quantity(bytes: $0) }
      context.workload.pod.volumes.append(
        Kubernetes.Volume(name: name, .emptyDir(medium: .memory, sizeLimit: limit)))
      add(name, mount, to: &context.workload, &mounts)
      context.settle(mount.node["tmpfs"]?["mode"], .tmpfsMode)
      context.settle(mount.node["type"] ?? mount.node, .tmpfs(limit), as: "emptyDir.medium")
    case .npipe:
      guard let source = mount.source, NodePaths.fate(source.lowercased()) == nil else {
        context.settle(mount.node, .dockerAPI(context.workload))
        return false
      }
      let name = mounts.volume(
        .hostPath(HostPath(source)), named: "pipe-\(end)", in: &context.workload)
      add(name, mount, to: &context.workload, &mounts)
      context.settle(mount.node["source"] ?? mount.node, .pipe(source), as: "hostPath")
    case .image: context.settle(mount.node, .imageMount(mount.source ?? "IMAGE", mount.target))
    }
    return true
  }

  /// Mounts a volume where the stack wants it.
  static func add(
    _ name: ObjectName, _ mount: Mount, to workload: inout Workload, _ mounts: inout PodMounts,
    subPath: String? = nil, subPathExpr: String? = nil,
    propagation: VolumeMount.Propagation? = nil
  ) {
    _ = mounts.take(path: mount.target)
    workload.container.volumeMounts.append(
      VolumeMount(
        name: name, mountPath: mount.target, subPath: subPath, subPathExpr: subPathExpr,
        readOnly: mount.readOnly ? true : nil, mountPropagation: propagation))
  }

  /// The keys of a mount that mean the same for every kind, and those that its kind has no use for.
  private static func settleRest(_ mount: Mount, _ context: inout ServiceContext) {
    context.settle(mount.node["consistency"], .consistency)
    let own =
      switch mount.kind {
      case .bind: "bind"
      case .tmpfs: "tmpfs"
      default: "volume"
      }
    for key in ["bind", "tmpfs", "volume"] where key != own {
      context.settle(mount.node[key], .otherKind(key, mount.kind.rawValue))
    }
    context.keep(mount.node["read_only"], as: "volumeMounts[].readOnly")
    context.keep(mount.node, as: "volumeMounts")
  }
}

extension Finding.Message {
  fileprivate static func unused(_ isExternal: Bool) -> Self {
    Self(
      Volumes.Kind.unused,
      isExternal
        ? "No service of the stack mounts this volume, so Swarm never looks for it."
        : "No service mounts this volume, so Swarm never makes it.")
  }

  fileprivate static var root: Self {
    Self(
      Volumes.Kind.root,
      "Docker refuses a mount at `/`, so this service never started with it; it is dropped.")
  }

  fileprivate static func templatedTarget(_ target: String) -> Self {
    Self(
      Volumes.Kind.templatedTarget,
      "The target `\(target)` differs from task to task, and all pods of a workload mount at one path, so nothing is mounted there.",
      remedy: .sentence(
        "Mount at a path without a template, and let the program find its folder below it."))
  }

  fileprivate static func colon(_ target: String) -> Self {
    Self(
      Volumes.Kind.colonInTarget,
      "The target `\(target)` has a colon, which Kubernetes does not allow in a mount path, so nothing is mounted there.",
      remedy: .sentence(
        "Choose a target without `:` in the stack and tell the program the new path."))
  }

  fileprivate static func sameTarget(_ target: String) -> Self {
    Self(
      Volumes.Kind.sameTarget,
      "Something else of this service is mounted at `\(target)` already. Docker refuses two mounts at one path or lets one "
        + "hide the other; Kubernetes takes one, and the first is kept.")
  }

  fileprivate static func anonymous(_ target: String) -> Self {
    Self(
      Volumes.Kind.anonymous,
      "The anonymous volume at `\(target)` becomes an emptyDir: it starts empty, where Swarm fills it with what the image "
        + "has there, and it is gone with its pod, as it was with its task.",
      remedy: .sentence(
        "If the program needs what the image has at `\(target)`, drop the mount from the stack: without it the "
          + "container writes into its own layer, which starts anew with each container."))
  }

  fileprivate static var tmpfsMode: Self {
    Self(
      Volumes.Kind.tmpfsMode,
      "An emptyDir has mode 0777, without the sticky bit; the mode of the stack is dropped.")
  }

  fileprivate static func tmpfs(_ limit: Quantity?) -> Self {
    Self(
      Volumes.Kind.tmpfs,
      "The tmpfs becomes an emptyDir in memory"
        + (limit.map { " of at most \($0)" }
          ?? ", as large as the pod's memory limit or half of the node's memory")
        + ". What lies in it counts to the pod's memory, outlives a restart of the container, and may be executed, which "
        + "Docker's tmpfs forbids.")
  }

  fileprivate static func pipe(_ source: String) -> Self {
    Self(
      Volumes.Kind.namedPipe,
      "The named pipe `\(source)` is one of the Windows node that the pod runs on; it must exist there, or the pod does not "
        + "start.",
      remedy: .sentence(
        "Drop the mount from the stack if the cluster's Windows nodes have no such pipe."))
  }

  fileprivate static func imageMount(_ image: String, _ target: String) -> Self {
    Self(
      Volumes.Kind.imageMount,
      "A mount of type `image` shows the files of another image. Docker Compose has it and a Swarm refuses it; nothing is mounted "
        + "here.",
      remedy: .fragment(
        VisibleText.shown("COPY --from=\(image) / \(target)/"),
        note: "in the Dockerfile of the service's own image"))
  }

  fileprivate static var noTarget: Self {
    Self(
      Volumes.Kind.noTarget,
      "Without a target there is nothing to mount; Docker refuses the service."
    )
  }

  fileprivate static var consistency: Self {
    Self(
      Volumes.Kind.consistency,
      "`consistency` concerns Docker Desktop on a Mac; a Swarm node takes no notice of it.")
  }

  fileprivate static func otherKind(_ key: String, _ kind: String) -> Self {
    Self(
      Volumes.Kind.otherKind, "Options under `\(key)` mean nothing to a mount of type `\(kind)`.")
  }
}
