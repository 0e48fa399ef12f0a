/// What an image holds: its configuration, and what each of its layers adds and wastes.
package struct ImageContents: Sendable {
  package struct Layer: Sendable {
    /// The instruction that made it, as the history tells it; empty where it tells nothing.
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
    /// A later layer removes or replaces it: it is hidden, and still there.
    package let isHidden: Bool
  }

  /// A folder that only package managers and build tools fill, and the bytes in it.
  package struct Cache: Sendable, Hashable {
    package let path: String
    package let size: Int
  }

  package let names: [String]
  package let config: ImageConfig
  package let layers: [Layer]
  /// The largest files that are not hidden, the largest first.
  package let largest: [File]
  package let caches: [Cache]
  package let setuid: [String]
  package let secrets: [Secret]

  /// Bytes of all layers.
  package var size: Int { layers.reduce(0) { $0 + $1.size } }
  /// Bytes of files that a later layer replaces or removes.
  package var wasted: Int { layers.reduce(0) { $0 + $1.wasted } }

  private static let largestCount = 10

  init(_ manifest: ImageManifest, _ contents: [LayerContents], _ paths: PathTable) {
    names = manifest.names
    config = manifest.config
    var tree = LayeredTree(paths)
    for layer in contents { tree.add(layer) }
    layers = contents.indices.map { number in
      Layer(
        instruction: number < manifest.history.count ? manifest.history[number] : "",
        size: contents[number].size, wasted: tree.wasted[number])
    }

    let roots = CacheFolders.roots(paths)
    var inCache = [PathTable.ID](repeating: 0, count: paths.count)
    var largest: [File] = []
    var caches: [PathTable.ID: Int] = [:]
    var setuid: [String] = []
    for id in PathTable.ID(1)..<max(1, PathTable.ID(paths.count)) {
      let root = inCache[Int(paths.parent(id))]
      inCache[Int(id)] = root != 0 ? root : roots.contains(id) ? id : 0
      guard let (entry, layer) = tree.visible(id) else { continue }
      if entry.kind == .setuid { setuid.append(paths.path(id)) }
      if entry.size == 0 { continue }
      if inCache[Int(id)] != 0 { caches[inCache[Int(id)], default: 0] += entry.size }
      if largest.count == Self.largestCount, entry.size < largest[Self.largestCount - 1].size {
        continue
      }
      largest.append(File(path: paths.path(id), size: entry.size, layer: layer))
      largest.sort { ($1.size, $0.path) < ($0.size, $1.path) }
      if largest.count > Self.largestCount { largest.removeLast() }
    }
    self.largest = largest
    self.setuid = setuid.sorted()
    self.caches = caches.map { Cache(path: paths.path($0.key), size: $0.value) }
      .sorted { $0.path < $1.path }
    secrets = contents.enumerated().flatMap { layer, content in
      content.secrets.map { secret in
        Secret(
          path: paths.path(secret.path), kind: secret.kind, layer: layer,
          isHidden: tree.visible(secret.path)?.layer != layer)
      }
    }.sorted { ($0.path, $0.layer) < ($1.path, $1.layer) }
  }

  /// `RUN apt-get update`, without the shell that the builder writes in front, and without what it appends.
  static func instruction(_ text: String) -> String {
    var rest = text[...]
    if rest.hasPrefix("RUN |") {
      // `RUN |1 NAME=value /bin/sh -c …`: the builder's arguments, whose values may be secret.
      if let shell = rest.firstRange(of: " /bin/sh -c ") {
        rest = "RUN " + rest[shell.upperBound...]
      }
    }
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

/// The layers so far, one upon the other.
private struct LayeredTree {
  private let paths: PathTable
  private var layers: [[LayerContents.Entry]] = []
  /// What is to be seen at a path: its layer, from one, and its place there. Zero for nothing.
  private var shown: [(layer: UInt16, entry: UInt32)]
  private(set) var wasted: [Int] = []

  init(_ paths: PathTable) {
    self.paths = paths
    shown = .init(repeating: (0, 0), count: paths.count)
  }

  func visible(_ id: PathTable.ID) -> (entry: LayerContents.Entry, layer: Int)? {
    let (layer, entry) = shown[Int(id)]
    return layer == 0 ? nil : (layers[Int(layer) - 1][Int(entry)], Int(layer) - 1)
  }

  /// What a layer removes is gone before what it adds comes, whatever their order in the archive.
  mutating func add(_ contents: LayerContents) {
    for entry in contents.entries {
      switch entry.kind {
      case .removed:
        hide(entry.path)
        empty(entry.path)
      case .emptied: empty(entry.path)
      case .file, .setuid, .directory, .link: break
      }
    }
    layers.append(contents.entries)
    wasted.append(0)
    for (number, entry) in contents.entries.enumerated() {
      switch entry.kind {
      case .removed, .emptied: continue
      case .directory: hide(entry.path)
      case .file, .setuid, .link:
        // A file in a folder's place takes all with it.
        if visible(entry.path)?.entry.kind == .directory { empty(entry.path) }
        hide(entry.path)
      }
      shown[Int(entry.path)] = (UInt16(layers.count), UInt32(number))
    }
  }

  private mutating func hide(_ id: PathTable.ID) {
    if let (entry, layer) = visible(id) { wasted[layer] += entry.size }
    shown[Int(id)] = (0, 0)
  }

  private mutating func empty(_ id: PathTable.ID) {
    var below: [PathTable.ID] = []
    paths.forEachBelow(id) { below.append($0) }
    for id in below { hide(id) }
  }
}

/// Folders of package managers and build tools that a running service never reads.
private enum CacheFolders {
  private static let fixed = [
    "var/lib/apt/lists", "var/cache/apt", "var/cache/apk", "var/cache/yum", "var/cache/dnf",
    "var/cache/libdnf5", "var/cache/zypp", "usr/local/cargo/registry", "root/.cargo/registry",
    "go/pkg/mod", "root/go/pkg/mod", "usr/local/share/.cache",
  ]
  /// In whosever home.
  private static let names = [".cache", ".npm", ".m2", ".gradle", ".composer", ".nuget"].map {
    Array($0.utf8)
  }

  static func roots(_ paths: PathTable) -> Set<PathTable.ID> {
    var roots = Set(fixed.compactMap { paths.find($0) })
    for id in PathTable.ID(1)..<max(1, PathTable.ID(paths.count)) {
      let name = paths.name(id)
      if name.first == UInt8(ascii: "."), names.contains(where: { name.elementsEqual($0) }) {
        roots.insert(id)
      }
    }
    return roots
  }
}
