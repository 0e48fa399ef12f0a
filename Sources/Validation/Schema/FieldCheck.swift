import Basics
internal import Diagnostics
import Kubernetes
internal import YAML

// Whether a manifest decodes strictly: known fields, values of their types, nothing that must be there left out.
// Messages hold no values: they may be secrets.

extension ProblemList {
  package mutating func checkFields(of manifest: Field, _ type: Schema.ObjectType, _ schema: Schema)
  {
    var check = FieldCheck(schema: schema, minor: minor, kind: object.kind)
    check.object(manifest, type, &self)
  }
}

private struct FieldCheck {
  let schema: Schema
  let minor: Int
  let kind: String

  mutating func object(_ value: Field, _ type: Schema.ObjectType, _ found: inout ProblemList) {
    guard case .mapping(let entries) = value.node.content else {
      wrong(value, "a mapping", &found)
      return
    }
    for entry in entries {
      let child = Field(entry.value, .field(value.place, entry.key), at: entry.keyMark)
      guard let field = type.fields[entry.key] else {
        unknown(child, entry.key, type, &found)
        continue
      }
      guard field.versions.contains(minor) else {
        found.add(
          .newerVersion, at: child.keySpot,
          field.versions.lowerBound > minor
            ? "\(field.name) is there from 1.\(field.versions.lowerBound) on; the target is 1.\(minor)"
            : "\(field.name) is gone since Kubernetes 1.\(field.versions.upperBound)")
        continue
      }
      if entry.value.isNull { continue }
      check(child, field.type, words: field.words, keys: field.keys, &found)
    }
    for name in type.required where type.fields[name]!.required.contains(minor) {
      found.expect(
        value[name] != nil, .missingField, at: value.at(name), "\(name) is missing")
    }
  }

  private func unknown(
    _ child: Field, _ key: String, _ type: Schema.ObjectType, _ found: inout ProblemList
  ) {
    let known = type.fields.values.filter { $0.versions.contains(minor) }.map(\.name).sorted()
    var hint = nearest(key, among: known).map { "did you mean \"\($0)\"?" }
    if hint == nil { hint = home(of: key, type).map { "\(key) is a field of \($0)" } }
    if hint == nil, known.count <= 8 { hint = "there are \(known.joined(separator: ", "))" }
    found.add(.unknownField, at: child.keySpot, "unknown field \"\(key)\"", hint: hint)
  }

  /// A field of this type whose own type has the key: the usual slip is one level too few.
  private func home(of key: String, _ type: Schema.ObjectType) -> String? {
    for name in type.fields.keys.sorted() {
      if case .object(let number) = type.fields[name]!.type, schema.types[number].fields[key] != nil
      {
        return name
      }
    }
    return nil
  }

  mutating func check(
    _ value: Field, _ type: Schema.ValueType, words: [String], keys: [String],
    _ found: inout ProblemList
  ) {
    switch type {
    case .any: break
    case .object(let number): object(value, schema.types[number], &found)
    case .list(let inner):
      guard case .sequence = value.node.content else {
        wrong(value, "a list", &found)
        return
      }
      let items = value.allItems
      for item in items {
        if item.node.isNull {
          empty(item, inner, &found)
          continue
        }
        check(item, inner, words: words, keys: [], &found)
      }
      if !keys.isEmpty { duplicates(items, keys, &found) }
    case .map(let inner):
      guard case .mapping(let entries) = value.node.content else {
        wrong(value, "a mapping", &found)
        return
      }
      for entry in entries {
        let child = Field(entry.value, .entry(value.place, entry.key), at: entry.keyMark)
        if !entry.value.isNull { check(child, inner, words: [], keys: [], &found) }
      }
    default: scalar(value, type, words, &found)
    }
  }

  /// An item of which nothing is written stands for one without any field.
  private func empty(_ item: Field, _ type: Schema.ValueType, _ found: inout ProblemList) {
    guard type != .any, type != .text else { return }
    var isRefused = false
    if case .object(let number) = type {
      isRefused = schema.types[number].required.contains {
        schema.types[number].fields[$0]!.required.contains(minor)
      }
    }
    found.add(.missingField, at: item.spot, "an empty item", isRefused ? .error : .warning)
  }

  private func scalar(
    _ value: Field, _ type: Schema.ValueType, _ words: [String], _ found: inout ProblemList
  ) {
    guard let scalar = value.node.scalar else {
      wrong(value, Self.name(type), &found)
      return
    }
    let kind = scalar.kindInManifest
    switch type {
    case .text, .time:
      guard kind == .string else { return unquoted(value, scalar, kind, &found) }
      guard !words.isEmpty, !scalar.text.isEmpty, !words.contains(scalar.text) else { return }
      found.add(
        .value, at: value.spot, "\(scalar.text) is not possible here",
        hint: nearest(scalar.text, among: words).map { "did you mean \($0)?" }
          ?? "possible: \(words.filter { !$0.isEmpty }.joined(separator: ", "))")
    case .bytes:
      guard kind == .string else { return unquoted(value, scalar, kind, &found) }
      found.expect(
        Base64.decode(scalar.text.utf8.span) != nil, .data, at: value.spot, "is no base64",
        hint: self.kind == "Secret"
          ? "put plain text below stringData" : "put plain text below data")
    case .bool:
      guard kind == .bool else { return wrong(value, "true or false", &found) }
    case .int32, .int64:
      guard let number = value.int else { return wrong(value, "a whole number", &found) }
      found.expect(
        type == .int64 || Int32(exactly: number) != nil, .value, at: value.spot,
        "\(number) is more than 32 bits hold")
    case .double:
      guard kind == .int || kind == .float else { return wrong(value, "a number", &found) }
    case .intOrText:
      guard kind == .string || value.int != nil else {
        return wrong(value, "a whole number or text", &found)
      }
      if let number = value.int, Int32(exactly: number) == nil {
        found.add(.value, at: value.spot, "\(number) is more than 32 bits hold")
      }
    case .quantity: quantity(value, scalar, kind, &found)
    case .any, .object, .list, .map: break
    }
  }

  private func quantity(
    _ value: Field, _ scalar: Scalar, _ kind: Scalar.Kind, _ found: inout ProblemList
  ) {
    guard kind != .bool else { return wrong(value, "a quantity such as 500m or 1Gi", &found) }
    guard value.quantity == nil else { return }
    let text = scalar.text
    let digits = text.prefix { $0.isNumber || $0 == "." }
    let unit = text.dropFirst(digits.count).lowercased().filter { $0 != " " }
    let meant = [
      "kb": "k", "mb": "M", "gb": "G", "tb": "T", "kib": "Ki", "mib": "Mi", "gib": "Gi",
      "tib": "Ti", "g": "G", "t": "T", "b": "", "ki": "Ki", "mi": "Mi", "gi": "Gi", "ti": "Ti",
    ]
    found.add(
      .quantity, at: value.spot, "\(text) is no quantity",
      hint: digits.isEmpty || meant[unit] == nil
        ? "such as 500m, 1, 512Mi, 2Gi" : "write \(digits)\(meant[unit]!)")
  }

  // MARK: Messages

  private static func name(_ type: Schema.ValueType) -> String {
    switch type {
    case .text, .time, .bytes: "text"
    case .int32, .int64: "a whole number"
    case .double: "a number"
    case .bool: "true or false"
    case .quantity: "a quantity such as 500m or 1Gi"
    case .intOrText: "a whole number or text"
    case .list: "a list"
    case .any, .object, .map: "a mapping"
    }
  }

  private func wrong(_ value: Field, _ wanted: String, _ found: inout ProblemList) {
    var hint: String?
    if let scalar = value.node.scalar {
      if wanted == "true or false", ["true", "false"].contains(scalar.text.lowercased()) {
        hint = "without quotes"
      } else if wanted == "a whole number", !scalar.isPlain, Int(scalar.text) != nil {
        hint = "without quotes"
      } else if wanted == "a list" {
        hint = "begin each item with \"- \""
      }
    } else if wanted == "a list", value.node.entries != nil {
      hint = "begin each item with \"- \""
    }
    found.add(
      .type, at: value.node.scalar == nil ? value.keySpot : value.spot,
      "\(value.node.nameInManifest) where Kubernetes takes \(wanted)", hint: hint)
  }

  private func unquoted(
    _ value: Field, _ scalar: Scalar, _ kind: Scalar.Kind, _ found: inout ProblemList
  ) {
    let isYes = kind == .bool && scalar.kind == .string
    found.add(
      .type, at: value.spot,
      "\(value.node.nameInManifest) where Kubernetes takes text"
        + (isYes ? ": to YAML 1.1 \(scalar.text) is a boolean" : ""),
      hint: "put it in quotes")
  }

  private func duplicates(_ items: [Field], _ keys: [String], _ found: inout ProblemList) {
    var seen: [String: Int] = [:]
    for (index, item) in items.enumerated() {
      // What has no key at all is reported as that.
      guard keys.contains(where: { item[$0]?.node.scalar != nil }) else { continue }
      let identity = keys.map { key in
        item[key]?.node.scalar?.text ?? (key == "protocol" ? "TCP" : "")
      }
      guard let earlier = seen.updateValue(index, forKey: identity.joined(separator: "\u{0}"))
      else { continue }
      let name = zip(keys, identity).map { "\($0) \($1)" }.joined(separator: " and ")
      found.add(
        .duplicateItem, at: item.at(keys[0]), "\(name) is there twice: item \(earlier) has it too",
        isOnlyWarned(item) ? .warning : .error)
    }
  }

  /// What the server takes with a warning.
  private func isOnlyWarned(_ item: Field) -> Bool {
    guard case .item(.field(_, let list), _) = item.place else { return false }
    return ["env", "ports", "imagePullSecrets", "hostAliases", "secrets"].contains(list)
      && kind != "Service"
  }
}

extension Node {
  /// What a value is to Kubernetes, for messages.
  package var nameInManifest: String {
    switch content {
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .scalar(let scalar):
      switch scalar.kindInManifest {
      case .null: "nothing"
      case .bool: "a boolean"
      case .int, .float: "a number"
      case .string, .timestamp: "text"
      }
    }
  }
}
