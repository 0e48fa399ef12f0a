import Diagnostics
import YAML

/// Putting variables into every text of a document; keys stay as they are.
///
/// On the way, what cannot be a stack file in any place is refused: keys that are no strings, and numbers that JSON
/// cannot write, since Docker checks its schema on JSON.
///
/// Source: docker/cli `cli/compose/interpolation` and `cli/compose/loader/interpolate.go`.
struct Interpolation {
  /// A step of a path: a key, or an item of a list.
  enum Step {
    case key(String)
    case item(Int)
  }

  private var path: [Step] = []

  static func run(_ root: inout Node, _ loading: inout Loading) {
    var interpolation = Interpolation()
    interpolation.walk(&root, &loading)
  }

  private mutating func walk(_ node: inout Node, _ loading: inout Loading) {
    let content = node.content
    switch content {
    case .scalar(let scalar):
      if scalar.kind == .string {
        if Template.hasVariables(scalar.text) { fill(&node, scalar, &loading) }
      } else if scalar.kind == .float, GoNumbers.float(scalar.text)?.isFinite != true {
        loading.error(
          "stack/not-finite", at: node, "\(name) is no number that Docker can read",
          hint: "write it in quotes if text is meant")
      }
    case .sequence(var items):
      node.content = .sequence([])
      path.append(.item(0))
      for index in items.indices {
        path[path.count - 1] = .item(index)
        walk(&items[index], &loading)
      }
      path.removeLast()
      node.content = .sequence(items)
    case .mapping(var entries):
      node.content = .sequence([])
      path.append(.item(0))
      for index in entries.indices {
        path[path.count - 1] = .key(entries[index].key)
        if entries[index].keyKind != .string { refuseKey(entries[index], &loading) }
        walk(&entries[index].value, &loading)
      }
      path.removeLast()
      node.content = .mapping(entries)
    }
  }

  private func refuseKey(_ entry: Entry, _ loading: inout Loading) {
    let kind = Node(.scalar(Scalar(entry.key, kind: entry.keyKind))).typeName
    loading.error(
      "stack/key-not-string", at: entry, "the key \(entry.key) is a \(kind), not a string",
      hint: "write it in quotes: \"\(entry.key)\"")
  }

  /// The path as messages write it.
  private var name: String {
    var text = ""
    for step in path {
      switch step {
      case .key(let key): text += text.isEmpty ? key : ".\(key)"
      case .item(let index): text += "[\(index)]"
      }
    }
    return text
  }

  private func fill(_ node: inout Node, _ scalar: Scalar, _ loading: inout Loading) {
    if loading.options.dialect == .compose { return fillAsCompose(&node, scalar, &loading) }
    let template = Template(scalar.text, loading.options.environment)
    if let (fault, offset) = template.fault {
      refuse(node, scalar, fault, offset, &loading)
      return
    }
    for variable in template.unset {
      loading.warn(
        "stack/unset-variable", about: variable, at: node.mark, length: loading.length(node),
        "the variable \(variable) is not set; Docker puts nothing in its place")
    }
    let text = String(decoding: template.result, as: UTF8.self)
    if text == scalar.text { return }
    loading.templates[node.mark] = scalar.text
    var value = Scalar(text)
    if let cast = TypeCast.of(path) {
      guard let typed = cast.apply(text) else {
        loading.error(
          "stack/wrong-type", at: node,
          "\(name) must be \(cast.expected), which its variables do not give")
        loading.broken.insert(node.mark)
        return
      }
      value = typed
    }
    node.content = .scalar(value)
  }

  /// What the text becomes is typed when its key is read.
  private func fillAsCompose(_ node: inout Node, _ scalar: Scalar, _ loading: inout Loading) {
    let template = ComposeTemplate(scalar.text, loading.options.environment)
    if let (fault, offset) = template.fault {
      refuse(node, scalar, fault, offset, &loading)
      return
    }
    for variable in template.unset {
      loading.warn(
        "stack/unset-variable", about: variable, at: node.mark, length: loading.length(node),
        "the variable \(variable) is not set; Docker Compose puts nothing in its place")
    }
    let text = String(decoding: template.result, as: UTF8.self)
    if text == scalar.text { return }
    loading.templates[node.mark] = scalar.text
    node.content = .scalar(Scalar(text))
  }

  private func refuse(
    _ node: Node, _ scalar: Scalar, _ fault: Template.Fault, _ offset: Int,
    _ loading: inout Loading
  ) {
    let (mark, length) = loading.placeOfDollar(node, scalar, offset)
    let diagnostic =
      switch fault {
      case .stray:
        Diagnostic(
          "stack/invalid-variable", at: mark, length: length,
          "\(name): \(loading.quote(node)) has a $ that starts no variable",
          hint:
            "write $$ for a dollar sign; variables are ${NAME}, ${NAME:-default}, ${NAME:?message}")
      case .required(let name, let message):
        Diagnostic(
          "stack/required-variable", at: mark, length: length,
          "\(self.name): the variable \(name) must be set\(message.isEmpty ? "" : ": \(message)")",
          hint: "set it in the environment or in a file given with --env-file")
      }
    loading.report(diagnostic)
    loading.broken.insert(node.mark)
  }
}
