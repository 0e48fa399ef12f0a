import YAML

/// The leaves of a stack's files that its canonical document does not hold, and that nothing else accounts for.
struct Omissions {
  private(set) var rest: [(key: KeyID, why: LoadedStack.Omission)] = []

  private var isHeld: [Bool]
  private let first: Int

  init(_ stack: LoadedStack, _ keys: KeyTable) {
    first = Int(stack.keys.lowerBound)
    isHeld = Array(repeating: false, count: stack.keys.count)
    hold(stack.root)
    for (key, _) in stack.superseded { holdSubtree(key, keys) }
    for (key, _) in stack.omitted { holdSubtree(key, keys) }
    for index in isHeld.indices where !isHeld[index] {
      let key = KeyID(Int32(first + index))
      let row = keys[key]
      if row.isLeaf { rest.append((key, .ignored)) }
    }
  }

  private mutating func hold(_ node: Node) {
    if node.id != .none { isHeld[Int(node.id.rawValue) - first] = true }
    switch node.content {
    case .scalar: break
    case .sequence(let items): for position in items.indices { hold(items[position]) }
    case .mapping(let entries):
      for position in entries.indices { hold(entries[position].value) }
    }
  }

  private mutating func holdSubtree(_ key: KeyID, _ keys: KeyTable) {
    for row in keys.subtree(key) where row >= first && row - first < isHeld.count {
      isHeld[row - first] = true
    }
  }
}
