package import Stack
package import YAML

/// A config or a secret: a file that Swarm stores and mounts.
package struct FileObject: Sendable {
  package enum Kind: String, Sendable { case config, secret }

  /// Where the content comes from.
  package enum Source: Sendable {
    /// Made outside the stack.
    case external
    /// Read from a file beside the stack. The path is as resolved against the stack's folder.
    case file(path: String, Result<[UInt8], FileProblem>)
    /// Kept by a secret driver or otherwise without content of its own in the stack.
    case driver(String)
  }

  package let kind: Kind
  /// The key under `configs:` or `secrets:`.
  package let key: String
  /// The engine's name.
  package let name: String
  package let source: Source
  package let node: Node

  package var isExternal: Bool {
    if case .external = source { true } else { false }
  }

  /// The bytes, where the stack has them.
  package var content: [UInt8]? {
    if case .file(_, .success(let bytes)) = source { bytes } else { nil }
  }

  /// The file that the content comes from, as resolved against the stack's folder.
  package var path: String? {
    if case .file(let path, _) = source, !path.isEmpty { path } else { nil }
  }

  /// `golang` makes the engine expand the content for each task. Source: swarmkit `template/getter.go`.
  package var templateDriver: Node? { node["template_driver"].flatMap { $0.text == "" ? nil : $0 } }

  static func all(_ kind: Kind, stack: String, root: Node, files: Files) -> [FileObject] {
    (root[kind == .config ? "configs" : "secrets"]?.entries ?? []).map { entry in
      let node = entry.value
      let scoped = ScopedName(stack: stack, key: entry.key, node: node)
      let source: Source
      if scoped.isExternal {
        source = .external
      } else if let driver = node["driver"]?.text, !driver.isEmpty {
        source = .driver(driver)
      } else {
        let path = node["file"]?.text ?? ""
        source = .file(path: path, files.read(path))
      }
      return FileObject(
        kind: kind, key: entry.key, name: scoped.name, source: source, node: node)
    }
  }
}

/// A service's use of a config or secret.
package struct FileReference: Sendable {
  /// The key of the config or secret in the stack.
  package let source: String
  /// Where it is mounted, absolute and cleaned: configs default to `/NAME`, secrets to `/run/secrets/NAME`; a relative
  /// target is relative to `/` for configs and to `/run/secrets` for secrets.
  package let target: Setting<String>
  package let uid: Setting<String>
  package let gid: Setting<String>
  /// Permission bits; 0444 where nothing is written.
  package let mode: Setting<Int>
  /// The item under `services.NAME.configs` or `.secrets`.
  package let node: Node

  init?(_ kind: FileObject.Kind, _ node: Node) {
    guard let source = node["source"]?.text else { return nil }
    self.source = source
    let base = kind == .config ? "/" : "/run/secrets/"
    func absolute(_ path: String) -> String { cleanPath(path.hasPrefix("/") ? path : base + path) }
    target = Setting(node["target"], default: absolute(source)) { node in
      node.text.flatMap { $0.isEmpty ? nil : absolute($0) }
    }
    uid = Setting(node["uid"], default: "0") { $0.text }
    gid = Setting(node["gid"], default: "0") { $0.text }
    mode = Setting(node["mode"], default: 0o444) { $0.int }
    self.node = node
  }
}

extension Service {
  package var configReferences: [FileReference] {
    (node["configs"]?.items ?? []).compactMap { FileReference(.config, $0) }
  }

  package var secretReferences: [FileReference] {
    (node["secrets"]?.items ?? []).compactMap { FileReference(.secret, $0) }
  }
}
