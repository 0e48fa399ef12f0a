import Diagnostics
import YAML

extension Loading {
  /// The long form of a value; nil where Docker's structure then holds nothing, and after an error.
  mutating func read(_ node: Node, as form: Form) -> Node? {
    switch form {
    case .string, .choice, .stringOrNumber, .stringOrNull: readText(node, form)
    case .flag: readFlag(node).flatMap { $0 ? .bool(true, like: node) : nil }
    case .optionalFlag: readFlag(node).map { .bool($0, like: node) }
    case .unsigned, .optionalUnsigned, .port, .fileMode, .signed, .ratio:
      readNumber(node, form)
    case .duration, .optionalDuration: readDuration(node, form)
    case .size: readSize(node)
    case .strings(let unique): readStrings(node, unique: unique)
    case .stringOrStrings: readStringOrStrings(node)
    case .words: readWords(node)
    case .test: readTest(node)
    case .pairs(let keepsNull): readPairs(node, keepsNull: keepsNull)
    case .options(let nullable): readOptions(node, nullable: nullable)
    case .hosts: readHosts(node)
    case .exposed: readExposed(node)
    case .ports: readPorts(node)
    case .mounts: readMounts(node)
    case .fileReferences: readFileReferences(node)
    case .serviceNetworks: readServiceNetworks(node)
    case .ulimits: readUlimits(node)
    case .build: readBuild(node)
    case .external: readExternal(node)
    case .logging: readStructure(node, Schema.logging)
    case .structure(let structure): readStructure(node, structure)
    case .structures(let structure): readStructures(node, structure)
    case .section(let structure): readSection(node, structure)
    case .unread(let schema): checkUnread(node, schema)
    case .version: nil
    }
  }

  /// The keys of a mapping in long form and in Docker's order; nil after an error.
  mutating func readFields(_ node: Node, _ structure: Structure) -> [Entry]? {
    guard let entries = node.entries else {
      wrongType(node, "a mapping")
      return nil
    }
    var fields: [(position: Int, entry: Entry)] = []
    fields.reserveCapacity(entries.count)
    var extensions: [Entry] = []
    for var entry in entries {
      guard let position = position(of: entry, in: structure, of: node) else {
        if isExtension(entry, structure, in: node) { extensions.append(entry) }
        continue
      }
      let key = structure.keys[position]
      // In another letter case, too, the schema does not see the key.
      if key.isUnchecked || key.name != entry.key, entry.value.isNull { continue }
      checkVersion(entry, since: key.since)
      guard let value = read(entry.value, as: key.form) else {
        if case .unread = key.form {
        } else if case .version = key.form {
        } else {
          omitted.append((entry.value.id, .empty))
        }
        continue
      }
      entry.key = key.name
      entry.value = value
      fields.append((position, entry))
    }
    for name in structure.required where node.entry(name) == nil {
      missing(name, in: node)
    }
    for entry in structure.defaults {
      guard let position = structure.index(of: entry.key),
        !fields.contains(where: { $0.position == position })
      else { continue }
      fields.append((position, entry))
    }
    fields.sort { $0.position < $1.position }
    var long = fields.map(\.entry)
    if keepsExtensions(structure, long) {
      extensions.sort { NaturalOrder.precedes($0.key, $1.key) }
      for var entry in extensions {
        entry.value = plain(entry.value)
        long.append(entry)
      }
    }
    return long
  }

  /// An error at the key of a mapping that lacks one.
  mutating func missing(_ name: String, in node: Node) {
    let row = node.id == .none ? nil : keys[node.id]
    report(
      Diagnostic(
        "stack/missing-key", at: row?.mark ?? node.mark,
        length: row?.name.unicodeScalars.count ?? 0,
        "\(path(node)) must have the key `\(name)`"))
  }

  /// Where the table has a key. Where unknown keys are not refused, Docker's decoder takes no notice of case.
  private func position(of entry: Entry, in structure: Structure, of node: Node) -> Int? {
    if let position = structure.index(of: entry.key) { return position }
    guard case .ignored = structure.unknown else { return nil }
    let name = entry.key.lowercased()
    guard name != entry.key, let position = structure.index(of: name), node.entry(name) == nil
    else { return nil }
    return position
  }

  /// Whether an entry that is not in the table is an extension to keep; reports it if it may not be there at all.
  private mutating func isExtension(_ entry: Entry, _ structure: Structure, in node: Node) -> Bool {
    if entry.key.hasPrefix("x-") {
      switch structure.extensions {
      case .kept(let since), .keptWhenExternal(let since):
        checkVersion(entry, since: since)
        return true
      case .none: break
      }
    }
    if case .ignored(let since) = structure.unknown {
      checkVersion(entry, since: since)
      return false
    }
    let place = keys.path(node.id)
    let hint = KeyHints.hint(for: entry.key, in: structure, at: place)
    error(
      "stack/unknown-key", at: entry,
      place.isEmpty
        ? "a stack has no key `\(entry.key)`" : "\(place) has no key `\(entry.key)`",
      hint: hint)
    return false
  }

  private func keepsExtensions(_ structure: Structure, _ fields: [Entry]) -> Bool {
    switch structure.extensions {
    case .none: false
    case .kept: true
    case .keptWhenExternal: fields.contains { $0.key == "external" }
    }
  }

  mutating func readStructure(_ node: Node, _ structure: Structure) -> Node? {
    if structure.allowsNull, node.isNull { return nil }
    guard let fields = readFields(node, structure) else { return nil }
    if fields.isEmpty, !structure.isPointer { return nil }
    return Node(.mapping(fields), at: node.mark, id: node.id)
  }

  private mutating func readStructures(_ node: Node, _ structure: Structure) -> Node? {
    guard let items = node.items else {
      wrongType(node, "a list")
      return nil
    }
    var long: [Node] = []
    for item in items {
      let isAbsent = structure.allowsNull && item.isNull
      guard let fields = isAbsent ? [] : readFields(item, structure) else { continue }
      long.append(Node(.mapping(fields), at: item.mark, id: item.id))
    }
    return long.isEmpty ? nil : Node(.sequence(long), at: node.mark, id: node.id)
  }

  /// Warns of a key that the file's version does not have yet, or refuses it.
  mutating func checkVersion(_ entry: Entry, since: Int) {
    if since <= minorVersion { return }
    let summary = "`\(entry.key)` needs version 3.\(since) or later, or no version at all"
    let hint = "`docker stack deploy` refuses it with version 3.\(minorVersion)"
    if options.strictVersions {
      error("stack/newer-key", at: entry, "\(path(entry.value)): \(summary)", hint: hint)
    } else {
      warn(
        "stack/newer-key", about: entry.key, at: entry.keyMark,
        length: entry.key.unicodeScalars.count, summary, hint: hint)
    }
  }

  /// A value that nobody interprets, with its scalars as Go prints them and its keys in order.
  func plain(_ node: Node) -> Node {
    switch node.content {
    case .scalar(let scalar):
      return Node(.scalar(scalar.asGoPrints), at: node.mark, id: node.id)
    case .sequence(let items):
      return Node(.sequence(items.map(plain)), at: node.mark, id: node.id)
    case .mapping(var entries):
      for index in entries.indices { entries[index].value = plain(entries[index].value) }
      entries.sort { NaturalOrder.precedes($0.key, $1.key) }
      return Node(.mapping(entries), at: node.mark, id: node.id)
    }
  }

  private mutating func checkUnread(_ node: Node, _ schema: Form.Number) -> Node? {
    let isText = node.scalar?.kind == .string || node.scalar?.kind == .timestamp
    if schema == .integerOrString, isText { return nil }
    if node.integral == nil, node.huge == nil { wrongType(node, "an integer") }
    return nil
  }
}
