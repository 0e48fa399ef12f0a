import Images
import Testing

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

  private static var layers: [[UInt8]] {
    [
      tar([
        ("bin/", nil, 0o755), ("bin/su", [UInt8](repeating: 1, count: 2000), 0o4755),
        ("etc/a", [UInt8](repeating: 1, count: 1000), 0o644),
        ("tmp/x/y", [UInt8](repeating: 1, count: 100), 0o644),
      ]),
      tar([
        (
          "./root/.ssh/id_rsa",
          Array(key.utf8) + [UInt8](repeating: 0x0A, count: 2000 - key.utf8.count), 0o600
        )
      ]),
      tar([
        ("etc/a", [UInt8](repeating: 1, count: 40), 0o644), ("root/.ssh/.wh.id_rsa", [], 0),
        ("tmp/x/.wh..wh..opq", [], 0),
      ]),
    ]
  }

  @Test func ociLayoutPackedAsAWhole() throws {
    var entries: [(String, [UInt8]?, Int)] = [
      ("oci-layout", Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8), 0o644)
    ]
    for (number, layer) in Self.layers.enumerated() {
      entries.append(("blobs/sha256/\(number)", layer, 0o644))
    }
    entries.append(("blobs/sha256/c", Array(Self.config.utf8), 0o644))
    let list = (0..<3).map { #"{"digest":"sha256:\#($0)"}"# }.joined(separator: ",")
    entries.append(
      (
        "blobs/sha256/m", Array(#"{"config":{"digest":"sha256:c"},"layers":[\#(list)]}"#.utf8),
        0o644
      ))
    entries.append(
      (
        "index.json",
        Array(
          #"{"manifests":[{"digest":"sha256:m","annotations":{"io.containerd.image.name":"docker.io/shop/web:1"}}]}"#
            .utf8), 0o644
      ))
    let image = try Self.images(Self.tar(entries))[0]
    #expect(image.names == ["docker.io/shop/web:1"])
    #expect(image.size == 5140)
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

  @Test func refusals() throws {
    func problem(_ bytes: [UInt8]) -> String {
      do throws(ArchiveProblem) {
        _ = try Self.images(bytes)
        return ""
      } catch { return error.text }
    }
    #expect(problem([0x28, 0xB5, 0x2F, 0xFD, 0, 0, 0]).contains("zstd"))
    #expect(problem(Array("no archive at all, and long enough to be one".utf8)).contains("cut off"))
    #expect(problem([UInt8](repeating: 0x41, count: 2000)).contains("no tar archive"))
    #expect(problem([]).contains("empty"))
    #expect(problem(Self.tar([("a", [1], 0o644)])).contains("neither"))
    #expect(problem(Array(Self.save(Self.layers).prefix(3000))) != "")
    let zstd = Self.save([[0x28, 0xB5, 0x2F, 0xFD] + [UInt8](repeating: 0, count: 600)])
    #expect(problem(zstd).contains("zstd"))
    #expect(problem([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9, 9, 9]).contains("gzip"))
  }

  @Test func longNames() throws {
    let name = String(repeating: "d/", count: 90) + "file"
    let long = Self.header("././@LongLink", name.utf8.count, "L", 0) + Self.block(Array(name.utf8))
    let layer = long + Self.tar([("short", [1, 2, 3], 0o644)])
    let record = "path=\(name)2\n"
    let length = record.utf8.count + 4
    let pax = Array("\(length) \(record)".utf8)
    let second =
      Self.header("x", pax.count, "x", 0) + Self.block(pax) + Self.tar([("short", [1, 2], 0o644)])
    let image = try Self.images(Self.save([layer, second, Self.tar([])]))[0]
    #expect(image.largest.map(\.path) == ["/\(name)", "/\(name)2"])
  }

  // MARK: Making archives

  private static let config = #"""
    {"architecture": "arm64", "os": "linux", "config": {"User": "app", "ExposedPorts": {"8080/tcp": {}, "80/tcp": {}},
     "Env": ["PATH=/bin", "API_TOKEN=s3cr3t"], "Cmd": ["/bin/sh", "-c", "run"], "StopSignal": "SIGQUIT",
     "Healthcheck": {"Test": ["CMD", "/check"], "Interval": 5000000000}, "Volumes": {"/data": {}}},
     "history": [{"created_by": "/bin/sh -c #(nop) ADD file:1 in / "},
      {"created_by": "/bin/sh -c #(nop)  CMD [\"x\"]", "empty_layer": true},
      {"created_by": "RUN /bin/sh -c make all # buildkit"}, {"created_by": "COPY . /srv # buildkit"}]}
    """#

  private static func images(_ bytes: [UInt8]) throws(ArchiveProblem) -> [ImageContents] {
    var reader = ArchiveReader()
    // In pieces of an odd size, as a pipe may give them.
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + 777)
      try reader.feed(bytes[start..<end])
      start = end
    }
    return try reader.finish()
  }

  private static func save(_ layers: [[UInt8]]) -> [UInt8] {
    let paths = layers.indices.map { "\"l\($0)/layer.tar\"" }.joined(separator: ",")
    let manifest = #"[{"Config":"c.json","RepoTags":["shop/web:1"],"Layers":[\#(paths)]}]"#
    return tar(
      layers.enumerated().map { ("l\($0)/layer.tar", $1, 0o644) }
        + [("c.json", Array(config.utf8), 0o644), ("manifest.json", Array(manifest.utf8), 0o644)])
  }

  static func tar(_ entries: [(String, [UInt8]?, Int)]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (path, content, mode) in entries {
      bytes += header(path, content?.count ?? 0, content == nil ? "5" : "0", mode)
      bytes += block(content ?? [])
    }
    return bytes + [UInt8](repeating: 0, count: 1024)
  }

  private static func block(_ content: [UInt8]) -> [UInt8] {
    content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
  }

  private static func header(_ path: String, _ size: Int, _ kind: Character, _ mode: Int) -> [UInt8]
  {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at offset: Int) {
      header.replaceSubrange(offset..<(offset + text.utf8.count), with: text.utf8)
    }
    func octal(_ number: Int, _ width: Int) -> String {
      let digits = String(number, radix: 8)
      return String(repeating: "0", count: width - digits.count) + digits
    }
    put(path, at: 0)
    put(octal(mode, 7), at: 100)
    put(octal(size, 11), at: 124)
    put("        ", at: 148)
    put(String(kind), at: 156)
    put("ustar\u{0}00", at: 257)
    let sum = header.reduce(0) { $0 + Int($1) }
    put(octal(sum, 6) + "\u{0} ", at: 148)
    return header
  }
}
