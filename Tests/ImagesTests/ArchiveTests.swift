import Basics
import Diagnostics
import Images
import Mapping
import Report
import Swarm
import TestSupport
import Testing
import Validation

/// Archives are read as `docker save` and OCI builders write them.
@Suite struct ArchiveTests {
  @Test func dockerSave() throws {
    let image = try Self.images(Self.save(Self.layers))[0]
    #expect(image.names == ["shop/web:1"])
    #expect(image.config.user == "app")
    #expect(image.config.ports == ["80/tcp", "8080/tcp"])
    #expect(image.config.healthcheck?.test == ["CMD", "/check"])
    #expect(image.config.stopSignal == "SIGQUIT")
    #expect(image.config.volumes == ["/data"])
    #expect(image.config.secretVariables == ["API_TOKEN"])
    #expect(image.config.platform == "linux/arm64")
    #expect(image.layers.map(\.instruction) == ["ADD file:1 in /", "RUN make all", "COPY . /srv"])
    #expect(image.layers.map(\.size) == [3100, 2000, 40])
    // A file replaced, one removed, a folder emptied.
    #expect(image.layers.map(\.wasted) == [1100, 2000, 0])
    #expect(image.wasted == 3100)
    #expect(image.largest.first?.path == "/bin/su")
    #expect(image.setuid == ["/bin/su"])
    #expect(image.secrets.map(\.path) == ["/root/.ssh/id_rsa"])
    #expect(image.secrets.map(\.isHidden) == [true])
    #expect(image.caches.isEmpty)
  }

  private static let key =
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\n"

  static var layers: [[UInt8]] {
    [
      TarArchive.tar([
        ("bin/", nil, 0o755), ("bin/su", [UInt8](repeating: 1, count: 2000), 0o4755),
        ("etc/a", [UInt8](repeating: 1, count: 1000), 0o644),
        ("tmp/x/y", [UInt8](repeating: 1, count: 100), 0o644),
      ]),
      TarArchive.tar([
        (
          "./root/.ssh/id_rsa",
          Array(key.utf8) + [UInt8](repeating: 0x0A, count: 2000 - key.utf8.count), 0o600
        )
      ]),
      TarArchive.tar([
        ("etc/a", [UInt8](repeating: 1, count: 40), 0o644), ("root/.ssh/.wh.id_rsa", [], 0),
        ("tmp/x/.wh..wh..opq", [], 0),
      ]),
    ]
  }

  @Test func ociLayout() throws {
    let image = try Self.images(Self.layout(Self.layers))[0]
    #expect(image.names == ["docker.io/shop/web:1"])
    #expect(image.size == 5140)
    #expect(image.layers.map(\.wasted) == [1100, 2000, 0])
  }

  /// The configuration alone needs no layer, not even one that could not be read.
  @Test func declarations() throws {
    let zstd: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD] + [UInt8](repeating: 0, count: 600)
    for bytes in [Self.save([zstd]), Self.layout([zstd])] {
      let declared = try Self.reader(bytes, readsLayers: false).declarations()
      #expect(declared.map(\.config.user) == ["app"])
      #expect(declared[0].names[0].hasSuffix("shop/web:1"))
    }
  }

  /// For the conversion: what an archive declares is all that there is.
  @Test func factsForTheConversion() throws {
    let config = #"""
      {"config": {"User": "1000:staff", "ExposedPorts": {"53/udp": {}, "8080/tcp": {}}, "Shell": ["/bin/bash", "-c"],
       "Healthcheck": {"Test": ["CMD-SHELL", "up | grep ok"], "Timeout": 500000000, "StartInterval": 1000000000, "Retries": 0},
       "Volumes": {"/data/": {}}, "StopSignal": "SIGQUIT", "Cmd": ["serve"]}}
      """#
    let image = try Self.reader(Self.save([], config: config), readsLayers: false).declarations()[0]
    let facts = image.facts(path: "web.tar")
    #expect(facts.isComplete)
    #expect(facts.ports.map(\.value.number) == [53, 8080])
    #expect(facts.ports.map(\.evidence.text) == ["EXPOSE 53/udp", "EXPOSE 8080"])
    #expect(facts.identity == User("1000"))
    #expect(facts.check?.value.test == .shell("up | grep ok"))
    #expect(facts.check?.value.timeout == .milliseconds(500))
    #expect(facts.check?.value.startInterval == .seconds(1))
    #expect(facts.check?.value.interval == nil)
    #expect(facts.check?.value.retries == nil)
    #expect(facts.shell == ["/bin/bash", "-c"])
    #expect(facts.volumes.map(\.value) == ["/data"])
    #expect(facts.stopSignal?.evidence.place == "web.tar")
    #expect(facts.command == ["serve"])
  }

  /// Two names of one image, another platform's that is not there, an attestation.
  @Test func indexOfAnIndex() throws {
    var blobs = Blobs()
    let layer = blobs.add(Self.layers[2])
    let config = blobs.add(Array(Self.config.utf8))
    let manifest = blobs.add(
      Array(#"{"config":{"digest":"\#(config)"},"layers":[{"digest":"\#(layer)"}]}"#.utf8))
    let attestation = blobs.add(
      Array(#"{"config":{"digest":"sha256:00"},"layers":[]}"#.utf8))
    let index = blobs.add(
      Array(
        #"{"manifests":[{"digest":"\#(manifest)"},{"digest":"sha256:77"},{"digest":"\#(attestation)","annotations":{"vnd.docker.reference.type":"attestation-manifest"}}]}"#
          .utf8))
    func entry(_ digest: String, _ name: String) -> String {
      #"{"digest":"\#(digest)","annotations":{"org.opencontainers.image.ref.name":"\#(name)"}}"#
    }
    let list = [entry(index, "shop/web:1"), entry(manifest, "shop/web:2"), entry(manifest, "2")]
      .joined(separator: ",")
    blobs.entries.append(("index.json", Array(#"{"manifests":[\#(list)]}"#.utf8), 0o644))
    let images = try Self.images(TarArchive.tar(blobs.entries))
    #expect(images.map(\.names) == [["shop/web:1", "shop/web:2"]])
  }

  @Test func changedContent() throws {
    var blobs = Blobs()
    _ = blobs.add(Self.layers[2])
    let config = blobs.add(Array(Self.config.utf8))
    let manifest = blobs.add(Array(#"{"config":{"digest":"\#(config)"},"layers":[]}"#.utf8))
    blobs.entries.append(
      ("index.json", Array(#"{"manifests":[{"digest":"\#(manifest)"}]}"#.utf8), 0o644))
    blobs.entries[1].1 = Array(Self.config.replacing("app", with: "root").utf8)
    #expect(Self.problem(TarArchive.tar(blobs.entries)).contains("was changed"))
  }

  private struct Blobs {
    var entries: [(String, [UInt8]?, Int)] = []

    mutating func add(_ bytes: [UInt8]) -> String {
      let hash = ContentHash(of: bytes).digits(64)
      entries.append(("blobs/sha256/\(hash)", bytes, 0o644))
      return "sha256:\(hash)"
    }
  }

  @Test(arguments: [
    (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    (55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
    (64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
    (200, "c2a908d98f5df987ade41b5fce213067efbcc21ef2240212a41e54b5e7c28ae5"),
  ])
  func digests(_ count: Int, _ digest: String) {
    #expect(ContentHash(of: [UInt8](repeating: 0x61, count: count)).digits(64) == digest)
  }

  @Test func findings() throws {
    let image = try Self.images(Self.save(Self.layers))[0]
    let alone = image.diagnostics(uses: []).map(\.slug)
    #expect(
      alone == [
        "image/user-name", "image/privileged-port", "image/secret-file",
        "image/secret-in-environment",
        "image/setuid", "image/shell-form",
      ])
    let used = image.diagnostics(uses: [ServiceUse(name: "web", user: "1000", hasHealthcheck: true)]
    )
    #expect(used.map(\.slug).contains("image/unmounted-volume"))
    #expect(!used.map(\.slug).contains("image/user-name"))
    for diagnostic in image.diagnostics(uses: []) {
      #expect(!diagnostic.summary.contains("b3Bl") && !diagnostic.summary.contains("s3cr3t"))
    }
  }

  static func problem(_ bytes: [UInt8]) -> String {
    do throws(ArchiveProblem) {
      _ = try images(bytes)
      return ""
    } catch { return error.text }
  }

  @Test func refusals() throws {
    func problem(_ bytes: [UInt8]) -> String { Self.problem(bytes) }
    #expect(problem([0x28, 0xB5, 0x2F, 0xFD, 0, 0, 0]).contains("zstd"))
    #expect(problem(Array("no archive at all, and long enough to be one".utf8)).contains("cut off"))
    #expect(problem([UInt8](repeating: 0x41, count: 2000)).contains("no tar archive"))
    #expect(problem([]).contains("empty"))
    #expect(problem(TarArchive.tar([("a", [1], 0o644)])).contains("neither"))
    #expect(problem(Array(Self.save(Self.layers).prefix(3000))).contains("cut off"))
    let zstd = Self.save([[0x28, 0xB5, 0x2F, 0xFD] + [UInt8](repeating: 0, count: 600)])
    #expect(problem(zstd).contains("zstd"))
    #expect(problem([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9, 9, 9]).contains("gzip"))
    // A manifest that names what is not there, none at all, and itself as its configuration.
    func manifest(_ text: String) -> [UInt8] {
      TarArchive.tar([("manifest.json", Array(text.utf8), 0o644)])
    }
    #expect(problem(manifest(#"[{"Config":"c.json","Layers":[]}]"#)).contains("lacks"))
    #expect(problem(manifest(#"[{"Config":"../../etc/passwd","Layers":[]}]"#)).contains("lacks"))
    #expect(problem(manifest("[]")).contains("names no image"))
    #expect(problem(manifest("{")).contains("no JSON"))
    #expect(problem(manifest(String(repeating: "[", count: 100_000))).contains("no JSON"))
    let lacking = TarArchive.tar([
      ("manifest.json", Array(#"[{"Config":"c.json","Layers":["l/layer.tar"]}]"#.utf8), 0o644),
      ("c.json", Array(Self.config.utf8), 0o644),
    ])
    #expect(problem(lacking).contains("lacks the layer l/layer.tar"))
    // A layer that is cut off inside an archive that is not, and one whose file has a negative size.
    #expect(problem(Self.save([Array(Self.layers[0].prefix(1200))])).contains("cut off"))
    var negative = TarArchive.header("a", 0, "0", 0o644)
    negative.replaceSubrange(124..<136, with: [UInt8](repeating: 0xFF, count: 12))
    TarArchive.seal(&negative)
    #expect(problem(Self.save([negative])).contains("negative"))
  }

  /// GNU's binary numbers, its sparse files with a map that goes on, folders as before ustar, signed sums.
  @Test func oldAndOddHeaders() throws {
    var binary = TarArchive.header("binary", 0, "0", 0o644)
    binary.replaceSubrange(
      124..<136, with: [0x80] + [UInt8](repeating: 0, count: 9) + [0x02, 0x58])
    TarArchive.seal(&binary)
    var sparse = TarArchive.header("sparse", 700, "S", 0o644)
    sparse[482] = 1
    TarArchive.seal(&sparse)
    var map = [UInt8](repeating: 0, count: 1024)
    map[504] = 1
    let folder = TarArchive.header("old/", 0, "0", 0o755)
    let layer =
      binary + TarArchive.block([UInt8](repeating: 1, count: 600)) + sparse + map
      + TarArchive.block([UInt8](repeating: 1, count: 700)) + folder
      + TarArchive.tar([("old/é", [1, 2, 3], 0o2755), ("../../out", [1], 0o644)])
    let image = try Self.images(Self.save([layer, TarArchive.tar([]), TarArchive.tar([])]))[0]
    #expect(image.largest.map(\.path) == ["/sparse", "/binary", "/old/é", "/out"])
    #expect(image.largest.map(\.size) == [700, 600, 3, 1])
    #expect(image.setuid == ["/old/é"])
  }

  /// What lies under a folder goes with it: when it is removed, when a file takes its place.
  @Test func foldersThatGo() throws {
    let below: [(String, [UInt8]?, Int)] = [
      ("a/", nil, 0o755), ("a/b/", nil, 0o755), ("a/b/one", [1, 2, 3], 0o644),
      ("a/two", [1, 2], 0o644), ("c/", nil, 0o755), ("c/three", [1], 0o644),
    ]
    let above: [(String, [UInt8]?, Int)] = [
      (".wh.a", [], 0), ("c", [7, 7, 7, 7], 0o644), ("a/", nil, 0o755), ("a/new", [1], 0o644),
      (".wh..wh.plnk", [], 0),
    ]
    let image = try Self.images(
      Self.save([TarArchive.tar(below), TarArchive.tar(above), TarArchive.tar([])]))[0]
    #expect(image.layers.map(\.wasted) == [6, 0, 0])
    #expect(image.largest.map(\.path) == ["/c", "/a/new"])
  }

  @Test(arguments: [
    ("RUN |2 A=1 TOKEN=s3cr3t /bin/sh -c make # buildkit", "RUN make"),
    ("/bin/sh -c #(nop) WORKDIR /srv", "WORKDIR /srv"), ("", ""),
  ])
  func instructions(_ history: String, _ shown: String) throws {
    let config = Self.config.replacing("RUN /bin/sh -c make all # buildkit", with: history)
    let image = try Self.images(Self.save(Self.layers, config: config))[0]
    #expect(image.layers[1].instruction == shown)
  }

  @Test(arguments: [
    ("app/.env", "DB_PASSWORD=Bollard9-and-more\n", true),
    ("app/.env", "PORT=8080 # no secret\n", false),
    ("app/.env.example", "DB_PASSWORD=Bollard9-and-more\n", false),
    ("root/.npmrc", "//r.example.com/:_authToken=abcdefgh\n", true),
    ("srv/notes", "ghp_0123456789012345678901234567890123456789", true),
    ("srv/notes", "xghp_0123456789012345678901234567890123456789", false),
    ("usr/share/doc/x", "-----BEGIN RSA PRIVATE KEY-----", false),
    ("root/.docker/config.json", #"{"auths": {"r.example.com": {"auth": "YTpi"}}}"#, true),
  ])
  func secrets(_ path: String, _ text: String, _ isOne: Bool) throws {
    let layer = TarArchive.tar([(path, Array(text.utf8), 0o600)])
    let image = try Self.images(Self.save([layer, TarArchive.tar([]), TarArchive.tar([])]))[0]
    #expect(image.secrets.map(\.path) == (isOne ? ["/\(path)"] : []))
  }

  @Test func longNames() throws {
    let name = String(repeating: "d/", count: 90) + "file"
    let long =
      TarArchive.header("././@LongLink", name.utf8.count, "L", 0)
      + TarArchive.block(Array(name.utf8))
    let layer = long + TarArchive.tar([("short", [1, 2, 3], 0o644)])
    let record = "path=\(name)2\n"
    let length = record.utf8.count + 4
    let pax = Array("\(length) \(record)".utf8)
    let second =
      TarArchive.header("x", pax.count, "x", 0) + TarArchive.block(pax)
      + TarArchive.tar([("short", [1, 2], 0o644)])
    let image = try Self.images(Self.save([layer, second, TarArchive.tar([])]))[0]
    #expect(image.largest.map(\.path) == ["/\(name)", "/\(name)2"])
  }

  // MARK: Making archives

  static let config = #"""
    {"architecture": "arm64", "os": "linux", "config": {"User": "app", "ExposedPorts": {"8080/tcp": {}, "80/tcp": {}},
     "Env": ["PATH=/bin", "API_TOKEN=s3cr3t"], "Cmd": ["/bin/sh", "-c", "run"], "StopSignal": "SIGQUIT",
     "Healthcheck": {"Test": ["CMD", "/check"], "Interval": 5000000000}, "Volumes": {"/data": {}}},
     "history": [{"created_by": "/bin/sh -c #(nop) ADD file:1 in / "},
      {"created_by": "/bin/sh -c #(nop)  CMD [\"x\"]", "empty_layer": true},
      {"created_by": "RUN /bin/sh -c make all # buildkit"}, {"created_by": "COPY . /srv # buildkit"}]}
    """#

  static func images(_ bytes: [UInt8]) throws(ArchiveProblem) -> [ImageContents] {
    try reader(bytes).finish()
  }

  private static func reader(
    _ bytes: [UInt8], readsLayers: Bool = true
  ) throws(ArchiveProblem) -> ArchiveReader {
    var reader = ArchiveReader(readsLayers: readsLayers)
    // In pieces of an odd size, as a pipe may give them.
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + 777)
      try reader.feed(bytes[start..<end])
      start = end
    }
    return reader
  }

  static func save(_ layers: [[UInt8]], config: String = config) -> [UInt8] {
    let paths = layers.indices.map { "\"l\($0)/layer.tar\"" }.joined(separator: ",")
    let manifest = #"[{"Config":"c.json","RepoTags":["shop/web:1"],"Layers":[\#(paths)]}]"#
    return TarArchive.tar(
      layers.enumerated().map { ("l\($0)/layer.tar", $1, 0o644) }
        + [("c.json", Array(config.utf8), 0o644), ("manifest.json", Array(manifest.utf8), 0o644)])
  }

  static func layout(_ layers: [[UInt8]]) -> [UInt8] {
    var blobs = Blobs()
    let list = layers.map { #"{"digest":"\#(blobs.add($0))"}"# }.joined(separator: ",")
    let config = blobs.add(Array(config.utf8))
    let manifest = blobs.add(
      Array(#"{"config":{"digest":"\#(config)"},"layers":[\#(list)]}"#.utf8))
    let name = #"{"io.containerd.image.name":"docker.io/shop/web:1"}"#
    let index = #"{"manifests":[{"digest":"\#(manifest)","annotations":\#(name)}]}"#
    return TarArchive.tar(
      [("oci-layout", Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8), 0o644)] + blobs.entries
        + [("index.json", Array(index.utf8), 0o644)])
  }
}
