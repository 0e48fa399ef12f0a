/// The paths of an archive's layers, each part of each once: a path that ten layers write costs as much as in one.
struct PathTable {
  /// A path by its number. A folder's number is smaller than those of what lies in it; 0 is the root.
  typealias ID = UInt32

  private struct Node {
    let parent: ID
    let nameStart: UInt32
    let nameLength: UInt32
    var firstChild: ID = 0
    var nextSibling: ID = 0
    /// The next of the same bucket.
    var nextInBucket: ID = 0
  }

  private var nodes = [Node(parent: 0, nameStart: 0, nameLength: 0)]
  private var names: [UInt8] = []
  private var buckets = [ID](repeating: 0, count: 1024)

  /// More than any image holds; what has more was made to fill the memory.
  static let maximum = 4_000_000
  private static let maximumNames = 512 << 20

  var count: Int { nodes.count }

  /// The path of a name in a folder, new where there is none yet.
  mutating func child(_ name: ArraySlice<UInt8>, of parent: ID) throws(ArchiveProblem) -> ID {
    let bucket = bucket(name, parent)
    if let known = find(name, of: parent, bucket) { return known }
    guard nodes.count <= Self.maximum, names.count + name.count <= Self.maximumNames else {
      throw ArchiveProblem("more than \(Self.maximum) paths in the layers: no image has so many")
    }
    let id = ID(nodes.count)
    var node = Node(
      parent: parent, nameStart: UInt32(names.count), nameLength: UInt32(name.count))
    names += name
    node.nextSibling = nodes[Int(parent)].firstChild
    nodes[Int(parent)].firstChild = id
    node.nextInBucket = buckets[bucket]
    buckets[bucket] = id
    nodes.append(node)
    if nodes.count > buckets.count { grow() }
    return id
  }

  /// The number of a path, relative to the root; nil where nothing has it.
  func find(_ path: String) -> ID? {
    var current: ID = 0
    for part in Array(path.utf8).split(separator: UInt8(ascii: "/")) {
      guard let next = find(part, of: current, bucket(part, current)) else { return nil }
      current = next
    }
    return current
  }

  private func find(_ name: ArraySlice<UInt8>, of parent: ID, _ bucket: Int) -> ID? {
    var candidate = buckets[bucket]
    while candidate != 0 {
      let node = nodes[Int(candidate)]
      if node.parent == parent, self.name(node).elementsEqual(name) { return candidate }
      candidate = node.nextInBucket
    }
    return nil
  }

  /// Seeded anew in each run, so that no archive can be made to fill one bucket. The order of output never depends on it.
  private func bucket(_ name: ArraySlice<UInt8>, _ parent: ID) -> Int {
    var hasher = Hasher()
    hasher.combine(parent)
    unsafe name.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    return hasher.finalize() & (buckets.count - 1)
  }

  private mutating func grow() {
    buckets = [ID](repeating: 0, count: buckets.count * 4)
    for index in 1..<nodes.count {
      let place = bucket(name(nodes[index]), nodes[index].parent)
      nodes[index].nextInBucket = buckets[place]
      buckets[place] = ID(index)
    }
  }

  private func name(_ node: Node) -> ArraySlice<UInt8> {
    names[Int(node.nameStart)..<Int(node.nameStart) + Int(node.nameLength)]
  }

  func name(_ id: ID) -> ArraySlice<UInt8> { name(nodes[Int(id)]) }

  func parent(_ id: ID) -> ID { nodes[Int(id)].parent }

  /// Calls the body with all that lies below a folder, whatever layer it is of.
  func forEachBelow(_ id: ID, _ body: (ID) -> Void) {
    var open: [ID] = [nodes[Int(id)].firstChild]
    while let next = open.popLast() {
      if next == 0 { continue }
      body(next)
      open.append(nodes[Int(next)].nextSibling)
      open.append(nodes[Int(next)].firstChild)
    }
  }

  /// The path, absolute.
  func path(_ id: ID) -> String {
    var parts: [ArraySlice<UInt8>] = []
    var current = id
    while current != 0 {
      parts.append(name(current))
      current = nodes[Int(current)].parent
    }
    var bytes: [UInt8] = []
    for part in parts.reversed() {
      bytes.append(UInt8(ascii: "/"))
      bytes += part
    }
    return bytes.isEmpty ? "/" : String(decoding: bytes, as: UTF8.self)
  }
}
