import YAML

extension Loading {
  /// A service's `volumes`: short forms become mappings.
  mutating func readMounts(_ node: Node) -> Node? {
    guard let items = node.items else {
      wrongType(node, "a list")
      return nil
    }
    var mounts: [Node] = []
    for item in items {
      switch item.content {
      case .mapping:
        if minorVersion < 2 {
          checkVersion(Entry("volumes", item, at: item.mark), since: 2)
        }
        guard let fields = readFields(item, Schema.mount) else { continue }
        mounts.append(resolve(Node(.mapping(fields), at: item.mark, id: item.id)))
      case .scalar(let scalar) where scalar.kind == .string:
        do throws(MountSpecification.Problem) {
          let mount = try MountSpecification(scalar.text)
          mounts.append(resolve(mount.node(like: item)))
        } catch {
          self.error(
            "stack/not-a-volume", at: item,
            "\(path(item)): \(quote(item)) is no volume: \(error.text)",
            hint: "write [source:]target[:ro]")
        }
      default:
        wrongType(item, "a string or a mapping")
      }
    }
    if minorVersion < 2, options.strictVersions { checkUnique(items, by: Self.jsonIdentity) }
    return Node(.sequence(mounts), at: node.mark, id: node.id)
  }

  /// Makes the source of a bind mount absolute.
  private mutating func resolve(_ mount: Node) -> Node {
    guard mount["type"]?.text == "bind" else { return mount }
    guard var fields = mount.entries,
      let position = fields.firstIndex(where: { $0.key == "source" }),
      var source = fields[position].value.text
    else {
      error(
        "stack/bind-without-source", at: mount, "\(path(mount)): a bind mount must have a source")
      return mount
    }
    if source.hasPrefix("~") {
      if let home = options.environment["HOME"] {
        source = home + source.dropFirst()
      } else {
        warn(
          "stack/no-home", about: "", at: mount.mark, length: length(mount),
          "\(path(mount)): HOME is not set, so that ~ stays as it is")
      }
    }
    if !source.hasPrefix("/"), !Paths.isWindowsAbsolute(source) {
      source = Paths.absolute(source, in: options.workingDirectory)
    }
    fields[position].value = .string(source, like: fields[position].value)
    return Node(.mapping(fields), at: mount.mark, id: mount.id)
  }

  /// A top-level volume: its name when it is external, which then has nothing else.
  mutating func completeVolume(_ name: String, _ node: Node) -> Node {
    guard node["external"] != nil, var fields = node.entries else { return node }
    for field in fields
    where ["driver", "driver_opts", "labels", "x-cluster-spec"].contains(field.key) {
      error(
        "stack/external-with-options", at: field,
        "volume \(name) is external, and so cannot have `\(field.key)`")
    }
    resolveExternalName(&fields, name, node, kind: "volume", deprecatedSince: 4)
    return Node(.mapping(fields), at: node.mark, id: node.id)
  }
}

/// The short form of a mount: `[source:]target[:options]`, with Windows paths (`C:\data:/data`).
///
/// Source: docker/cli `cli/compose/loader/volume.go`.
struct MountSpecification {
  enum Problem: Error {
    case empty, emptySection, tooManyColons

    var text: String {
      switch self {
      case .empty: "it is empty"
      case .emptySection: "there is nothing between two colons or at an end"
      case .tooManyColons: "it has too many colons"
      }
    }
  }

  private var source = ""
  private var target = ""
  private var isReadOnly = false
  private var isNoCopy = false
  private var propagation: String?

  init(_ text: String) throws(Problem) {
    if text.isEmpty { throw .empty }
    if text.utf8.count <= 2 {
      target = text
      return
    }
    var section = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isDrive =
        scalar == ":" && section.count == 1
        && section.first.map { $0.properties.isAlphabetic } == true
      if (scalar == ":" || scalar == "\0") && !isDrive {
        try take(String(section), isLast: scalar == "\0")
        section = .init()
      } else {
        section.append(scalar)
      }
    }
    try take(String(section), isLast: true)
  }

  private mutating func take(_ section: String, isLast: Bool) throws(Problem) {
    if section.isEmpty { throw .emptySection }
    if source.isEmpty {
      if isLast { target = section } else { source = section }
    } else if target.isEmpty {
      target = section
    } else if isLast {
      for option in section.split(separator: ",", omittingEmptySubsequences: false) {
        switch option {
        case "ro": isReadOnly = true
        case "rw": isReadOnly = false
        case "nocopy": isNoCopy = true
        case "rprivate", "private", "rshared", "shared", "rslave", "slave":
          propagation = String(option)
        default: break
        }
      }
    } else {
      throw .tooManyColons
    }
  }

  private var isBind: Bool {
    guard let first = source.unicodeScalars.first else { return false }
    if first == "." || first == "/" || first == "~" { return true }
    let rest = source.unicodeScalars.dropFirst()
    if rest.isEmpty { return false }
    return source.hasPrefix("\\\\") || first.properties.isAlphabetic && rest.first == ":"
  }

  func node(like item: Node) -> Node {
    func entry(_ key: String, _ value: Node) -> Entry { Entry(key, value, at: item.mark) }
    func options(_ entry: Entry) -> Node { Node(.mapping([entry]), at: item.mark, id: item.id) }
    var fields = [entry("type", .string(isBind ? "bind" : "volume", like: item))]
    if !source.isEmpty { fields.append(entry("source", .string(source, like: item))) }
    fields.append(entry("target", .string(target, like: item)))
    if isReadOnly { fields.append(entry("read_only", .bool(true, like: item))) }
    if let propagation {
      fields.append(
        entry("bind", options(entry("propagation", .string(propagation, like: item)))))
    }
    if isNoCopy {
      fields.append(entry("volume", options(entry("nocopy", .bool(true, like: item)))))
    }
    return Node(.mapping(fields), at: item.mark, id: item.id)
  }
}
