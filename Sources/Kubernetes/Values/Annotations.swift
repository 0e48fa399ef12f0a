/// The key of an annotation: as a label's, in any letter case of its prefix.
///
/// Source: k8s.io/apimachinery `ValidateAnnotations`, which lower-cases the key before `IsQualifiedName`.
package struct AnnotationKey: Hashable, Sendable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  package let rawValue: String

  package init?(_ text: String) {
    guard Self.isValid(text) else { return nil }
    rawValue = text
  }

  /// A key that is known to be good; `problems` finds those that are not.
  package init(unchecked text: String) { rawValue = text }

  /// For keys in the source code; a bad one stops the program.
  package init(stringLiteral text: String) {
    precondition(Self.isValid(text), "no annotation key")
    rawValue = text
  }

  package var description: String { rawValue }

  package static func isValid(_ text: String) -> Bool {
    LabelKey.isValid(
      text.utf8.contains { 0x41...0x5A ~= $0 } ? text.lowercased() : text)
  }
}

/// Annotations, sorted by key. Values are any text; all of them together may hold 256 KiB.
package struct Annotations: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  package private(set) var map = StringMap()

  package init() {}

  package init(dictionaryLiteral elements: (AnnotationKey, String)...) {
    for (key, value) in elements { map[key.rawValue] = value }
  }

  package var isEmpty: Bool { map.isEmpty }
  package var count: Int { map.count }

  package subscript(key: AnnotationKey) -> String? {
    get { map[key.rawValue] }
    set { map[key.rawValue] = newValue }
  }

  /// Adds annotations; their values win.
  package mutating func merge(_ other: Annotations) { map.merge(other.map) }
}
