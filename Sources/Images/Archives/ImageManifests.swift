import YAML

/// An image of an archive: its names, what it declares, and where its layers are.
struct ImageManifest {
  var names: [String]
  let config: ImageConfig
  /// What was done in the building, one entry a layer.
  let history: [String]
  let layers: [String]
}

extension ArchiveHandler {
  /// Far more than any archive holds, so that none can be made that takes hours.
  private static var maximumManifests: Int { 500 }
  private static var maximumLayers: Int { 1000 }
  private static var maximumWork: Int { 4 * PathTable.maximum }

  /// The images, with all that their layers hold.
  func images() throws(ArchiveProblem) -> [ImageContents] {
    var work = 0
    var images: [ImageContents] = []
    for manifest in try manifests() {
      var layers: [LayerContents] = []
      for path in manifest.layers {
        let layer = try layer(path)
        layers.append(layer)
        work += layer.entries.count
      }
      if work > Self.maximumWork {
        throw ArchiveProblem("its images hold more than \(Self.maximumWork) files: none do")
      }
      images.append(ImageContents(manifest, layers, paths))
    }
    return images
  }

  /// The images, in the order of the archive.
  func manifests() throws(ArchiveProblem) -> [ImageManifest] {
    if let list = try document("manifest.json") {
      // `docker save`: a list of images.
      var found: [ImageManifest] = []
      for entry in list.items {
        if found.count == Self.maximumManifests { throw Self.tooMany }
        let path = entry["Config"]?.text ?? ""
        // `HASH.json`, or `blobs/sha256/HASH`.
        let hash = path.split(separator: "/").last?.split(separator: ".").first ?? ""
        found.append(
          try image(
            names: entry["RepoTags"]?.items.compactMap(\.text) ?? [], config: path,
            digest: hash.utf8.count == 64 ? "sha256:\(hash)" : nil,
            layers: entry["Layers"]?.items.compactMap(\.text) ?? []))
      }
      if found.isEmpty { throw ArchiveProblem("its manifest.json names no image") }
      return found
    }
    guard let index = try document("index.json") else {
      throw ArchiveProblem(
        "it is neither a docker save archive nor an OCI layout: it has no manifest.json and no index.json"
      )
    }
    var search = Search()
    try collect(index, name: nil, depth: 0, into: &search)
    if search.found.isEmpty {
      throw ArchiveProblem(
        search.missing.map { "it lacks \($0), which its index names" }
          ?? "its index.json names no image")
    }
    return search.found
  }

  private static var tooMany: ArchiveProblem {
    ArchiveProblem("it names more than \(maximumManifests) images: no archive does")
  }

  private struct Search {
    var found: [ImageManifest] = []
    /// Where the image of a digest is among those found.
    var numbers: [String: Int] = [:]
    var steps = 0
    /// A manifest that an index names and the archive lacks, as those of other platforms often are.
    var missing: String?
  }

  /// Follows an index to its images. Attestations are images of no service, and manifests that are not there are other
  /// platforms'.
  private func collect(
    _ index: JSON, name outer: String?, depth: Int, into search: inout Search
  ) throws(ArchiveProblem) {
    guard depth < 4 else { return }
    for descriptor in index["manifests"]?.items ?? [] {
      search.steps += 1
      if search.steps > Self.maximumManifests { throw Self.tooMany }
      let annotations = descriptor["annotations"]
      guard let digest = descriptor["digest"]?.text,
        annotations?["vnd.docker.reference.type"] == nil
      else { continue }
      let name = Self.name(annotations) ?? outer
      if let number = search.numbers[digest] {
        if let name, !search.found[number].names.contains(name) {
          search.found[number].names.append(name)
        }
        continue
      }
      guard let manifest = try document(Self.blob(digest), digest: digest) else {
        search.missing = search.missing ?? Self.blob(digest)
        continue
      }
      if manifest["manifests"] != nil {
        try collect(manifest, name: name, depth: depth + 1, into: &search)
      } else if let config = manifest["config"]?["digest"]?.text {
        search.numbers[digest] = search.found.count
        search.found.append(
          try image(
            names: name.map { [$0] } ?? [], config: Self.blob(config), digest: config,
            layers: (manifest["layers"]?.items ?? []).compactMap {
              $0["digest"]?.text.map(Self.blob)
            }))
      }
    }
  }

  /// The name that containerd gives an image, or the OCI one where that is more than a tag.
  private static func name(_ annotations: JSON?) -> String? {
    if let name = annotations?["io.containerd.image.name"]?.text { return name }
    guard let name = annotations?["org.opencontainers.image.ref.name"]?.text,
      name.contains("/") || name.contains(":")
    else { return nil }
    return name
  }

  private static func blob(_ digest: String) -> String {
    "blobs/" + String(digest.map { $0 == ":" ? "/" : $0 })
  }

  private func image(names: [String], config path: String, digest: String?, layers: [String])
    throws(ArchiveProblem) -> ImageManifest
  {
    guard let config = try document(path, digest: digest) else {
      throw ArchiveProblem(
        path.isEmpty
          ? "its manifest names no configuration"
          : "it lacks the configuration \(path), which its manifest names")
    }
    if layers.count > Self.maximumLayers {
      throw ArchiveProblem("an image has more than \(Self.maximumLayers) layers: none has")
    }
    let history = (config["history"]?.items ?? []).filter { $0["empty_layer"]?.boolean != true }
    return ImageManifest(
      names: names, config: ImageConfig(config),
      history: history.map { ImageContents.instruction($0["created_by"]?.text ?? "") },
      layers: layers)
  }
}
