package import Kubernetes
package import Ledger
import Stack
package import Swarm
import YAML

/// The commands that copy a volume's data into its claim. The plan of the move goes by what each is for: `measure`, `stop` or
/// `copy`.
package enum DataCopy {
  /// The finding of a claim that the manifests make. `folder` is where in the claim the data belongs.
  package static func message(
    _ volume: Swarm.Volume, claim: ObjectName, _ use: VolumeUse,
    _ context: borrowing ServiceContext, folder: String? = nil
  ) -> Finding.Message {
    let (workload, stack) = (context.workload, context.stack)
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
    let source = engineName(volume, workload.service)
    let services = use.services.map { context.names.objectName(number: $0) }
    let size = VolumeClaim(volume, isShared: false, context.options).size
    return Finding.Message(
      Volumes.Kind.copyData,
      "The data of the volume `\(source)` is not moved by manifests: the claim `\(own)` starts empty and asks for \(size), which "
        + "`--volume-size` or the volume's label `\(VolumeClaim.sizeLabel)` changes; `du` says how much there is. Apply the "
        + "manifests, run this on the Swarm node that has the data\(nodes(use, stack)), with the service scaled to 0 in the Swarm, and apply them again."
        + (perPod ? " Repeat it for each pod's claim; the number at its end is the slot." : ""),
      remedy: .commands(
        commands(from: source, to: own, in: workload.namespace, of: services, folder: folder)))
  }

  /// Fills a claim with what a volume of the node holds; what mounts it is stopped meanwhile.
  package static func commands(
    from source: String, to claim: ObjectName, in namespace: ObjectName,
    of services: [ObjectName], folder: String? = nil
  ) -> [Command] {
    let kubectl: Command = "kubectl -n \(namespace)"
    let docker: Command = "docker run --rm -v \(source):/data:ro alpine"
    let names = services.map(\.rawValue).joined(separator: ", ")
    let selector = "app.kubernetes.io/name in (\(names))"
    let unpack: Command =
      folder.map {
        #"sh -c 'mkdir -p "$1" && tar -C "$1" -xf -' sh \#("/data/\($0)")"#
      } ?? "tar -C /data -xf -"
    let copy = Command.Intent.copy(claim: claim.rawValue, namespace: namespace.rawValue)
    let steps: [Command] = [
      "\(kubectl) run copy-data --image=alpine --restart=Never --overrides=\(pod(with: claim))",
      "\(kubectl) wait --for=condition=Ready pod/copy-data --timeout=5m",
      "\(docker) tar -C /data -cf - . | \(kubectl) exec -i copy-data -- \(unpack)",
      "\(kubectl) delete pod copy-data",
    ]
    let measure: Command = "\(docker) du -sh /data"
    let stop: Command = "\(kubectl) scale deployment,statefulset -l \(selector) --replicas=0"
    return [
      measure.meaning(.measure(volume: source)), stop.meaning(.stop(namespace: namespace.rawValue)),
    ] + steps.map { $0.meaning(copy) }
  }

  /// What `kubectl run` lays over its pod, so that the pod has the claim at `/data`.
  private static func pod(with claim: ObjectName) -> String {
    let pod = JSON.object { pod in
      pod.set("apiVersion", "v1")
      pod.set(
        "spec",
        .object { spec in
          let container = JSON.object { container in
            container.set("name", "copy-data")
            container.set("image", "alpine")
            container.set("command", .strings(["sleep", "86400"]))
            let mount = JSON.object { mount in
              mount.set("name", "data")
              mount.set("mountPath", "/data")
            }
            container.set("volumeMounts", .array([mount]))
          }
          spec.set("containers", .array([container]))
          let volume = JSON.object { volume in
            volume.set("name", "data")
            let source = JSON.object { $0.set("claimName", claim.rawValue) }
            volume.set("persistentVolumeClaim", source)
          }
          spec.set("volumes", .array([volume]))
        })
    }
    return pod.line
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
