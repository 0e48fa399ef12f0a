import Basics
import Diagnostics
package import Kubernetes
package import Ledger
import Proxies
import Stack
package import Swarm
import YAML

/// A ConfigMap or Secret that holds files of a stack, whoever makes it.
package struct FileBundle: Sendable {
  package enum Kind: Sendable {
    case configMap, secret

    /// The kind of the object.
    package var name: String { self == .secret ? Secret.kind : ConfigMap.kind }
  }

  package struct File: Sendable {
    /// The entry in the object.
    package var key: String
    /// The relative path where a whole bundle is mounted; the key for a single file.
    package var path: String
    package var bytes: [UInt8]
    package var isScript = false
  }

  /// Why no manifest is written.
  package enum Absence: Sendable, Hashable {
    /// Made outside the stack.
    case external
    /// Its file is not beside the stack, or cannot be read; with a reason where it may not be.
    case missing(path: String, reason: String?)
    /// A secret of a running Swarm, which gives its value to tasks only.
    case held
    /// The engine asks a plugin for it.
    case driver(String)
    /// `--secrets` says that no manifest holds values.
    case omitted(path: String)
    /// Its template has parts that only a task knows.
    case template(reason: String, path: String)
    /// Its template expands to more than 1 MiB. Files that large are refused beforehand.
    case tooLarge(bytes: Int)
  }

  package let kind: Kind
  package let name: ObjectName
  package let files: [File]
  package let absence: Absence?
  /// What a secret store calls the content: the engine's name of the secret, or that of the file.
  package var remoteName = ""
  /// Host names of services that the files hold and that are others in Kubernetes.
  package var hosts: [HostReplacement] = []

  /// The entry of a bundle that holds one file.
  package var key: String { files.first?.key ?? "content" }
  /// All bytes of the contents.
  package var size: Int { files.reduce(0) { $0 + $1.bytes.count } }
}

/// The ConfigMaps and Secrets of one stack: what its configs, its secrets and the files that it binds become.
///
/// Configs and secrets are immutable in Swarm, and so are these: the name ends in a hash of the content, so that new content
/// is a new object and the pods that use it are replaced.
package struct FileBundles: Sendable {
  /// By key.
  package private(set) var configs: [String: FileBundle] = [:]
  package private(set) var secrets: [String: FileBundle] = [:]
  /// By source.
  package private(set) var binds: [String: FileBundle] = [:]
  /// What a template gives for one service: kind and key, then the service's name.
  private var rendered: [String: [String: FileBundle]] = [:]
  /// The bundles that are written, in the order of the stack, each once.
  package private(set) var written: [(key: String, kind: FileObject.Kind?, bundle: FileBundle)] = []

  /// Bound files that hold secrets and have no manifest, in the order of the stack.
  package private(set) var unwrittenBinds: [FileBundle] = []

  private var taken = Set<String>()
  private var position: [String: Int] = [:]
  private let hosts: FileHosts

  package init(_ stack: Swarm.Stack, _ options: Options, shared: SharedFiles, hosts: FileHosts) {
    self.hosts = hosts
    let templates = Self.users(stack)
    for object in stack.configs {
      let made = add(object, stack, options, shared, users: templates[object.key.asConfig] ?? [])
      configs[object.key] = made
    }
    for object in stack.secrets {
      let made = add(object, stack, options, shared, users: templates[object.key.asSecret] ?? [])
      secrets[object.key] = made
    }
    addBinds(stack, options)
  }

  /// The bundle of a config or secret as one service sees it.
  package func bundle(
    _ kind: FileObject.Kind, _ key: String, for service: Swarm.Service
  ) -> FileBundle? {
    if let own = rendered[kind == .config ? key.asConfig : key.asSecret]?[service.name] {
      return own
    }
    return kind == .config ? configs[key] : secrets[key]
  }

  // MARK: Configs and secrets

  private mutating func add(
    _ object: FileObject, _ stack: Swarm.Stack, _ options: Options, _ shared: SharedFiles,
    users: [Swarm.Service]
  ) -> FileBundle {
    let kind: FileBundle.Kind = object.kind == .config ? .configMap : .secret
    let base = object.isExternal ? object.name : object.node["name"]?.text ?? object.key
    func absent(_ why: FileBundle.Absence, key: String) -> FileBundle {
      FileBundle(
        kind: kind, name: unique(ObjectName.folding(base), kind),
        files: [FileBundle.File(key: key, path: key, bytes: [])], absence: why,
        remoteName: object.name)
    }
    // Another stack of the run may make what this one calls external.
    let source = object.isExternal ? shared.object(object.kind, object.name) ?? object : object
    let key = Self.key(source.path.map(lastPart) ?? base)
    switch source.source {
    case .external: return absent(.external, key: key)
    case .driver(let driver): return absent(.driver(driver), key: key)
    case .file(_, .failure(let problem)) where problem.isHeldBySwarm:
      return absent(.held, key: key)
    case .file(let path, .failure(let problem)):
      let reason = problem.isRefused ? problem.reason : nil
      return absent(.missing(path: stack.shown(path), reason: reason), key: key)
    case .file(let path, .success(let bytes)):
      let isOmitted = kind == .secret && options.secrets != .inline
      if let driver = source.templateDriver?.text {
        guard driver == "golang" else {
          return absent(
            .template(reason: "its driver is \(driver)", path: stack.shown(path)), key: key)
        }
        return render(
          object, bytes, key, path: stack.shown(path), base, stack, options, users: users)
      }
      if isOmitted { return absent(.omitted(path: stack.shown(path)), key: key) }
      let (text, found) =
        kind == .configMap
        ? hosts.rewrite(bytes, of: hosts.readers.configs[object.key]) : (bytes, [])
      return write(
        kind, base, [FileBundle.File(key: key, path: key, bytes: text)], object.key, object.kind,
        hosts: found)
    }
  }

  /// A templated config: one object for each text that it has in some service.
  private mutating func render(
    _ object: FileObject, _ bytes: [UInt8], _ key: String, path: String, _ base: String,
    _ stack: Swarm.Stack, _ options: Options, users: [Swarm.Service]
  ) -> FileBundle {
    let own: FileBundle.Kind = object.kind == .config ? .configMap : .secret
    var results: [String: FileBundle] = [:]
    var plain: FileBundle?
    for service in users {
      let bundle: FileBundle
      switch ContentTemplate.render(bytes, for: service, in: stack) {
      case .text(let text, let holdsSecret):
        let kind = holdsSecret ? .secret : own
        if kind == .secret && options.secrets != .inline {
          bundle = FileBundle(
            kind: kind, name: unique(ObjectName.folding(base), kind),
            files: [FileBundle.File(key: key, path: key, bytes: [])], absence: .omitted(path: path),
            remoteName: object.name)
        } else if text.count > BoundContent.maximumSize {
          bundle = FileBundle(
            kind: kind, name: unique(ObjectName.folding(base), kind),
            files: [FileBundle.File(key: key, path: key, bytes: [])],
            absence: .tooLarge(bytes: text.count))
        } else {
          let (text, found) =
            kind == .configMap
            ? hosts.rewrite(text, of: hosts.readers.number(of: service).map { [$0] }) : (text, [])
          bundle = write(
            kind, base, [FileBundle.File(key: key, path: key, bytes: text)], object.key,
            object.kind, hosts: found)
        }
      case .unknown(let reason):
        if let plain {
          bundle = plain
        } else {
          bundle = FileBundle(
            kind: own, name: unique(ObjectName.folding(base), own),
            files: [FileBundle.File(key: key, path: key, bytes: [])],
            absence: .template(reason: reason, path: path))
          plain = bundle
        }
      }
      results[service.name] = bundle
    }
    rendered[object.kind == .config ? object.key.asConfig : object.key.asSecret] = results
    if let first = users.first, let bundle = results[first.name] { return plain ?? bundle }
    // No service uses it, so nothing is ever expanded.
    if own == .secret && options.secrets != .inline {
      return FileBundle(
        kind: own, name: unique(ObjectName.folding(base), own),
        files: [FileBundle.File(key: key, path: key, bytes: [])], absence: .omitted(path: path),
        remoteName: object.name)
    }
    return write(
      own, base, [FileBundle.File(key: key, path: key, bytes: bytes)], object.key, object.kind)
  }

  /// The services that use templated configs and secrets, by kind and key.
  private static func users(_ stack: Swarm.Stack) -> [String: [Swarm.Service]] {
    var wanted = Set<String>()
    for object in stack.configs where object.templateDriver != nil {
      wanted.insert(object.key.asConfig)
    }
    for object in stack.secrets where object.templateDriver != nil {
      wanted.insert(object.key.asSecret)
    }
    guard !wanted.isEmpty else { return [:] }
    var users: [String: [Swarm.Service]] = [:]
    for service in stack.services {
      var seen = Set<String>()
      for reference in service.configReferences where wanted.contains(reference.source.asConfig) {
        if seen.insert(reference.source.asConfig).inserted {
          users[reference.source.asConfig, default: []].append(service)
        }
      }
      for reference in service.secretReferences where wanted.contains(reference.source.asSecret) {
        if seen.insert(reference.source.asSecret).inserted {
          users[reference.source.asSecret, default: []].append(service)
        }
      }
    }
    return users
  }

  // MARK: Bound files

  private mutating func addBinds(_ stack: Swarm.Stack, _ options: Options) {
    guard !stack.boundFiles.isEmpty else { return }
    for service in stack.services {
      for mount in service.mounts where mount.kind == .bind {
        guard let source = mount.source, binds[source] == nil, !NodePaths.isWellKnown(source),
          let content = stack.boundFiles[source], BoundFiles.isConfiguration(content, mount)
        else { continue }
        var keys = Set<String>()
        var found: [HostReplacement] = []
        let files = content.files.map { file in
          var key = Self.key(file.path)
          var number = 2
          while !keys.insert(key).inserted {
            key = Self.key("\(number)-\(file.path)")
            number += 1
          }
          let isSingle = if case .file = content { true } else { false }
          let (bytes, names) =
            BoundFiles.looksSecret(file.path)
            ? (file.bytes, []) : hosts.rewrite(file.bytes, of: hosts.readers.binds[source])
          found += names.filter { !found.contains($0) }
          return FileBundle.File(
            key: key, path: isSingle ? key : file.path, bytes: bytes, isScript: file.isScript)
        }
        let kind: FileBundle.Kind =
          content.files.contains { BoundFiles.looksSecret($0.path) } ? .secret : .configMap
        let base = lastPart(source)
        if kind == .secret && options.secrets != .inline {
          let bundle = FileBundle(
            kind: kind, name: unique(ObjectName.folding(base), kind), files: files,
            absence: .omitted(path: stack.shown(source)), remoteName: "\(stack.name)_\(base)")
          binds[source] = bundle
          unwrittenBinds.append(bundle)
        } else {
          binds[source] = write(kind, base, files, source, nil, hosts: found)
        }
      }
    }
  }

  // MARK: Names

  /// A bundle with a manifest. The same content under the same name is one object.
  private mutating func write(
    _ kind: FileBundle.Kind, _ base: String, _ files: [FileBundle.File], _ key: String,
    _ source: FileObject.Kind?, hosts: [HostReplacement] = []
  ) -> FileBundle {
    var hashed: [UInt8] = []
    if kind == .secret { hashed += Array("\(source == nil ? "file" : "secret") \(key)\0".utf8) }
    if files.count == 1 {
      hashed += files[0].bytes
    } else {
      for file in files { hashed += Array("\(file.path)\0\(file.bytes.count)\0".utf8) + file.bytes }
    }
    // Of a secret the name may give away little: see the documentation of the feature.
    let digits = ContentHash(of: hashed).digits(kind == .secret ? 4 : 8)
    let ending = "-\(digits)"
    let stem = ObjectName.folding(base, maxLength: 63 - ending.utf8.count)
    let identity = "\(kind) \(key)\0\(digits)"
    if let place = position[identity] { return written[place].bundle }
    let bundle = FileBundle(
      kind: kind, name: unique(stem.appending(ending), kind), files: files, absence: nil,
      hosts: hosts)
    position[identity] = written.count
    written.append((key, source, bundle))
    return bundle
  }

  /// The name, or one with a number behind it where another object of the kind has it.
  private mutating func unique(_ name: ObjectName, _ kind: FileBundle.Kind) -> ObjectName {
    var candidate = name
    var number = 2
    while !taken.insert("\(kind) \(candidate)").inserted {
      candidate = name.appending("-\(number)")
      number += 1
    }
    return candidate
  }

  /// A key of a ConfigMap or Secret: letters, digits, `-`, `_`, `.`; at most 253; neither `.` nor beginning with `..`.
  ///
  /// Source: k8s.io/apimachinery `IsConfigMapKey`.
  package static func key(_ text: String) -> String {
    var bytes = text.utf8.prefix(253).map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."):
        byte
      default: UInt8(ascii: "_")
      }
    }
    if bytes.isEmpty { return "content" }
    if bytes == [0x2E] || bytes.starts(with: [0x2E, 0x2E]) { bytes[0] = UInt8(ascii: "_") }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The configs and secrets that some stack of the run makes, by the engine's name: another stack may call them external.
package struct SharedFiles: Sendable {
  private var objects: [String: FileObject] = [:]

  package init(_ stacks: [Swarm.Stack] = []) {
    guard stacks.count > 1 else { return }
    for stack in stacks {
      for object in stack.configs + stack.secrets where !object.isExternal {
        objects["\(object.kind) \(object.name)"] = object
      }
    }
  }

  package func object(_ kind: FileObject.Kind, _ name: String) -> FileObject? {
    objects["\(kind) \(name)"]
  }
}

extension String {
  fileprivate var asConfig: String { "c \(self)" }
  fileprivate var asSecret: String { "s \(self)" }
}
