import YAML

extension Loading {
  /// A service's `secrets` or `configs`: a text is the source.
  mutating func readFileReferences(_ node: Node) -> Node? {
    guard let items = node.items else {
      wrongType(node, "a list")
      return nil
    }
    var references: [Node] = []
    for item in items {
      switch item.content {
      case .scalar(let scalar) where scalar.kind == .string:
        let source = Entry("source", .string(scalar.text, like: item), at: item.mark)
        references.append(
          Node(.mapping(scalar.text.isEmpty ? [] : [source]), at: item.mark, id: item.id))
      case .mapping:
        guard let fields = readFields(item, Schema.fileReference) else { continue }
        references.append(Node(.mapping(fields), at: item.mark, id: item.id))
      default:
        wrongType(item, "a string or a mapping")
      }
    }
    return Node(.sequence(references), at: node.mark, id: node.id)
  }

  /// A top-level secret or config: its name when it is external, the absolute path of its file when it is not.
  mutating func completeFileObject(_ name: String, _ node: Node, kind: String) -> Node {
    var fields = node.entries ?? []
    if node["external"] != nil {
      resolveExternalName(&fields, name, node, kind: kind, deprecatedSince: 5)
    } else if node["driver"] != nil {
      if let file = node.entry("file") {
        error(
          "stack/driver-and-file", at: file,
          "\(kind) \(name) has a driver and a file; Docker takes one of them only")
      }
    } else {
      let directory = options.workingDirectory
      if let position = fields.firstIndex(where: { $0.key == "file" }) {
        let file = fields[position].value
        fields[position].value = .string(
          Paths.absolute(file.text ?? "", in: directory), like: file)
      } else {
        // Docker joins the empty path to the folder.
        let position = fields.first?.key == "name" ? 1 : 0
        fields.insert(Entry("file", .string(Paths.absolute("", in: directory))), at: position)
      }
    }
    return Node(.mapping(fields), at: node.mark, id: node.id)
  }
}
