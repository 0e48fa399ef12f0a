/// Reads a `docker save` archive or an OCI layout in one pass, in memory that does not grow with its size: what is kept is
/// the list of each layer's files, and the small JSON documents.
///
/// Source: the Docker image specification v1.2 (`manifest.json`, `ID/layer.tar`), and the OCI image specification
/// (`image-layout.md`, `image-index.md`, `manifest.md`). What Docker 25 and later save is both at once.
package struct ArchiveReader: ~Copyable {
  private var outer: TarStream<ArchiveHandler>
  private var gunzip = Gunzip()
  private var isPacked = false
  private var start: [UInt8] = []
  private var isStarted = false

  /// - Parameter readsLayers: Whether layers are looked into, or only what images declare.
  package init(readsLayers: Bool = true) {
    outer = TarStream(ArchiveHandler(readsLayers: readsLayers))
  }

  /// The next bytes of the archive, a tar that may be packed with gzip.
  package mutating func feed(_ bytes: ArraySlice<UInt8>) throws(ArchiveProblem) {
    if isStarted { return try pass(bytes) }
    start += bytes
    if start.count < 6 { return }
    isStarted = true
    isPacked = start.starts(with: [0x1F, 0x8B])
    if let name = Packing.name(start) {
      throw ArchiveProblem("it is packed with \(name), which is not read here: unpack it first")
    }
    let first = start
    start = []
    try pass(first[...])
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
  package func finish() throws(ArchiveProblem) -> [ImageContents] {
    try checkEnd()
    return try outer.handler.images()
  }

  /// What the images of the archive declare. It needs no layer, and none is looked into.
  package func declarations() throws(ArchiveProblem) -> [DeclaredImage] {
    try checkEnd()
    return try outer.handler.manifests().map { DeclaredImage(names: $0.names, config: $0.config) }
  }

  private func checkEnd() throws(ArchiveProblem) {
    if !isStarted { throw ArchiveProblem("it is empty, or too short for an archive") }
    try outer.checkEnd()
    if isPacked, !gunzip.isComplete {
      throw ArchiveProblem("the archive is cut off")
    }
  }
}

/// An image by its names, and what it declares.
package struct DeclaredImage: Sendable, Hashable {
  package let names: [String]
  package let config: ImageConfig
}

/// What packs data that is not read here.
enum Packing {
  /// From the first bytes; nil for what is read.
  static func name(_ bytes: [UInt8]) -> String? {
    if bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return "zstd" }
    if bytes.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A]) { return "xz" }
    if bytes.starts(with: [0x42, 0x5A, 0x68]) { return "bzip2" }
    return nil
  }
}
