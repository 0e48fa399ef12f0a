import YAML

/// What an image holds: its configuration, and what each of its layers adds and wastes.
package struct ImageContents: Sendable {
  package struct Layer: Sendable {
    /// The instruction that made it, as the history tells it.
    package let instruction: String
    /// Bytes of its files.
    package let size: Int
    /// Bytes of it that a later layer replaces or removes.
    package internal(set) var wasted: Int
  }

  package struct File: Sendable, Hashable {
    /// Absolute.
    package let path: String
    package let size: Int
    /// The number of its layer, from zero.
    package let layer: Int
  }

  /// A key or token, by its place only.
  package struct Secret: Sendable, Hashable {
    package let path: String
    package let kind: String
    package let layer: Int
    /// A later layer removes it: it is hidden, and still there.
    package let isHidden: Bool
  }

  package let names: [String]
  package let config: ImageConfig
  package let layers: [Layer]
  /// The largest files that are not hidden, the largest first.
  package let largest: [File]
  /// Folders that only package managers and build tools fill, with the bytes in them.
  package let caches: [(path: String, size: Int)]
  package let setuid: [String]
  package let secrets: [Secret]

  /// Bytes of all layers.
  package var size: Int { layers.reduce(0) { $0 + $1.size } }
  /// Bytes of files that a later layer replaces or removes.
  package var wasted: Int { layers.reduce(0) { $0 + $1.wasted } }

  static let largestCount = 10

  init(names: [String], config: JSON, layers contents: [LayerContents]) {
    self.names = names
    self.config = ImageConfig(config)
    let history = (config["history"]?.items ?? []).filter { $0["empty_layer"]?.boolean != true }
    var layers = contents.enumerated().map { number, content in
      Layer(
        instruction: number < history.count
          ? Self.instruction(history[number]["created_by"]?.text ?? "") : "",
        size: content.size, wasted: 0)
    }
    var tree = FileTree()
    var secrets: [(file: LayerContents.File, layer: Int)] = []
    for (number, content) in contents.enumerated() {
      for path in content.emptied {
        tree.empty(path) { size, layer in layers[layer].wasted += size }
      }
      for path in content.removed {
        tree.remove(path) { size, layer in layers[layer].wasted += size }
      }
      for file in content.files {
        if let before = tree.insert(file, layer: number) {
          layers[before.layer].wasted += before.size
        }
        if file.secret != nil { secrets.append((file, number)) }
      }
    }
    self.layers = layers
    var largest: [File] = []
    var caches: [String: Int] = [:]
    var setuid: [String] = []
    tree.forEach { path, file, layer in
      if file.isSetuid { setuid.append("/" + path) }
      if let cache = Self.caches.first(where: { path.hasPrefix($0) }) {
        caches[cache, default: 0] += file.size
      }
      if file.size > 0, largest.count < Self.largestCount || file.size > largest.last!.size {
        largest.append(File(path: "/" + path, size: file.size, layer: layer))
        largest.sort { $0.size == $1.size ? $0.path < $1.path : $0.size > $1.size }
        if largest.count > Self.largestCount { largest.removeLast() }
      }
    }
    self.largest = largest
    self.setuid = setuid.sorted()
    self.caches = caches.sorted { $0.key < $1.key }.filter { $0.value > 0 }.map {
      ("/" + $0.key, $0.value)
    }
    self.secrets = secrets.map { entry in
      Secret(
        path: "/" + entry.file.path, kind: entry.file.secret ?? "", layer: entry.layer,
        isHidden: tree.layer(of: entry.file.path) != entry.layer)
    }.sorted { ($0.path, $0.layer) < ($1.path, $1.layer) }
  }

  private static let caches = [
    "var/lib/apt/lists/", "var/cache/apt/", "var/cache/apk/", "var/cache/yum/", "var/cache/dnf/",
    "root/.cache/", "root/.npm/", "root/.m2/", "root/.gradle/", "root/.cargo/registry/",
    "usr/local/cargo/registry/", "go/pkg/mod/", "usr/local/share/.cache/", "root/.composer/",
    "root/.nuget/",
  ]

  /// `RUN apt-get update`, without the shell that the builder writes in front, and without what it appends.
  static func instruction(_ text: String) -> String {
    var rest = text[...]
    for prefix in ["RUN /bin/sh -c ", "/bin/sh -c #(nop) ", "/bin/sh -c "]
    where rest.hasPrefix(prefix) {
      rest = rest.dropFirst(prefix.count)
      if prefix != "/bin/sh -c #(nop) " { rest = "RUN " + rest }
      break
    }
    if rest.hasSuffix(" # buildkit") { rest = rest.dropLast(" # buildkit".count) }
    return rest.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

/// The files of the layers so far, by folder, so that a folder goes with all below it.
private struct FileTree {
  private struct Node {
    var children: [Substring: Int] = [:]
    var file: LayerContents.File?
    var layer = 0
  }

  private var nodes = [Node()]

  private func find(_ path: String) -> Int? {
    var current = 0
    for part in path.split(separator: "/") {
      guard let next = nodes[current].children[part] else { return nil }
      current = next
    }
    return current
  }

  /// Adds a file, and returns what it replaces.
  mutating func insert(_ file: LayerContents.File, layer: Int) -> (size: Int, layer: Int)? {
    var current = 0
    for part in file.path.split(separator: "/") {
      if let next = nodes[current].children[part] {
        current = next
      } else {
        nodes.append(Node())
        nodes[current].children[part] = nodes.count - 1
        current = nodes.count - 1
      }
    }
    let before = nodes[current].file.map { ($0.size, nodes[current].layer) }
    if file.isDirectory, nodes[current].file?.isDirectory == true { return nil }
    nodes[current].file = file
    nodes[current].layer = layer
    return before
  }

  mutating func remove(_ path: String, _ body: (Int, Int) -> Void) {
    guard let node = find(path), node != 0 else { return }
    empty(node, body)
    if let file = nodes[node].file { body(file.size, nodes[node].layer) }
    nodes[node].file = nil
  }

  mutating func empty(_ path: String, _ body: (Int, Int) -> Void) {
    if let node = find(path) { empty(node, body) }
  }

  private mutating func empty(_ node: Int, _ body: (Int, Int) -> Void) {
    var open = Array(nodes[node].children.values)
    nodes[node].children = [:]
    while let next = open.popLast() {
      if let file = nodes[next].file { body(file.size, nodes[next].layer) }
      open += nodes[next].children.values
    }
  }

  func layer(of path: String) -> Int? {
    guard let node = find(path), nodes[node].file != nil else { return nil }
    return nodes[node].layer
  }

  func forEach(_ body: (String, LayerContents.File, Int) -> Void) {
    var open = [0]
    while let node = open.popLast() {
      if let file = nodes[node].file { body(file.path, file, nodes[node].layer) }
      open += nodes[node].children.values
    }
  }
}
