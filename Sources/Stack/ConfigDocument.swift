package import YAML

/// The document that `docker stack config` prints.
///
/// It is the canonical document but for one thing: Docker's printer loses the first line break of a text that it writes
/// as a block. What Docker deploys still has it, and so has `LoadedStack.root`.
///
/// Source: gopkg.in/yaml.v3 `emitterc.go`.
package func configDocument(_ stack: LoadedStack) -> Node {
  printed(stack.printed.map { withDollars(withoutEnvironmentFiles($0)) } ?? stack.root)
}

/// Compose prints a document that it would read again: a dollar sign is doubled.
private func withDollars(_ node: Node) -> Node {
  var node = node
  switch node.content {
  case .scalar(var scalar):
    if Template.hasVariables(scalar.text) {
      scalar.text = scalar.text.replacing("$", with: "$$")
      node.content = .scalar(scalar)
    }
  case .sequence(let items): node.content = .sequence(items.map(withDollars))
  case .mapping(let entries):
    node.content = .mapping(
      entries.map { entry in
        Entry(
          entry.key.replacing("$", with: "$$"), withDollars(entry.value), at: entry.keyMark,
          kind: entry.keyKind)
      })
  }
  return node
}

/// What environment files said stands under `environment` already.
private func withoutEnvironmentFiles(_ project: Node) -> Node {
  var sections = project.entries ?? []
  guard let index = sections.firstIndex(where: { $0.key == "services" }) else { return project }
  var services = sections[index].value.entries ?? []
  for position in services.indices {
    let fields = services[position].value.entries ?? []
    services[position].value.content = .mapping(fields.filter { $0.key != "env_file" })
  }
  sections[index].value.content = .mapping(services)
  return Node(.mapping(sections), at: project.mark, id: project.id)
}

private func printed(_ node: Node) -> Node {
  var node = node
  switch node.content {
  case .scalar(var scalar):
    if scalar.text.utf8.first == 0x0A, isBlock(scalar) {
      scalar.text.unicodeScalars.removeFirst()
      node.content = .scalar(scalar)
    }
  case .sequence(var items):
    for index in items.indices { items[index] = printed(items[index]) }
    node.content = .sequence(items)
  case .mapping(var entries):
    for index in entries.indices { entries[index].value = printed(entries[index].value) }
    node.content = .mapping(entries)
  }
  return node
}

/// Whether Docker writes a text with line breaks as a block rather than in quotes: it has no blank at the end of a line
/// and nothing that the printer takes for unprintable, which is all beyond the basic plane, too.
private func isBlock(_ scalar: Scalar) -> Bool {
  guard scalar.kind == .string else { return false }
  var previous: Unicode.Scalar = "\n"
  for character in scalar.text.unicodeScalars {
    switch character.value {
    case 0x0A: if previous == " " { return false }
    case 0x09, 0x20...0x7E, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD: break
    default: return false
    }
    previous = character
  }
  return previous != " "
}
