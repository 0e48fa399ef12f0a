import Basics
internal import CLibYAML
internal import Diagnostics

extension Composer {
  /// What an alias event refers to.
  mutating func alias() throws(Stop) -> Node {
    let name = reader.anchor ?? ""
    let mark = mark
    let length = reader.length
    guard let anchor = anchors[name] else {
      let near = nearest(name, among: anchors.names.sorted())
      try report(
        Diagnostic(
          "yaml/unknown-anchor", at: mark, length: length,
          "there is no anchor &\(name) before this",
          hint: near.map { "did you mean *\($0)?" }
            ?? "quote the value if it is meant to start with *"))
      return Node(.scalar(Scalar("", kind: .null)), at: mark)
    }
    guard let node = anchor.node else {
      try report(
        Diagnostic(
          "yaml/recursive-anchor", at: mark, length: length,
          "the value of the anchor &\(name) contains itself",
          notes: [.init("the anchor", at: anchor.mark)]))
      return Node(.scalar(Scalar("", kind: .null)), at: mark)
    }
    aliased += anchor.size
    try count(anchor.size)
    // gopkg.in/yaml.v3's measure, so that what Docker refuses is refused here.
    if aliased > 100, nodes > 1000, Double(aliased) / Double(nodes) > Self.aliasShare(nodes) {
      add(
        Diagnostic(
          "yaml/excessive-aliasing", at: mark, length: length,
          "the document grows too much by its aliases: \(aliased) of \(nodes) values come from them",
          notes: [.init("the anchor of \(anchor.size) values", at: anchor.mark)]))
      throw Stop()
    }
    return node
  }

  /// 99 % of a small document may come from aliases, 10 % of a large one.
  private static func aliasShare(_ nodes: Int) -> Double {
    let (low, high) = (400_000, 4_000_000)
    if nodes <= low { return 0.99 }
    if nodes >= high { return 0.10 }
    return 0.99 - 0.89 * Double(nodes - low) / Double(high - low)
  }
}

/// A `<<` key of a mapping that is being composed.
struct MergeKey {
  var mark: SourceMark
  /// Number of entries before it.
  var position: Int
  /// The mappings to take entries from, in order of precedence.
  var sources: [[Entry]]

  /// The explicit entries, which win whatever their order, with the merged ones where `<<` stood.
  func resolved(into explicit: [Entry]) -> [Entry] {
    var keys = KeyIndex(start: 0)
    var all = BuildStack<Entry>()
    for entry in explicit { all.push(entry) }
    // A mapping with string keys makes strings of merged keys, and has no place for null.
    let isStringMap = explicit.allSatisfy { $0.keyKind == .string }
    for source in sources {
      for var entry in source {
        if isStringMap {
          if entry.keyKind == .null { continue }
          entry.keyKind = .string
        }
        if keys.position(of: entry.key, in: all) == nil { all.push(entry) }
      }
    }
    return Array(explicit[..<position]) + all.pop(from: explicit.count) + explicit[position...]
  }
}

extension Composer {
  /// Whether the current event is the key `<<` without quotes, untagged or tagged `!!merge`.
  var isMergeKey: Bool {
    guard reader.kind == YAML_SCALAR_EVENT, reader.scalarEquals("<<") else { return false }
    switch reader.scalarTag {
    case nil, "!": return reader.isPlain
    case let tag?: return Tag.short(tag) == "!!merge"
    }
  }

  /// The mappings behind a `<<`: one, or a list of them. An alias may stand for a mapping, not for a list.
  mutating func mergeValue() throws(Stop) -> [[Entry]] {
    let isAlias = reader.kind == YAML_ALIAS_EVENT
    let mark = mark
    let known = diagnostics.count
    let value = try node()
    if diagnostics.count > known { return [] }
    switch value.content {
    case .mapping(let entries): return [entries]
    case .sequence(let items) where !isAlias:
      var sources: [[Entry]] = []
      for item in items {
        if let entries = item.entries { sources.append(entries) }
      }
      if sources.count == items.count { return sources }
      fallthrough
    default:
      try report(
        Diagnostic(
          "yaml/merge-value", at: mark,
          "<< takes a mapping, an alias of one, or a list of these",
          hint: "quote the key if it is meant as text: \"<<\""))
      return []
    }
  }
}
