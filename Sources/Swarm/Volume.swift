package import YAML

/// A named volume that the stack creates or refers to.
package struct Volume: Sendable {
  /// The key under `volumes:`.
  package let key: String
  /// The engine's name: `shop_data`, or the external volume's own name.
  package let name: String
  package let isExternal: Bool
  /// `local` unless written otherwise.
  package let driver: Setting<String>
  /// The mapping under `volumes.KEY`; may be null.
  package let node: Node

  static func all(stack: String, root: Node) -> [Volume] {
    (root["volumes"]?.entries ?? []).map { Volume(stack: stack, key: $0.key, node: $0.value) }
  }

  init(stack: String, key: String, node: Node) {
    let scoped = ScopedName(stack: stack, key: key, node: node)
    self.key = key
    self.name = scoped.name
    self.isExternal = scoped.isExternal
    self.driver = Setting(node["driver"], default: "local") { node in
      node.text.flatMap { $0.isEmpty ? nil : $0 }
    }
    self.node = node
  }

  /// An option of the driver, as text.
  package func option(_ name: String) -> String? { node["driver_opts"]?[name]?.text }

  package var clusterSpec: Node? {
    node["x-cluster-spec"].flatMap { $0.entries == nil ? nil : $0 }
  }
}

extension Volume {
  /// What the `local` driver mounts: its options are those of `mount(8)`. Source: moby `volume/local`.
  package enum LocalStorage: Sendable {
    /// A folder of the node, under the engine's own: each node has its own data.
    case folder
    case nfs(server: String, path: String, options: [String])
    /// A Windows share, `//server/share`.
    case smb(source: String, options: [String])
    /// A given path of the node.
    case bind(path: String)
    /// Memory.
    case memory(size: String?)
    /// A device or file system that is mounted as it is.
    case device(type: String, device: String)
    /// An NFS or SMB mount without the parts that it needs.
    case incomplete(missing: String)
  }

  package var localStorage: LocalStorage {
    let type = option("type") ?? ""
    let device = option("device") ?? ""
    let options = (option("o") ?? "").split(separator: ",").map {
      String($0.drop { $0 == " " })
    }
    func value(_ key: String) -> String? {
      options.first { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.utf8.count + 1)) }
    }
    if options.contains("bind") || options.contains("rbind") {
      return device.hasPrefix("/") ? .bind(path: cleanPath(device)) : .incomplete(missing: "device")
    }
    switch type.lowercased() {
    case "": return device.isEmpty ? .folder : .device(type: "none", device: device)
    case "nfs", "nfs3", "nfs4":
      guard
        let colon = device.firstRange(of: ":/")
          ?? (device.hasPrefix("/") ? device.startIndex..<device.startIndex : nil)
      else { return .incomplete(missing: "device") }
      let host = device[..<colon.lowerBound]
      let path = device[colon.lowerBound...].drop { $0 == ":" }
      guard let server = value("addr") ?? (host.isEmpty ? nil : String(host)), !server.isEmpty
      else {
        return .incomplete(missing: "addr")
      }
      var rest = options.filter { !$0.hasPrefix("addr=") }
      let hasVersion = rest.contains { $0.hasPrefix("nfsvers=") || $0.hasPrefix("vers=") }
      if type.lowercased() != "nfs", !hasVersion {
        rest.insert("nfsvers=\(type.lowercased() == "nfs4" ? "4" : "3")", at: 0)
      }
      return .nfs(server: server, path: cleanPath(String(path)), options: rest)
    case "cifs", "smb3":
      let source = String(device.map { $0 == "\\" ? "/" : $0 })
      guard source.hasPrefix("//") else { return .incomplete(missing: "device") }
      return .smb(source: source, options: options)
    case "tmpfs": return .memory(size: value("size"))
    default: return .device(type: type, device: device)
    }
  }

  /// Whether each node that runs a task has data of its own under this name.
  package var isNodeLocal: Bool {
    guard !isExternal, driver.value == "local", clusterSpec == nil else { return false }
    if case .folder = localStorage { return true }
    return false
  }

  /// Whether each task slot has data of its own: the name holds `{{.Task.Slot}}`.
  package var isPerSlot: Bool {
    mentions(".Task.Slot") || mentions(".Task.ID") || mentions(".Task.Name")
  }
  /// Whether each service has data of its own: the name holds `{{.Service.Name}}`.
  package var isPerService: Bool { mentions(".Service.") }

  private func mentions(_ field: String) -> Bool {
    guard name.utf8.contains(UInt8(ascii: "{")) else { return false }
    return name.contains(field) && name.contains("{{")
  }
}
