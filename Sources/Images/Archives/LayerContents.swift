/// What a layer adds and takes away.
struct LayerContents: Sendable {
  struct Entry: Sendable {
    enum Kind: UInt8, Sendable {
      case file, setuid, directory, link
      /// The layers below have something here, which this one takes away.
      case removed
      /// A folder whose content in the layers below is hidden.
      case emptied
    }

    let path: PathTable.ID
    let kind: Kind
    /// In bytes, as the archive holds it; links and folders have none.
    let size: Int
  }

  /// In the order of the archive.
  fileprivate(set) var entries: [Entry] = []
  /// Files that hold a key or token, and which.
  fileprivate(set) var secrets: [(path: PathTable.ID, kind: String)] = []
  /// Bytes of all its files.
  fileprivate(set) var size = 0
}

/// Reads the files of layers, one layer after the other.
///
/// Source: the OCI image specification, `layer.md`: names that begin with `.wh.` remove, those with `.wh..wh.` are of the
/// file system that made the layer, and `.wh..wh..opq` empties its folder.
struct LayerReader: TarHandler {
  private(set) var paths = PathTable()
  private var contents = LayerContents()
  private var current: LayerContents.Entry?
  private var count = 0
  /// The first bytes of a file that may be a secret.
  private var sample: [UInt8] = []
  private var wantsSample = false

  /// A key is small; what is larger is not looked at.
  private static let maximumSample = 16 << 10
  /// What no file system takes.
  private static let maximumPath = 4096

  mutating func begin(_ entry: TarEntry) throws(ArchiveProblem) {
    current = nil
    wantsSample = false
    count += 1
    if count > PathTable.maximum {
      throw ArchiveProblem(
        "more than \(PathTable.maximum) files in the layers: no image has so many")
    }
    let bytes = Array(entry.path.utf8)
    if bytes.count > Self.maximumPath {
      throw ArchiveProblem("a path is longer than \(Self.maximumPath) bytes")
    }
    // A path that leaves the image's root leads nowhere: the engine refuses to unpack it.
    let parts = bytes.split(separator: UInt8(ascii: "/")).filter {
      !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8)
    }
    guard var name = parts.last else { return }
    var kind: LayerContents.Entry.Kind
    switch entry.kind {
    case .directory: kind = .directory
    case .file: kind = entry.mode & 0o6000 != 0 && entry.mode & 0o111 != 0 ? .setuid : .file
    case .hardLink, .symbolicLink, .other: kind = .link
    }
    if name.starts(with: ".wh..wh.".utf8) {
      guard name.elementsEqual(".wh..wh..opq".utf8) else { return }
      kind = .emptied
    } else if name.starts(with: ".wh.".utf8) {
      kind = .removed
      name = name.dropFirst(4)
      if name.isEmpty { return }
    }
    var path: PathTable.ID = 0
    for part in parts.dropLast() { path = try paths.child(part, of: path) }
    if kind != .emptied { path = try paths.child(name, of: path) }
    let isFile = kind == .file || kind == .setuid
    current = LayerContents.Entry(path: path, kind: kind, size: isFile ? entry.size : 0)
    wantsSample = isFile && 16...Self.maximumSample ~= entry.size
    sample.removeAll(keepingCapacity: true)
  }

  mutating func content(_ bytes: ArraySlice<UInt8>) throws(ArchiveProblem) {
    if wantsSample { sample += bytes }
  }

  mutating func end() throws(ArchiveProblem) {
    guard let entry = current else { return }
    if wantsSample,
      let kind = FoundSecret.kind(
        sample, { paths.path(entry.path) }, name: paths.name(entry.path))
    {
      contents.secrets.append((entry.path, kind))
    }
    contents.size += entry.size
    contents.entries.append(entry)
    current = nil
  }

  /// Gives the layer that was read, and begins another.
  mutating func take() -> LayerContents {
    let result = contents
    contents = LayerContents()
    current = nil
    return result
  }
}
