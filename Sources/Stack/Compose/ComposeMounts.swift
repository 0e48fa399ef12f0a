import YAML

// Ports, volumes, and references to secrets and configs.

extension ComposeReading {
  mutating func ports(_ node: Node) -> Node? {
    guard let items = items(node, "a list") else { return nil }
    var ports: [Node] = []
    for item in items {
      if item.entries != nil {
        guard var fields = mapping(item, ComposeSchema.port)?.entries else { continue }
        for (key, value) in [("mode", "ingress"), ("protocol", "tcp")]
        where !fields.contains(where: { $0.key == key }) {
          fields.append(Entry(key, .string(value, like: item), at: item.mark))
        }
        ports.append(Node(.mapping(fields), at: item.mark, id: item.id))
        continue
      }
      guard let scalar = item.scalar, scalar.kind == .string || scalar.kind == .int else {
        loading.wrongType(item, "a number, a string or a mapping")
        continue
      }
      let text = scalar.sprint
      let port: PortSpecification
      do throws(PortSpecification.Problem) {
        port = try PortSpecification(text)
      } catch {
        loading.error(
          "stack/not-a-port", at: item,
          "\(loading.path(item)): \(loading.quote(item)) is no port: \(error.text(loading.quote(item)))",
          hint: "write [published:]target[/tcp|udp|sctp], ranges as 8080-8090")
        continue
      }
      var pairs = port.pairs.map { ($0.target, $0.published == 0 ? "" : String($0.published)) }
      if let first = port.pairs.first, let last = port.pairs.last,
        first.published != last.published,
        first.target == last.target
      {
        // One of several ports: Compose leaves the choice to the engine.
        pairs = [(first.target, "\(first.published)-\(last.published)")]
      }
      for (target, published) in pairs {
        var values = [("mode", Node.string("ingress", like: item))]
        if !port.address.isEmpty { values.append(("host_ip", .string(port.address, like: item))) }
        values.append(("target", .int(target, like: item)))
        if !published.isEmpty { values.append(("published", .string(published, like: item))) }
        values.append(("protocol", .string(port.transport, like: item)))
        ports.append(
          Node(
            .mapping(values.map { Entry($0.0, $0.1, at: item.mark) }), at: item.mark, id: item.id))
      }
    }
    return Node(.sequence(ports), at: node.mark, id: node.id)
  }

  mutating func mounts(_ node: Node) -> Node? {
    guard let items = items(node, "a list") else { return nil }
    var mounts: [Node] = []
    for item in items {
      if item.entries != nil {
        guard var fields = mapping(item, ComposeSchema.mount)?.entries else { continue }
        for key in ["type", "target"] where item.entry(key) == nil {
          loading.missing(key, in: item)
        }
        if fields.contains(where: { $0.key == "type" && $0.value.text == "bind" }) {
          if let index = fields.firstIndex(where: { $0.key == "source" }),
            let text = fields[index].value.text
          {
            fields[index].value = .string(absolute(text), like: fields[index].value)
          }
        }
        cleanTarget(&fields)
        mounts.append(Node(.mapping(fields), at: item.mark, id: item.id))
        continue
      }
      guard let text = loading.string(item) else { continue }
      do throws(MountSpecification.Problem) {
        mounts.append(mount(try MountSpecification(text).node(like: item), text, item))
      } catch {
        loading.error(
          "stack/not-a-volume", at: item,
          "\(loading.path(item)): \(loading.quote(item)) is no volume: \(error.text)",
          hint: "write [source:]target[:ro]")
      }
    }
    return Node(.sequence(mounts), at: node.mark, id: node.id)
  }

  /// Compose makes the folder of a bind mount where it is not there.
  private func createsHostPath(_ fields: inout [Entry], _ item: Node) {
    let yes = Entry("create_host_path", .bool(true, like: item), at: item.mark)
    guard let index = fields.firstIndex(where: { $0.key == "bind" }) else {
      fields.append(Entry("bind", Node(.mapping([yes]), at: item.mark, id: item.id), at: item.mark))
      return
    }
    var options = fields[index].value.entries ?? []
    if !options.contains(where: { $0.key == "create_host_path" }) { options.append(yes) }
    fields[index].value.content = .mapping(options)
  }

  /// The long form of a short one: Swarm's, and what Compose adds.
  private func mount(_ swarm: Node, _ text: String, _ item: Node) -> Node {
    var fields = swarm.entries ?? []
    let isBind = fields.contains { $0.key == "type" && $0.value.text == "bind" }
    if isBind {
      if let index = fields.firstIndex(where: { $0.key == "source" }),
        let text = fields[index].value.text
      {
        fields[index].value = .string(absolute(text), like: fields[index].value)
      }
      createsHostPath(&fields, item)
      let options = text.split(separator: ":").last?.split(separator: ",") ?? []
      for option in options where option == "z" || option == "Z" {
        guard let index = fields.firstIndex(where: { $0.key == "bind" }) else { continue }
        let selinux = Entry("selinux", .string(String(option), like: item), at: item.mark)
        fields[index].value.content = .mapping((fields[index].value.entries ?? []) + [selinux])
      }
    } else if !fields.contains(where: { $0.key == "volume" }) {
      fields.append(Entry("volume", Node(.mapping([]), at: item.mark, id: item.id), at: item.mark))
    }
    cleanTarget(&fields)
    return Node(.mapping(fields), at: item.mark, id: item.id)
  }

  private func cleanTarget(_ fields: inout [Entry]) {
    guard let index = fields.firstIndex(where: { $0.key == "target" }),
      let text = fields[index].value.text
    else { return }
    fields[index].value = .string(Paths.cleaned(text), like: fields[index].value)
  }

  mutating func references(_ node: Node, _ folder: String) -> Node? {
    guard let items = items(node, "a list") else { return nil }
    var references: [Node] = []
    for item in items {
      var fields: [Entry]
      if item.entries != nil {
        guard let long = mapping(item, ComposeSchema.reference)?.entries else { continue }
        fields = long
      } else {
        guard let text = loading.string(item) else { continue }
        fields = [Entry("source", .string(text, like: item), at: item.mark)]
      }
      // Only secrets of a service have a place by default.
      if folder == "/run/secrets/" {
        if !fields.contains(where: { $0.key == "target" }) {
          let source = fields.first { $0.key == "source" }?.value.text ?? ""
          fields.append(Entry("target", .string(folder + source, like: item), at: item.mark))
        }
      }
      references.append(Node(.mapping(fields), at: item.mark, id: item.id))
    }
    return Node(.sequence(references), at: node.mark, id: node.id)
  }
}
