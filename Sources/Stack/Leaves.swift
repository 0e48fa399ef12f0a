import YAML

/// The leaves of a stack's files, each with what became of it: it is in the canonical document, something replaced it, or
/// it was left out.
struct Leaves {
  private let keys: KeyTable
  private let first: Int
  /// For each row of the stack's keys, where the document has it: the number of the service, 0 outside of services, or one of
  /// the three below.
  private var places: [Int32]
  private var shared: Set<KeyID> = []

  private static let nowhere: Int32 = -1
  /// Has something in it. For a leaf that is its own, written in short form, or it came to an empty one from elsewhere.
  private static let filled: Int32 = -2
  /// Not in the document, and accounted for.
  private static let absent: Int32 = -3

  /// Leaves `superseded` and `omitted` with entries that have no leaf in common with each other or with the document, adds
  /// to `omitted` what nothing else accounts for, and fills in `shared`.
  static func account(for stack: inout LoadedStack, _ keys: KeyTable) {
    var leaves = Leaves(stack, keys)
    stack.superseded = stack.superseded.flatMap { entry in
      leaves.takeAbsent(entry.key).map { (key: $0, by: entry.by) }
    }
    stack.omitted = stack.omitted.flatMap { entry in
      leaves.takeAbsent(entry.key).map { (key: $0, why: entry.why) }
    }
    for row in stack.keys where leaves.isOpen(Int(row)) {
      let isFilled = leaves.places[Int(row) - leaves.first] == filled
      stack.omitted.append((KeyID(row), isFilled ? .empty : .ignored))
    }
    stack.shared = leaves.shared
  }

  private init(_ stack: LoadedStack, _ keys: KeyTable) {
    self.keys = keys
    first = Int(stack.keys.lowerBound)
    places = Array(repeating: Self.nowhere, count: stack.keys.count)
    for section in stack.root.entries ?? [] {
      guard section.key == "services", section.value.entries?.isEmpty == false else {
        hold(section.value, in: 0)
        continue
      }
      fill(section.value.id)
      for (number, service) in (section.value.entries ?? []).enumerated() {
        hold(service.value, in: Int32(number + 1))
      }
    }
  }

  private mutating func hold(_ row: Int, in service: Int32) {
    let other = places[row - first]
    if other > 0, other != service, keys.rows[row].isLeaf { shared.insert(KeyID(Int32(row))) }
    places[row - first] = service
  }

  private mutating func hold(_ node: Node, in service: Int32) {
    switch node.content {
    case .sequence(let items) where !items.isEmpty:
      fill(node.id)
      for position in items.indices { hold(items[position], in: service) }
    case .mapping(let entries) where !entries.isEmpty:
      fill(node.id)
      for position in entries.indices { hold(entries[position].value, in: service) }
    case .sequence, .mapping: if node.id != .none { hold(Int(node.id.rawValue), in: service) }
    case .scalar:
      // A value may stand for a mapping: a device, or the path of an environment file.
      for row in keys.subtree(node.id) { hold(row, in: service) }
    }
  }

  private mutating func fill(_ key: KeyID) {
    guard key != .none, places[Int(key.rawValue) - first] == Self.nowhere else { return }
    places[Int(key.rawValue) - first] = Self.filled
  }

  /// Whether the row is a leaf that nothing accounts for.
  private func isOpen(_ row: Int) -> Bool {
    keys.rows[row].isLeaf
      && (places[row - first] == Self.nowhere || places[row - first] == Self.filled)
  }

  /// Accounts for the leaves below a key that the document does not have: the key itself stands for them where it has none of
  /// them, else, as another service may have some still, each for itself.
  private mutating func takeAbsent(_ key: KeyID) -> [KeyID] {
    let rows = keys.subtree(key)
    let open = rows.filter(isOpen)
    if open.isEmpty { return [] }
    for row in open { places[row - first] = Self.absent }
    let isWhole = rows.allSatisfy { !keys.rows[$0].isLeaf || places[$0 - first] == Self.absent }
    return isWhole ? [key] : open.map { KeyID(Int32($0)) }
  }
}

extension Node {
  /// The keys that a value stands for: its own, and after a merge those of other files below it.
  var allKeys: [KeyID] {
    var keys = id == .none ? [] : [id]
    switch content {
    case .scalar: break
    case .sequence(let items): for item in items { keys += item.allKeys }
    case .mapping(let entries): for entry in entries { keys += entry.value.allKeys }
    }
    return keys
  }
}
