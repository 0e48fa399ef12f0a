import Basics
import Diagnostics

/// The key of a label: an optional RFC 1123 subdomain and a slash, then a name of at most 63 characters.
///
/// Source: k8s.io/apimachinery `IsQualifiedName`.
package struct LabelKey: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  package let rawValue: String

  package init?(_ text: String) {
    guard Self.isValid(text) else { return nil }
    rawValue = text
  }

  /// A key that is known to be good; `problems` finds those that are not.
  package init(unchecked text: String) { rawValue = text }

  /// For keys in the source code, which the tests run through: a bad one stops a debug build.
  package init(stringLiteral text: String) {
    assert(Self.isValid(text), "no label key")
    rawValue = text
  }

  package var description: String { rawValue }

  package static func isValid(_ text: String) -> Bool {
    guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) else {
      return isName(text.utf8[...])
    }
    return ObjectName.isSubdomain(String(text[..<slash]))
      && isName(text.utf8[text.utf8.index(after: slash)...])
  }

  /// `[A-Za-z0-9]([-_.A-Za-z0-9]*[A-Za-z0-9])?`, at most 63.
  static func isName(_ text: Substring.UTF8View) -> Bool {
    guard let first = text.first, let last = text.last, text.count <= 63 else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && text.allSatisfy { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}

/// The value of a label: empty, or at most 63 of letters, digits, `-`, `_`, `.`, no sign at the ends.
///
/// Source: k8s.io/apimachinery `IsValidLabelValue`.
package struct LabelValue: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  package let rawValue: String

  package init?(_ text: String) {
    guard Self.isValid(text) else { return nil }
    rawValue = text
  }

  /// A value that is known to be good; `problems` finds those that are not.
  package init(unchecked text: String) { rawValue = text }

  /// For values in the source code, which the tests run through: a bad one stops a debug build.
  package init(stringLiteral text: String) {
    assert(Self.isValid(text), "no label value")
    rawValue = text
  }

  /// Every object name of at most 63 characters is a label value.
  package init(_ name: ObjectName) { rawValue = name.rawValue }

  /// The text as it is where that is legal; else with `_` for what is not, trimmed, cut and hashed.
  package static func folding(_ raw: String) -> LabelValue {
    if let value = LabelValue(raw) { return value }
    var bytes = raw.utf8.map { LabelKey.isName([$0]) || $0 == 0x2D || $0 == 0x2E ? $0 : 0x5F }
    let cut = bytes.count > 63
    if cut { bytes = Array(bytes.prefix(56)) }
    while let last = bytes.last, !LabelKey.isName([last]) { bytes.removeLast() }
    if let start = bytes.firstIndex(where: { LabelKey.isName([$0]) }) {
      bytes.removeFirst(start)
    }
    let text = String(decoding: bytes, as: UTF8.self)
    let hash = ContentHash(of: raw).digits(6)
    if text.isEmpty { return LabelValue(unchecked: hash) }
    return LabelValue(unchecked: cut ? "\(text)-\(hash)" : text)
  }

  package var description: String { rawValue }

  package static func isValid(_ text: String) -> Bool {
    text.isEmpty || LabelKey.isName(text.utf8[...])
  }
}

extension LabelKey {
  /// One byte, for `LabelValue.folding`.
  fileprivate static func isName(_ bytes: [UInt8]) -> Bool { bytes.allSatisfy(isAlphanumeric) }
}

/// Labels, sorted by key.
package struct Labels: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  package private(set) var map = StringMap()

  package init() {}

  package init(dictionaryLiteral elements: (LabelKey, LabelValue)...) {
    for (key, value) in elements { map[key.rawValue] = value.rawValue }
  }

  package var isEmpty: Bool { map.isEmpty }
  package var count: Int { map.count }

  package subscript(key: LabelKey) -> LabelValue? {
    get { map[key.rawValue].map { LabelValue(unchecked: $0) } }
    set { map[key.rawValue] = newValue?.rawValue }
  }

  /// Adds labels; their values win.
  package mutating func merge(_ other: Labels) { map.merge(other.map) }

  package func merging(_ other: Labels) -> Labels {
    var result = self
    result.merge(other)
    return result
  }

  /// Whether every one of these labels is among the others: what a selector asks of a pod.
  package func isSubset(of other: Labels) -> Bool {
    map.allSatisfy { other.map[$0.key] == $0.value }
  }
}
