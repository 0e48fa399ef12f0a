import Kubernetes
package import Ledger
import Stack
package import Swarm
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

  package static func map(
    _ stack: Swarm.Stack, into objects: inout ObjectSet, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    let uses = facts.volumeUses[facts.current]
    for volume in stack.volumes {
      guard let use = uses[volume.key] else {
        ledger.settle(volume.node, .inert, .unused(volume.isExternal))
        continue
      }
      NamedVolumes.declare(volume, use, in: stack, into: &objects, facts, &ledger)
    }
    let bundles = facts.fileBundles[facts.current]
    for bundle in bundles.unwrittenBinds {
      if let external = FileObjects.external(bundle, objects, facts.options, [:]) {
        objects.objects.append(external)
      }
    }
    for entry in bundles.written where entry.kind == nil {
      objects.objects.append(
        FileObjects.manifest(entry.bundle, objects.metadata(entry.bundle.name)))
      FileObjects.noteSize(entry.bundle, &ledger)
    }
  }

  package static func map(
    _ service: Swarm.Service, into workload: inout Workload, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    if let image = service.imageFacts {
      let mounted = Set(service.mounts.map(\.target))
      let rest = image.volumes.filter { !mounted.contains($0.value) }
      if !rest.isEmpty {
        ledger.remark(
          .adapted, .volumesOfImage(rest, isReadOnly: service["read_only"]?.bool == true),
          at: service.imageKey)
      }
    }
    guard let items = service.node["volumes"]?.items, !items.isEmpty else { return }
    var mounts = PodMounts(workload)
    for var mount in service.mounts {
      if Template.isIn(mount.target) {
        let template = service.expand(mount.target)
        guard template.problem == nil, let path = template.staticText else {
          ledger.settle(mount.node, .manual, .templatedTarget(mount.target))
          continue
        }
        mount.target = cleanPath("/" + path)
      }
      if mount.target == "/" {
        ledger.settle(mount.node, .lost, .root)
        continue
      }
      if mount.target.utf8.contains(UInt8(ascii: ":")), mount.target.hasPrefix("/") {
        ledger.settle(mount.node, .manual, .colon(mount.target))
        continue
      }
      if mounts.has(path: mount.target) {
        ledger.settle(mount.node, .lost, .sameTarget(mount.target))
        continue
      }
      switch mount.kind {
      case .volume, .cluster:
        if let source = mount.source {
          NamedVolumes.mount(mount, source, of: service, into: &workload, &mounts, facts, &ledger)
        } else {
          let name = mounts.name(
            "anonymous\(lastPart(mount.target) == "/" ? "" : "-" + lastPart(mount.target))")
          workload.pod.volumes.append(Kubernetes.Volume(name: name, .emptyDir()))
          add(name, mount, to: &workload, &mounts)
          ledger.settle(
            mount.node["target"] ?? mount.node, .adapted, .anonymous(mount.target), as: "emptyDir")
        }
      case .bind: Binds.mount(mount, of: service, into: &workload, &mounts, facts, &ledger)
      case .tmpfs:
        let name = mounts.name("tmpfs-\(lastPart(mount.target))")
        let limit = mount.tmpfsSize.map { Quantity(bytes: $0) }
        workload.pod.volumes.append(
          Kubernetes.Volume(name: name, .emptyDir(medium: .memory, sizeLimit: limit)))
        add(name, mount, to: &workload, &mounts)
        ledger.settle(mount.node["tmpfs"]?["mode"], .adapted, .tmpfsMode)
        ledger.settle(
          mount.node["type"] ?? mount.node, .adapted, .tmpfs(limit), as: "emptyDir.medium")
      case .npipe:
        guard let source = mount.source, NodePaths.fate(source.lowercased()) == nil else {
          ledger.settle(mount.node, .lost, Binds.dockerAPI(workload))
          continue
        }
        let name = mounts.volume(
          .hostPath(HostPath(source)), named: "pipe-\(lastPart(mount.target))", in: &workload)
        add(name, mount, to: &workload, &mounts)
        ledger.settle(mount.node["source"] ?? mount.node, .decide, .pipe(source), as: "hostPath")
      case .image:
        ledger.settle(mount.node, .lost, .imageMount(mount.source ?? "IMAGE", mount.target))
      }
      settleRest(mount, &ledger)
    }
    VolumeOwners.apply(service, to: &workload, &ledger)
    // Items without a target are none to Docker either.
    for item in items where ledger.isOpen(item.id) { ledger.settle(item, .inert, .noTarget) }
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
  private static func settleRest(_ mount: Mount, _ ledger: inout Ledger) {
    ledger.settle(mount.node["consistency"], .inert, .consistency)
    let own =
      switch mount.kind {
      case .bind: "bind"
      case .tmpfs: "tmpfs"
      default: "volume"
      }
    for key in ["bind", "tmpfs", "volume"] where key != own {
      ledger.settle(mount.node[key], .inert, .otherKind(key, mount.kind.rawValue))
    }
    ledger.keep(mount.node["read_only"], as: "volumeMounts[].readOnly")
    ledger.keep(mount.node, as: "volumeMounts")
  }
}

extension Finding.Message {
  fileprivate static func unused(_ isExternal: Bool) -> Self {
    Self(
      "volumes/unused",
      isExternal
        ? "No service of the stack mounts this volume, so Swarm never looks for it."
        : "No service mounts this volume, so Swarm never makes it.")
  }

  fileprivate static var root: Self {
    Self(
      "volumes/root",
      "Docker refuses a mount at `/`, so this service never started with it; it is dropped.")
  }

  fileprivate static func templatedTarget(_ target: String) -> Self {
    Self(
      "volumes/templated-target",
      "The target `\(target)` differs from task to task, and all pods of a workload mount at one path, so nothing is mounted there.",
      remedy: "Mount at a path without a template, and let the program find its folder below it.")
  }

  fileprivate static func colon(_ target: String) -> Self {
    Self(
      "volumes/colon-in-target",
      "The target `\(target)` has a colon, which Kubernetes does not allow in a mount path, so nothing is mounted there.",
      remedy: "Choose a target without `:` in the stack and tell the program the new path.")
  }

  fileprivate static func sameTarget(_ target: String) -> Self {
    Self(
      "volumes/same-target",
      "Something else of this service is mounted at `\(target)` already. Docker refuses two mounts at one path or lets one "
        + "hide the other; Kubernetes takes one, and the first is kept.")
  }

  fileprivate static func anonymous(_ target: String) -> Self {
    Self(
      "volumes/anonymous",
      "The anonymous volume at `\(target)` becomes an emptyDir: it starts empty, where Swarm fills it with what the image "
        + "has there, and it is gone with its pod, as it was with its task.",
      remedy:
        "If the program needs what the image has at `\(target)`, drop the mount from the stack: without it the "
        + "container writes into its own layer, which starts anew with each container.")
  }

  fileprivate static var tmpfsMode: Self {
    Self(
      "volumes/tmpfs-mode",
      "An emptyDir has mode 0777, without the sticky bit; the mode of the stack is dropped.")
  }

  fileprivate static func tmpfs(_ limit: Quantity?) -> Self {
    Self(
      "volumes/tmpfs",
      "The tmpfs becomes an emptyDir in memory"
        + (limit.map { " of at most \($0)" }
          ?? ", as large as the pod's memory limit or half of the node's memory")
        + ". What lies in it counts to the pod's memory, outlives a restart of the container, and may be executed, which "
        + "Docker's tmpfs forbids.")
  }

  fileprivate static func pipe(_ source: String) -> Self {
    Self(
      "volumes/named-pipe",
      "The named pipe `\(source)` is one of the Windows node that the pod runs on; it must exist there, or the pod does not "
        + "start.",
      remedy: "Drop the mount from the stack if the cluster's Windows nodes have no such pipe.")
  }

  fileprivate static func imageMount(_ image: String, _ target: String) -> Self {
    Self(
      "volumes/image-mount",
      "A mount of type `image` shows the files of another image. Docker Compose has it and a Swarm refuses it; nothing is mounted "
        + "here.",
      remedy: "COPY --from=\(image) / \(target)/  # in the Dockerfile of the service's own image")
  }

  fileprivate static var noTarget: Self {
    Self(
      "volumes/no-target", "Without a target there is nothing to mount; Docker refuses the service."
    )
  }

  fileprivate static var consistency: Self {
    Self(
      "volumes/consistency",
      "`consistency` concerns Docker Desktop on a Mac; a Swarm node takes no notice of it.")
  }

  fileprivate static func otherKind(_ key: String, _ kind: String) -> Self {
    Self("volumes/other-kind", "Options under `\(key)` mean nothing to a mount of type `\(kind)`.")
  }
}
