import Diagnostics
import Stack
import TestSupport
import YAML

/// What came of loading texts as stack files in `/stack`.
struct Loaded {
  var stack: LoadedStack?
  var errors: [String] = []
  var diagnostics: [Diagnostic] = []
  var keys = KeyTable()
  var sources = Sources()

  init(
    _ texts: String..., environment: [String: String] = [:], files: [String: String] = [:],
    strict: Bool = false
  ) {
    let options = LoadOptions(
      environment: environment, workingDirectory: "/stack", strictVersions: strict)
    let inputs = texts.enumerated().map {
      InputFile(
        path: $0.offset == 0 ? "stack.yml" : "more\($0.offset).yml", bytes: Array($0.element.utf8))
    }
    do throws(DiagnosticError) {
      stack = try loadStack(
        inputs, options, into: &sources, keys: &keys,
        reading: { path in
          files[path].map { .success(Array($0.utf8)) }
            ?? .failure(FileProblem(path: path, reason: "no such file"))
        })
    } catch {
      diagnostics = error.diagnostics
      errors = error.diagnostics.map { "\($0.mark.line):\($0.mark.column) \($0.summary)" }
    }
  }

  /// A value of the canonical document in flow style, or the errors.
  subscript(path: String) -> String {
    guard var node = stack?.root else { return errors.joined(separator: "\n") }
    for part in path.split(separator: ".") {
      guard let next = node[String(part)] else { return "absent" }
      node = next
    }
    return flow(node)
  }

  var warnings: [String] { stack?.warnings.map(\.summary) ?? [] }

  func omitted(_ why: LoadedStack.Omission) -> [String] {
    stack?.omitted.filter { $0.why == why }.map { keys.path($0.key) } ?? []
  }
}

/// A service `web` with one key.
func service(_ key: String, _ value: String, environment: [String: String] = [:]) -> String {
  Loaded("services: {web: {\(key): \(value)}}", environment: environment)["services.web.\(key)"]
}

/// Flow style: texts in quotes, anything else plain.
func flow(_ node: Node) -> String {
  switch node.content {
  case .scalar(let scalar):
    scalar.kind == .string ? "'\(scalar.text)'" : scalar.text
  case .sequence(let items): "[" + items.map(flow).joined(separator: ", ") + "]"
  case .mapping(let entries):
    "{" + entries.map { "\($0.key): \(flow($0.value))" }.joined(separator: ", ") + "}"
  }
}
