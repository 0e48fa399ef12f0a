import Basics
import Diagnostics
import YAML

/// The entries of the archive itself: JSON documents, and layers, told by their first bytes.
struct ArchiveHandler: TarHandler, ~Copyable {
  private enum Content { case unknown, document, layer, packedLayer, ignored }

  private let readsLayers: Bool
  /// Manifests and configurations.
  private var documents: [String: [UInt8]] = [:]
  private var documentBytes = 0
  private(set) var layers: [String: LayerContents] = [:]
  /// Why what has these names cannot be read. It matters only where an image wants it.
  private(set) var problems: [String: ArchiveProblem] = [:]
  private var links: [String: String] = [:]
  private var path = ""
  private var content = Content.unknown
  private var start: [UInt8] = []
  private var layer = TarStream(LayerReader())
  private var gunzip = Gunzip()
  private var count = 0

  /// A configuration with a long history has some hundred kilobytes; a bill of materials may have more, and is not wanted.
  private static let maximumDocument = 8 << 20
  private static let maximumDocuments = 128 << 20
  private static let maximumEntries = 100_000

  init(readsLayers: Bool) {
    self.readsLayers = readsLayers
  }

  /// All paths of all layers.
  var paths: PathTable { layer.handler.paths }

  mutating func begin(_ entry: TarEntry) throws(ArchiveProblem) {
    count += 1
    if count > Self.maximumEntries {
      throw ArchiveProblem(
        "it holds more than \(Self.maximumEntries) files of its own: no archive of images does")
    }
    path = Self.resolved(entry.path)
    start = []
    content = entry.kind == .file ? .unknown : .ignored
    // Old archives link layers that are the same.
    if entry.kind == .symbolicLink {
      links[path] = Self.resolved("\(path)/../\(entry.link)")
    } else if entry.kind == .hardLink {
      links[path] = Self.resolved(entry.link)
    }
  }

  mutating func content(_ bytes: ArraySlice<UInt8>) throws(ArchiveProblem) {
    switch content {
    case .unknown:
      start += bytes
      if start.count >= 512 { decide() }
    case .document: add(bytes)
    case .layer, .packedLayer: feedLayer(bytes)
    case .ignored: break
    }
  }

  mutating func end() throws(ArchiveProblem) {
    if content == .unknown { decide() }
    switch content {
    case .document: documents[path] = start
    case .layer, .packedLayer:
      do throws(ArchiveProblem) {
        try layer.checkEnd()
        if content == .packedLayer, !gunzip.isComplete {
          throw ArchiveProblem("the archive is cut off")
        }
        layers[path] = layer.handler.take()
      } catch { problems[path] = error }
    case .unknown, .ignored: break
    }
    start = []
    content = .ignored
  }

  /// Tells a document from a layer.
  private mutating func decide() {
    let first = start
    start = []
    if first.first == UInt8(ascii: "{") || first.first == UInt8(ascii: "[") {
      content = .document
      return add(first[...])
    }
    if let name = Packing.name(first) {
      problems[path] = ArchiveProblem(
        "is packed with \(name), which is not read here: save the image with gzip or none")
      content = .ignored
    } else if !readsLayers {
      content = .ignored
    } else if first.starts(with: [0x1F, 0x8B]) {
      content = .packedLayer
      gunzip.reset()
    } else if TarStream<LayerReader>.isHeader(first[...])
      || first.count >= 512 && first.allSatisfy({ $0 == 0 })
    {
      content = .layer
    } else {
      content = .ignored
    }
    guard content == .layer || content == .packedLayer else { return }
    layer.reset()
    _ = layer.handler.take()
    feedLayer(first[...])
  }

  private mutating func add(_ bytes: ArraySlice<UInt8>) {
    start += bytes
    documentBytes += bytes.count
    if start.count > Self.maximumDocument || documentBytes > Self.maximumDocuments {
      problems[path] = ArchiveProblem("is larger than any manifest or configuration")
      start = []
      content = .ignored
    }
  }

  private mutating func feedLayer(_ bytes: ArraySlice<UInt8>) {
    do throws(ArchiveProblem) {
      if content == .layer { return try layer.feed(bytes) }
      var rest = bytes
      repeat {
        let piece = try gunzip.unpack(&rest)
        try layer.feed(piece)
      } while !rest.isEmpty || gunzip.hasMore
    } catch {
      problems[path] = ArchiveProblem("cannot be read: \(error.text)")
      content = .ignored
    }
  }

  // MARK: What was found

  /// A JSON document of the archive.
  ///
  /// - Parameter digest: What its content must hash to, with the algorithm; nil for any.
  func document(_ path: String, digest: String? = nil) throws(ArchiveProblem) -> JSON? {
    let path = target(path)
    guard let bytes = documents[path] else {
      if let problem = problems[path] { throw ArchiveProblem("\(path) \(problem.text)") }
      return nil
    }
    if let digest, digest.hasPrefix("sha256:"),
      digest.dropFirst(7) != ContentHash(of: bytes).digits(64)
    {
      throw ArchiveProblem("\(path) was changed: its content has another digest than its name")
    }
    do throws(JSON.Problem) { return try JSON.read(bytes) } catch {
      throw ArchiveProblem("\(path) is no JSON: \(error.text)")
    }
  }

  /// A layer of the archive.
  func layer(_ path: String) throws(ArchiveProblem) -> LayerContents {
    let path = target(path)
    if let layer = layers[path] { return layer }
    if let problem = problems[path] { throw ArchiveProblem("the layer \(path) \(problem.text)") }
    throw ArchiveProblem("it lacks the layer \(path), which its manifest names")
  }

  /// Where links of an old archive lead.
  private func target(_ path: String) -> String {
    var current = Self.resolved(path)
    for _ in 0..<8 {
      guard let next = links[current] else { break }
      current = next
    }
    return current
  }

  /// A path without `.` and `..`.
  private static func resolved(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return parts.joined(separator: "/")
  }
}
