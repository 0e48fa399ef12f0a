package import Swarm
package import YAML

/// A Dockerfile to look at, and how its image is built.
package struct Build: Sendable {
  /// The Dockerfile's path as it is read.
  package let path: String
  /// The folder that is sent to the builder.
  package let context: String
  package let target: String?
  package let arguments: [String: String]
  /// The stack's key that says so; nil where no stack does.
  package let key: KeyID?
  /// The services whose image it is.
  package internal(set) var uses: [ServiceUse]

  package init(
    path: String, context: String, target: String? = nil, arguments: [String: String] = [:],
    key: KeyID? = nil, uses: [ServiceUse] = []
  ) {
    self.path = path
    self.context = context
    self.target = target
    self.arguments = arguments
    self.key = key
    self.uses = uses
  }

  /// Reads the Dockerfile and what lies in its context.
  ///
  /// - Parameters:
  ///   - shown: The name under which messages quote it.
  ///   - readsContext: Whether the context may be looked at.
  package func subject(
    _ bytes: [UInt8], shown: String, files: Files, readsContext: Bool
  ) -> Subject {
    Subject(
      Dockerfile(path: shown, bytes: bytes, arguments: arguments), target: target,
      context: readsContext ? BuildContext(context, dockerfile: path, files: files) : nil,
      uses: uses)
  }
}

/// The builds of a stack's services: `build`, with its context below the stack's folder. What is built from a repository
/// elsewhere cannot be looked at, and is left out.
///
/// - Parameter folder: The stack's folder as it is to be shown, with the last slash; empty for the working directory.
package func builds(of stack: Swarm.Stack, folder: String) -> [Build] {
  var result: [Build] = []
  var positions: [String: [Int]] = [:]
  for service in stack.services {
    guard let build = service.node["build"], let context = build["context"]?.text ?? build.text,
      !context.contains("://"), !context.hasPrefix("git@"), !context.hasPrefix("github.com/"),
      build["dockerfile_inline"] == nil
    else { continue }
    let place = joined(folder, context)
    let path = joined(place.isEmpty ? "" : place + "/", build["dockerfile"]?.text ?? "Dockerfile")
    let target = build["target"]?.text
    let arguments = buildArguments(build)
    let use = ServiceUse(service)
    let same = positions[path]?.first {
      result[$0].target == target && result[$0].arguments == arguments
    }
    if let same {
      result[same].uses.append(use)
    } else {
      positions[path, default: []].append(result.count)
      result.append(
        Build(
          path: path, context: place.isEmpty ? "." : place, target: target, arguments: arguments,
          key: build.id, uses: [use]))
    }
  }
  return result
}

/// `build.args` whose values are known.
func buildArguments(_ build: Node) -> [String: String] {
  var arguments: [String: String] = [:]
  for entry in build["args"]?.entries ?? [] {
    if let value = entry.value.text { arguments[entry.key] = value }
  }
  return arguments
}

/// A path from a folder, `.` and `..` resolved as far as they can be.
private func joined(_ folder: String, _ path: String) -> String {
  let whole = path.hasPrefix("/") ? path : folder + path
  var parts: [Substring] = []
  for part in whole.split(separator: "/") where part != "." {
    if part == "..", let last = parts.last, last != ".." {
      parts.removeLast()
    } else {
      parts.append(part)
    }
  }
  return (whole.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
}

extension ServiceUse {
  /// What a stack says of a service, as far as it concerns the image.
  package init(_ service: Service) {
    var isChecked = false
    switch service.healthcheck?.test {
    case .exec, .shell, .disabled: isChecked = true
    case .image, .unknown, nil: break
    }
    self.init(
      name: service.name, user: service.node["user"]?.text, hasHealthcheck: isChecked,
      mounts: service.mounts.map(\.target), hasEntrypoint: service.node["entrypoint"] != nil,
      hasCommand: service.node["command"] != nil)
  }
}

/// The Dockerfiles in a folder and below it, sorted: `Dockerfile`, `Dockerfile.prod`, `web.Dockerfile`, `Containerfile`.
package func dockerfiles(in folder: String, files: Files) -> [String] {
  var found: [String] = []
  var folders = [(path: folder, depth: 0)]
  while let (path, depth) = folders.popLast() {
    for entry in files.entries(path) {
      let child = path == "." ? entry.name : "\(path)/\(entry.name)"
      if entry.isFolder {
        if depth < maximumDepth, !BuildContext.closed.contains(entry.name) {
          folders.append((child, depth + 1))
        }
      } else if isDockerfile(entry.name), !entry.isLink || files.kind(child) == .file {
        found.append(child)
      }
    }
  }
  return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

private let maximumDepth = 40

/// Whether a file's name says that it is a Dockerfile.
package func isDockerfile(_ name: String) -> Bool {
  let lower = name.lowercased()
  let other = [
    ".dockerignore", ".md", ".txt", ".j2", ".tmpl", ".template", ".erb", ".orig", ".bak",
  ]
  if other.contains(where: { lower.hasSuffix($0) }) { return false }
  return lower == "dockerfile" || lower == "containerfile" || lower.hasPrefix("dockerfile.")
    || lower.hasPrefix("dockerfile-") || lower.hasSuffix(".dockerfile")
}

extension BuildContext {
  /// Folders that are not looked into: their name says enough.
  static let closed: Set<String> = [
    ".git", ".hg", ".svn", "node_modules", ".venv", "venv", "__pycache__", ".terraform", ".gradle",
    ".idea", ".vscode",
  ]

  /// Enough to say what kind of things lie there.
  private static let maximumPaths = 5000

  /// Lists a folder. The Dockerfile's own ignore file (`Dockerfile.dockerignore`) goes before `.dockerignore`.
  package init(_ folder: String, dockerfile: String, files: Files) {
    var paths: [String] = []
    var folders: [(path: String, relative: String, depth: Int)] = [(folder, "", 0)]
    while let (path, relative, depth) = folders.popLast(), paths.count < Self.maximumPaths {
      // The builder is sent links as they are, so they are not gone through.
      for entry in files.entries(path) {
        if entry.isFolder {
          paths.append("\(relative)\(entry.name)/")
          if depth < 12, !Self.closed.contains(entry.name) {
            let child = path == "." ? entry.name : "\(path)/\(entry.name)"
            folders.append((child, "\(relative)\(entry.name)/", depth + 1))
          }
        } else {
          paths.append(relative + entry.name)
        }
      }
    }
    paths.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let own = "\(dockerfile).dockerignore"
    if case .success(let bytes) = files.read(own) {
      let name = own.split(separator: "/").last.map(String.init) ?? own
      self.init(paths: paths, ignoreFile: bytes, ignoreName: name)
      return
    }
    let shared = folder == "." ? ".dockerignore" : "\(folder)/.dockerignore"
    if case .success(let bytes) = files.read(shared) {
      self.init(paths: paths, ignoreFile: bytes)
    } else {
      self.init(paths: paths, ignoreFile: nil)
    }
  }
}
