internal import Diagnostics

/// The anchors of a document, with the size of what they stand for.
struct AnchorTable {
  struct Anchor {
    var name: String
    var mark: SourceMark
    /// Nil while the value is still being read: an alias inside it would contain itself.
    var node: Node?
    /// Values in it, aliases expanded.
    var size: Int
  }

  private var anchors: [Anchor] = []
  private var latest: [String: Int] = [:]

  subscript(name: String) -> Anchor? { latest[name].map { anchors[$0] } }

  var names: Dictionary<String, Int>.Keys { latest.keys }

  /// Starts an anchor on a list or mapping; a later anchor of the same name takes its place.
  mutating func open(_ name: String, at mark: SourceMark) -> Int {
    anchors.append(Anchor(name: name, mark: mark, node: nil, size: 0))
    latest[name] = anchors.count - 1
    return anchors.count - 1
  }

  mutating func close(_ id: Int, _ node: Node, size: Int) {
    anchors[id].node = node
    anchors[id].size = size
  }

  mutating func define(_ name: String, _ node: Node, size: Int, at mark: SourceMark) {
    close(open(name, at: mark), node, size: size)
  }
}
