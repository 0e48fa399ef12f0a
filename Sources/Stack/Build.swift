import YAML

extension Loading {
  /// `build`: a text is the context.
  mutating func readBuild(_ node: Node) -> Node? {
    guard let scalar = node.scalar else {
      if node.items != nil {
        wrongType(node, "a string or a mapping")
        return nil
      }
      return readStructure(node, Schema.build)
    }
    guard scalar.kind == .string else {
      wrongType(node, "a string or a mapping")
      return nil
    }
    if scalar.text.isEmpty { return nil }
    return Node(
      .mapping([Entry("context", .string(scalar.text, like: node), at: node.mark)]),
      at: node.mark, id: node.id)
  }
}
