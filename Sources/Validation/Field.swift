package import Diagnostics
package import Kubernetes
package import YAML

/// A value of a manifest together with where it stands, for the rules.
package struct Field: Sendable {
  package let node: Node
  package let place: Place
  /// Where its key is written; of a list's item, where the item is.
  package let mark: SourceMark

  package init(root node: Node) {
    self.node = node
    place = .root
    mark = node.mark
  }

  package init(_ node: Node, _ place: Place, at mark: SourceMark) {
    self.node = node
    self.place = place
    self.mark = mark
  }

  /// The path of a value, rendered only where something is wrong with it.
  package indirect enum Place: Sendable {
    case root
    case field(Place, String)
    /// Of a mapping whose keys are the user's.
    case entry(Place, String)
    case item(Place, Int)

    /// `spec.template.spec.containers[0].name`, `metadata.labels[app]`.
    package var path: String {
      switch self {
      case .root: return ""
      case .field(let parent, let name):
        let path = parent.path
        return path.isEmpty ? name : "\(path).\(name)"
      case .entry(let parent, let key): return "\(parent.path)[\(key)]"
      case .item(let parent, let index): return "\(parent.path)[\(index)]"
      }
    }
  }

  /// Where a problem is shown.
  package struct Spot: Sendable {
    package var place: Place
    package var mark: SourceMark
    package var length: Int
  }

  /// The value itself.
  package var spot: Spot { Spot(place: place, mark: node.mark, length: Self.length(node)) }

  /// Its key.
  package var keySpot: Spot {
    guard case .field(_, let name) = place else {
      if case .entry(_, let key) = place {
        return Spot(place: place, mark: mark, length: key.unicodeScalars.count)
      }
      return spot
    }
    return Spot(place: place, mark: mark, length: name.unicodeScalars.count)
  }

  /// A field of it, or, where that is missing, this one's key.
  package func at(_ name: String) -> Spot {
    self[name]?.spot
      ?? Spot(place: .field(place, name), mark: keySpot.mark, length: keySpot.length)
  }

  private static func length(_ node: Node) -> Int {
    guard let scalar = node.scalar, !scalar.text.utf8.contains(0x0A) else { return 0 }
    return scalar.text.unicodeScalars.count + (scalar.isPlain ? 0 : 2)
  }

  // MARK: What it holds

  /// A field that is there and not null.
  package subscript(name: String) -> Field? {
    guard case .mapping(let entries) = node.content else { return nil }
    for position in entries.indices where entries[position].key == name {
      guard !entries[position].value.isNull else { return nil }
      return Field(
        entries[position].value, .field(place, name), at: entries[position].keyMark)
    }
    return nil
  }

  /// The items of a list, but those of which nothing is written; nothing for anything else.
  package var items: [Field] { allItems.filter { !$0.node.isNull } }

  package var allItems: [Field] {
    guard case .sequence(let items) = node.content else { return [] }
    return items.indices.map { Field(items[$0], .item(place, $0), at: items[$0].mark) }
  }

  package func items(_ name: String) -> [Field] { self[name]?.items ?? [] }

  /// The entries of a mapping whose keys are the user's.
  package var entries: [(key: String, value: Field)] {
    guard case .mapping(let entries) = node.content else { return [] }
    return entries.map { ($0.key, Field($0.value, .entry(place, $0.key), at: $0.keyMark)) }
  }

  package func entries(_ name: String) -> [(key: String, value: Field)] {
    self[name]?.entries ?? []
  }

  /// What Kubernetes reads as text; nil for anything else.
  package var text: String? {
    guard let scalar = node.scalar, scalar.kindInManifest == .string else { return nil }
    return scalar.text
  }

  package func text(_ name: String) -> String? { self[name]?.text }

  package var int: Int? {
    guard let scalar = node.scalar else { return nil }
    switch scalar.kindInManifest {
    case .int: return Scalar.goInt(scalar.text)
    case .float: return Double(scalar.text).flatMap { Int(exactly: $0) }
    default: return nil
    }
  }

  package func int(_ name: String) -> Int? { self[name]?.int }

  package func bool(_ name: String) -> Bool? {
    guard let scalar = self[name]?.node.scalar, scalar.kindInManifest == .bool else { return nil }
    return ["true", "yes", "on", "y"].contains(scalar.text.lowercased())
  }

  /// An amount in any of the forms that the server reads.
  package var quantity: Quantity? {
    guard let scalar = node.scalar else { return nil }
    switch scalar.kindInManifest {
    case .int: return Scalar.goInt(scalar.text).map { Quantity(count: $0) }
    case .string, .float: return Quantity(scalar.text)
    default: return nil
    }
  }

  package func quantity(_ name: String) -> Quantity? { self[name]?.quantity }

  /// The texts of a list.
  package func texts(_ name: String) -> [String] { items(name).compactMap(\.text) }

  /// Labels, as far as they are texts.
  package func labels(_ name: String) -> [String: String] {
    var labels: [String: String] = [:]
    for entry in entries(name) { labels[entry.key] = entry.value.text }
    return labels
  }
}

extension Scalar {
  /// What a scalar of a manifest is: sigs.k8s.io/yaml reads YAML 1.1 with gopkg.in/yaml.v2, which takes `yes`, `on` and their
  /// like for booleans, and leaves a date text.
  package var kindInManifest: Kind {
    switch kind {
    case .timestamp: return .string
    case .string where isPlain:
      switch text {
      case "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "n", "N", "no", "No", "NO", "off",
        "Off",
        "OFF":
        return .bool
      default: return .string
      }
    default: return kind
    }
  }
}
