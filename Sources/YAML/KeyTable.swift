package import Diagnostics

/// Every key and list item of the documents that were read, numbered densely in document order.
///
/// What its file has below key `n` is exactly `n+1 ..< end(n)`, so a subtree is a range; what a merge put there is not in it.
/// The ledger holds one disposition for each *leaf*: a scalar, or an empty list or mapping.
package struct KeyTable: Sendable {
  /// One key. `name` is the mapping key; list items have an empty name and are known by `index`.
  package struct Row: Sendable {
    package var name: String
    package var index: Int32
    package var parent: Int32
    package var end: Int32
    package var mark: SourceMark
    package var isLeaf: Bool
  }

  package private(set) var rows: [Row] = []

  package init() {}

  package var count: Int { rows.count }

  package subscript(id: KeyID) -> Row { rows[Int(id.rawValue)] }

  /// The key and all below it.
  package func subtree(_ id: KeyID) -> Range<Int> {
    id == .none ? 0..<0 : Int(id.rawValue)..<Int(rows[Int(id.rawValue)].end)
  }

  package func mark(_ id: KeyID) -> SourceMark {
    id == .none ? .none : rows[Int(id.rawValue)].mark
  }

  /// `services.web.ports[0]`; empty for a document's root.
  package func path(_ id: KeyID) -> String {
    guard id != .none else { return "" }
    var parts: [String] = []
    var current = id.rawValue
    while current >= 0, rows[Int(current)].parent >= 0 {
      let row = rows[Int(current)]
      parts.append(row.name.isEmpty && row.index >= 0 ? "[\(row.index)]" : row.name)
      current = row.parent
    }
    var path = ""
    for part in parts.reversed() {
      if !path.isEmpty && !part.hasPrefix("[") { path += "." }
      path += part
    }
    return path
  }

  /// Numbers a document's root and everything below it, and writes the numbers into the nodes.
  package mutating func number(_ root: inout Node) {
    number(&root, name: "", index: -1, parent: -1, mark: root.mark)
  }

  private mutating func number(
    _ node: inout Node, name: String, index: Int32, parent: Int32, mark: SourceMark
  ) {
    let id = Int32(rows.count)
    node.id = KeyID(id)
    rows.append(
      Row(name: name, index: index, parent: parent, end: id + 1, mark: mark, isLeaf: true))
    // Taken out while it is changed, so that the children are not copied.
    let content = node.content
    node.content = .sequence([])
    switch content {
    case .scalar:
      node.content = content
    case .sequence(var items):
      rows[Int(id)].isLeaf = items.isEmpty
      for position in items.indices {
        number(
          &items[position], name: "", index: Int32(position), parent: id,
          mark: items[position].mark)
      }
      node.content = .sequence(items)
    case .mapping(var entries):
      rows[Int(id)].isLeaf = entries.isEmpty
      for position in entries.indices {
        number(
          &entries[position].value, name: entries[position].key, index: -1, parent: id,
          mark: entries[position].keyMark)
      }
      node.content = .mapping(entries)
    }
    rows[Int(id)].end = Int32(rows.count)
  }
}
