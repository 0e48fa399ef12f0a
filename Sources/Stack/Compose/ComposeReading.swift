import Basics
import Diagnostics
import YAML

/// Turns what one file says into Docker Compose's long forms.
struct ComposeReading {
  var loading: Loading
  /// The folder that relative paths start from.
  var folder: String

  /// The long form of a value; nil where nothing is left of it, and after an error.
  mutating func read(_ node: Node, as form: ComposeForm) -> Node? {
    if node.directive == .reset { return node }
    guard var long = long(node, form) else { return nil }
    long.directive = node.directive
    return long
  }

  private mutating func long(_ node: Node, _ form: ComposeForm) -> Node? {
    switch form {
    case .any: return loading.plain(node)
    case .text, .textOrNumber, .flag, .integer, .decimal, .size, .duration, .mode, .path,
      .containerName:
      return node.isNull ? nil : readScalar(node, form)
    case .strings: return texts(node, single: false)
    case .oneOrMany: return texts(node, single: true)
    case .exposed: return readExposed(node)
    case .words: return readWords(node)
    case .test: return readTest(node)
    case .pairs(let keepsNull): return pairs(node, keepsNull: keepsNull)
    case .hosts: return hosts(node)
    case .ports: return ports(node)
    case .mounts: return mounts(node)
    case .references(let folder): return references(node, folder)
    case .dependencies: return dependencies(node)
    case .networks: return networks(node)
    case .ulimits: return ulimits(node)
    case .build: return build(node)
    case .environmentFiles: return environmentFiles(node)
    case .devices: return devices(node)
    case .gpus: return gpus(node)
    case .external: return external(node)
    case .extends: return extends(node)
    case .optionLists: return optionLists(node)
    case .models: return models(node)
    case .keys: return sshKeys(node)
    case .mapping(let keys): return node.isNull ? nil : mapping(node, keys)
    case .list(let item): return list(node, item)
    case .named(let form): return named(node, form)
    }
  }

  mutating func mapping(_ node: Node, _ keys: [String: ComposeForm]) -> Node? {
    guard let entries = node.entries else {
      loading.wrongType(node, "a mapping")
      return nil
    }
    var fields: [Entry] = []
    for var entry in entries {
      if entry.key.hasPrefix("x-") {
        if entry.value.directive != .reset { entry.value = loading.plain(entry.value) }
        fields.append(entry)
        continue
      }
      guard let form = keys[entry.key] else {
        let near = nearest(entry.key, among: keys.keys.sorted())
        let place = loading.keys.path(node.id)
        loading.error(
          "compose/unknown-key", at: entry,
          place.isEmpty
            ? "a Compose file has no key `\(entry.key)`" : "\(place) has no key `\(entry.key)`",
          hint: near.map { "did you mean `\($0)`?" })
        continue
      }
      guard let value = read(entry.value, as: form) else { continue }
      entry.value = value
      fields.append(entry)
    }
    return Node(.mapping(fields), at: node.mark, id: node.id)
  }

  mutating func list(_ node: Node, _ form: ComposeForm) -> Node? {
    guard let items = items(node, "a list") else { return nil }
    var long: [Node] = []
    for item in items {
      if let item = read(item, as: form) { long.append(item) }
    }
    return Node(.sequence(long), at: node.mark, id: node.id)
  }

  private mutating func named(_ node: Node, _ form: ComposeForm) -> Node? {
    if node.isNull { return nil }
    guard let entries = node.entries else {
      loading.wrongType(node, "a mapping")
      return nil
    }
    let isService = loading.keys.path(node.id) == "services"
    var fields: [Entry] = []
    for var entry in entries {
      if entry.key.hasPrefix("x-") {
        fields.append(entry)
        continue
      }
      loading.checkName(entry, of: node)
      if entry.value.isNull, entry.value.directive == .none {
        if isService {
          loading.wrongType(entry.value, "a mapping")
          continue
        }
        entry.value = Node(.mapping([]), at: entry.value.mark, id: entry.value.id)
      }
      guard let value = read(entry.value, as: form) else { continue }
      entry.value = value
      fields.append(entry)
    }
    return Node(.mapping(fields), at: node.mark, id: node.id)
  }

  mutating func items(_ node: Node, _ expected: String) -> [Node]? {
    if node.isNull { return nil }
    if let items = node.items { return items }
    loading.wrongType(node, expected)
    return nil
  }

  private mutating func readScalar(_ node: Node, _ form: ComposeForm) -> Node? {
    guard let scalar = node.scalar else {
      loading.wrongType(node, "a single value")
      return nil
    }
    switch form {
    case .flag(let keepsFalse): return flag(node, scalar, keepsFalse)
    case .integer:
      if let value = node.integral ?? Int(scalar.text) { return .int(value, like: node) }
      loading.wrongType(node, "an integer")
    case .decimal:
      guard let value = node.number ?? GoNumbers.parse(scalar.text) else {
        loading.wrongType(node, "a number")
        return nil
      }
      return Node(
        .scalar(Scalar(GoNumbers.text(value), kind: .float, isPlain: true)), at: node.mark,
        id: node.id)
    case .size:
      let bytes = node.integral.map { Int64($0) } ?? MemorySize.bytes(scalar.text)
      guard let bytes = bytes ?? Int64(scalar.text) else {
        loading.error(
          "stack/not-a-size", at: node,
          "\(loading.path(node)): \(loading.quote(node)) is no size",
          hint: "write a number with a unit: 512M, 1.5G, 1073741824")
        return nil
      }
      return .string(String(bytes), like: node)
    case .duration:
      guard let value = ComposeDuration.nanoseconds(scalar.text) else {
        loading.error(
          "stack/not-a-duration", at: node,
          "\(loading.path(node)): \(loading.quote(node)) is no duration",
          hint: "write a number with a unit: 90s, 1m30s, 500ms, 2h")
        return nil
      }
      return .string(GoDuration.text(value), like: node)
    case .textOrNumber where scalar.kind == .int || scalar.kind == .float:
      return .string(scalar.sprint, like: node)
    case .mode:
      if scalar.kind == .int, let value = node.int {
        return .string("0" + String(value, radix: 8), like: node)
      }
      return .string(scalar.text, like: node)
    case .containerName:
      guard let text = loading.string(node) else { return nil }
      let isName =
        text.utf8.count > 1
        && text.utf8.enumerated().allSatisfy { index, byte in
          0x61...0x7A ~= byte | 0x20 || 0x30...0x39 ~= byte
            || index > 0 && [0x5F, 0x2E, 0x2D].contains(byte)
        }
      if isName { return .string(text, like: node) }
      loading.error(
        "compose/container-name", at: node,
        "\(loading.path(node)): \(loading.quote(node)) cannot be a container's name",
        hint: "write two or more letters, digits, `_`, `.` and `-`")
    case .path:
      guard let text = loading.string(node) else { return nil }
      return .string(absolute(text), like: node)
    default:
      guard let text = loading.string(node) else { return nil }
      // Even nothing keeps a default away.
      return .string(text, like: node)
    }
    return nil
  }

  private mutating func flag(_ node: Node, _ scalar: Scalar, _ keepsFalse: Bool) -> Node? {
    var value = node.bool
    if value == nil, scalar.kind == .string {
      switch scalar.text.lowercased() {
      case "true", "y", "yes", "on", "1": value = true
      case "false", "n", "no", "off", "0": value = false
      default: break
      }
    }
    guard let value else {
      loading.wrongType(node, "a boolean")
      return nil
    }
    // An explicit `false` may still switch off what an earlier file says.
    return .bool(value, like: node)
  }

  private mutating func texts(_ node: Node, single: Bool) -> Node? {
    if single, let scalar = node.scalar, scalar.kind != .null {
      guard let text = loading.string(node) else { return nil }
      return Node(.sequence([.string(text, like: node)]), at: node.mark, id: node.id)
    }
    guard let items = items(node, single ? "a string or a list" : "a list") else { return nil }
    var texts: [Node] = []
    for item in items {
      if item.directive == .reset { continue }
      if let text = loading.string(item) { texts.append(.string(text, like: item)) }
    }
    return Node(.sequence(texts), at: node.mark, id: node.id)
  }

  private mutating func readExposed(_ node: Node) -> Node? {
    guard let items = items(node, "a list") else { return nil }
    var texts: [Node] = []
    for item in items {
      switch item.scalar?.kind {
      case .string, .int, .float: texts.append(.string(item.scalar?.sprint ?? "", like: item))
      default: loading.wrongType(item, "a string or a number")
      }
    }
    return Node(.sequence(texts), at: node.mark, id: node.id)
  }

  private mutating func readWords(_ node: Node) -> Node? {
    if node.isNull { return nil }
    guard let scalar = node.scalar else { return texts(node, single: false) }
    guard scalar.kind == .string else {
      loading.wrongType(node, "a string or a list")
      return nil
    }
    do throws(ShellWords.Problem) {
      let words = try ShellWords.split(scalar.text)
      return Node(.sequence(words.map { .string($0, like: node) }), at: node.mark, id: node.id)
    } catch {
      loading.error(
        "stack/not-a-command", at: node,
        "\(loading.path(node)) cannot be split into words: \(error.text)")
      return nil
    }
  }

  private mutating func readTest(_ node: Node) -> Node? {
    guard let scalar = node.scalar, scalar.kind == .string else {
      return texts(node, single: false)
    }
    return Node(
      .sequence([.string("CMD-SHELL", like: node), .string(scalar.text, like: node)]),
      at: node.mark, id: node.id)
  }

  /// A path from the folder, `~` expanded.
  func absolute(_ path: String) -> String {
    var path = path
    if path == "~" || path.hasPrefix("~/"), let home = loading.options.environment["HOME"] {
      path = home + path.dropFirst()
    }
    if path.hasPrefix("/") || Paths.isWindowsAbsolute(path) { return path }
    return Paths.absolute(path, in: folder)
  }
}

/// Durations as Compose writes them: Go's, and days and weeks as well.
enum ComposeDuration {
  static func nanoseconds(_ text: String) -> Int64? {
    if let value = GoDuration.nanoseconds(text) { return value }
    for (unit, hours) in [("d", 24), ("w", 168)] where text.hasSuffix(unit) {
      guard let count = Int64(text.dropLast()) else { continue }
      let (value, overflow) = count.multipliedReportingOverflow(
        by: Int64(hours) * 3_600_000_000_000)
      return overflow ? nil : value
    }
    return nil
  }
}
