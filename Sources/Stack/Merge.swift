import YAML

/// Joining the canonical documents of several files.
///
/// Docker merges Go structures, and so does this: a zero value never overrides, lists are appended, lists with an
/// identity (`ports`, `volumes`, `secrets`, `configs`) are joined by it and sorted, and top-level networks, volumes,
/// secrets and configs are replaced whole.
///
/// Source: docker/cli `cli/compose/loader/merge.go`, dario.cat/mergo.
struct Merge {
  var superseded: [(key: KeyID, by: KeyID)] = []
  var omitted: [(key: KeyID, why: LoadedStack.Omission)] = []
  /// Ports that another one with the same published port pushed out.
  var lostPorts: [(earlier: Node, later: Node)] = []
  /// Values that Docker cannot join.
  var clashes: [(earlier: Node, later: Entry)] = []

  /// `version` and `x-` keys are those of the first file.
  mutating func documents(_ earlier: Node, _ later: Node) -> Node {
    var fields = earlier.entries ?? []
    for entry in later.entries ?? [] {
      guard let position = Schema.root.index(of: entry.key),
        case .section(let structure) = Schema.root.keys[position].form
      else {
        // Without a `version` in the file, the one that stands here has no key.
        if entry.value.id != .none { omitted.append((entry.value.id, .laterFile)) }
        continue
      }
      guard let own = fields.firstIndex(where: { $0.key == entry.key }) else {
        let place = fields.firstIndex {
          Schema.root.index(of: $0.key).map { $0 > position } ?? true
        }
        fields.insert(entry, at: place ?? fields.count)
        continue
      }
      fields[own].value = section(
        fields[own].value, entry.value, entry.key == "services" ? structure : nil)
    }
    return Node(.mapping(fields), at: earlier.mark, id: earlier.id)
  }

  /// Joins two sections; `service` is the structure in which equal names are joined, nil where the later one replaces
  /// the earlier.
  private mutating func section(_ earlier: Node, _ later: Node, _ service: Structure?) -> Node {
    union(earlier, later) { merge, own, other in
      if let service { return merge.structure(own, other, service, isService: true) }
      return merge.replaced(own, other)
    }
  }

  /// The keys of both mappings in order; `join` decides where both have one.
  private mutating func union(
    _ earlier: Node, _ later: Node, join: (inout Merge, Node, Node) -> Node
  ) -> Node {
    var entries = earlier.entries ?? []
    var positions: [String: Int] = [:]
    for (position, entry) in entries.enumerated() { positions[entry.key] = position }
    for entry in later.entries ?? [] {
      if let position = positions[entry.key] {
        entries[position].value = join(&self, entries[position].value, entry.value)
      } else {
        entries.append(entry)
      }
    }
    entries.sort { NaturalOrder.precedes($0.key, $1.key) }
    return Node(.mapping(entries), at: earlier.mark, id: earlier.id)
  }

  mutating func supersede(_ earlier: Node, by later: KeyID) {
    for key in earlier.allKeys { superseded.append((key, later)) }
  }

  private mutating func structure(
    _ earlier: Node, _ later: Node, _ structure: Structure, isService: Bool = false
  ) -> Node {
    var fields: [(position: Int, entry: Entry)] = []
    var extensions: [Entry] = []
    for entry in earlier.entries ?? [] {
      if let position = structure.index(of: entry.key) {
        fields.append((position, entry))
      } else {
        extensions.append(entry)
      }
    }
    var laterExtensions: [Entry] = []
    for entry in later.entries ?? [] {
      guard let position = structure.index(of: entry.key) else {
        laterExtensions.append(entry)
        continue
      }
      if let own = fields.firstIndex(where: { $0.position == position }) {
        fields[own].entry.value = value(
          fields[own].entry.value, entry.value, structure.keys[position].form)
      } else {
        fields.append((position, entry))
      }
    }
    if isService {
      // Once a service is merged at all, lists with an identity are joined with nothing, too.
      for index in fields.indices {
        let form = structure.keys[fields[index].position].form
        guard later[fields[index].entry.key] == nil else { continue }
        fields[index].entry.value = keyed(fields[index].entry.value, nil, form)
      }
    }
    fields.sort { $0.position < $1.position }
    var joined = fields.map(\.entry)
    joined += self.extensions(extensions, laterExtensions)
    return Node(.mapping(joined), at: earlier.mark, id: earlier.id)
  }

  private mutating func value(_ earlier: Node, _ later: Node, _ form: Form) -> Node {
    switch form {
    case .optionalFlag:
      return later.bool == true ? replaced(earlier, later) : kept(earlier, over: later)
    case .optionalDuration:
      return later.text == "0s" ? kept(earlier, over: later) : replaced(earlier, later)
    case .strings, .stringOrStrings, .test, .hosts, .exposed, .structures:
      return appended(earlier, later)
    case .pairs(let keepsNull):
      return union(earlier, later) { merge, own, other in
        if keepsNull, other.text?.isEmpty ?? true, own.text?.isEmpty == false {
          return merge.kept(own, over: other)
        }
        return merge.replaced(own, other)
      }
    case .options:
      return union(earlier, later) { merge, own, other in merge.replaced(own, other) }
    case .ulimits:
      return union(earlier, later) { merge, own, other in
        other.isNull ? merge.kept(own, over: other) : merge.replaced(own, other)
      }
    case .serviceNetworks:
      return union(earlier, later) { merge, own, other in merge.network(own, other) }
    case .ports, .mounts, .fileReferences:
      return keyed(earlier, later, form)
    case .build: return structure(earlier, later, Schema.build)
    case .logging: return logging(earlier, later)
    case .structure(let nested): return structure(earlier, later, nested)
    default: return replaced(earlier, later)
    }
  }

  mutating func replaced(_ earlier: Node, _ later: Node) -> Node {
    supersede(earlier, by: later.id)
    return later
  }

  mutating func kept(_ earlier: Node, over later: Node) -> Node {
    omitted.append((later.id, .cannotReset))
    return earlier
  }

  func appended(_ earlier: Node, _ later: Node) -> Node {
    Node(
      .sequence((earlier.items ?? []) + (later.items ?? [])), at: earlier.mark, id: earlier.id)
  }

  /// Aliases are replaced even by none; options of the driver stay those of the first file.
  private mutating func network(_ earlier: Node, _ later: Node) -> Node {
    if later.isNull { return kept(earlier, over: later) }
    if earlier.isNull { return replaced(earlier, later) }
    var fields: [Entry] = []
    for key in Schema.serviceNetwork.keys {
      let own = earlier.entry(key.name)
      let other = later.entry(key.name)
      if key.name == "driver_opts" {
        if let other { omitted.append((other.value.id, .laterFile)) }
        if let own { fields.append(own) }
        continue
      }
      if let own, key.name == "aliases" || other != nil {
        supersede(own.value, by: other?.value.id ?? later.id)
      }
      if let entry = key.name == "aliases" ? other : other ?? own { fields.append(entry) }
    }
    return Node(.mapping(fields), at: earlier.mark, id: earlier.id)
  }

  /// Options are joined where the drivers agree; without options in the earlier file the later ones get lost.
  private mutating func logging(_ earlier: Node, _ later: Node) -> Node {
    let (own, other) = (earlier["driver"]?.text, later["driver"]?.text)
    guard own == nil || other == nil || own == other else { return replaced(earlier, later) }
    var fields: [Entry] = []
    if let driver = earlier.entry("driver") ?? later.entry("driver") { fields.append(driver) }
    if let old = earlier["driver"], let new = later["driver"] {
      supersede(new, by: old.id)
    }
    if var options = earlier.entry("options") {
      if let more = later["options"] {
        options.value = union(options.value, more) { merge, own, other in
          merge.replaced(own, other)
        }
      }
      fields.append(options)
    } else if let lost = later["options"] {
      omitted.append((lost.id, .laterFile))
    }
    return Node(.mapping(fields), at: earlier.mark, id: earlier.id)
  }
}
