import Diagnostics

@testable import YAML

/// Reads a text named `stack.yml`.
func read(_ text: String, limits: Document.Limits = .standard) throws(DiagnosticError) -> Node? {
  try read(bytes: Array(text.utf8), limits: limits)
}

func read(
  bytes: [UInt8], limits: Document.Limits = .standard
) throws(DiagnosticError) -> Node? {
  var sources = Sources()
  let file = sources.add(SourceFile(path: "stack.yml", bytes: bytes))
  return try Document.read(file, in: sources, limits: limits)
}

/// The diagnostics of a text as `line:column slug`; empty when it is fine.
func places(_ text: String, limits: Document.Limits = .standard) -> [String] {
  errors(bytes: Array(text.utf8), limits: limits).map {
    "\($0.mark.line):\($0.mark.column) \($0.slug)"
  }
}

func errors(bytes: [UInt8], limits: Document.Limits = .standard) -> [Diagnostic] {
  do throws(DiagnosticError) {
    _ = try read(bytes: bytes, limits: limits)
    return []
  } catch {
    return error.diagnostics
  }
}

/// A short form for comparisons: `{a: int 1, b: [string x]}`.
func dump(_ node: Node?) -> String {
  guard let node else { return "nothing" }
  switch node.content {
  case .scalar(let scalar): return "\(scalar.kind) \(scalar.text)"
  case .sequence(let items): return "[" + items.map(dump).joined(separator: ", ") + "]"
  case .mapping(let entries):
    let parts = entries.map { entry in
      (entry.keyKind == .string ? "" : "\(entry.keyKind) ") + entry.key + ": " + dump(entry.value)
    }
    return "{" + parts.joined(separator: ", ") + "}"
  }
}
