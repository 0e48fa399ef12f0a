import Diagnostics
package import YAML

/// Reading JSON documents of other programs, member by member.
extension JSON {
  /// Why a text is no JSON.
  package struct Problem: Error, Sendable, Hashable {
    package let text: String
  }

  /// One JSON value of bytes.
  static func read(_ bytes: [UInt8]) throws(Problem) -> JSON {
    var sources = Sources()
    let file = sources.add(SourceFile(path: "", bytes: bytes))
    do throws(DiagnosticError) { return JSON(try JSONDocument.read(file, in: sources)) } catch {
      let first = error.diagnostics.first
      throw Problem(text: "line \(first?.mark.line ?? 1): \(first?.summary ?? "no JSON")")
    }
  }

  /// The value under a key; nil where there is none, or this is no object.
  subscript(key: String) -> JSON? {
    guard case .object(let object) = self else { return nil }
    return object.members.last { $0.key == key }?.value
  }

  var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  var integer: Int? {
    switch self {
    case .int(let value): value
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  var number: Double? {
    switch self {
    case .int(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  var boolean: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The items of a list; none for anything else.
  var items: [JSON] {
    if case .array(let items) = self { items } else { [] }
  }

  /// The members of an object; none for anything else.
  var members: [Object.Member] {
    if case .object(let object) = self { object.members } else { [] }
  }
}
