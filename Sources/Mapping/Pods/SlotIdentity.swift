import Kubernetes
import Ledger
package import Swarm
package import YAML

/// Why the tasks of a replicated service are not interchangeable.
package enum SlotIdentity: Sendable {
  /// A template uses the slot.
  case template(KeyID)
  /// A volume that Swarm keeps on each node, mounted by several replicas of this service alone.
  case localVolume(String, KeyID)

  /// Of a service of the stack that is being mapped.
  package init?(_ service: Swarm.Service, _ facts: borrowing Facts, replicas: Int) {
    self.init(service, facts.stack, facts.volumeUses[facts.current], replicas: replicas)
  }

  /// `uses` says who mounts the volumes of the stack.
  package init?(
    _ service: Swarm.Service, _ stack: Swarm.Stack, _ uses: VolumeUses, replicas: Int
  ) {
    if let entries = service.node["environment"]?.entries {
      for entry in entries where Self.usesSlot(entry.value) {
        self = .template(entry.value.id)
        return
      }
    }
    if let hostname = service.node["hostname"], Self.usesSlot(hostname) {
      self = .template(hostname.id)
      return
    }
    var local: SlotIdentity?
    for mount in service.mounts where mount.kind == .volume {
      guard let source = mount.source else { continue }
      let volume = uses.position(of: source).map { stack.volumes[$0] }
      if Self.usesSlot(source) || volume?.isPerSlot == true || Self.usesSlot(mount.target)
        || volume.flatMap(VolumePlan.templatedRest).map(Self.usesSlot) == true
      {
        self = .template(mount.node.id)
        return
      }
      if local == nil, replicas > 1, !mount.readOnly, let volume, volume.isNodeLocal,
        uses[source]?.services.count == 1
      {
        local = .localVolume(source, mount.node["source"]?.id ?? mount.node.id)
      }
    }
    guard let local else { return nil }
    self = local
  }

  private static func usesSlot(_ node: Node) -> Bool { node.text.map(usesSlot) ?? false }

  /// Whether a template in the text uses `.Task.Slot`, also as `(.Task).Slot`.
  package static func usesSlot(_ text: String) -> Bool {
    guard let start = text.utf8.firstIndex(of: UInt8(ascii: "{")), Template.isIn(text) else {
      return false
    }
    return text.utf8[start...].contains(subsequence: ".Slot".utf8)
  }
}

extension Substring.UTF8View {
  fileprivate func contains(subsequence word: String.UTF8View) -> Bool {
    guard let first = word.first else { return true }
    var rest = self[...]
    while let place = rest.firstIndex(of: first) {
      if rest[place...].starts(with: word) { return true }
      rest = rest[rest.index(after: place)...]
    }
    return false
  }
}
