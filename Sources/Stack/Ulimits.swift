import YAML

extension Loading {
  /// `ulimits`: one number for both limits, or `soft` and `hard`.
  mutating func readUlimits(_ node: Node) -> Node? {
    guard let entries = node.entries else {
      wrongType(node, "a mapping")
      return nil
    }
    var limits: [Entry] = []
    for var entry in entries {
      guard let limit = readUlimit(entry) else { continue }
      entry.value = limit
      limits.append(entry)
    }
    if limits.isEmpty { return nil }
    limits.sort { NaturalOrder.precedes($0.key, $1.key) }
    return Node(.mapping(limits), at: node.mark, id: node.id)
  }

  private mutating func readUlimit(_ entry: Entry) -> Node? {
    let value = entry.value
    // The schema looks at names of small letters only; the others reach the loader unchecked.
    let isChecked =
      !entry.key.isEmpty
      && entry.key.utf8.allSatisfy { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }
    switch value.content {
    case .mapping(let fields):
      var limit: [Entry] = []
      for field in fields where isChecked && field.key != "soft" && field.key != "hard" {
        error("stack/unknown-key", at: field, "\(path(value)) has no key `\(field.key)`")
      }
      for name in ["soft", "hard"] {
        guard let field = value.entry(name) else {
          missing(name, in: value)
          continue
        }
        guard let number = field.value.int else {
          wrongType(field.value, "an integer")
          continue
        }
        if number != 0 {
          limit.append(Entry(name, .int(number, like: field.value), at: field.keyMark))
        }
      }
      return Node(.mapping(limit), at: value.mark, id: value.id)
    case .scalar:
      if let number = value.int {
        return number == 0
          ? Node(.mapping([]), at: value.mark, id: value.id) : .int(number, like: value)
      }
      if !isChecked, value.isNull { return .null(like: value) }
      wrongType(value, "an integer or a mapping")
    case .sequence:
      wrongType(value, "an integer or a mapping")
    }
    return nil
  }
}
