import Foundation
import TestSupport
import Testing

/// Archives and scan reports as a user gives them, with the stack that runs the images.
struct AuditImagesTests {
  /// `old.tar` and `new.tar` of one repository, the second a tenth of the first, beside the stack and the scan reports.
  private func scratch() throws -> Scratch {
    let scratch = try Scratch()
    let source = Testdata.url("audit/images")
    for name in ["stack.yml", "trivy.json", "trivy.before.json", "grype.json"] {
      try FileManager.default.copyItem(
        at: source.appending(path: name), to: scratch.url.appending(path: name))
    }
    let key = "-----BEGIN EC PRIVATE KEY-----\nBollard9Bollard9\n-----END EC PRIVATE KEY-----\n"
    let base = TarArchive.tar([
      ("bin/", nil, 0o755), ("bin/su", Self.bytes(70_000), 0o4755),
      ("usr/lib/", nil, 0o755), ("usr/lib/libc.so", Self.bytes(900_000), 0o755),
      ("var/lib/apt/lists/main", Self.bytes(2_000_000), 0o644),
    ])
    let build = TarArchive.tar([
      ("srv/app", Self.bytes(3_000_000), 0o755), ("srv/key.pem", Array(key.utf8), 0o600),
    ])
    let clean = TarArchive.tar([
      ("srv/app", Self.bytes(600_000), 0o755), ("srv/.wh.key.pem", [], 0),
    ])
    try Self.save(
      "shop/web:1", [base, build, clean], user: "root", to: scratch.url.appending(path: "old.tar"))
    try Self.save(
      "shop/web:2", [TarArchive.tar([("srv/app", Self.bytes(657_000), 0o755)])], user: "app",
      to: scratch.url.appending(path: "new.tar"))
    return scratch
  }

  private static func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 7, count: count) }

  private static func save(_ name: String, _ layers: [[UInt8]], user: String, to file: URL) throws {
    let history = [
      "ADD rootfs in /", "RUN |1 TOKEN=Bollard9 /bin/sh -c make # buildkit",
      "RUN /bin/sh -c strip \u{1B}[31m/srv/app # buildkit",
    ]
    let config: [String: Any] = [
      "os": "linux", "architecture": "amd64",
      "config": [
        "User": user, "Cmd": ["/srv/app"], "ExposedPorts": ["8080/tcp": [:], "80/tcp": [:]],
        "Env": ["PATH=/bin", "API_TOKEN=Bollard9"], "StopSignal": "SIGQUIT",
        "WorkingDir": "/srv", "Volumes": ["/data": [:]],
        "Healthcheck": ["Test": ["CMD", "/srv/app", "check"]],
      ],
      "history": history.prefix(layers.count).map { ["created_by": $0] },
    ]
    let names = layers.indices.map { "\($0)/layer.tar" }
    let manifest: [[String: Any]] = [["Config": "c.json", "RepoTags": [name], "Layers": names]]
    let entries =
      zip(names, layers).map { ($0, Optional($1), 0o644) } + [
        ("c.json", Array(try JSONSerialization.data(withJSONObject: config)), 0o644),
        ("manifest.json", Array(try JSONSerialization.data(withJSONObject: manifest)), 0o644),
      ]
    try Data(TarArchive.tar(entries)).write(to: file)
  }

  private static let all = [
    "audit", "-c", "stack.yml", "--image", "old.tar", "--image", "new.tar", "--scan-report",
    "trivy.before.json", "--scan-report", "trivy.json", "--scan-report", "grype.json",
  ]

  @Test(arguments: ["text", "markdown", "json", "sarif"])
  func everyFormatCarriesBoth(_ format: String) throws {
    let scratch = try scratch()
    let result = try Program.run(
      Self.all + ["--format", format, "--fail-on", "none"], in: scratch.url)
    withExtendedLifetime(scratch) {}
    #expect(result.status == 0, "\(result.error)")
    let ending = ["text": "txt", "markdown": "md"][format] ?? format
    let golden = "audit/images/expected.\(ending)"
    // The version is in it.
    if format == "text" || format == "markdown" {
      #expect(try Golden.difference(result.out, golden) == nil)
    } else {
      let object = try JSONSerialization.jsonObject(with: Data(result.out.utf8))
      var document = try #require(object as? [String: Any])
      if format == "sarif" {
        let runs = try #require(document["runs"] as? [[String: Any]])
        document = try #require(runs[0]["properties"] as? [String: Any])
      }
      let images = try #require(document["images"] as? [[String: Any]])
      let before = try #require(images[0]["before"] as? [String: Any])
      #expect(before["change"] as? Double == -90)
      let scans = try #require(document["scans"] as? [[String: Any]])
      #expect(scans.map { $0["services"] as? [String] } == [["mirror", "web"], ["queue"]])
      let change = (scans[0]["before"] as? [String: Any])?["criticalChange"] as? Double
      #expect(change == -60)
    }
    #expect(!result.out.contains("Bollard9") && !result.error.contains("Bollard9"))
    #expect(!result.out.contains("\u{1B}"))
  }

  /// The one before alone: what it hides is found.
  @Test func theImageBefore() throws {
    let scratch = try scratch()
    let result = try Program.run(["audit", "--image", "old.tar"], in: scratch.url)
    withExtendedLifetime(scratch) {}
    #expect(result.status == 1, "\(result.error)")
    #expect(try Golden.difference(result.out, "audit/images/before.txt") == nil)
    #expect(!result.out.contains("Bollard9"))
  }

  @Test(arguments: [
    (["--scan-report", "trivy.json"], "critical", Int32(1)),
    (["--scan-report", "trivy.json"], "none", 0), (["--scan-report", "trivy.json"], "error", 0),
    (["--scan-report", "grype.json"], "high", 0), (["--scan-report", "grype.json"], "medium", 1),
    // As bad or worse; and the one before does not count.
    (["--scan-report", "trivy.json"], "low", 1),
    (["--scan-report", "trivy.json", "--scan-report", "grype.json"], "high", 1),
    (["--image", "new.tar"], "error", 1), (["--image", "new.tar"], "critical", 0),
  ])
  func failing(_ arguments: [String], _ list: String, _ status: Int32) throws {
    let scratch = try scratch()
    let result = try Program.run(["audit", "--fail-on", list] + arguments, in: scratch.url)
    withExtendedLifetime(scratch) {}
    #expect(result.status == status, "\(result.error)")
  }

  @Test func servicesWithoutAReport() throws {
    let scratch = try scratch()
    for (format, text) in [
      ("text", "no scan report: mirror (docker.io/shop/web:2), web (shop/web:2)\n"),
      ("json", "\"unscanned\": ["),
    ] {
      let result = try Program.run(
        ["audit", "-c", "stack.yml", "--scan-report", "grype.json", "--format", format],
        in: scratch.url)
      #expect(result.out.contains(text), "\(result.out)")
    }
    withExtendedLifetime(scratch) {}
  }

  @Test func problems() throws {
    let scratch = try scratch()
    try scratch.write("{}", to: "empty.json")
    try FileManager.default.createDirectory(
      at: scratch.url.appending(path: "folder"), withIntermediateDirectories: true)
    for (arguments, text) in [
      (["--image", "none.tar"], "none.tar: no such file"), (["--image", "stack.yml"], "archive"),
      (["--image", "folder"], "no index.json"), (["--scan-report", "empty.json"], "neither"),
      (["--scan-report", "new.tar"], "JSON"), (["--image", "/dev/zero"], "has no end"),
    ] {
      let result = try Program.run(["audit"] + arguments, in: scratch.url)
      #expect(result.status == 2)
      #expect(result.error.contains(text), "\(result.error)")
    }
    let wrong = try Program.run(["audit", "--fail-on", "unknown"], in: scratch.url)
    #expect(wrong.status == 64)
  }
}
