import Diagnostics
import Stack
import YAML

/// The fields of an object of the Engine API. Each is taken by name; what is left over and says something has no
/// counterpart in a stack file, and is reported.
struct APIFields {
  private var rest: [Entry]
  let mark: SourceMark

  init(_ node: Node?) {
    rest = node?.entries ?? []
    mark = node?.mark ?? .none
  }

  /// The value of a field, nil where it is absent or null.
  mutating func take(_ key: String) -> Node? {
    guard let index = rest.firstIndex(where: { $0.key == key }) else { return nil }
    let value = rest.remove(at: index).value
    return value.isNull ? nil : value
  }

  /// Takes a field that is no zero value: the API does not tell an empty text or list from none.
  mutating func takeWritten(_ key: String) -> Node? { take(key).flatMap { $0.isZero ? nil : $0 } }

  /// Takes fields that say nothing about what the service is.
  mutating func skip(_ keys: String...) { for key in keys { _ = take(key) } }

  var left: [Entry] { rest.filter { !$0.value.isZero } }
}

/// A mapping of a stack document that is being written.
struct DocumentFields {
  private(set) var entries: [Entry] = []

  mutating func set(_ key: String, _ value: Node?) {
    guard let value else { return }
    entries.append(Entry(key, value, at: value.mark))
  }

  /// Keeps a field of the Engine API as it is: it has a number and a place, and is no part of the document.
  mutating func keep(_ entry: Entry) { entries.append(entry) }

  var isEmpty: Bool { entries.isEmpty }

  func node(like origin: Node?) -> Node { Node(.mapping(entries), at: origin?.mark ?? .none) }

  /// The mapping, or nil where nothing was set.
  func written(like origin: Node?) -> Node? { isEmpty ? nil : node(like: origin) }
}

extension Node {
  /// Null, false, zero, an empty text, list or mapping, or a mapping of such.
  var isZero: Bool {
    switch content {
    case .sequence(let items): return items.isEmpty
    case .mapping(let entries): return entries.allSatisfy(\.value.isZero)
    case .scalar(let scalar):
      switch scalar.kind {
      case .null: return true
      case .bool: return scalar.text == "false"
      case .int, .float: return Double(scalar.text) == 0
      case .timestamp, .string: return scalar.text.isEmpty
      }
    }
  }

  /// Nanoseconds as a duration in Go's spelling.
  var durationNode: Node? {
    int.map { .string(goDurationText(.nanoseconds(Int64($0))), like: self) }
  }

  /// A number as text.
  var textNode: Node? { text.map { .string($0, like: self) } }

  /// A mapping to texts without some of its keys; nil where nothing is left.
  func without(_ keys: String...) -> Node? {
    let rest = (entries ?? []).filter { !keys.contains($0.key) }
    return rest.isEmpty ? nil : Node(.mapping(rest), at: mark)
  }
}
