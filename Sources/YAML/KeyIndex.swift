/// Finds the entry that already has a key: by a linear search in small mappings, by hash in large ones.
///
/// Keys are compared byte by byte, as Go compares them, and not by canonical equivalence.
struct KeyIndex {
  private static let linearLimit = 12
  /// Where on the stack the mapping's entries begin.
  private let start: Int
  private var positions: [ByteKey: Int] = [:]
  private var aliases: [Int] = []

  init(start: Int) {
    self.start = start
  }

  private struct ByteKey: Hashable {
    var text: String

    static func == (left: Self, right: Self) -> Bool { KeyIndex.same(left.text, right.text) }

    func hash(into hasher: inout Hasher) {
      let span = text.utf8.span
      unsafe span.withUnsafeBytes { bytes in unsafe hasher.combine(bytes: bytes) }
    }
  }

  private static func same(_ left: String, _ right: String) -> Bool {
    // The standard library's comparison is the fast one; only what it takes for equal is looked at again.
    left.utf8.count == right.utf8.count && left == right && left.utf8.elementsEqual(right.utf8)
  }

  /// The place on the stack of the key among the mapping's entries so far.
  mutating func position(of key: String, in entries: borrowing BuildStack<Entry>) -> Int? {
    let end = entries.count
    if end - start <= Self.linearLimit {
      for index in start..<end where Self.same(entries[index].key, key) { return index }
      return nil
    }
    for index in start + positions.count..<end {
      positions[ByteKey(text: entries[index].key)] = index
    }
    return positions[ByteKey(text: key)]
  }

  func isAlias(_ position: Int) -> Bool { aliases.contains(position) }

  mutating func markAlias(_ position: Int) { aliases.append(position) }
}
