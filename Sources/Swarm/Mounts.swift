package import YAML

/// A mount of a service, in long form.
package struct Mount: Sendable {
  package enum Kind: String, Sendable { case volume, bind, tmpfs, npipe, cluster, image }

  package let kind: Kind
  /// The volume's key or the host's path; nil for anonymous volumes and tmpfs.
  package let source: String?
  /// The path in the container, cleaned; a Windows path stays as it is.
  package var target: String
  package let readOnly: Bool
  /// The item under `services.NAME.volumes`.
  package let node: Node

  init?(_ node: Node) {
    guard let target = node["target"]?.text ?? node["source"]?.text else { return nil }
    kind = Kind(rawValue: node["type"]?.text ?? "volume") ?? .volume
    source = node["source"]?.text.flatMap { $0.isEmpty ? nil : $0 }
    self.target = Self.isWindows(target) ? target : cleanPath("/" + target)
    readOnly = node["read_only"]?.bool ?? false
    self.node = node
  }

  /// `C:\data` or `\\.\pipe\name`.
  private static func isWindows(_ path: String) -> Bool {
    let bytes = Array(path.utf8.prefix(3))
    if bytes.starts(with: [0x5C, 0x5C]) { return true }
    guard bytes.count > 1, bytes[1] == UInt8(ascii: ":") else { return false }
    let letter = bytes[0] | 0x20
    return letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z")
  }

  /// The part of the volume that is mounted, relative; nil for all of it.
  package var subpath: String? {
    node["volume"]?["subpath"]?.text.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Whether a new volume stays empty instead of being filled from the image.
  package var staysEmpty: Bool { node["volume"]?["nocopy"]?.bool ?? false }

  /// The size of a tmpfs in bytes; nil for no limit.
  package var tmpfsSize: Int? { node["tmpfs"]?["size"]?.int.flatMap { $0 > 0 ? $0 : nil } }

  /// The mode of a bind's propagation; `rprivate` where nothing is written.
  package var propagation: Setting<String> {
    Setting(node["bind"]?["propagation"], default: "rprivate") { $0.text }
  }
}

extension Service {
  package var mounts: [Mount] { (node["volumes"]?.items ?? []).compactMap(Mount.init) }
}
