package import Kubernetes
package import Ledger
import Stack
package import Swarm

/// The commands that copy a volume's data into its claim.
package struct DataCopy {
  package let message: Finding.Message

  package init(
    _ volume: Swarm.Volume, claim: ObjectName, _ use: VolumeUse, _ workload: Workload,
    _ stack: Swarm.Stack, _ facts: borrowing Facts, folder: String? = nil
  ) {
    let perPod = workload.claimTemplates.contains {
      $0.metadata.name == ObjectName.folding(volume.key)
    }
    let own =
      perPod
      ? ObjectName(
        unchecked:
          "\(ObjectName.folding(volume.key))-\(workload.controller)-\(workload.firstOrdinal ?? 1)")
      : use.services.count > 1 && (volume.isPerSlot || volume.isPerService)
        ? claim.appending("-\(workload.name)") : claim
    let source = Self.engineName(volume, workload.service)
    let names = use.services.compactMap { facts.objectName(of: stack.services[$0])?.rawValue }
    let size = VolumeClaim(volume, isShared: false, facts.options).size
    message = Finding.Message(
      "volumes/copy-data",
      "The data of the volume `\(source)` is not moved by manifests: the claim `\(own)` starts empty and asks for \(size), which "
        + "`--volume-size` or the volume's label `\(VolumeClaim.sizeLabel)` changes; `du` says how much there is. Apply the "
        + "manifests, run this on the Swarm node that has the data\(Self.nodes(use, stack)), with the service scaled to 0 in the Swarm, and apply them again."
        + (perPod ? " Repeat it for each pod's claim; the number at its end is the slot." : ""),
      remedy: Self.commands(
        from: source, to: own, in: workload.namespace, of: names, folder: folder))
  }

  /// Fills a claim with what a volume of the node holds; what mounts it is stopped meanwhile.
  package static func commands(
    from source: String, to claim: ObjectName, in namespace: ObjectName, of services: [String],
    folder: String? = nil
  ) -> String {
    let selector = "app.kubernetes.io/name in (\(services.joined(separator: ", ")))"
    let overrides =
      #"{"apiVersion":"v1","spec":{"containers":[{"name":"copy-data","image":"alpine","command":["sleep","86400"],"#
      + #""volumeMounts":[{"name":"data","mountPath":"/data"}]}],"#
      + #""volumes":[{"name":"data","persistentVolumeClaim":{"claimName":"\#(claim)"}}]}}"#
    let unpack =
      folder.map { "sh -c 'mkdir -p /data/\($0) && tar -C /data/\($0) -xf -'" }
      ?? "tar -C /data -xf -"
    let exec = "kubectl -n \(namespace) exec -i copy-data -- \(unpack)"
    return """
      docker run --rm -v \(source):/data:ro alpine du -sh /data
      kubectl -n \(namespace) scale deployment,statefulset -l '\(selector)' --replicas=0
      kubectl -n \(namespace) run copy-data --image=alpine --restart=Never --overrides='\(overrides)'
      kubectl -n \(namespace) wait --for=condition=Ready pod/copy-data --timeout=5m
      docker run --rm -v \(source):/data:ro alpine tar -C /data -cf - . | \(exec)
      kubectl -n \(namespace) delete pod copy-data
      """
  }

  /// Whether a line of `commands` says how much there is.
  package static func measures(_ line: Substring) -> Bool { line.hasSuffix("du -sh /data") }

  /// Whether a line of `commands` stops what mounts the claim.
  package static func stops(_ line: Substring) -> Bool {
    line.contains(" scale deployment,statefulset ")
  }

  /// The nodes of a running Swarm whose tasks use the volume.
  private static func nodes(_ use: VolumeUse, _ stack: Swarm.Stack) -> String {
    let names = Set(use.services.flatMap { stack.taskNodes[stack.services[$0].name] ?? [] })
    return names.isEmpty ? "" : " (\(names.sorted().joined(separator: ", ")))"
  }

  /// The engine's name for the first task; a template is expanded with slot 1.
  private static func engineName(_ volume: Swarm.Volume, _ service: Swarm.Service) -> String {
    guard Template.isIn(volume.name) else { return volume.name }
    return service.expand(volume.name).parts.map { part in
      switch part {
      case .text(let text): text
      case .value(.taskSlot): "1"
      case .value: "*"
      }
    }.joined()
  }
}
