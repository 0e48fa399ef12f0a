import Kubernetes
import Ledger
import Stack
package import Swarm
import YAML

/// Named volumes: what the stack declares. Their mounts are in `NamedVolumeMounts.swift`.
package enum NamedVolumes {
  /// Settles a volume's own keys and writes what belongs to no single service: claims that several share, and storage that
  /// exists already.
  package static func declare(
    _ volume: Swarm.Volume, _ use: VolumeUse, _ context: inout StackContext
  ) {
    let facts = context.facts
    let claim = claimName(volume, context.names)
    let plan = VolumePlan(volume, use, context.objects.namespace, claim, facts)
    let settings = VolumeClaim(volume, isShared: use.isShared, context.options)
    let annotations = settleLabels(volume, &context)
    switch plan {
    case .claim: declareClaim(volume, use, claim, settings, annotations, &context)
    case .existing(let source, let options, let login):
      // A claim takes none of the options.
      for entry in volume.node["driver_opts"]?.entries ?? []
      where Template.isIn(entry.value.text ?? "")
        && !(entry.key == "device" && VolumePlan.templatedRest(volume) != nil)
      {
        context.settle(entry.value, .templatedOption(entry.key, entry.value.text ?? ""))
      }
      if let maker = facts.sharedVolumes.maker(of: volume) {
        let stack = facts.stacks[maker.stack].name
        context.settle(volume.node, .storageOfOtherStack(volume.name, stack))
      }
      let name = declareStorage(source, options, claim, settings, annotations, &context)
      if case .csi = source {
        settleSMB(volume, login, claim, &context)
      } else {
        context.keep(volume.node, as: "PersistentVolume/\(name)")
      }
    case .path(let path, let type):
      if type == .directoryOrCreate, volume.driver.value == "local" {
        context.settle(volume.node, .nodeFolder(volume.name, path), as: "hostPath")
      } else {
        context.settle(
          volume.node["driver_opts"] ?? volume.node, .nodePath(path), as: "hostPath")
      }
      context.keep(volume.node, as: "hostPath")
    case .memory(let size):
      context.settle(
        volume.node["driver_opts"] ?? volume.node, .memoryVolume(size), as: "emptyDir.medium")
      context.keep(volume.node, as: "emptyDir.medium")
    case .external:
      let message = external(volume, use, claim, settings, context)
      context.settle(volume.node, message, as: "PersistentVolumeClaim/\(claim)")
    }
  }

  /// A claim on storage that the cluster provides.
  private static func declareClaim(
    _ volume: Swarm.Volume, _ use: VolumeUse, _ claim: ObjectName, _ settings: VolumeClaim,
    _ annotations: Annotations, _ context: inout StackContext
  ) {
    if isStackWide(volume, use) {
      let metadata = context.objects.metadata(claim, annotations: annotations)
      context.objects.objects.append(settings.object(metadata))
    }
    let users = use.services.map { context.names.objectName(number: $0).rawValue }
    if volume.clusterSpec != nil {
      ClusterVolumes.settle(volume, settings, users, &context)
    } else if volume.driver.value != "local" {
      settlePlugin(volume, settings, &context)
    } else {
      settleDevice(volume, &context)
      if use.isShared, settings.modes == [.readWriteMany],
        !isPerPod(volume, use, in: context.stack, context.facts)
      {
        let others = use.isInOtherStacks ? ["services of another stack"] : []
        context.settle(
          volume.node, .sharedClaim(volume.key, users + others), as: "spec.accessModes")
      }
    }
    context.keep(volume.node, as: "PersistentVolumeClaim/\(claim)")
  }

  /// A PersistentVolume for storage that exists, and a claim on it.
  private static func declareStorage(
    _ source: PersistentVolume.Source, _ options: [String], _ claim: ObjectName,
    _ settings: VolumeClaim, _ annotations: Annotations, _ context: inout StackContext
  ) -> ObjectName {
    let namespace = context.objects.namespace
    let name = ObjectName(unchecked: "\(namespace)-\(claim)")
    let isReadOnly = if case .nfs(let nfs) = source { nfs.readOnly == true } else { false }
    let modes: [AccessMode] = [isReadOnly ? .readOnlyMany : .readWriteMany]
    var metadata = context.objects.metadata(name, annotations: annotations)
    metadata.namespace = nil
    let volume = PersistentVolume(
      metadata: metadata, accessModes: modes, capacity: settings.size, storageClassName: "",
      mountOptions: options,
      claimReference: PersistentVolume.ClaimReference(namespace: namespace, name: claim),
      reclaimPolicy: .retain, source: source)
    let object = PersistentVolumeClaim(
      metadata: context.objects.metadata(claim, annotations: annotations), accessModes: modes,
      storage: settings.size, volumeName: name, storageClassName: "")
    context.objects.objects.append(volume)
    context.objects.objects.append(object)
    return name
  }

  /// What is said of a claim that somebody else makes.
  private static func external(
    _ volume: Swarm.Volume, _ use: VolumeUse, _ claim: ObjectName, _ settings: VolumeClaim,
    _ context: borrowing StackContext
  ) -> Finding.Message {
    let metadata = ObjectMeta(name: claim, namespace: context.objects.namespace)
    let facts = context.facts
    if let maker = facts.sharedVolumes.maker(of: volume),
      facts.volumeUses[maker.stack][maker.volume.key] != nil,
      let theirs = facts.names[maker.stack].volumes[maker.volume.key]
    {
      return .claimOfOtherStack(
        volume.name, facts.stacks[maker.stack].name, (facts.names[maker.stack].namespace, theirs),
        VolumeClaim(maker.volume, isShared: true, context.options).object(metadata))
    }
    let copy = DataCopy.commands(
      from: volume.name, to: claim, in: context.objects.namespace,
      of: use.services.map { context.names.objectName(number: $0) })
    return .externalVolume(volume.name, settings.object(metadata), copy)
  }

  /// Whether one claim serves the whole stack; else each service that mounts the volume has its own.
  static func isStackWide(_ volume: Swarm.Volume, _ use: VolumeUse) -> Bool {
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

  static func claimName(_ volume: Swarm.Volume, _ names: Names) -> ObjectName {
    names.volumes[volume.key] ?? ObjectName.folding(volume.key)
  }

  private static func settleLabels(_ volume: Swarm.Volume, _ context: inout StackContext)
    -> Annotations
  {
    let annotations = annotations(volume)
    for entry in volume.node["labels"]?.entries ?? [] {
      let text = entry.value.text ?? ""
      if entry.key == VolumeClaim.sizeLabel {
        if Options.isQuantity(text) {
          context.keep(entry.value, as: "spec.resources.requests.storage")
        } else {
          context.settle(entry.value, .badSize(text))
        }
      } else if entry.key == VolumeClaim.classLabel {
        if ObjectName(text) != nil {
          context.keep(entry.value, as: "spec.storageClassName")
        } else {
          context.settle(entry.value, .badClass(text))
        }
      } else if entry.key.hasPrefix("com.docker.") {
        context.settle(entry.value, .volumeDockerLabel)
      } else if AnnotationKey(entry.key) != nil {
        context.keep(entry.value, as: "metadata.annotations")
      } else {
        context.settle(entry.value, .volumeIllegalLabel(entry.key))
      }
    }
    context.keep(volume.node["labels"], as: "metadata.annotations")
    return annotations
  }

  static func annotations(_ volume: Swarm.Volume) -> Annotations {
    var annotations = Annotations()
    for entry in volume.node["labels"]?.entries ?? []
    where entry.key != VolumeClaim.sizeLabel && entry.key != VolumeClaim.classLabel
      && !entry.key.hasPrefix("com.docker.")
    {
      if let key = AnnotationKey(entry.key) { annotations[key] = entry.value.text ?? "" }
    }
    return annotations
  }

  private static func settleDevice(_ volume: Swarm.Volume, _ context: inout StackContext) {
    guard let options = volume.node["driver_opts"] else { return }
    switch volume.localStorage {
    case .device(let type, let device):
      context.settle(options, .deviceVolume(type, device))
    case .incomplete(let missing):
      context.settle(options, .incompleteVolume(volume.option("type") ?? "bind", missing))
    default:
      for option in options.entries ?? [] {
        if option.key == "size" {
          context.keep(option.value, as: "spec.resources.requests.storage")
        } else if option.value.text?.isEmpty == false {
          context.settle(option.value, .localOption(option.key))
        }
      }
    }
  }

  private static func settlePlugin(
    _ volume: Swarm.Volume, _ claim: VolumeClaim, _ context: inout StackContext
  ) {
    let row = VolumePlugins.row(volume)
    let message = Finding.Message.volumePlugin(volume.driver.value, row, claim.storageClass ?? "")
    context.settle(volume.node["driver"], message, as: "spec.storageClassName")
    for entry in volume.node["driver_opts"]?.entries ?? [] {
      if entry.key == "size" {
        context.keep(entry.value, as: "spec.resources.requests.storage")
      } else {
        context.settle(entry.value, .pluginOption(entry.key))
      }
    }
  }

  private static func settleSMB(
    _ volume: Swarm.Volume, _ login: VolumePlan.SMBLogin?, _ claim: ObjectName,
    _ context: inout StackContext
  ) {
    let secret = claim.appending("-smb")
    var create: Command?
    if let login, let user = login.user, context.options.secrets == .inline, login.file == nil {
      var data = ByteMap()
      data["username"] = Array(user.utf8)
      data["password"] = Array((login.password ?? "").utf8)
      if let domain = login.domain { data["domain"] = Array(domain.utf8) }
      let metadata = context.objects.metadata(secret)
      context.objects.objects.append(Secret(metadata: metadata, type: .opaque, data: data))
    } else if let login {
      // A credentials file has lines `username=…` and `password=…`, which are the keys that the driver wants.
      let file = login.file ?? "./smb-credentials"
      let namespace = context.objects.namespace
      let command: Command =
        "kubectl -n \(namespace) create secret generic \(secret) --from-env-file=\(file)"
      create = command.meaning(
        .create(kind: Secret.kind, name: secret.rawValue, namespace: namespace.rawValue))
    }
    context.settle(volume.node["driver_opts"], .smb(create), as: "PersistentVolume.csi")
    context.keep(volume.node, as: "PersistentVolumeClaim/\(claim)")
  }
}
