import Stack
import YAML

extension SnapshotReader {
  /// The keys of a service that say what runs in its containers. `image` is what the file said, if it came from one.
  mutating func readContainer(
    _ container: Node, image written: Node?, into fields: inout DocumentFields
  ) {
    var api = APIFields(container)
    if let held = api.takeWritten("Image") {
      // As in the file, unless the client has looked up a digest since.
      let isSame = written?.text.map(ImageReference.familiar) == held.text
      fields.set("image", isSame ? written : held)
    }
    fields.set("entrypoint", api.takeWritten("Command"))
    fields.set("command", api.takeWritten("Args"))
    fields.set("environment", api.takeWritten("Env").flatMap(environment))
    fields.set("labels", api.take("Labels")?.without(Snapshot.namespaceLabel))
    for (field, key) in [
      ("Hostname", "hostname"), ("Dir", "working_dir"), ("User", "user"),
      ("StopSignal", "stop_signal"), ("TTY", "tty"), ("OpenStdin", "stdin_open"),
      ("ReadOnly", "read_only"), ("CapabilityAdd", "cap_add"), ("CapabilityDrop", "cap_drop"),
    ] {
      fields.set(key, api.takeWritten(field))
    }
    fields.set("init", api.take("Init"))
    fields.set("sysctls", api.take("Sysctls")?.without())
    if let grace = api.take("StopGracePeriod"), grace.int != 10_000_000_000 {
      fields.set("stop_grace_period", grace.durationNode)
    }
    if let isolation = api.takeWritten("Isolation"), isolation.text != "default" {
      fields.set("isolation", isolation)
    }
    if let check = api.take("Healthcheck") { fields.set("healthcheck", healthcheck(check)) }
    fields.set("extra_hosts", api.takeWritten("Hosts").flatMap(hosts))
    var dns = APIFields(api.take("DNSConfig"))
    fields.set("dns", dns.takeWritten("Nameservers"))
    fields.set("dns_search", dns.takeWritten("Search"))
    fields.set("ulimits", api.takeWritten("Ulimits").flatMap(ulimits))
    if let mounts = api.takeWritten("Mounts") { fields.set("volumes", self.mounts(mounts)) }
    var privileges = APIFields(api.take("Privileges"))
    for key in ["Seccomp", "AppArmor"] {
      // What every container has, in the words of newer engines.
      if container["Privileges"]?[key]?["Mode"]?.text == "default" { privileges.skip(key) }
    }
    if let credentials = privileges.take("CredentialSpec") {
      fields.set("credential_spec", credentialSpec(credentials))
    }
    if let secrets = api.takeWritten("Secrets") {
      fields.set("secrets", references(secrets, .secret))
    }
    if let configs = api.takeWritten("Configs") {
      fields.set("configs", references(configs, .config))
    }
    leave(api.left + dns.left + privileges.left)
  }

  private func environment(_ lines: Node) -> Node? {
    let entries = (lines.items ?? []).compactMap { line -> Entry? in
      guard let text = line.text else { return nil }
      guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else {
        return Entry(text, .null(like: line), at: line.mark)
      }
      let value = String(text[text.utf8.index(after: equals)...])
      return Entry(String(text[..<equals]), .string(value, like: line), at: line.mark)
    }
    return Node(.mapping(entries), at: lines.mark)
  }

  /// `address host …` becomes `host:address` for each host.
  private func hosts(_ hosts: Node) -> Node? {
    var items: [Node] = []
    for host in hosts.items ?? [] {
      guard let text = host.text, let blank = text.firstIndex(of: " ") else { continue }
      let address = text[..<blank]
      items.append(.string("\(text[text.index(after: blank)...]):\(address)", like: host))
    }
    return items.isEmpty ? nil : Node(.sequence(items), at: hosts.mark)
  }

  private mutating func healthcheck(_ check: Node) -> Node {
    var api = APIFields(check)
    var fields = DocumentFields()
    fields.set("test", api.takeWritten("Test"))
    for (field, key) in [
      ("Timeout", "timeout"), ("Interval", "interval"), ("StartPeriod", "start_period"),
      ("StartInterval", "start_interval"),
    ] {
      fields.set(key, api.takeWritten(field)?.durationNode)
    }
    fields.set("retries", api.takeWritten("Retries"))
    leave(api.left)
    return fields.node(like: check)
  }

  private func ulimits(_ limits: Node) -> Node? {
    let entries = (limits.items ?? []).compactMap { limit -> Entry? in
      guard let name = limit["Name"]?.text else { return nil }
      let (soft, hard) = (limit["Soft"]?.int ?? 0, limit["Hard"]?.int ?? 0)
      if soft == hard { return Entry(name, .int(soft, like: limit), at: limit.mark) }
      var fields = DocumentFields()
      fields.set("soft", limit["Soft"])
      fields.set("hard", limit["Hard"])
      return Entry(name, fields.node(like: limit), at: limit.mark)
    }
    return Node(.mapping(entries), at: limits.mark)
  }

  private mutating func mounts(_ mounts: Node) -> Node {
    let items = (mounts.items ?? []).map { mount in
      var api = APIFields(mount)
      var fields = DocumentFields()
      let type = api.take("Type") ?? .string("volume", like: mount)
      fields.set("type", type)
      var volume = APIFields(api.take("VolumeOptions"))
      let options = mount["VolumeOptions"]
      if let source = api.takeWritten("Source") {
        let isNamed =
          type.text == "volume"
          || type.text == "cluster" && source.text?.hasPrefix("group:") != true
        fields.set(
          "source", isNamed ? .string(volumeKey(source, options), like: source) : source)
      }
      volume.skip("Labels", "DriverConfig")
      fields.set("target", api.takeWritten("Target"))
      fields.set("read_only", api.takeWritten("ReadOnly"))
      fields.set("consistency", api.takeWritten("Consistency"))
      var bind = APIFields(api.take("BindOptions"))
      var part = DocumentFields()
      part.set("propagation", bind.takeWritten("Propagation"))
      fields.set("bind", part.written(like: mount["BindOptions"]))
      part = DocumentFields()
      part.set("nocopy", volume.takeWritten("NoCopy"))
      part.set("subpath", volume.takeWritten("Subpath"))
      fields.set("volume", part.written(like: options))
      var tmpfs = APIFields(api.take("TmpfsOptions"))
      part = DocumentFields()
      part.set("size", tmpfs.takeWritten("SizeBytes"))
      fields.set("tmpfs", part.written(like: mount["TmpfsOptions"]))
      leave(api.left + bind.left + volume.left + tmpfs.left)
      return fields.node(like: mount)
    }
    return Node(.sequence(items), at: mounts.mark)
  }

  private mutating func credentialSpec(_ credentials: Node) -> Node? {
    var fields = DocumentFields()
    if let config = credentials["Config"], let id = config.text, !id.isEmpty {
      let held = snapshot.config(id)
      let key = configKey(held.map(Snapshot.name) ?? id, at: config)
      fields.set("config", .string(key, like: config))
    }
    fields.set("file", credentials["File"].flatMap { $0.isZero ? nil : $0 })
    fields.set("registry", credentials["Registry"].flatMap { $0.isZero ? nil : $0 })
    return fields.written(like: credentials)
  }

  /// A service's use of configs or secrets; a credential spec's config is no file, and is left out.
  private mutating func references(_ references: Node, _ kind: FileObject.Kind) -> Node? {
    var items: [(name: String, node: Node)] = []
    for reference in references.items ?? [] {
      guard let file = reference["File"], file.entries != nil,
        let name = reference[kind == .config ? "ConfigName" : "SecretName"], let text = name.text
      else { continue }
      let key = kind == .config ? configKey(text, at: name) : secretKey(text, at: name)
      var fields = DocumentFields()
      fields.set("source", .string(key, like: name))
      if let target = file["Name"], target.text != key { fields.set("target", target) }
      if let uid = file["UID"], uid.text != "0" { fields.set("uid", uid) }
      if let gid = file["GID"], gid.text != "0" { fields.set("gid", gid) }
      if let mode = file["Mode"], mode.int != 0o444 { fields.set("mode", mode) }
      items.append((text, fields.node(like: reference)))
    }
    // The client sorts by name only: several uses of one name come in any order.
    items.sort {
      ($0.name, $0.node["target"]?.text ?? "") < ($1.name, $1.node["target"]?.text ?? "")
    }
    return items.isEmpty ? nil : Node(.sequence(items.map(\.node)), at: references.mark)
  }
}
