package import Ledger
package import Diagnostics

package import Stack
package import Testing
package import YAML

/// A stack that is spread over files: documents that say something one after the other, as several `-c`, as services that
/// extend those of the document before, or as an included file of several parts.
package struct Spread {
  package enum Layout: String, CaseIterable, CustomTestStringConvertible, Sendable {
    case swarm, compose, extends, includes

    package var dialect: LoadOptions.Dialect { self == .swarm ? .swarm : .compose }
    package var testDescription: String { rawValue }
  }

  package let layout: Layout
  /// What `-c` names, in order.
  package private(set) var texts: [String] = []
  /// What lies beside those files, by name.
  package private(set) var beside: [String: [UInt8]] = [:]

  /// - Parameter name: Begins the names of the files that are written beside.
  package init(_ documents: [Node], _ layout: Layout, named name: String = "part") {
    self.layout = layout
    switch layout {
    case .swarm, .compose: texts = documents.map(\.flow)
    case .includes:
      var paths: [Node] = []
      for (number, document) in documents.enumerated() {
        let path = "\(name)\(number).yml"
        beside[path] = Array(document.flow.utf8)
        paths.append(.string(path))
      }
      let include = Node(.sequence([Node(.mapping([Entry("path", Node(.sequence(paths)))]))]))
      texts = [Node(.mapping([Entry("include", include)])).flow]
    case .extends: extend(documents, name)
    }
  }

  /// Each document's services extend those of the one before; what only that one has is taken over.
  private mutating func extend(_ documents: [Node], _ name: String) {
    var whole = Node(.mapping([]))
    for (number, document) in documents.enumerated() {
      var sections: [Entry] = []
      for key in Set((whole.entries ?? []).map(\.key) + (document.entries ?? []).map(\.key))
        .sorted()
      {
        let (earlier, later) = (whole[key], document[key])
        guard let first = earlier?.entries, let second = (later ?? Node(.mapping([]))).entries
        else {
          sections.append(Entry(key, later ?? earlier ?? .null()))
          continue
        }
        var entries = second
        for index in entries.indices where key == "services" {
          guard first.contains(where: { $0.key == entries[index].key }),
            let fields = entries[index].value.entries
          else { continue }
          entries[index].value.content = .mapping(
            fields.filter { $0.key != "extends" } + [base(entries[index].key, number, name)])
        }
        for entry in first where !second.contains(where: { $0.key == entry.key }) {
          let taken = Node(.mapping([base(entry.key, number, name)]))
          entries.append(key == "services" ? Entry(entry.key, taken) : entry)
        }
        sections.append(Entry(key, Node(.mapping(entries))))
      }
      whole = Node(.mapping(sections))
      if number < documents.count - 1 {
        beside["\(name)\(number).yml"] = Array(whole.flow.utf8)
      }
    }
    texts = [whole.flow]
  }

  private func base(_ service: String, _ number: Int, _ name: String) -> Entry {
    let fields = [
      Entry("file", .string("\(name)\(number - 1).yml")), Entry("service", .string(service)),
    ]
    return Entry("extends", Node(.mapping(fields)))
  }

  /// The same stack as one file: what `stackferry config` prints.
  package func asOne(
    stack: String = "shop", files: [String: [UInt8]], environment: [String: String] = [:]
  ) throws -> Spread {
    var (sources, keys) = (Sources(), KeyTable())
    var options = LoadOptions(
      dialect: layout.dialect, environment: environment, workingDirectory: VirtualFolder.root)
    options.projectName = stack
    let folder = VirtualFolder(files.merging(beside) { $1 })
    let loaded = try loadStack(
      texts.enumerated().map { InputFile(path: "\($0).yml", bytes: Array($1.utf8)) }, options,
      into: &sources, keys: &keys, reading: { folder.files.read($0) })
    // When it joins files, Docker lets items of a list come twice which it refuses in one file.
    var text = Self.asWritten(configDocument(loaded)).flow
    // Compose prints what it would read again.
    if layout == .swarm { text = text.replacing("$", with: "$$") }
    var one = Spread([], layout)
    one.texts = [text]
    return one
  }

  /// Without what Docker refuses in one file, and without the names and networks that Compose adds.
  private static func asWritten(_ node: Node) -> Node {
    var node = node
    switch node.content {
    case .scalar: break
    case .sequence(let items):
      var seen: Set<String> = []
      node.content = .sequence(
        items.filter { $0.scalar == nil || seen.insert($0.flow).inserted })
    case .mapping(let entries):
      node.content = .mapping(
        entries.compactMap { entry in
          let isAdded = ["name", "networks", "default"].contains(entry.key)
          if isAdded, entry.value.allIDs.allSatisfy({ $0 == .none }) { return nil }
          let isOrdered = ["command", "entrypoint", "test", "constraints"].contains(entry.key)
          var entry = entry
          if !isOrdered { entry.value = asWritten(entry.value) }
          return entry
        })
    }
    return node
  }

  package func migrate(
    _ options: Options = Options(), stack: String = "shop", files: [String: [UInt8]],
    environment: [String: String] = [:]
  ) throws -> Migrated {
    try migrated(
      texts.map { (stack, $0) }, options, files: VirtualFolder(files.merging(beside) { $1 }),
      environment: environment, dialect: layout.dialect)
  }
}

extension Node {
  /// One of several parts that are the node when they are joined: single values and whole lists go to one part or another,
  /// and so do objects that a later file would replace.
  package func part(_ number: Int, of count: Int) -> Node {
    var position = 0
    func chosen(_ node: Node, _ path: [String]) -> Node? {
      // Docker refuses a limit in halves.
      let isWhole = path.count == 2 && path[0] != "services" || path.last == "ulimits"
      if !isWhole, let entries = node.entries, !entries.isEmpty {
        var node = node
        let left = entries.compactMap { entry in
          chosen(entry.value, path + [entry.key]).map { Entry(entry.key, $0, kind: entry.keyKind) }
        }
        node.content = .mapping(left)
        return left.isEmpty ? nil : node
      }
      position += 1
      // The version must be the same everywhere.
      return path == ["version"] || position % count == number ? node : nil
    }
    return chosen(self, []) ?? Node(.mapping([]))
  }

  /// Every other single value below the services.
  package var half: Node {
    var position = 0
    func chosen(_ node: Node) -> Node? {
      var node = node
      switch node.content {
      case .sequence: return nil
      case .scalar:
        position += 1
        return position % 2 == 0 ? node : nil
      case .mapping(let entries):
        // Limits are refused by halves.
        let left = entries.filter { $0.key != "ulimits" }.compactMap { entry in
          chosen(entry.value).map { Entry(entry.key, $0, kind: entry.keyKind) }
        }
        node.content = .mapping(left)
        return left.isEmpty ? nil : node
      }
    }
    let services = (self["services"]?.entries ?? []).compactMap { entry in
      chosen(entry.value).map { Entry(entry.key, $0) }
    }
    let version = entry("version").map { [$0] } ?? []
    return Node(.mapping(version + [Entry("services", Node(.mapping(services)))]))
  }

  /// The key of the node, and those below it.
  package var allIDs: [KeyID] {
    [id] + (items ?? []).flatMap(\.allIDs) + (entries ?? []).flatMap(\.value.allIDs)
  }

  /// A text as a document.
  package init(parsing text: String) throws {
    var sources = Sources()
    let file = sources.add(SourceFile(path: "stack.yml", bytes: Array(text.utf8)))
    self = try Document.read(file, in: sources) ?? .null()
  }

  /// The node in flow style, an entry a line: any node can be written so, with the tags of Docker Compose.
  package var flow: String {
    let tag =
      switch directive {
      case .none: ""
      case .reset: "!reset "
      case .override: "!override "
      }
    switch content {
    case .scalar(let scalar):
      return tag + (scalar.kind == .string ? Self.quoted(scalar.text) : scalar.text)
    case .sequence(let items): return tag + "[" + items.map(\.flow).joined(separator: ",\n") + "]"
    case .mapping(let entries):
      let lines = entries.map { entry in
        let key = entry.keyKind == .string ? Self.quoted(entry.key) : entry.key
        return "\(key): \(entry.value.flow)"
      }
      return tag + "{" + lines.joined(separator: ",\n") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for character in text.unicodeScalars {
      switch character {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case "\u{0}"..." ", "\u{7F}"..."\u{A0}", "\u{2028}", "\u{2029}", "\u{FEFF}":
        let digits = String(character.value, radix: 16)
        quoted +=
          character == " " ? " " : "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(character)
      }
    }
    return quoted + "\""
  }
}
