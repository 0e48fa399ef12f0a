import Diagnostics
import Stack
import YAML

/// Turns one stack of a snapshot into the document that `docker stack config` would print of its file.
///
/// What the engine fills in by itself is left out again, so that a migration of the snapshot says the same as one of
/// the file. The services' own parts are in `ServiceReader.swift`.
struct SnapshotReader {
  let snapshot: Snapshot
  let stack: String
  let isScoped: Bool

  private(set) var warnings: [Diagnostic] = []
  /// Fields of the service at hand that have no counterpart in a stack file.
  private var leftovers: [Entry] = []
  /// Contents of configs by path.
  private(set) var files: [String: [UInt8]] = [:]
  /// The engine's identifiers by service.
  private(set) var identifiers: [String: String] = [:]

  private var services: [Entry] = []
  private var networks = Section()
  private var volumes = Section()
  private var configs = Section()
  private var secrets = Section()

  /// A top-level section: what each engine's name is called in the document.
  private struct Section {
    var keys: [String: String] = [:]
    var entries: [Entry] = []
    private var taken = Set<String>()

    /// A key that no other name has.
    mutating func key(for name: String, preferring short: String) -> String {
      let short = Self.legal(short)
      var key = taken.contains(short) ? Self.legal(name) : short
      while taken.contains(key) { key += "_" }
      taken.insert(key)
      keys[name] = key
      return key
    }

    /// A name without its templates and the other characters that no key has: `data-{{.Task.Slot}}` gives `data`.
    private static func legal(_ name: String) -> String {
      guard name.utf8.contains(where: { !isLegal($0) }) else { return name }
      var bytes: [UInt8] = []
      var rest = name[...]
      while let open = rest.firstRange(of: "{{") {
        bytes += rest[..<open.lowerBound].utf8
        rest = rest[open.upperBound...]
        rest = rest.firstRange(of: "}}").map { rest[$0.upperBound...] } ?? ""
      }
      bytes = (bytes + rest.utf8).map { isLegal($0) ? $0 : UInt8(ascii: "-") }
      let signs = Array("-_.".utf8)
      let key = bytes.drop { signs.contains($0) }.reversed().drop { signs.contains($0) }.reversed()
      return key.isEmpty ? "unnamed" : String(decoding: key, as: UTF8.self)
    }

    private static func isLegal(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
  }

  init(_ snapshot: Snapshot, stack: String, isScoped: Bool) {
    self.snapshot = snapshot
    self.stack = stack
    self.isScoped = isScoped
  }

  /// Adds a service, and what it uses.
  mutating func read(_ service: Node) {
    let name = short(Snapshot.name(service))
    identifiers[name] = service["ID"]?.text
    var fields = DocumentFields()
    leftovers = []
    readService(service, name, into: &fields)
    for entry in leftovers { fields.keep(entry) }
    services.append(Entry(name, fields.node(like: service), at: service["Spec"]?.mark ?? .none))
  }

  /// Adds the stack's configs and secrets that no service uses.
  mutating func readUnused(of owner: String) {
    for config in snapshot.configs(of: owner) {
      _ = configKey(Snapshot.name(config), at: config)
    }
    for secret in snapshot.secrets(of: owner) {
      _ = secretKey(Snapshot.name(secret), at: secret)
    }
  }

  func document() -> Node {
    var root = DocumentFields()
    root.set("services", Node(.mapping(services)))
    for (key, section) in [
      ("networks", networks), ("volumes", volumes), ("secrets", secrets), ("configs", configs),
    ] where !section.entries.isEmpty {
      let sorted = section.entries.sorted { $0.key < $1.key }
      root.set(key, Node(.mapping(sorted)))
    }
    return root.node(like: nil)
  }

  /// Keeps what stack files have no key for, for the report.
  mutating func leave(_ left: [Entry]) { leftovers += left }

  /// Warns of what stack files have no key for, where it belongs to no service.
  private mutating func warn(_ what: String, _ left: [Entry]) {
    for entry in left {
      warnings.append(
        Diagnostic(
          "snapshot/no-key", .warning, at: entry.keyMark,
          length: entry.key.unicodeScalars.count + 2,
          "\(what): stack files have no key for `\(entry.key)`, and nothing is made of it"))
    }
  }

  /// A name without the stack's name before it.
  func short(_ name: String) -> String {
    guard isScoped, name.hasPrefix(stack + "_"), name.utf8.count > stack.utf8.count + 1 else {
      return name
    }
    return String(name.dropFirst(stack.utf8.count + 1))
  }

  /// The `name` of an object whose key does not give it.
  private func ownName(_ name: String, _ key: String, like origin: Node) -> Node? {
    isScoped && name == "\(stack)_\(key)" ? nil : .string(name, like: origin)
  }

  // MARK: Networks

  /// The key of a network that a service is in, by its identifier or name.
  mutating func networkKey(_ target: Node) -> String {
    let id = target.text ?? ""
    let network = snapshot.network(id)
    let name = network?["Name"]?.text ?? id
    if let key = networks.keys[name] { return key }
    let isOwn = isScoped && network?["Labels"]?[Snapshot.namespaceLabel]?.text == stack
    let key = networks.key(for: name, preferring: isOwn ? short(name) : name)
    var fields = DocumentFields()
    if isOwn, let network {
      fields.set("name", ownName(name, key, like: target))
      readNetwork(network, into: &fields)
      // The implicit default network needs no definition.
      if key == "default", fields.isEmpty { return key }
    } else {
      fields.set("name", .string(name, like: target))
      fields.set("external", .bool(true, like: target))
    }
    networks.entries.append(
      Entry(key, fields.node(like: network ?? target), at: network?.mark ?? target.mark))
    return key
  }

  private mutating func readNetwork(_ network: Node, into fields: inout DocumentFields) {
    var api = APIFields(network)
    api.skip(
      "Name", "Id", "Created", "Scope", "ConfigFrom", "ConfigOnly", "Containers", "Peers",
      "Services", "Ingress", "EnableIPv4", "Status")
    if let driver = api.takeWritten("Driver"), driver.text != "overlay" {
      fields.set("driver", driver)
    }
    fields.set(
      "driver_opts",
      api.take("Options")?.without("com.docker.network.driver.overlay.vxlanid_list"))
    if let ipam = api.take("IPAM") { fields.set("ipam", addressing(ipam)) }
    fields.set("internal", api.takeWritten("Internal"))
    fields.set("attachable", api.takeWritten("Attachable"))
    fields.set("labels", api.take("Labels")?.without(Snapshot.namespaceLabel))
    warn("network \(network["Name"]?.text ?? "")", api.left)
  }

  /// The subnets, but for those that the engine takes from its own pool: these nobody wrote.
  private func addressing(_ ipam: Node) -> Node? {
    var fields = DocumentFields()
    if let driver = ipam["Driver"], let name = driver.text, !name.isEmpty, name != "default" {
      fields.set("driver", driver)
    }
    let subnets = (ipam["Config"]?.items ?? []).compactMap { $0["Subnet"] }
      .filter { $0.text.map { !$0.hasPrefix("10.0.") || !$0.hasSuffix(".0/24") } ?? false }
    if !subnets.isEmpty {
      fields.set(
        "config",
        Node(
          .sequence(
            subnets.map { Node(.mapping([Entry("subnet", $0, at: $0.mark)]), at: $0.mark) }),
          at: ipam.mark))
    }
    return fields.written(like: ipam)
  }

  // MARK: Volumes

  /// The key of a named volume: what the mount says of it is its definition, as each node makes it on first use.
  mutating func volumeKey(_ source: Node, _ options: Node?) -> String {
    let name = source.text ?? ""
    if let key = volumes.keys[name] { return key }
    let isOwn = !isScoped || options?["Labels"]?[Snapshot.namespaceLabel]?.text == stack
    let key = volumes.key(for: name, preferring: isOwn ? short(name) : name)
    var fields = DocumentFields()
    if isOwn {
      fields.set("name", ownName(name, key, like: source))
      var driver = options?["DriverConfig"]
      if !isScoped, driver == nil {
        // Without a stack, a volume is often made by hand before the service.
        driver = snapshot.volume(name).map { volume in
          Node(
            .mapping(
              (volume.entries ?? []).map { entry in
                Entry(entry.key == "Driver" ? "Name" : entry.key, entry.value, at: entry.keyMark)
              }.filter { ["Name", "Options"].contains($0.key) }.filter { entry in
                entry.key == "Options" || volume["Driver"]?.text == entry.value.text
              }), at: volume.mark)
        }
      }
      if let text = driver?["Name"], text.text?.isEmpty == false { fields.set("driver", text) }
      fields.set("driver_opts", driver?["Options"]?.without())
      fields.set("labels", options?["Labels"]?.without(Snapshot.namespaceLabel))
    } else {
      fields.set("name", .string(name, like: source))
      fields.set("external", .bool(true, like: source))
    }
    volumes.entries.append(Entry(key, fields.node(like: source), at: source.mark))
    return key
  }

  // MARK: Configs and secrets

  /// The key of a config. Its content is known, whoever made it, so that none is external.
  mutating func configKey(_ name: String, at place: Node) -> String {
    if let key = configs.keys[name] { return key }
    let config = snapshot.config(name)
    let key = configs.key(
      for: name, preferring: config.flatMap(Snapshot.stack) == stack ? short(name) : name)
    let origin = config?["Spec"] ?? place
    var fields = DocumentFields()
    fields.set("name", ownName(name, key, like: origin))
    if let config {
      let path = "configs/\(key)"
      files[path] = config["Spec"]?["Data"]?.text.flatMap { Base64.decode($0.utf8.span) } ?? []
      fields.set("file", .string(path, like: config["Spec"]?["Data"] ?? origin))
      readObject(config, "config \(name)", into: &fields)
    } else {
      fields.set("external", .bool(true, like: origin))
    }
    configs.entries.append(Entry(key, fields.node(like: origin), at: origin.mark))
    return key
  }

  /// The key of a secret. Its value is in the Swarm, which gives it to tasks only.
  mutating func secretKey(_ name: String, at place: Node) -> String {
    if let key = secrets.keys[name] { return key }
    let secret = snapshot.secret(name)
    let isOwn = !isScoped || secret.flatMap(Snapshot.stack) == stack
    let key = secrets.key(for: name, preferring: isOwn ? short(name) : name)
    let origin = secret?["Spec"] ?? place
    var fields = DocumentFields()
    if isOwn, let secret {
      fields.set("name", ownName(name, key, like: origin))
      let driver = secret["Spec"]?["Driver"]
      if let text = driver?["Name"], text.text?.isEmpty == false {
        fields.set("driver", text)
        fields.set("driver_opts", driver?["Options"]?.without())
      } else {
        fields.set("file", .string("secrets/\(key)", like: origin))
      }
      readObject(secret, "secret \(name)", into: &fields)
    } else {
      fields.set("name", .string(name, like: origin))
      fields.set("external", .bool(true, like: origin))
    }
    secrets.entries.append(Entry(key, fields.node(like: origin), at: origin.mark))
    return key
  }

  private mutating func readObject(
    _ object: Node, _ what: String, into fields: inout DocumentFields
  ) {
    var api = APIFields(object["Spec"])
    api.skip("Name", "Data", "Driver")
    fields.set("labels", api.take("Labels")?.without(Snapshot.namespaceLabel))
    if let template = api.take("Templating") { fields.set("template_driver", template["Name"]) }
    warn(what, api.left)
  }
}
