package import Kubernetes
import Ledger
import Proxies
package import Swarm
import YAML

/// Volumes that one stack of the run makes and others call external.
///
/// A claim belongs to one namespace, so that what can be shared is the storage behind it and never the claim.
package struct SharedVolumes: Sendable {
  /// The stack that makes the volume, by its number, and the volume there.
  package struct Maker: Sendable {
    package let stack: Int
    package let volume: Swarm.Volume
  }

  private var makers: [String: Maker] = [:]

  package init(_ stacks: [Swarm.Stack]) {
    guard stacks.count > 1 else { return }
    for (number, stack) in stacks.enumerated() {
      for volume in stack.volumes where !volume.isExternal && makers[volume.name] == nil {
        makers[volume.name] = Maker(stack: number, volume: volume)
      }
    }
  }

  /// Who makes a volume that another stack calls external; nil where no stack of the run does.
  package func maker(of volume: Swarm.Volume) -> Maker? {
    volume.isExternal ? makers[volume.name] : nil
  }

  /// Tells the makers' side that others mount a volume as well.
  package func mark(_ uses: inout [VolumeUses], _ stacks: [Swarm.Stack]) {
    if makers.isEmpty { return }
    for (number, stack) in stacks.enumerated() {
      for volume in stack.volumes where uses[number][volume.key] != nil {
        guard let maker = maker(of: volume) else { continue }
        uses[maker.stack].shareWithOtherStacks(maker.volume.key)
      }
    }
  }
}

extension VolumePlan {
  /// What a volume becomes. One that another stack of the run makes is the same storage here, unless the cluster provides it:
  /// then it is a claim of another namespace.
  package init(
    _ volume: Swarm.Volume, _ use: VolumeUse, _ namespace: ObjectName, _ claim: ObjectName,
    _ facts: borrowing Facts
  ) {
    guard let maker = facts.sharedVolumes.maker(of: volume),
      let theirs = facts.volumeUses[maker.stack][maker.volume.key]
    else {
      self.init(volume, use, namespace, claim)
      return
    }
    switch VolumePlan(maker.volume, theirs, namespace, claim) {
    case .claim, .external: self = .external
    case .path(_, .directoryOrCreate?):
      // The folder of the node is named after the stack that makes the volume.
      let names = facts.names[maker.stack]
      self = VolumePlan(
        maker.volume, theirs, names.namespace,
        names.volumes[maker.volume.key] ?? ObjectName.folding(maker.volume.key))
    case let plan: self = plan
    }
  }
}

extension Finding.Message {
  /// The storage itself can be had in two namespaces.
  static func storageOfOtherStack(_ name: String, _ stack: String) -> Self {
    Self(
      Volumes.Kind.storageOfOtherStack,
      "The stack `\(stack)` makes the volume `\(name)`. Claims belong to one namespace, so a claim of its own is written here for "
        + "the same storage; it must stay the same in both stacks.")
  }

  /// The cluster provides the storage, for a claim of another namespace. `ours` is the claim to be made here.
  static func claimOfOtherStack(
    _ name: String, _ stack: String, _ theirs: (namespace: ObjectName, claim: ObjectName),
    _ ours: PersistentVolumeClaim
  ) -> Self {
    let volume = "\(ours.metadata.namespace ?? "default")-\(ours.metadata.name)"
    var claim = ours
    claim.volumeName = ObjectName(unchecked: volume)
    claim.storageClassName = ""
    let storage: Command =
      "kubectl -n \(theirs.namespace) get pvc \(theirs.claim) -o jsonpath='{.spec.volumeName}'"
    let copy: Command = """
      kubectl get pv "$(\(storage))" -o json \\
        | jq --arg name \(volume) '{apiVersion, kind, metadata: {name: $name}, spec: (.spec | del(.claimRef) \
      + {storageClassName: "", persistentVolumeReclaimPolicy: "Retain"})}' \\
        | kubectl apply -f -
      """
    return Self(
      Volumes.Kind.claimOfOtherStack,
      "The volume `\(name)` is the claim `\(theirs.claim)` of the stack `\(stack)`, in the namespace `\(theirs.namespace)`, and pods "
        + "cannot mount a claim of another namespace: these wait for the claim `\(claim.metadata.name)`. If the storage may be "
        + "mounted twice (NFS, CephFS, Azure Files and the like), a second PersistentVolume for it does.",
      // The claim is bound to the volume, so both are parts of making it.
      remedy: .commands([copy.meaning(claim.creation), .making(claim)]))
  }
}

extension PersistentVolumeClaim {
  fileprivate var creation: Command.Intent {
    .create(
      kind: Self.kind, name: metadata.name.rawValue, namespace: metadata.namespace?.rawValue ?? "")
  }
}

extension Command {
  /// Makes a claim that the manifests refer to and do not hold.
  static func making(_ claim: PersistentVolumeClaim) -> Command {
    var writer = Writer()
    claim.write(to: &writer)
    let manifest = String(decoding: writer.bytes, as: UTF8.self)
    let command: Command = "kubectl apply -f - \(document: manifest)"
    return command.meaning(claim.creation)
  }
}
