import Ledger
package import Swarm

/// Which of the files that lie beside the stack and are bound into a service are its configuration, and which are data.
package enum BoundFiles {
  /// Whether content from the stack's folder is carried along in the manifests. A file is; a folder is unless it is empty or
  /// the service keeps its data there.
  package static func isConfiguration(_ content: BoundContent, _ mount: Mount) -> Bool {
    switch content {
    case .file(let file): !file.path.hasPrefix("..")
    case .directory(let files):
      // The API server allows no item of a volume whose path begins with two dots.
      !files.contains { $0.path.hasPrefix("..") } && files.contains { !isKeeper($0.path) }
        && (mount.readOnly || !isDataFolder(mount.target))
    case .tooLarge, .unreadable: false
    }
  }

  /// An empty file that only makes git keep a folder.
  private static func isKeeper(_ path: String) -> Bool {
    switch lastPart(path) {
    case ".gitkeep", ".keep", ".gitignore", ".DS_Store": true
    default: false
    }
  }

  /// Where programs keep what they write.
  private static func isDataFolder(_ target: String) -> Bool {
    let folders = [
      "/var/lib/", "/var/log/", "/var/cache/", "/var/spool/", "/var/backups/", "/data/", "/backup/",
      "/backups/", "/db/", "/logs/", "/cache/", "/tmp/",
    ]
    let path = target + "/"
    return folders.contains { path.hasPrefix($0) } || path.hasSuffix("/data/")
      || path.hasSuffix("/uploads/") || path.hasSuffix("/logs/")
  }

  /// Whether a file's name says that it holds a secret.
  package static func looksSecret(_ path: String) -> Bool {
    let name = lastPart(path).lowercased()
    let endings = [
      ".pem", ".key", ".env", ".p12", ".pfx", ".jks", ".keystore", ".htpasswd", ".pgpass",
    ]
    if endings.contains(where: { name.hasSuffix($0) }) { return true }
    if name.hasPrefix(".env.") || name.hasPrefix("id_") && !name.hasSuffix(".pub") { return true }
    switch name {
    case "acme.json", ".htpasswd", "htpasswd", ".netrc", "credentials", "credentials.json",
      ".dockerconfigjson", "kubeconfig":
      return true
    default:
      return ["password", "passwd", "secret", "token"].contains {
        name.hasPrefix($0) || name.hasSuffix($0) || name.hasSuffix($0 + ".txt")
      }
    }
  }
}
