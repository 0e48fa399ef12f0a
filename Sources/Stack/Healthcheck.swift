import YAML

extension Loading {
  /// `healthcheck.test`: a text is a command for the container's shell.
  mutating func readTest(_ node: Node) -> Node? {
    guard let scalar = node.scalar else { return readStrings(node, unique: false) }
    guard scalar.kind == .string else {
      wrongType(node, "a string or a list")
      return nil
    }
    return Node(
      .sequence([.string("CMD-SHELL", like: node), .string(scalar.text, like: node)]),
      at: node.mark, id: node.id)
  }
}
