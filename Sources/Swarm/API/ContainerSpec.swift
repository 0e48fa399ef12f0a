import YAML

extension Stack {
  /// `TaskTemplate.ContainerSpec`.
  func containerSpec(of service: Service) -> JSON {
    let node = service.node
    return .object { spec in
      spec.set("Image", service.image?.text.map(ImageReference.familiar))
      spec.set("Labels", labels(node["labels"]))
      spec.set("Command", Self.words(node["entrypoint"]))
      spec.set("Args", Self.words(node["command"]))
      spec.set("Hostname", node["hostname"]?.text)
      spec.set("Env", Self.environment(node["environment"]))
      spec.set("Dir", node["working_dir"]?.text)
      spec.set("User", node["user"]?.text)
      spec.set("Privileges", privileges(node["credential_spec"]))
      spec.set("Init", node["init"]?.bool)
      spec.set("StopSignal", node["stop_signal"]?.text)
      spec.set("TTY", Self.flag(node["tty"]))
      spec.set("OpenStdin", Self.flag(node["stdin_open"]))
      spec.set("ReadOnly", Self.flag(node["read_only"]))
      let mounts = service.mounts.map(mount)
      if !mounts.isEmpty { spec.set("Mounts", .array(mounts)) }
      spec.set("StopGracePeriod", service.stopGracePeriod.value.nanoseconds)
      spec.set("Healthcheck", service.healthcheck?.apiObject)
      spec.set("Hosts", Self.hosts(node["extra_hosts"]))
      spec.set(
        "DNSConfig",
        .object {
          $0.set("Nameservers", Self.words(node["dns"]))
          $0.set("Search", Self.words(node["dns_search"]))
        })
      spec.set("Secrets", references(service.secretReferences, .secret))
      let runtime = node["credential_spec"]?["config"]?.text
      spec.set("Configs", references(service.configReferences, .config, runtime: runtime))
      spec.set("Isolation", node["isolation"]?.text ?? "default")
      spec.set("Sysctls", Self.map(node["sysctls"]))
      let capabilities = service.capabilities
      spec.set("CapabilityAdd", Self.capabilities(capabilities.add))
      spec.set("CapabilityDrop", Self.capabilities(capabilities.drop))
      spec.set("Ulimits", Self.ulimits(node["ulimits"]))
    }
  }

  private static func flag(_ node: Node?) -> Bool? { node?.bool == true ? true : nil }

  private static func words(_ node: Node?) -> JSON? {
    guard let items = node?.items, !items.isEmpty else { return nil }
    return .strings(items.map { $0.text ?? "" })
  }

  /// `NAME=value`, sorted as whole texts; a name alone is a variable that the client did not have.
  private static func environment(_ node: Node?) -> JSON? {
    guard let entries = node?.entries, !entries.isEmpty else { return nil }
    let lines = entries.map { entry in
      entry.value.isNull ? entry.key : "\(entry.key)=\(entry.value.text ?? "")"
    }
    return .strings(lines.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  }

  /// SwarmKit wants `address host`, the other way round.
  private static func hosts(_ node: Node?) -> JSON? {
    guard let items = node?.items, !items.isEmpty else { return nil }
    return .strings(
      items.compactMap { item in
        guard let text = item.text, let colon = text.firstIndex(of: ":") else { return nil }
        return "\(text[text.index(after: colon)...]) \(text[..<colon])"
      })
  }

  private func privileges(_ credentials: Node?) -> JSON {
    .object { object in
      if let credentials, credentials.entries?.isEmpty == false {
        object.set(
          "CredentialSpec",
          .object {
            let config = credentials["config"]?.text
            $0.set("Config", config.map { self.config($0)?.name ?? "\(name)_\($0)" } ?? "")
            $0.set("File", credentials["file"]?.text ?? "")
            $0.set("Registry", credentials["registry"]?.text ?? "")
          })
      } else {
        object.set("CredentialSpec", JSON.null)
      }
      object.set("SELinuxContext", JSON.null)
      object.set("NoNewPrivileges", false)
    }
  }

  private static func capabilities(_ names: [String]) -> JSON? {
    names.isEmpty ? nil : .strings(names.map { $0 == "ALL" ? $0 : "CAP_\($0)" })
  }

  private static func ulimits(_ node: Node?) -> JSON? {
    guard let entries = node?.entries, !entries.isEmpty else { return nil }
    let sorted = entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    return .array(
      sorted.map { entry in
        .object {
          $0.set("Name", entry.key)
          $0.set("Hard", entry.value.int ?? entry.value["hard"]?.int ?? 0)
          $0.set("Soft", entry.value.int ?? entry.value["soft"]?.int ?? 0)
        }
      })
  }
}

extension ImageReference {
  /// A reference as the client sends it: Docker's own registry is left out, and a name alone gets `:latest`.
  ///
  /// Source: distribution/reference `FamiliarString`, `TagNameOnly`. A text that is no reference stays as it is.
  package static func familiar(_ text: String) -> String {
    guard let reference = try? ImageReference(text) else { return text }
    var name = reference.repository
    let isDockers =
      reference.registry == nil || ["docker.io", "index.docker.io"].contains(reference.registry)
    if isDockers {
      if name.hasPrefix("library/") {
        let rest = name.dropFirst("library/".utf8.count)
        if !rest.contains("/") { name = String(rest) }
      }
    } else if let registry = reference.registry {
      name = "\(registry)/\(name)"
    }
    if let tag = reference.tag { name += ":\(tag)" }
    if let digest = reference.digest { name += "@\(digest)" }
    return reference.tag == nil && reference.digest == nil ? "\(name):latest" : name
  }
}
