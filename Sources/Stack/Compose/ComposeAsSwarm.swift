import YAML

/// A Compose project in the long form of Swarm's stack files, which the mapping reads.
///
/// Limits that Compose writes beside `deploy` move there; what a stack file has no word for is left out, and said.
struct ComposeAsSwarm {
  private(set) var omitted: [(key: KeyID, why: LoadedStack.Omission)] = []

  mutating func root(_ project: Node) -> Node {
    var fields = [Entry("version", .string("3.\(Schema.newest)"))]
    for section in ["services", "networks", "volumes", "secrets", "configs"] {
      guard let node = project[section] else {
        if section == "services" { fields.append(Entry(section, Node(.mapping([])))) }
        continue
      }
      var objects = node.entries ?? []
      for index in objects.indices {
        objects[index].value =
          section == "services" ? service(objects[index].value) : object(objects[index].value)
      }
      if section == "networks" {
        objects.removeAll { $0.key == "default" && $0.value.entries?.isEmpty == true }
      }
      objects.sort { NaturalOrder.precedes($0.key, $1.key) }
      if objects.isEmpty, section != "services" { continue }
      fields.append(Entry(section, Node(.mapping(objects), at: node.mark, id: node.id)))
    }
    for entry in project.entries ?? [] where entry.key.hasPrefix("x-") { fields.append(entry) }
    return Node(.mapping(fields), at: project.mark, id: project.id)
  }

  /// Names that Compose gives are not the user's.
  private mutating func object(_ node: Node) -> Node {
    let known = [
      "name", "driver", "driver_opts", "external", "internal", "attachable", "labels", "file",
      "content",
      "environment", "template_driver", "ipam",
    ]
    var fields: [Entry] = []
    for entry in node.entries ?? [] {
      if entry.key == "name", entry.value.id == .none, node["external"] == nil { continue }
      if known.contains(entry.key) || entry.key.hasPrefix("x-") {
        fields.append(entry)
      } else {
        omit(entry.value)
      }
    }
    return Node(.mapping(fields), at: node.mark, id: node.id)
  }

  /// Leaves out what a stack file has no word for.
  private mutating func omit(_ node: Node, of parent: KeyID = .none) {
    for key in node.allKeys where key != parent { omitted.append((key, .composeOnly)) }
  }

  private mutating func service(_ node: Node) -> Node {
    var fields: [(position: Int, entry: Entry)] = []
    var extensions: [Entry] = []
    var deploy = node["deploy"] ?? Node(.mapping([]), at: node.mark, id: .none)
    for var entry in node.entries ?? [] {
      if entry.key.hasPrefix("x-") {
        extensions.append(entry)
        continue
      }
      if move(entry, into: &deploy) || entry.key == "deploy" { continue }
      guard let position = Schema.service.index(of: entry.key),
        let value = value(entry.value, of: entry.key)
      else {
        omit(entry.value)
        continue
      }
      entry.value = value
      fields.append((position, entry))
    }
    if deploy.entries?.isEmpty == false, let position = Schema.service.index(of: "deploy") {
      fields.append(
        (position, Entry("deploy", deploy, at: node.entry("deploy")?.keyMark ?? deploy.mark)))
    }
    fields.sort { $0.position < $1.position }
    return Node(.mapping(fields.map(\.entry) + extensions), at: node.mark, id: node.id)
  }

  /// Limits and replicas that stand beside `deploy`; those under it win.
  private mutating func move(_ entry: Entry, into deploy: inout Node) -> Bool {
    let path: [String]
    var value = entry.value
    switch entry.key {
    case "mem_limit": path = ["resources", "limits", "memory"]
    case "mem_reservation": path = ["resources", "reservations", "memory"]
    case "cpus":
      path = ["resources", "limits", "cpus"]
      value = .string(value.scalar?.text ?? "", like: value)
    case "pids_limit": path = ["resources", "limits", "pids"]
    case "scale": path = ["replicas"]
    default: return false
    }
    if put(value, at: path[...], into: &deploy) == false { omitted.append((value.id, .repeated)) }
    return true
  }

  private func put(_ value: Node, at path: ArraySlice<String>, into node: inout Node) -> Bool {
    guard let key = path.first, var entries = node.entries else { return false }
    if let index = entries.firstIndex(where: { $0.key == key }) {
      guard path.count > 1 else { return false }
      let isNew = put(value, at: path.dropFirst(), into: &entries[index].value)
      node.content = .mapping(entries)
      return isNew
    }
    var inner = value
    for name in path.dropFirst().reversed() {
      inner = Node(.mapping([Entry(name, inner, at: value.mark)]), at: value.mark)
    }
    node.content = .mapping(entries + [Entry(key, inner, at: value.mark)])
    return true
  }

  private mutating func value(_ node: Node, of key: String) -> Node? {
    var node = node
    switch key {
    case "depends_on":
      node.content = .sequence((node.entries ?? []).map { .string($0.key, like: $0.value) })
    case "env_file":
      node.content = .sequence(
        (node.items ?? []).compactMap { file in
          file["path"].map { .string($0.text ?? "", like: file) }
        })
    case "extra_hosts":
      node.content = .sequence(
        (node.items ?? []).map { host in
          var text = host.text ?? ""
          if let separator = text.firstIndex(of: "=") {
            text.replaceSubrange(separator...separator, with: ":")
          }
          return .string(text, like: host)
        })
    case "devices":
      node.content = .sequence(
        (node.items ?? []).map { device in
          let parts = ["source", "target", "permissions"].compactMap { device[$0]?.text }
          return .string(parts.joined(separator: ":"), like: device)
        })
    case "ports": node.content = .sequence((node.items ?? []).map { kept($0, Schema.portMapping) })
    case "volumes": node.content = .sequence((node.items ?? []).map { kept($0, Schema.mount) })
    case "secrets", "configs":
      node.content = .sequence((node.items ?? []).map { kept($0, Schema.fileReference) })
    case "build": node = kept(node, Schema.build)
    case "healthcheck": node = kept(node, Schema.healthcheck)
    case "networks":
      let entries = node.entries ?? []
      if entries.count == 1, entries[0].key == "default", entries[0].value.isNull { return nil }
      node.content = .mapping(
        entries.map { entry in
          var entry = entry
          if !entry.value.isNull { entry.value = kept(entry.value, Schema.serviceNetwork) }
          return entry
        })
    default: break
    }
    return node
  }

  /// The keys that a stack file has, typed as there.
  private mutating func kept(_ node: Node, _ structure: Structure) -> Node {
    var fields: [Entry] = []
    for var entry in node.entries ?? [] {
      guard structure.index(of: entry.key) != nil else {
        omit(entry.value, of: node.id)
        continue
      }
      let text = entry.value.text ?? ""
      switch entry.key {
      case "published": if let port = Int(text) { entry.value = .int(port, like: entry.value) }
      case "mode":
        if text.hasPrefix("0"), let mode = Int(text, radix: 8) {
          entry.value = .int(mode, like: entry.value)
        }
      case "bind", "volume", "tmpfs":
        var options: [Entry] = []
        for var option in entry.value.entries ?? [] {
          guard ["propagation", "nocopy", "subpath", "size", "mode"].contains(option.key) else {
            omit(option.value, of: node.id)
            continue
          }
          if option.key == "size", let size = option.value.text.flatMap(Int.init) {
            option.value = .int(size, like: option.value)
          }
          options.append(option)
        }
        entry.value.content = .mapping(options)
        if options.isEmpty { continue }
      default: break
      }
      fields.append(entry)
    }
    return Node(.mapping(fields), at: node.mark, id: node.id)
  }
}
