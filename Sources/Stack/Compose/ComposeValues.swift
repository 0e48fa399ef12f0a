import YAML

// Values with a short form, and mappings of free keys.

extension ComposeReading {
  mutating func pairs(_ node: Node, keepsNull: Bool) -> Node? {
    if node.isNull { return nil }
    var pairs: [Entry] = []
    switch node.content {
    case .mapping(let entries):
      for var entry in entries {
        if entry.value.directive == .reset {
          pairs.append(entry)
          continue
        }
        guard let scalar = entry.value.scalar else {
          loading.wrongType(entry.value, "a string, a number, a boolean or null")
          continue
        }
        let directive = entry.value.directive
        entry.value =
          scalar.kind == .null
          ? (keepsNull ? .null(like: entry.value) : .string("", like: entry.value))
          : .string(scalar.sprint, like: entry.value)
        entry.value.directive = directive
        pairs.append(entry)
      }
    case .sequence(let items):
      for item in items {
        guard let text = loading.string(item) else { continue }
        let end = text.utf8.firstIndex(of: UInt8(ascii: "="))
        let value: Node =
          if let end {
            .string(String(text[text.utf8.index(after: end)...]), like: item)
          } else {
            keepsNull ? .null(like: item) : .string("", like: item)
          }
        pairs.append(Entry(String(text[..<(end ?? text.endIndex)]), value, at: item.mark))
      }
      pairs = loading.lastOfEach(pairs)
    case .scalar:
      loading.wrongType(node, "a mapping or a list")
      return nil
    }
    return Node(.mapping(pairs), at: node.mark, id: node.id)
  }

  mutating func hosts(_ node: Node) -> Node? {
    if node.isNull { return nil }
    var hosts: [Node] = []
    func host(_ name: some StringProtocol, _ address: some StringProtocol, _ item: Node) -> Node {
      var address = String(address)
      if address.hasPrefix("["), address.hasSuffix("]") {
        address = String(address.dropFirst().dropLast())
      }
      return .string("\(name)=\(address)", like: item)
    }
    switch node.content {
    case .mapping(let entries):
      for entry in entries {
        for address in entry.value.items ?? [entry.value] {
          hosts.append(host(entry.key, address.text ?? "", address))
        }
      }
    case .sequence(let items):
      for item in items {
        guard let text = loading.string(item) else { continue }
        guard let separator = text.firstIndex(of: "=") ?? text.firstIndex(of: ":") else {
          loading.error(
            "compose/host-without-address", at: item,
            "\(loading.path(item)): \(loading.quote(item)) has no address",
            hint: "write host=address")
          continue
        }
        hosts.append(host(text[..<separator], text[text.index(after: separator)...], item))
      }
    case .scalar: loading.wrongType(node, "a mapping or a list")
    }
    hosts.sort { ($0.text ?? "") < ($1.text ?? "") }
    return Node(.sequence(hosts), at: node.mark, id: node.id)
  }

  mutating func dependencies(_ node: Node) -> Node? {
    if node.isNull { return nil }
    var dependencies: [Entry] = []
    func entry(_ name: String, _ fields: [Entry], like node: Node, at entry: Entry? = nil) -> Entry
    {
      var fields = fields
      for (key, value) in [
        ("condition", Node.string("service_started", like: node)),
        ("required", .bool(true, like: node)),
      ] where !fields.contains(where: { $0.key == key }) {
        fields.append(Entry(key, value, at: node.mark))
      }
      return Entry(
        name, Node(.mapping(fields), at: node.mark, id: node.id), at: entry?.keyMark ?? node.mark)
    }
    switch node.content {
    case .sequence(let items):
      for item in items {
        guard let name = loading.string(item) else { continue }
        dependencies.append(entry(name, [], like: item))
      }
      dependencies = loading.lastOfEach(dependencies)
    case .mapping(let entries):
      for own in entries {
        if own.value.directive == .reset {
          dependencies.append(own)
          continue
        }
        guard
          let fields = mapping(
            own.value,
            [
              "condition": .text, "required": .flag(keepsFalse: true),
              "restart": .flag(keepsFalse: false),
            ])?.entries
        else { continue }
        dependencies.append(entry(own.key, fields, like: own.value, at: own))
      }
    case .scalar: loading.wrongType(node, "a list or a mapping")
    }
    return Node(.mapping(dependencies), at: node.mark, id: node.id)
  }

  mutating func networks(_ node: Node) -> Node? {
    if node.isNull { return nil }
    var networks: [Entry] = []
    switch node.content {
    case .sequence(let items):
      for item in items {
        guard let name = loading.string(item) else { continue }
        networks.append(Entry(name, .null(like: item), at: item.mark))
      }
      networks = loading.lastOfEach(networks)
    case .mapping(let entries):
      for var entry in entries {
        if entry.value.directive != .reset, !entry.value.isNull {
          guard let long = mapping(entry.value, ComposeSchema.serviceNetwork) else { continue }
          let directive = entry.value.directive
          entry.value = long
          entry.value.directive = directive
        }
        networks.append(entry)
      }
    case .scalar: loading.wrongType(node, "a list or a mapping")
    }
    return Node(.mapping(networks), at: node.mark, id: node.id)
  }

  mutating func ulimits(_ node: Node) -> Node? {
    if node.isNull { return nil }
    guard let entries = node.entries else {
      loading.wrongType(node, "a mapping")
      return nil
    }
    var limits: [Entry] = []
    for var entry in entries {
      let form: ComposeForm =
        entry.value.entries == nil ? .integer : .mapping(["soft": .integer, "hard": .integer])
      guard let value = read(entry.value, as: form) else { continue }
      entry.value = value
      limits.append(entry)
    }
    return Node(.mapping(limits), at: node.mark, id: node.id)
  }

  mutating func build(_ node: Node) -> Node? {
    if node.isNull { return nil }
    var fields: [Entry]
    if let text = node.text, node.scalar?.kind == .string {
      fields = [Entry("context", .string(text, like: node), at: node.mark)]
    } else {
      guard let long = mapping(node, ComposeSchema.build)?.entries else { return nil }
      fields = long
    }
    if let index = fields.firstIndex(where: { $0.key == "context" }),
      let text = fields[index].value.text
    {
      fields[index].value = .string(context(text), like: fields[index].value)
    }
    if let index = fields.firstIndex(where: { $0.key == "additional_contexts" }),
      var contexts = fields[index].value.entries
    {
      for position in contexts.indices {
        guard let text = contexts[position].value.text else { continue }
        contexts[position].value = .string(context(text), like: contexts[position].value)
      }
      fields[index].value.content = .mapping(contexts)
    }
    return Node(.mapping(fields), at: node.mark, id: node.id)
  }

  /// A build context: a path, unless it is a URL or an image.
  private func context(_ text: String) -> String {
    let isRemote =
      text.contains("://") || text.hasPrefix("git@") || text.hasPrefix("github.com/")
      || text.hasPrefix("service:")
    return isRemote ? text : absolute(text)
  }

  mutating func environmentFiles(_ node: Node) -> Node? {
    if node.isNull { return nil }
    var files: [Node] = []
    for item in node.items ?? [node] {
      var fields: [Entry]
      if item.entries != nil {
        guard
          let long = mapping(
            item, ["path": .text, "required": .flag(keepsFalse: true), "format": .text])?.entries
        else { continue }
        fields = long
      } else {
        guard let text = loading.string(item) else { continue }
        fields = [Entry("path", .string(text, like: item), at: item.mark)]
      }
      guard let index = fields.firstIndex(where: { $0.key == "path" }) else { continue }
      fields[index].value = .string(
        absolute(fields[index].value.text ?? ""), like: fields[index].value)
      files.append(Node(.mapping(fields), at: item.mark, id: item.id))
    }
    return Node(.sequence(files), at: node.mark, id: node.id)
  }

  mutating func devices(_ node: Node) -> Node? {
    guard let items = items(node, "a list") else { return nil }
    var devices: [Node] = []
    for item in items {
      if item.entries != nil {
        if let long = mapping(item, ["source": .text, "target": .text, "permissions": .text]) {
          devices.append(long)
        }
        continue
      }
      guard let text = loading.string(item) else { continue }
      let parts = text.split(separator: ":").map(String.init)
      guard let source = parts.first else { continue }
      let values = [
        ("source", source), ("target", parts.count > 1 ? parts[1] : source),
        ("permissions", parts.count > 2 ? parts[2] : "rwm"),
      ]
      let fields = values.map { Entry($0.0, .string($0.1, like: item), at: item.mark) }
      devices.append(Node(.mapping(fields), at: item.mark, id: item.id))
    }
    return Node(.sequence(devices), at: node.mark, id: node.id)
  }

  mutating func gpus(_ node: Node) -> Node? {
    guard node.text == "all", node.scalar != nil else { return loading.plain(node) }
    return Node(
      .sequence([
        Node(
          .mapping([Entry("count", .int(-1, like: node), at: node.mark)]), at: node.mark,
          id: node.id)
      ]), at: node.mark, id: node.id)
  }

  mutating func external(_ node: Node) -> Node? {
    guard let entries = node.entries else { return read(node, as: .flag(keepsFalse: false)) }
    guard let name = entries.first(where: { $0.key == "name" }) else {
      return .bool(true, like: node)
    }
    return Node(.mapping([name]), at: node.mark, id: node.id)
  }

  mutating func extends(_ node: Node) -> Node? {
    if node.isNull { return nil }
    if let text = node.text {
      return Node(
        .mapping([Entry("service", .string(text, like: node), at: node.mark)]), at: node.mark,
        id: node.id)
    }
    return mapping(node, ["service": .text, "file": .text])
  }

  mutating func optionLists(_ node: Node) -> Node? {
    guard var entries = node.entries else { return pairs(node, keepsNull: false) }
    for index in entries.indices {
      let value = entries[index].value
      let items = value.items ?? [value]
      entries[index].value = Node(
        .sequence(items.map { .string($0.scalar?.sprint ?? "", like: $0) }), at: value.mark,
        id: value.id)
    }
    return Node(.mapping(entries), at: node.mark, id: node.id)
  }

  mutating func models(_ node: Node) -> Node? {
    guard let items = node.items else { return loading.plain(node) }
    let entries = items.compactMap { item in
      item.text.map { Entry($0, .null(like: item), at: item.mark) }
    }
    return Node(.mapping(entries), at: node.mark, id: node.id)
  }

  /// `default`, or `name=path`, as a text `name: path`.
  mutating func sshKeys(_ node: Node) -> Node? {
    var keys: [Node] = []
    let items =
      node.entries?.map { ($0.key, $0.value.text ?? "", $0.value) }
      ?? node.items?.map { item in
        let parts = (item.text ?? "").split(separator: "=", maxSplits: 1).map(String.init)
        return (parts.first ?? "", parts.count > 1 ? parts[1] : "", item)
      } ?? []
    for (name, path, item) in items {
      keys.append(.string(path.isEmpty ? name : "\(name): \(absolute(path))", like: item))
    }
    return Node(.sequence(keys), at: node.mark, id: node.id)
  }
}
