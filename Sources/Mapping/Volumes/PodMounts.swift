package import Kubernetes
import Ledger
import Swarm

/// The volumes and mounts of a workload's container, with what Kubernetes asks of them: names distinct, paths distinct.
package struct PodMounts {
  private var paths: Set<String>
  private var names: Set<String>

  package init(_ workload: borrowing Workload) {
    paths = Set(workload.container.volumeMounts.map(\.mountPath))
    names = Set(workload.pod.volumes.map(\.name.rawValue))
    for claim in workload.claimTemplates { names.insert(claim.metadata.name.rawValue) }
  }

  /// Whether nothing is mounted at a path yet; from now on something is.
  package mutating func take(path: String) -> Bool { paths.insert(path).inserted }

  package func has(path: String) -> Bool { paths.contains(path) }

  /// A volume name that no other volume of the pod has.
  package mutating func name(_ base: String) -> ObjectName {
    let folded = ObjectName.folding(base)
    var candidate = folded
    var number = 2
    while !names.insert(candidate.rawValue).inserted {
      candidate = folded.appending("-\(number)")
      number += 1
    }
    return candidate
  }

  /// The name of the pod's volume with this source, made where there is none yet.
  package mutating func volume(
    _ source: Kubernetes.Volume.Source, named base: String, in workload: inout Workload
  ) -> ObjectName {
    if let known = workload.pod.volumes.first(where: { $0.source == source }) { return known.name }
    let name = name(base)
    workload.pod.volumes.append(Kubernetes.Volume(name: name, source))
    return name
  }
}
