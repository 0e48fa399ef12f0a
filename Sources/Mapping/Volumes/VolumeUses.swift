import Ledger
package import Swarm
import YAML

/// Who mounts a named volume.
package struct VolumeUse: Sendable {
  /// Positions of the services in their stack, each once, in order.
  package fileprivate(set) var services: [Int] = []
  /// A global service mounts it, so that it is data of the node.
  package fileprivate(set) var isOnEveryNode = false
  /// Some service that mounts it has more than one task at a time.
  package fileprivate(set) var hasManyTasks = false

  /// Another stack of the run mounts it, too.
  package fileprivate(set) var isInOtherStacks = false

  /// More than one pod mounts it at a time.
  package var isShared: Bool {
    services.count > 1 || hasManyTasks || isOnEveryNode || isInOtherStacks
  }
}

/// Who mounts the named volumes of one stack.
package struct VolumeUses: Sendable {
  private var uses: [String: VolumeUse] = [:]
  private var positions: [String: Int] = [:]
  private var groups: [String: String] = [:]

  package init(_ stack: Swarm.Stack) {
    guard !stack.volumes.isEmpty else { return }
    for (position, volume) in stack.volumes.enumerated() {
      positions[volume.key] = position
      if let group = volume.clusterSpec?["group"]?.text, groups[group] == nil {
        groups[group] = volume.key
      }
    }
    for (index, service) in stack.services.enumerated() {
      guard let items = service.node["volumes"]?.items else { continue }
      for item in items {
        guard let source = item["source"]?.text, let key = key(source) else { continue }
        var use = uses[key] ?? VolumeUse()
        if use.services.last != index { use.services.append(index) }
        switch service.mode.value {
        case .global, .globalJob: use.isOnEveryNode = true
        case .replicated(let count), .replicatedJob(let count):
          if count > 1 { use.hasManyTasks = true }
        }
        uses[key] = use
      }
    }
  }

  /// Does nothing for a volume that nobody here mounts: then there is no claim.
  package mutating func shareWithOtherStacks(_ key: String) { uses[key]?.isInOtherStacks = true }

  /// Who mounts a volume; nil for nobody.
  package subscript(key: String) -> VolumeUse? { uses[key] }

  /// The position in the stack of the volume that a mount's source names: by key, or `group:NAME` for a cluster volume.
  package func position(of source: String) -> Int? { key(source).flatMap { positions[$0] } }

  private func key(_ source: String) -> String? {
    if positions[source] != nil { return source }
    if source.hasPrefix("group:") { return groups[String(source.dropFirst(6))] }
    return nil
  }
}
