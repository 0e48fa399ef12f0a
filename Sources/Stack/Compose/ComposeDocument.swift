import Diagnostics
import YAML

extension ComposeNormal {
  /// The document that `docker compose config` prints: names filled in, and only what the services use.
  mutating func document(named name: String, _ written: Entry?) -> Node {
    var fields = [
      Entry("name", .string(name, like: written?.value), at: written?.keyMark ?? .none)
    ]
    let services = entries("services")
    fields.append(Entry("services", Node(.mapping(services))))
    var used: [String: Set<String>] = [:]
    for service in services {
      let node = service.value
      used["networks", default: []].formUnion((node["networks"]?.entries ?? []).map(\.key))
      for mount in node["volumes"]?.items ?? [] where mount["type"]?.text == "volume" {
        if let source = mount["source"]?.text { used["volumes", default: []].insert(source) }
      }
      for section in ["secrets", "configs"] {
        let all =
          (node[section]?.items ?? [])
          + (section == "secrets" ? node["build"]?["secrets"]?.items ?? [] : [])
        used[section, default: []].formUnion(all.compactMap { $0["source"]?.text })
      }
      if let config = node["credential_spec"]?["config"]?.text {
        used["configs", default: []].insert(config)
      }
      let models = node["models"]
      used["models", default: []].formUnion(
        models?.items?.compactMap(\.text) ?? models?.entries?.map(\.key) ?? [])
    }
    for section in ["networks", "volumes", "secrets", "configs", "models"] {
      var objects = entries(section)
      if section == "networks", used["networks"]?.contains("default") == true,
        !objects.contains(where: { $0.key == "default" })
      {
        objects.append(Entry("default", Node(.mapping([]))))
      }
      let names = used[section] ?? []
      let kept = objects.filter { names.contains($0.key) }
      for object in objects where !names.contains(object.key) {
        loading.omitted.append((object.value.id, .ignored))
      }
      if kept.isEmpty { continue }
      var objectsWithNames: [Entry] = []
      for object in kept {
        objectsWithNames.append(
          section == "models" ? object : named(object, project: name, section))
      }
      fields.append(
        Entry(section, Node(.mapping(objectsWithNames), id: root[section]?.id ?? .none)))
    }
    for entry in root.entries ?? [] where entry.key.hasPrefix("x-") { fields.append(entry) }
    return finish(Node(.mapping(fields), at: root.mark, id: root.id), .mapping(ComposeSchema.root))
      ?? root
  }

  private mutating func named(_ object: Entry, project: String, _ section: String) -> Entry {
    var object = object
    var fields = object.value.entries ?? []
    var name = "\(project)_\(object.key)"
    if let index = fields.firstIndex(where: { $0.key == "external" }) {
      let external = fields[index].value
      if external.bool != false {
        name = external["name"]?.text ?? object.key
        fields[index].value = .bool(true, like: external)
      }
    }
    if !fields.contains(where: { $0.key == "name" }) {
      fields.append(Entry("name", .string(name), at: .none))
    }
    if section == "secrets" || section == "configs",
      let index = fields.firstIndex(where: { $0.key == "environment" }),
      fields[index].value.text.map({ loading.options.environment[$0] == nil }) == true
    {
      loading.warn(
        "compose/unset-content", about: object.key, at: fields[index].value.mark,
        "\(section).\(object.key): the variable \(loading.quote(fields[index].value)) is not set")
    }
    if section == "volumes", object.value["driver"]?.text == "local" { bindDevice(&fields) }
    object.value.content = .mapping(fields)
    return object
  }

  /// The folder that a local volume binds.
  private func bindDevice(_ fields: inout [Entry]) {
    guard let index = fields.firstIndex(where: { $0.key == "driver_opts" }),
      var options = fields[index].value.entries,
      options.contains(where: { $0.key == "o" && $0.value.text == "bind" }),
      let device = options.firstIndex(where: { $0.key == "device" })
    else { return }
    let value = options[device].value
    options[device].value = .string(
      Paths.absolute(value.text ?? "", in: loading.options.workingDirectory), like: value)
    fields[index].value.content = .mapping(options)
  }

  /// Takes out what Compose's structures do not tell from nothing.
  private func finish(_ node: Node, _ form: ComposeForm) -> Node? {
    switch form {
    case .flag(let keepsFalse): return node.bool == false && !keepsFalse ? nil : node
    case .hosts:
      guard let items = node.items, !items.isEmpty else { return nil }
      // Those of several files as well.
      var node = node
      node.content = .sequence(items.sorted { ($0.text ?? "") < ($1.text ?? "") })
      return node
    case .strings, .oneOrMany, .exposed, .environmentFiles, .devices:
      return node.items?.isEmpty == true ? nil : node
    case .pairs: return node.entries?.isEmpty == true ? nil : node
    case .text, .path: return node.text?.isEmpty == true ? nil : node
    case .ports: return list(node, .mapping(ComposeSchema.port))
    case .mounts: return list(node, .mapping(ComposeSchema.mount))
    case .references: return list(node, .mapping(ComposeSchema.reference))
    case .list(let item): return list(node, item)
    case .build: return mapping(node) { ComposeSchema.build[$0] ?? .any }
    case .mapping(let keys): return mapping(node) { keys[$0] ?? .any }
    case .named(.mapping(let keys)) where keys["image"] != nil:
      return mapping(node) { _ in .mapping(keys) }
    case .named(let inner):
      return node.entries?.isEmpty == true ? nil : mapping(node) { _ in inner }
    case .dependencies:
      if node.entries?.isEmpty == true { return nil }
      return mapping(node) { _ in .mapping(["restart": .flag(keepsFalse: false)]) }
    case .networks, .ulimits:
      return node.entries?.isEmpty == true ? nil : node
    case .external: return node.bool == false ? nil : node
    default: return node
    }
  }

  private func mapping(_ node: Node, _ form: (String) -> ComposeForm) -> Node {
    guard let entries = node.entries else { return node }
    var node = node
    node.content = .mapping(
      entries.compactMap { entry in
        var entry = entry
        if entry.key.hasPrefix("x-") { return entry }
        guard let value = finish(entry.value, form(entry.key)) else { return nil }
        entry.value = value
        return entry
      })
    return node
  }

  private func list(_ node: Node, _ form: ComposeForm) -> Node? {
    guard let items = node.items, !items.isEmpty else { return nil }
    var node = node
    node.content = .sequence(items.compactMap { finish($0, form) })
    return node
  }
}
