import Stack
import YAML

/// What a bind mount takes from the stack's own folder.
///
/// On a Swarm such a file has to be on every node, put there by other means; the stack's folder holds the copy that the
/// team edits. Only small content is read: what is larger than a ConfigMap can hold stays a path on the node.
package enum BoundContent: Sendable {
  package struct File: Sendable {
    /// Relative to the source of the mount; the file's own name for a single file.
    package let path: String
    package let bytes: [UInt8]

    /// Begins with `#!`, so it is meant to be run.
    package var isScript: Bool { bytes.starts(with: [0x23, 0x21]) }
  }

  case file(File)
  /// All files below a directory, in the order of their paths.
  case directory([File])
  /// More than a ConfigMap holds.
  case tooLarge
  /// There is something, and it cannot be read.
  case unreadable(reason: String)

  /// The most that a ConfigMap or Secret can hold. Source: k8s.io/api `core/v1`, `MaxSecretSize`.
  package static let maximumSize = 1 << 20
  /// More files than this are no configuration.
  private static let maximumCount = 256
  private static let maximumDepth = 8

  package var files: [File] {
    switch self {
    case .file(let file): [file]
    case .directory(let files): files
    case .tooLarge, .unreadable: []
    }
  }

  /// Reads what the services bind from inside the folder. The folder itself is left alone: it holds the stack file, and
  /// mostly the program's source.
  static func all(_ services: [Service], folder: String, files: Files) -> [String: BoundContent] {
    guard !folder.isEmpty else { return [:] }
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    var result: [String: BoundContent] = [:]
    for service in services {
      for item in service.node["volumes"]?.items ?? [] where item["type"]?.text == "bind" {
        guard let source = item["source"]?.text, source.hasPrefix(prefix),
          source.utf8.count > prefix.utf8.count, result[source] == nil
        else { continue }
        switch files.kind(source) {
        case .missing: continue
        case .file: result[source] = readFile(source, files)
        case .directory: result[source] = readDirectory(source, files)
        }
      }
    }
    return result
  }

  private static func readFile(_ path: String, _ files: Files) -> BoundContent {
    switch files.read(path) {
    case .success(let bytes):
      bytes.count > maximumSize ? .tooLarge : .file(File(path: lastPart(path), bytes: bytes))
    case .failure(let problem): .unreadable(reason: problem.reason)
    }
  }

  private static func readDirectory(_ path: String, _ files: Files) -> BoundContent {
    var found: [File] = []
    var size = 0
    var visited = 0
    /// Gives the reason to stop, if there is one.
    func walk(_ folder: String, _ relative: String, depth: Int) -> BoundContent? {
      guard depth <= maximumDepth else { return .tooLarge }
      for entry in files.entries(folder) {
        visited += 1
        guard visited <= 4 * maximumCount else { return .tooLarge }
        let name = entry.name
        let path = "\(folder)/\(name)"
        let place = relative.isEmpty ? name : "\(relative)/\(name)"
        switch entry.isLink ? files.kind(path) : entry.isFolder ? .directory : .file {
        case .missing: continue
        case .directory:
          // A repository is no configuration.
          if name == ".git" { return .tooLarge }
          if let stop = walk(path, place, depth: depth + 1) { return stop }
        case .file:
          switch files.read(path) {
          case .success(let bytes):
            size += bytes.count
            found.append(File(path: place, bytes: bytes))
            if size > maximumSize || found.count > maximumCount { return .tooLarge }
          case .failure(let problem): return .unreadable(reason: "\(place) \(problem.reason)")
          }
        }
      }
      return nil
    }
    return walk(path, "", depth: 0) ?? .directory(found)
  }
}
