import Kubernetes
import Ledger
package import Swarm
import YAML

/// The mounts of named volumes.
extension NamedVolumes {
  package static func mount(
    _ mount: Mount, _ source: String, _ mounts: inout PodMounts, _ context: inout ServiceContext
  ) {
    let uses = context.volumeUses
    guard let position = uses.position(of: source) else {
      context.settle(mount.node, .undefinedVolume(source))
      return
    }
    let volume = context.stack.volumes[position]
    guard let use = uses[volume.key] else { return }
    let name = podVolume(of: volume, use, mount, source, &mounts, &context)
    if mount.node["volume"]?["nocopy"]?.bool == true {
      context.keep(mount.node["volume"]?["nocopy"], as: "volumeMounts")
    }
    if source.hasPrefix("group:") {
      context.settle(mount.node["source"], .volumeGroup(source, volume.key))
    }
    var subPath = mount.subpath
    if let path = subPath {
      let clean = String(cleanPath("/" + path).dropFirst())
      subPath = clean.isEmpty ? nil : clean
      context.keep(mount.node["volume"]?["subpath"], as: "volumeMounts[].subPath")
    }
    guard let rest = VolumePlan.templatedRest(volume) else {
      Volumes.add(name, mount, to: &context.workload, &mounts, subPath: subPath)
      return
    }
    // The storage is the folder above what differs from task to task.
    let end = subPath.map { "/\($0)" } ?? ""
    switch taskPath(rest, context.service, &context.workload) {
    case .same(let path):
      Volumes.add(name, mount, to: &context.workload, &mounts, subPath: path + end)
      context.settle(volume.node["driver_opts"], .adapted, .folderOfVolume(path))
    case .perPod(let path):
      Volumes.add(name, mount, to: &context.workload, &mounts, subPathExpr: path + end)
      context.settle(volume.node["driver_opts"], .adapted, .folderOfVolume(path))
    case nil:
      context.settle(mount.node, .unknownFolder(rest))
    }
  }

  /// The pod's volume for a mount, with what there is to say of it.
  private static func podVolume(
    of volume: Swarm.Volume, _ use: VolumeUse, _ mount: Mount, _ source: String,
    _ mounts: inout PodMounts, _ context: inout ServiceContext
  ) -> ObjectName {
    let service = context.service
    let claim = claimName(volume, context.names)
    let isFirst =
      use.services.first == context.workload.index
      && service.mounts.first { $0.source == source }?.node.id == mount.node.id
    switch VolumePlan(volume, use, context.workload.namespace, claim, context.facts) {
    case .claim:
      let name = claimVolume(volume, use, claim, &mounts, &context)
      let isPostgres = PostgresData.isAt(mount, service)
      if isFirst, volume.clusterSpec == nil {
        let folder = isPostgres ? PostgresData.folder : nil
        let message = DataCopy.message(volume, claim: claim, use, context, folder: folder)
        context.settle(volume.node, message)
      }
      if isPostgres { PostgresData.move(mount, &context) }
      if !mount.staysEmpty, isFirst, !VolumeOwners.startsEmptyAnyway(service),
        mount.node["volume"]?["nocopy"] == nil || mount.subpath == nil
      {
        context.remark(.startsEmpty(volume.key, mount, service), at: mount.node.id)
      }
      return name
    case .existing, .external:
      return mounts.volume(
        .persistentVolumeClaim(name: claim), named: volume.key, in: &context.workload)
    case .path(let path, let type):
      if type == .directoryOrCreate, volume.driver.value == "local", isFirst, !volume.isExternal {
        context.settle(volume.node, .copyOnNodes(volume.name, path))
      }
      return mounts.volume(
        .hostPath(HostPath(path, type: type)), named: volume.key, in: &context.workload)
    case .memory(let size):
      let source = Kubernetes.Volume.Source.emptyDir(medium: .memory, sizeLimit: size)
      let wanted = ObjectName.folding(volume.key)
      if context.workload.pod.volumes.contains(where: { $0.source == source && $0.name == wanted })
      {
        return wanted
      }
      let name = mounts.name(volume.key)
      context.workload.pod.volumes.append(Kubernetes.Volume(name: name, source))
      return name
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
    _ volume: Swarm.Volume, _ use: VolumeUse, _ claim: ObjectName, _ mounts: inout PodMounts,
    _ context: inout ServiceContext
  ) -> ObjectName {
    let stackWide = isStackWide(volume, use)
    if context.workload.kind == .statefulSet, !stackWide, volume.isNodeLocal || volume.isPerSlot {
      return claimTemplate(volume, &mounts, &context)
    }
    let own =
      use.services.count > 1 && !stackWide
      ? claim.appending("-\(context.workload.name)") : claim
    let source = Kubernetes.Volume.Source.persistentVolumeClaim(name: own)
    if context.workload.pod.volumes.contains(where: { $0.source == source }) {
      return mounts.volume(source, named: volume.key, in: &context.workload)
    }
    let isShared =
      stackWide
      ? use.isShared : use.hasManyTasks || use.isOnEveryNode || use.isInOtherStacks
    let settings = VolumeClaim(volume, isShared: isShared, context.options)
    if !stackWide {
      // Data is the stack's, as a volume is in Swarm: the claim can be made, and filled, before the service starts.
      var metadata = context.workload.metadata(own, annotations: annotations(volume))
      metadata.labels["app.kubernetes.io/name"] = nil
      context.workload.extras.append(settings.object(metadata))
    }
    if settings.modes == [.readWriteOnce] {
      context.workload.needsExclusiveVolumes = true
      if context.workload.kind == .deployment { context.workload.update = .recreate }
    }
    return mounts.volume(source, named: volume.key, in: &context.workload)
  }

  /// The template of the claims of a StatefulSet's pods.
  private static func claimTemplate(
    _ volume: Swarm.Volume, _ mounts: inout PodMounts, _ context: inout ServiceContext
  ) -> ObjectName {
    let name = ObjectName.folding(volume.key)
    if context.workload.claimTemplates.contains(where: { $0.metadata.name == name }) {
      return name
    }
    let unique = mounts.name(volume.key)
    let settings = VolumeClaim(volume, isShared: false, context.options)
    let metadata = ObjectMeta(
      name: unique, labels: context.workload.selector, annotations: annotations(volume))
    context.workload.claimTemplates.append(settings.object(metadata))
    // Where the local volume is the reason for the StatefulSet, that has been said.
    let count = context.workload.replicas ?? 1
    if !volume.isPerSlot, count > 1,
      case .template? = SlotIdentity(context.service, context.facts, replicas: count)
    {
      context.settle(volume.node, .perPod(volume.key, context.workload.name))
    }
    return unique
  }
}
