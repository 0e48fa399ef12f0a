import Kubernetes
package import Ledger
import Stack
package import Swarm
import YAML

/// Named volumes: their claims, and their mounts.
package enum NamedVolumes {
  // MARK: The stack's top level

  /// Settles a volume's own keys and writes what belongs to no single service: claims that several share, and storage that
  /// exists already.
  package static func declare(
    _ volume: Swarm.Volume, _ use: VolumeUse, in stack: Swarm.Stack, into objects: inout ObjectSet,
    _ facts: borrowing Facts, _ ledger: inout Ledger
  ) {
    let claim = claimName(volume, facts)
    let plan = VolumePlan(volume, use, objects.namespace, claim, facts)
    let settings = VolumeClaim(volume, isShared: use.isShared, facts.options)
    let annotations = settleLabels(volume, &ledger)
    let maker = facts.sharedVolumes.maker(of: volume)
    // A claim takes none of the options.
    if case .existing = plan {
      for entry in volume.node["driver_opts"]?.entries ?? []
      where Template.isIn(entry.value.text ?? "")
        && !(entry.key == "device" && VolumePlan.templatedRest(volume) != nil)
      {
        ledger.settle(
          entry.value, .manual, .templatedOption(entry.key, entry.value.text ?? ""))
      }
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
        if use.isShared, settings.modes == [.readWriteMany],
          !isPerPod(volume, use, in: stack, facts)
        {
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
        volume.node["driver_opts"] ?? volume.node, .adapted, .memoryVolume(size),
        as: "emptyDir.medium")
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
          .externalVolume(
            volume.name, settings.object(metadata),
            DataCopy.commands(
              from: volume.name, to: claim, in: objects.namespace,
              of: use.services.compactMap { facts.objectName(of: stack.services[$0])?.rawValue }))
        }
      ledger.settle(volume.node, .manual, message, as: "PersistentVolumeClaim/\(claim)")
    }
  }

  /// Whether one claim serves the whole stack; else each service that mounts the volume has its own.
  private static func isStackWide(_ volume: Swarm.Volume, _ use: VolumeUse) -> Bool {
    use.services.count > 1 && !volume.isPerSlot && !volume.isPerService
  }

  /// Whether each pod has a claim of its own, as those of a StatefulSet do.
  private static func isPerPod(
    _ volume: Swarm.Volume, _ use: VolumeUse, in stack: Swarm.Stack, _ facts: borrowing Facts
  ) -> Bool {
    guard !isStackWide(volume, use), volume.isNodeLocal || volume.isPerSlot else { return false }
    return use.services.allSatisfy { index in
      let service = stack.services[index]
      guard case .replicated(let count) = service.mode.value else { return false }
      return SlotIdentity(service, facts, replicas: count) != nil
    }
  }

  private static func claimName(_ volume: Swarm.Volume, _ facts: borrowing Facts) -> ObjectName {
    facts.stackNames.volumes[volume.key] ?? ObjectName.folding(volume.key)
  }

  private static func settleLabels(_ volume: Swarm.Volume, _ ledger: inout Ledger) -> Annotations {
    let annotations = annotations(volume)
    for entry in volume.node["labels"]?.entries ?? [] {
      let text = entry.value.text ?? ""
      if entry.key == VolumeClaim.sizeLabel {
        if Options.isQuantity(text) {
          ledger.keep(entry.value, as: "spec.resources.requests.storage")
        } else {
          ledger.settle(entry.value, .manual, .badSize(text))
        }
      } else if entry.key == VolumeClaim.classLabel {
        if ObjectName(text) != nil {
          ledger.keep(entry.value, as: "spec.storageClassName")
        } else {
          ledger.settle(entry.value, .manual, .badClass(text))
        }
      } else if entry.key.hasPrefix("com.docker.") {
        ledger.settle(entry.value, .inert, .volumeDockerLabel)
      } else if AnnotationKey(entry.key) != nil {
        ledger.keep(entry.value, as: "metadata.annotations")
      } else {
        ledger.settle(entry.value, .lost, .volumeIllegalLabel(entry.key))
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
      ledger.settle(options, .manual, .deviceVolume(type, device))
    case .incomplete(let missing):
      ledger.settle(options, .manual, .incompleteVolume(volume.option("type") ?? "bind", missing))
    default:
      for option in options.entries ?? [] {
        if option.key == "size" {
          ledger.keep(option.value, as: "spec.resources.requests.storage")
        } else if option.value.text?.isEmpty == false {
          ledger.settle(option.value, .adapted, .localOption(option.key))
        }
      }
    }
  }

  private static func settlePlugin(
    _ volume: Swarm.Volume, _ claim: VolumeClaim, _ ledger: inout Ledger
  ) {
    let row = VolumePlugins.row(volume)
    let message = Finding.Message.volumePlugin(volume.driver.value, row, claim.storageClass ?? "")
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
      volume.node, .decide, .sharedClaim(volume.key, users + others), as: "spec.accessModes")
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

  package static func mount(
    _ mount: Mount, _ source: String, of service: Swarm.Service, into workload: inout Workload,
    _ mounts: inout PodMounts, _ facts: borrowing Facts, _ ledger: inout Ledger
  ) {
    let stack = facts.stacks[facts.current]
    let uses = facts.volumeUses[facts.current]
    guard let position = uses.position(of: source) else {
      ledger.settle(mount.node, .manual, .undefinedVolume(source))
      return
    }
    let volume = stack.volumes[position]
    guard let use = uses[volume.key] else { return }
    let claim = claimName(volume, facts)
    let isFirst =
      use.services.first == workload.index
      && service.mounts.first { $0.source == source }?.node.id == mount.node.id
    let name: ObjectName
    switch VolumePlan(volume, use, workload.namespace, claim, facts) {
    case .claim:
      name = claimVolume(volume, use, claim, &workload, &mounts, facts, &ledger)
      if isFirst, volume.clusterSpec == nil {
        ledger.settle(
          volume.node, .manual,
          DataCopy(
            volume, claim: claim, use, workload, stack, facts,
            folder: PostgresData.isAt(mount, service) ? PostgresData.folder : nil
          ).message)
      }
      if PostgresData.isAt(mount, service) { PostgresData.move(mount, in: &workload, &ledger) }
      if !mount.staysEmpty, isFirst, !VolumeOwners.startsEmptyAnyway(service),
        mount.node["volume"]?["nocopy"] == nil || mount.subpath == nil
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
      ledger.settle(mount.node["source"], .adapted, .volumeGroup(source, volume.key))
    }
    var subPath = mount.subpath
    if let path = subPath {
      let clean = String(cleanPath("/" + path).dropFirst())
      subPath = clean.isEmpty ? nil : clean
      ledger.keep(mount.node["volume"]?["subpath"], as: "volumeMounts[].subPath")
    }
    guard let rest = VolumePlan.templatedRest(volume) else {
      Volumes.add(name, mount, to: &workload, &mounts, subPath: subPath)
      return
    }
    // The storage is the folder above what differs from task to task.
    let end = subPath.map { "/\($0)" } ?? ""
    switch taskPath(rest, service, &workload) {
    case .same(let path):
      Volumes.add(name, mount, to: &workload, &mounts, subPath: path + end)
      ledger.settle(volume.node["driver_opts"], .adapted, .folderOfVolume(path))
    case .perPod(let path):
      Volumes.add(name, mount, to: &workload, &mounts, subPathExpr: path + end)
      ledger.settle(volume.node["driver_opts"], .adapted, .folderOfVolume(path))
    case nil:
      ledger.settle(mount.node, .manual, .unknownFolder(rest))
    }
  }

  /// A path below a volume that a template makes.
  private enum TaskPath {
    case same(String)
    /// With `$(NAME)` of the container's environment.
    case perPod(String)
  }

  private static func taskPath(
    _ rest: String, _ service: Swarm.Service, _ workload: inout Workload
  ) -> TaskPath? {
    let template = service.expand(rest)
    guard template.problem == nil else { return nil }
    if let text = template.staticText { return .same(text) }
    var path = ""
    for part in template.parts {
      switch part {
      case .text(let text): path += text
      case .value(let value):
        guard let variable = Binds.variable(value, &workload) else { return nil }
        path += "$(\(variable))"
      }
    }
    return .perPod(path)
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
      // Data is the stack's, as a volume is in Swarm: the claim can be made, and filled, before the service starts.
      var metadata = workload.metadata(own, annotations: annotations(volume))
      metadata.labels["app.kubernetes.io/name"] = nil
      workload.extras.append(settings.object(metadata))
    }
    if settings.modes == [.readWriteOnce] {
      workload.needsExclusiveVolumes = true
      if workload.kind == .deployment { workload.update = .recreate }
    }
    return mounts.volume(source, named: volume.key, in: &workload)
  }
}
