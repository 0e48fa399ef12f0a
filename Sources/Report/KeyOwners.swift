import Swarm
import YAML

/// Which section of a report counts a key: its service's, or its stack's. Keys are counted without building their paths.
struct KeyOwners {
  private let keys: KeyTable
  private var sections: [Int32]

  init(_ keys: KeyTable) {
    self.keys = keys
    sections = Array(repeating: -1, count: keys.count)
  }

  subscript(key: KeyID) -> Int? {
    let section = sections[Int(key.rawValue)]
    return section < 0 ? nil : Int(section)
  }

  /// In every file of a stack, what stands under `services.NAME` is that service's. What a service has of a file that says
  /// it of another name, because it extends that one, is its own.
  mutating func add(_ stack: Swarm.Stack, top: Int, services: [Int]) {
    var byName: [String: Int32] = [:]
    for (service, section) in zip(stack.services, services) {
      byName[service.name] = Int32(section)
    }
    var hasOthers = false
    // The rows of the file's root, and of its `services`.
    var (root, all): (Int32, Int32) = (-1, -1)
    for row in stack.keys {
      let parent = keys.rows[Int(row)].parent
      if parent < 0 {
        (root, all) = (row, -1)
        sections[Int(row)] = Int32(top)
        continue
      }
      var section = sections[Int(parent)]
      if parent == root, keys.rows[Int(row)].name == "services" { all = row }
      if parent == all {
        if let own = byName[keys.rows[Int(row)].name] { section = own } else { hasOthers = true }
      }
      sections[Int(row)] = section
    }
    guard hasOthers else { return }
    for (service, section) in zip(stack.services, services) {
      claim(service.node, Int32(section), from: Int32(top))
    }
  }

  private mutating func claim(_ node: Node, _ section: Int32, from top: Int32) {
    if node.id != .none, sections[Int(node.id.rawValue)] == top {
      sections[Int(node.id.rawValue)] = section
    }
    for item in node.items ?? [] { claim(item, section, from: top) }
    for entry in node.entries ?? [] { claim(entry.value, section, from: top) }
  }
}
