import YAML

/// Reads a `docker save` archive or an OCI layout in one pass, in memory that does not grow with its size: what is kept is
/// the list of each layer's files, and the small JSON documents.
package struct ArchiveReader: ~Copyable {
  private var outer: TarStream<ArchiveHandler>
  private var gunzip = Gunzip()
  private var isPacked = false
  private var start: [UInt8] = []
  private var isStarted = false

  package init() {
    outer = TarStream(ArchiveHandler())
  }

  /// The next bytes of the archive, a tar that may be packed with gzip.
  package mutating func feed(_ bytes: ArraySlice<UInt8>) throws(ArchiveProblem) {
    if !isStarted {
      start += bytes
      if start.count < 6 { return }
      isStarted = true
      if start.starts(with: [0x1F, 0x8B]) { isPacked = true }
      if let name = packing(start) {
        throw ArchiveProblem("the archive is packed with \(name): unpack it first")
      }
      let first = start
      start = []
      return try pass(first[...])
    }
    try pass(bytes)
  }

  private mutating func pass(_ bytes: ArraySlice<UInt8>) throws(ArchiveProblem) {
    if !isPacked { return try outer.feed(bytes) }
    var rest = bytes
    repeat {
      let piece = try gunzip.unpack(&rest)
      try outer.feed(piece)
    } while !rest.isEmpty || gunzip.hasMore
  }

  /// A blob of an OCI layout that is a folder: its name and content, in pieces, each as `beginBlob`, `feedBlob`, `endBlob`.
  package mutating func beginBlob(_ path: String) throws(ArchiveProblem) {
    isStarted = true
    try outer.handler.begin(TarEntry(path: path, kind: .file, size: 0, mode: 0, link: ""))
  }

  package mutating func feedBlob(_ bytes: ArraySlice<UInt8>) throws(ArchiveProblem) {
    try outer.handler.content(bytes)
  }

  package mutating func endBlob() throws(ArchiveProblem) {
    try outer.handler.end()
  }

  /// The images of the archive.
  package consuming func finish() throws(ArchiveProblem) -> [ImageContents] {
    if !isStarted { throw ArchiveProblem("the file is empty, or too short for an archive") }
    try outer.checkEnd()
    return try outer.handler.images()
  }
}

/// What packs data that is not read here; nil for what is.
private func packing(_ bytes: [UInt8]) -> String? {
  if bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return "zstd" }
  if bytes.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A]) { return "xz" }
  if bytes.starts(with: [0x42, 0x5A, 0x68]) { return "bzip2" }
  return nil
}

/// The entries of the archive itself: JSON documents, and layers.
struct ArchiveHandler: TarHandler, ~Copyable {
  private enum Content { case unknown, document, layer, packedLayer, unreadable, ignored }

  /// Manifests and configurations; a layer is told by its first bytes.
  private var documents: [String: [UInt8]] = [:]
  private var layers: [String: LayerContents] = [:]
  private var unreadable: [String: String] = [:]
  private var links: [String: String] = [:]
  private var path = ""
  private var content = Content.unknown
  private var start: [UInt8] = []
  private var layer: TarStream<LayerReader>?
  private var gunzip = Gunzip()
  private var isPacked = false

  private static let maximumDocument = 8 << 20

  mutating func begin(_ entry: TarEntry) throws(ArchiveProblem) {
    path = entry.path.hasPrefix("./") ? String(entry.path.dropFirst(2)) : entry.path
    start = []
    content = entry.kind == .file ? .unknown : .ignored
    // Old archives link layers that are the same.
    if entry.kind == .symbolicLink || entry.kind == .hardLink { links[path] = entry.link }
  }

  mutating func content(_ bytes: ArraySlice<UInt8>) throws(ArchiveProblem) {
    switch content {
    case .unknown:
      start += bytes
      if start.count >= 512 { try decide() }
    case .document:
      start += bytes
      if start.count > Self.maximumDocument {
        throw ArchiveProblem("\(path) is too large for a document")
      }
    case .layer, .packedLayer: try feedLayer(bytes)
    case .unreadable, .ignored: break
    }
  }

  mutating func end() throws(ArchiveProblem) {
    if content == .unknown { try decide() }
    switch content {
    case .document: documents[path] = start
    case .layer, .packedLayer:
      if let layer = layer.take() {
        try layer.checkEnd()
        layers[path] = layer.handler.contents
      }
      isPacked = false
    default: break
    }
    start = []
    content = .ignored
  }

  /// Tells a document from a layer.
  private mutating func decide() throws(ArchiveProblem) {
    let first = start
    if first.first == UInt8(ascii: "{") || first.first == UInt8(ascii: "[") {
      content = .document
    } else if first.starts(with: [0x1F, 0x8B]) {
      content = .packedLayer
      gunzip = Gunzip()
      isPacked = true
    } else if let name = packing(first) {
      content = .unreadable
      unreadable[path] = name
      return
    } else if first.count >= 512,
      first[257..<262].elementsEqual("ustar".utf8) || first.allSatisfy({ $0 == 0 })
    {
      content = .layer
    } else {
      content = .ignored
      return
    }
    if content == .document { return }
    layer = TarStream(LayerReader())
    start = []
    try feedLayer(first[...])
  }

  private mutating func feedLayer(_ bytes: ArraySlice<UInt8>) throws(ArchiveProblem) {
    if !isPacked {
      try layer?.feed(bytes)
      return
    }
    var rest = bytes
    repeat {
      let piece = try gunzip.unpack(&rest)
      try layer?.feed(piece)
    } while !rest.isEmpty || gunzip.hasMore
  }

  // MARK: Images

  /// Puts manifests, configurations and layers together.
  func images() throws(ArchiveProblem) -> [ImageContents] {
    var found: [ImageContents] = []
    if let bytes = documents["manifest.json"] {
      // `docker save`: a list of images.
      for entry in try document(bytes, "manifest.json").items {
        let paths = entry["Layers"]?.items.compactMap(\.text) ?? []
        found.append(
          try image(
            names: entry["RepoTags"]?.items.compactMap(\.text) ?? [],
            config: entry["Config"]?.text ?? "", layers: paths))
      }
      return found
    }
    guard let bytes = documents["index.json"] else {
      throw ArchiveProblem(
        "this is neither a docker save archive nor an OCI layout: it has no manifest.json and no index.json"
      )
    }
    try collect(try document(bytes, "index.json"), names: [], depth: 0, into: &found)
    if found.isEmpty { throw ArchiveProblem("the OCI layout holds no image") }
    return found
  }

  /// Follows an index to its images. Attestations and other platforms' indexes are images of no service.
  private func collect(
    _ index: JSON, names: [String], depth: Int, into found: inout [ImageContents]
  ) throws(ArchiveProblem) {
    guard depth < 4 else { return }
    for descriptor in index["manifests"]?.items ?? [] {
      guard let digest = descriptor["digest"]?.text, let bytes = documents[Self.blob(digest)] else {
        continue
      }
      if descriptor["annotations"]?["vnd.docker.reference.type"] != nil { continue }
      let annotations = descriptor["annotations"]
      let name =
        annotations?["io.containerd.image.name"]?.text
        ?? annotations?["org.opencontainers.image.ref.name"]?.text
      let all = names + (name.map { [$0] } ?? [])
      let manifest = try document(bytes, digest)
      if manifest["manifests"] != nil {
        try collect(manifest, names: all, depth: depth + 1, into: &found)
      } else if let config = manifest["config"]?["digest"]?.text {
        let layers = manifest["layers"]?.items.compactMap { $0["digest"]?.text } ?? []
        found.append(
          try image(names: all, config: Self.blob(config), layers: layers.map { Self.blob($0) }))
      }
    }
  }

  private static func blob(_ digest: String) -> String {
    "blobs/" + String(digest.map { $0 == ":" ? "/" : $0 })
  }

  private func document(_ bytes: [UInt8], _ name: String) throws(ArchiveProblem) -> JSON {
    do throws(JSON.Problem) { return try JSON.read(bytes) } catch {
      throw ArchiveProblem("\(name) is no JSON: \(error.text)")
    }
  }

  private func image(names: [String], config path: String, layers paths: [String])
    throws(ArchiveProblem) -> ImageContents
  {
    guard let bytes = documents[path] else {
      throw ArchiveProblem("the archive lacks the configuration \(path)")
    }
    var contents: [LayerContents?] = []
    for path in paths {
      if let packing = unreadable[path] {
        throw ArchiveProblem(
          "the layer \(path) is packed with \(packing), which is not read here: save the image with gzip or none"
        )
      }
      contents.append(layers[path] ?? layers[target(path)])
    }
    if let missing = contents.firstIndex(where: { $0 == nil }) {
      throw ArchiveProblem("the archive lacks the layer \(paths[missing])")
    }
    return ImageContents(
      names: names, config: try document(bytes, path), layers: contents.compactMap(\.self))
  }

  /// Where a link of an old archive leads: `../ID/layer.tar`.
  private func target(_ path: String) -> String {
    guard let link = links[path] else { return "" }
    var parts = path.split(separator: "/").dropLast().map(String.init)
    for part in link.split(separator: "/") {
      if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
    }
    return parts.joined(separator: "/")
  }
}
