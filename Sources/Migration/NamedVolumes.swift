import Kubernetes
import Swarm
import YAML

/// Named volumes: their claims, and their mounts.
enum NamedVolumes {
  // MARK: The stack's top level

  /// Settles a volume's own keys and writes what belongs to no single service: claims that several share, and storage that
  /// exists already.
  static func declare(
    _ volume: Swarm.Volume, _ use: VolumeUse, in stack: Swarm.Stack, into objects: inout ObjectSet,
    _ facts: borrowing Facts, _ ledger: inout Ledger
  ) {
    let claim = claimName(volume, facts)
    let plan = VolumePlan(volume, use, objects.namespace, claim, facts)
    let settings = VolumeClaim(volume, isShared: use.isShared, facts.options)
    let annotations = settleLabels(volume, &ledger)
    let maker = facts.sharedVolumes.maker(of: volume)
    for entry in volume.node.entries ?? []
    where entry.key.hasPrefix("x-") && entry.key != "x-cluster-spec" {
      ledger.settle(entry.value, .inert, .ownKey)
    }
    if let maker, case .existing = plan {
      ledger.settle(
        volume.node, .adapted,
        .storageOfOtherStack(volume.name, facts.stacks[maker.stack].name))
    }
    switch plan {
    case .claim:
      if isStackWide(volume, use) {
        objects.objects.append(settings.object(objects.metadata(claim, annotations: annotations)))
      }
      let users = use.services.map { facts.objectName(of: stack.services[$0])?.rawValue ?? "" }
      if volume.clusterSpec != nil {
        ClusterVolumes.settle(volume, settings, users, &ledger)
      } else if volume.driver.value != "local" {
        settlePlugin(volume, settings, &ledger)
      } else {
        settleDevice(volume, &ledger)
        if use.isShared, settings.modes == [.readWriteMany] {
          shareNote(volume, use, users, &ledger)
        }
      }
      ledger.keep(volume.node, as: "PersistentVolumeClaim/\(claim)")
    case .existing(let source, let options, let login):
      let name = ObjectName(unchecked: "\(objects.namespace)-\(claim)")
      let isReadOnly = if case .nfs(let nfs) = source { nfs.readOnly == true } else { false }
      let modes: [AccessMode] = [isReadOnly ? .readOnlyMany : .readWriteMany]
      var metadata = objects.metadata(name, annotations: annotations)
      metadata.namespace = nil
      objects.objects.append(
        PersistentVolume(
          metadata: metadata, accessModes: modes, capacity: settings.size, storageClassName: "",
          mountOptions: options,
          claimReference: PersistentVolume.ClaimReference(
            namespace: objects.namespace, name: claim),
          reclaimPolicy: .retain, source: source))
      objects.objects.append(
        PersistentVolumeClaim(
          metadata: objects.metadata(claim, annotations: annotations), accessModes: modes,
          storage: settings.size, volumeName: name, storageClassName: ""))
      if case .csi = source {
        settleSMB(volume, login, claim, into: &objects, facts.options, &ledger)
      } else {
        ledger.keep(volume.node, as: "PersistentVolume/\(name)")
      }
    case .path(let path, let type):
      if type == .directoryOrCreate, volume.driver.value == "local" {
        ledger.settle(volume.node, .decide, .nodeFolder(volume.name, path), as: "hostPath")
      } else {
        ledger.settle(
          volume.node["driver_opts"] ?? volume.node, .decide, .nodePath(path), as: "hostPath")
      }
      ledger.keep(volume.node, as: "hostPath")
    case .memory(let size):
      ledger.settle(
        volume.node["driver_opts"] ?? volume.node, .adapted, .memory(size), as: "emptyDir.medium")
      ledger.keep(volume.node, as: "emptyDir.medium")
    case .external:
      let metadata = ObjectMeta(name: claim, namespace: objects.namespace)
      let theirs = maker.flatMap { maker in
        facts.volumeUses[maker.stack][maker.volume.key] == nil
          ? nil : facts.names[maker.stack].volumes[maker.volume.key]
      }
      let message: Finding.Message =
        if let maker, let theirs {
          .claimOfOtherStack(
            volume.name, facts.stacks[maker.stack].name,
            (facts.names[maker.stack].namespace, theirs),
            VolumeClaim(maker.volume, isShared: true, facts.options).object(metadata))
        } else {
          .external(volume.name, settings.object(metadata))
        }
      ledger.settle(volume.node, .manual, message, as: "PersistentVolumeClaim/\(claim)")
    }
  }

  /// Whether one claim serves the whole stack; else each service that mounts the volume has its own.
  private static func isStackWide(_ volume: Swarm.Volume, _ use: VolumeUse) -> Bool {
    use.services.count > 1 && !volume.isPerSlot && !volume.isPerService
  }

  private static func claimName(_ volume: Swarm.Volume, _ facts: borrowing Facts) -> ObjectName {
    facts.stackNames.volumes[volume.key] ?? ObjectName.folding(volume.key)
  }

  private static func settleLabels(_ volume: Swarm.Volume, _ ledger: inout Ledger) -> Annotations {
    let annotations = annotations(volume)
    for entry in volume.node["labels"]?.entries ?? [] {
      if entry.key == VolumeClaim.sizeLabel || entry.key == VolumeClaim.classLabel {
        ledger.keep(entry.value, as: "spec")
      } else if entry.key.hasPrefix("com.docker.") {
        ledger.settle(entry.value, .inert, .dockerLabel)
      } else if AnnotationKey(entry.key) != nil {
        ledger.keep(entry.value, as: "metadata.annotations")
      } else {
        ledger.settle(entry.value, .lost, .illegalLabel(entry.key))
      }
    }
    ledger.keep(volume.node["labels"], as: "metadata.annotations")
    return annotations
  }

  private static func annotations(_ volume: Swarm.Volume) -> Annotations {
    var annotations = Annotations()
    for entry in volume.node["labels"]?.entries ?? []
    where entry.key != VolumeClaim.sizeLabel && entry.key != VolumeClaim.classLabel
      && !entry.key.hasPrefix("com.docker.")
    {
      if let key = AnnotationKey(entry.key) { annotations[key] = entry.value.text ?? "" }
    }
    return annotations
  }

  private static func settleDevice(_ volume: Swarm.Volume, _ ledger: inout Ledger) {
    guard let options = volume.node["driver_opts"] else { return }
    switch volume.localStorage {
    case .device(let type, let device):
      ledger.settle(options, .manual, .device(type, device))
    case .incomplete(let missing):
      ledger.settle(options, .manual, .incomplete(volume.option("type") ?? "bind", missing))
    default:
      ledger.keep(options["size"], as: "spec.resources.requests.storage")
      ledger.settle(options, .adapted, .localOptions)
    }
  }

  private static func settlePlugin(
    _ volume: Swarm.Volume, _ claim: VolumeClaim, _ ledger: inout Ledger
  ) {
    let row = VolumePlugins.row(volume.driver.value)
    let message = Finding.Message.plugin(volume.driver.value, row, claim.storageClass ?? "")
    ledger.settle(volume.node["driver"], .manual, message, as: "spec.storageClassName")
    for entry in volume.node["driver_opts"]?.entries ?? [] {
      if entry.key == "size" {
        ledger.keep(entry.value, as: "spec.resources.requests.storage")
      } else {
        ledger.settle(entry.value, .manual, .pluginOption(entry.key))
      }
    }
  }

  private static func shareNote(
    _ volume: Swarm.Volume, _ use: VolumeUse, _ users: [String], _ ledger: inout Ledger
  ) {
    let others = use.isInOtherStacks ? ["services of another stack"] : []
    ledger.settle(
      volume.node, .decide, .shared(volume.key, users + others), as: "spec.accessModes")
  }

  private static func settleSMB(
    _ volume: Swarm.Volume, _ login: VolumePlan.SMBLogin?, _ claim: ObjectName,
    into objects: inout ObjectSet, _ options: Options, _ ledger: inout Ledger
  ) {
    let secret = claim.appending("-smb")
    if let login, let user = login.user, options.secrets == .inline, login.file == nil {
      var data = ByteMap()
      data["username"] = Array(user.utf8)
      data["password"] = Array((login.password ?? "").utf8)
      if let domain = login.domain { data["domain"] = Array(domain.utf8) }
      objects.objects.append(Secret(metadata: objects.metadata(secret), type: .opaque, data: data))
      ledger.settle(volume.node["driver_opts"], .manual, .smb(nil), as: "PersistentVolume.csi")
    } else {
      let command = login.map { login in
        // A credentials file has lines `username=…` and `password=…`, which are the keys that the driver wants.
        "kubectl -n \(objects.namespace) create secret generic \(secret) --from-env-file=\(login.file ?? "./smb-credentials")"
      }
      ledger.settle(
        volume.node["driver_opts"], .manual, .smb(command), as: "PersistentVolume.csi")
    }
    ledger.keep(volume.node, as: "PersistentVolumeClaim/\(claim)")
  }

  // MARK: The services

  static func mount(
    _ mount: Mount, _ source: String, of service: Swarm.Service, into workload: inout Workload,
    _ mounts: inout PodMounts, _ facts: borrowing Facts, _ ledger: inout Ledger
  ) {
    let stack = facts.stacks[facts.current]
    let uses = facts.volumeUses[facts.current]
    guard let position = uses.position(of: source) else {
      ledger.settle(mount.node, .lost, .undefined(source))
      return
    }
    let volume = stack.volumes[position]
    guard let use = uses[volume.key] else { return }
    let claim = claimName(volume, facts)
    let isFirst = use.services.first == workload.index
    let name: ObjectName
    switch VolumePlan(volume, use, workload.namespace, claim, facts) {
    case .claim:
      name = claimVolume(volume, use, claim, &workload, &mounts, facts, &ledger)
      if isFirst, volume.clusterSpec == nil {
        ledger.settle(
          volume.node, .manual,
          DataCopy(volume, claim: claim, use, workload, stack, facts).message)
      }
      if !mount.staysEmpty, isFirst, mount.node["volume"]?["nocopy"] == nil || mount.subpath == nil
      {
        ledger.remark(
          .adapted, .startsEmpty(volume.key, mount, workload.service), at: mount.node.id)
      }
    case .existing, .external:
      name = mounts.volume(
        .persistentVolumeClaim(name: claim), named: volume.key, in: &workload)
    case .path(let path, let type):
      name = mounts.volume(.hostPath(HostPath(path, type: type)), named: volume.key, in: &workload)
      if type == .directoryOrCreate, volume.driver.value == "local", isFirst, !volume.isExternal {
        ledger.settle(volume.node, .manual, .copyOnNodes(volume.name, path))
      }
    case .memory(let size):
      let volumeSource = Kubernetes.Volume.Source.emptyDir(medium: .memory, sizeLimit: size)
      let wanted = ObjectName.folding(volume.key)
      if let known = workload.pod.volumes.first(where: {
        $0.source == volumeSource && $0.name == wanted
      }) {
        name = known.name
      } else {
        name = mounts.name(volume.key)
        workload.pod.volumes.append(Kubernetes.Volume(name: name, volumeSource))
      }
    }
    if mount.node["volume"]?["nocopy"]?.bool == true {
      ledger.keep(mount.node["volume"]?["nocopy"], as: "volumeMounts")
    }
    if source.hasPrefix("group:") {
      ledger.settle(mount.node["source"], .adapted, .group(source, volume.key))
    }
    var subPath = mount.subpath
    if let path = subPath {
      let clean = String(cleanPath("/" + path).dropFirst())
      subPath = clean.isEmpty ? nil : clean
      ledger.keep(mount.node["volume"]?["subpath"], as: "volumeMounts[].subPath")
    }
    Volumes.add(name, mount, to: &workload, &mounts, subPath: subPath)
  }

  /// The pod volume of a claim: one for the stack, one for the service, or one for each pod.
  private static func claimVolume(
    _ volume: Swarm.Volume, _ use: VolumeUse, _ claim: ObjectName, _ workload: inout Workload,
    _ mounts: inout PodMounts, _ facts: borrowing Facts, _ ledger: inout Ledger
  ) -> ObjectName {
    let stackWide = isStackWide(volume, use)
    let perPod =
      workload.kind == .statefulSet && !stackWide && (volume.isNodeLocal || volume.isPerSlot)
    if perPod {
      let name = ObjectName.folding(volume.key)
      if workload.claimTemplates.contains(where: { $0.metadata.name == name }) { return name }
      let unique = mounts.name(volume.key)
      let settings = VolumeClaim(volume, isShared: false, facts.options)
      workload.claimTemplates.append(
        settings.object(
          ObjectMeta(name: unique, labels: workload.selector, annotations: annotations(volume))))
      // Where the local volume is the reason for the StatefulSet, that has been said.
      let count = workload.replicas ?? 1
      if !volume.isPerSlot, count > 1,
        case .template? = SlotIdentity(workload.service, facts, replicas: count)
      {
        ledger.settle(volume.node, .decide, .perPod(volume.key, workload.name))
      }
      return unique
    }
    let own =
      use.services.count > 1 && !stackWide ? claim.appending("-\(workload.name)") : claim
    let source = Kubernetes.Volume.Source.persistentVolumeClaim(name: own)
    if workload.pod.volumes.contains(where: { $0.source == source }) {
      return mounts.volume(source, named: volume.key, in: &workload)
    }
    let isShared =
      stackWide
      ? use.isShared : use.hasManyTasks || use.isOnEveryNode || use.isInOtherStacks
    let settings = VolumeClaim(volume, isShared: isShared, facts.options)
    if !stackWide {
      workload.extras.append(
        settings.object(workload.metadata(own, annotations: annotations(volume))))
    }
    if settings.modes == [.readWriteOnce] {
      workload.needsExclusiveVolumes = true
      if workload.kind == .deployment { workload.update = .recreate }
    }
    return mounts.volume(source, named: volume.key, in: &workload)
  }
}

extension Finding.Message {
  fileprivate static func undefined(_ name: String) -> Self {
    Self(
      "volumes/undefined",
      "The stack has no volume `\(name)`, so Docker refuses to deploy it; nothing is mounted.")
  }

  fileprivate static func nodeFolder(_ name: String, _ path: String) -> Self {
    Self(
      "volumes/node-folder",
      "A global service mounts the volume `\(name)`, so each node has its own data under that name. It becomes the folder "
        + "`\(path)` of each node, for every service that mounts it.",
      remedy:
        "To share one claim between all nodes instead, give the volume an NFS export in its `driver_opts`."
    )
  }

  fileprivate static func nodePath(_ path: String) -> Self {
    Self(
      "volumes/node-path",
      "The volume is the path `\(path)` of the node that the task runs on. It stays so (`hostPath`): the path must exist on "
        + "every node that may run the pod.",
      remedy:
        "To keep the data in the cluster's storage, drop `driver_opts` from the volume and copy the data."
    )
  }

  fileprivate static func memory(_ size: Quantity?) -> Self {
    Self(
      "volumes/memory",
      "The volume is a tmpfs: it becomes an emptyDir in memory"
        + (size.map { " of at most \($0)" } ?? "")
        + ", one for each pod. In Swarm all tasks on a node shared it, and it lasted as long as one of them ran."
    )
  }

  fileprivate static func external(_ name: String, _ claim: PersistentVolumeClaim) -> Self {
    Self(
      "volumes/external",
      "The volume `\(name)` is made outside the stack, so no claim is written for it. The pods that use it wait until the "
        + "claim `\(claim.metadata.name)` exists with the data in it.",
      remedy: """
        kubectl apply -f - <<'EOF'
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata:
          name: \(claim.metadata.name)
          namespace: \(claim.metadata.namespace?.rawValue ?? "default")
        spec:
          accessModes: [\(claim.accessModes[0].rawValue)]
          resources:
            requests:
              storage: \(claim.storage)
        EOF
        """)
  }

  fileprivate static func device(_ type: String, _ device: String) -> Self {
    Self(
      "volumes/device",
      "The volume mounts the `\(type)` file system on `\(device)` of the node. A pod has no such mount: the claim asks the "
        + "cluster for new, empty storage.",
      remedy:
        "kubectl get storageclass    # or make a PersistentVolume of type `local` on the node that has the device"
    )
  }

  fileprivate static func incomplete(_ type: String, _ missing: String) -> Self {
    Self(
      "volumes/incomplete-options",
      "The options of the \(type) mount have no usable `\(missing)`, so where the data lies is not known: the claim asks the "
        + "cluster for new, empty storage.",
      remedy:
        "Write the server as `o: addr=HOST` and the path as `device: \":/PATH\"` in the stack.")
  }

  fileprivate static var localOptions: Self {
    Self(
      "volumes/local-options",
      "The options of the local driver concern the folder on a Docker node; a claim has none of them."
    )
  }

  fileprivate static func plugin(
    _ driver: String, _ row: VolumePlugins.Row?, _ storageClass: String
  ) -> Self {
    guard let row else {
      return Self(
        "volumes/plugin",
        "The volume plugin `\(driver)` does not run in Kubernetes. The claim asks for the storage class `\(storageClass)`; "
          + "make one of that name with a CSI driver for the same storage, or choose one with `--storage-class`.",
        remedy: "kubectl get storageclass")
    }
    guard !row.driver.isEmpty else {
      return Self(
        "volumes/plugin",
        "The volume plugin `\(driver)` does not run in Kubernetes. What takes its place is \(row.project) (\(row.source)); "
          + "the claim asks for the storage class `\(storageClass)`, or the one that `--storage-class` names.",
        remedy: "kubectl get storageclass")
    }
    return Self(
      "volumes/plugin",
      "The volume plugin `\(driver)` does not run in Kubernetes. Install \(row.project) (\(row.source)); the claim asks for "
        + "the storage class `\(storageClass)`. New volumes are empty: data that the plugin holds is copied, or its volume "
        + "is bound by hand.",
      remedy: """
        kubectl apply -f - <<'EOF'
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata:
          name: \(storageClass)
        provisioner: \(row.driver)
        EOF
        """)
  }

  fileprivate static func pluginOption(_ option: String) -> Self {
    Self(
      "volumes/plugin-option",
      "The plugin's option `\(option)` has no place in a claim; what it says belongs under `parameters` of the storage class, "
        + "in the words of its CSI driver.")
  }

  fileprivate static func shared(_ key: String, _ users: [String]) -> Self {
    Self(
      "volumes/shared",
      "Several pods mount the volume `\(key)` (\(users.joined(separator: ", "))), so its claim is ReadWriteMany. In Swarm "
        + "tasks on different nodes had different data under this name. Block storage is ReadWriteOnce only: with it the "
        + "claim stays pending.",
      remedy:
        "kubectl get storageclass    # choose one that has ReadWriteMany, such as NFS or CephFS, with --storage-class"
    )
  }

  fileprivate static func perPod(_ key: String, _ name: ObjectName) -> Self {
    Self(
      "volumes/per-pod",
      "Each pod of `\(name)` gets a claim of its own for the volume `\(key)`. In Swarm each node has its own data, which all "
        + "tasks on that node share and a task that moves to another node does not see.",
      remedy:
        "To share one claim between all pods, give the volume an NFS export in its `driver_opts`.")
  }

  fileprivate static func smb(_ command: String?) -> Self {
    Self(
      "volumes/smb",
      "The share is mounted by the SMB CSI driver `smb.csi.k8s.io` (github.com/kubernetes-csi/csi-driver-smb), which the "
        + "cluster must have"
        + (command == nil ? "." : ", with the login in a Secret that is to be made by hand."),
      remedy: (command.map { $0 + "\n" } ?? "") + "kubectl get csidriver smb.csi.k8s.io")
  }

  fileprivate static func startsEmpty(
    _ key: String, _ mount: Mount, _ service: Swarm.Service
  ) -> Self {
    let image = service.node["image"]?.text ?? "IMAGE"
    return Self(
      "volumes/starts-empty",
      "A claim starts empty. Swarm fills the new volume `\(key)` with what the image has at `\(mount.target)`; where the "
        + "program needs that and no data is copied, an init container does it.",
      remedy: """
        initContainers:
          - name: fill-\(ObjectName.folding(key))
            image: \(image)
            command: [sh, -c, 'test -n "$(ls -A /fill)" || cp -a \(mount.target)/. /fill/']
            volumeMounts:
              - name: \(ObjectName.folding(key))
                mountPath: /fill
        """)
  }

  fileprivate static func copyOnNodes(_ name: String, _ path: String) -> Self {
    Self(
      "volumes/copy-data",
      "The data of the volume `\(name)` lies on the Swarm's nodes and is not moved by manifests. Where a machine moves to the "
        + "new cluster, copy it there, on each.",
      remedy: "sudo mkdir -p \(path) && sudo cp -a /var/lib/docker/volumes/\(name)/_data/. \(path)/"
    )
  }

  fileprivate static func group(_ source: String, _ key: String) -> Self {
    Self(
      "volumes/group",
      "Swarm takes any free volume of `\(source)`; the pods always get `\(key)`, the first of the group in the stack."
    )
  }

  fileprivate static var dockerLabel: Self {
    Self("volumes/docker-label", "This label is the engine's own and means nothing outside of it.")
  }

  fileprivate static func illegalLabel(_ label: String) -> Self {
    Self(
      "volumes/illegal-label",
      "Kubernetes allows no annotation named `\(label)`; the label is dropped, and whatever selects the volume by it finds "
        + "nothing.")
  }

  fileprivate static var ownKey: Self {
    Self("volumes/extension", "Docker takes no notice of keys that begin with `x-`.")
  }
}
