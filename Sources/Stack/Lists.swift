import Diagnostics
import YAML

extension Loading {
  mutating func readStrings(_ node: Node, unique: Bool) -> Node? {
    guard let items = node.items else {
      wrongType(node, "a list")
      return nil
    }
    var texts: [Node] = []
    texts.reserveCapacity(items.count)
    for item in items {
      if let text = string(item) { texts.append(.string(text, like: item)) }
    }
    if unique { checkUnique(texts) { $0.scalar?.text ?? "" } }
    return texts.isEmpty ? nil : Node(.sequence(texts), at: node.mark, id: node.id)
  }

  mutating func readStringOrStrings(_ node: Node) -> Node? {
    guard let scalar = node.scalar else { return readStrings(node, unique: true) }
    guard scalar.kind == .string else {
      wrongType(node, "a string or a list")
      return nil
    }
    return Node(.sequence([.string(scalar.text, like: node)]), at: node.mark, id: node.id)
  }

  /// Reports items that are equal.
  mutating func checkUnique(_ items: [Node], by identity: (Node) -> String) {
    if items.count < 2 { return }
    var first: [String: Node] = [:]
    for item in items {
      guard let earlier = first.updateValue(item, forKey: identity(item)) else { continue }
      var repeated = Diagnostic(
        "stack/repeated-item", at: item.mark, length: length(item),
        "\(path(item)) repeats an earlier item of the list")
      repeated.notes.append(Diagnostic.Note("the same item", at: earlier.mark))
      report(repeated)
    }
  }

  /// `expose`: texts and numbers become texts.
  mutating func readExposed(_ node: Node) -> Node? {
    guard let items = node.items else {
      wrongType(node, "a list")
      return nil
    }
    var texts: [Node] = []
    for item in items {
      switch item.scalar?.kind {
      case .string, .int, .float, .timestamp:
        texts.append(.string(item.scalar?.sprint ?? "", like: item))
      default: wrongType(item, "a string or a number")
      }
    }
    checkUnique(items, by: Self.jsonIdentity)
    return texts.isEmpty ? nil : Node(.sequence(texts), at: node.mark, id: node.id)
  }

  /// A text that is equal for values that are equal as JSON.
  static func jsonIdentity(_ node: Node) -> String {
    switch node.content {
    case .scalar(let scalar):
      switch scalar.kind {
      case .string, .timestamp: "\"\(scalar.text)\""
      case .float where node.integral != nil: node.integral.map { String($0) } ?? ""
      default: scalar.sprint
      }
    case .sequence(let items): "[\(items.map(jsonIdentity).joined(separator: ","))]"
    case .mapping(let entries):
      "{"
        + entries.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\(jsonIdentity($0.value))" }
        .joined(separator: ",") + "}"
    }
  }

  /// `command` and `entrypoint`.
  mutating func readWords(_ node: Node) -> Node? {
    guard let scalar = node.scalar else { return readStrings(node, unique: false) }
    guard scalar.kind == .string else {
      wrongType(node, "a string or a list")
      return nil
    }
    do throws(ShellWords.Problem) {
      let words = try ShellWords.split(scalar.text)
      if words.isEmpty { return nil }
      return Node(.sequence(words.map { .string($0, like: node) }), at: node.mark, id: node.id)
    } catch {
      self.error(
        "stack/not-a-command", at: node, "\(path(node)) cannot be split into words: \(error.text)")
      return nil
    }
  }
}
