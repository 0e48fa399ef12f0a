import Foundation
import TestSupport
import Testing

/// What images declare, as a user gives it: Dockerfiles beside the stack, archives on the command line.
struct ImageEvidenceTests {
  private static let config =
    #"{"architecture":"amd64","os":"linux","config":{"User":"1000:2000","ExposedPorts":{"8080/tcp":{}},"StopSignal":"SIGINT","Healthcheck":{"Test":["CMD","/check"],"Interval":5000000000}}}"#
  private static let digest = "e1e95bb43c8800f2b176f7f4d76e92e86958fcfd527f009123c7b62bd4bbd77c"

  /// A layout in a folder, as `docker save` writes it into an archive.
  private func layout(_ scratch: Scratch, _ name: String) throws {
    try scratch.write(Self.config, to: "image/blobs/sha256/\(Self.digest)")
    try scratch.write(
      #"[{"Config":"blobs/sha256/\#(Self.digest)","RepoTags":["\#(name)"],"Layers":[]}]"#,
      to: "image/manifest.json")
  }

  private static let stack = """
    services:
      web:
        image: shop/web:1
        build: ./web
        networks: [shop]
      api:
        image: shop/api:1
        networks: [shop]
    networks: {shop: {}}

    """

  private func convert(_ scratch: Scratch, _ arguments: String...) throws -> Program.Result {
    try Program.run(
      ["convert", "-c", "stack.yml", "shop", "-o", "-"] + arguments, in: scratch.url)
  }

  @Test func anArchiveGoesBeforeTheDockerfile() throws {
    let scratch = try Scratch()
    try scratch.write(Self.stack, to: "stack.yml")
    try scratch.write("FROM debian:12\nEXPOSE 9000\nUSER 5\n", to: "web/Dockerfile")
    let file = try convert(scratch)
    #expect(file.status == 0, "\(file.error)")
    #expect(file.out.contains("port: 9000"))
    #expect(file.out.contains("runAsUser: 5\n"))
    try layout(scratch, "docker.io/shop/web:1")
    let image = try convert(scratch, "--image", "image")
    #expect(image.status == 0, "\(image.error)")
    #expect(!image.out.contains("port: 9000"))
    for text in [
      "port: 8080", "runAsUser: 1000", "runAsGroup: 2000", "- /check", "periodSeconds: 5",
    ] {
      #expect(image.out.contains(text), "\(text)")
    }
    let report = try Program.run(
      ["report", "-c", "stack.yml", "shop", "--image", "image", "--format", "json"],
      in: scratch.url)
    #expect(report.out.contains(#""kind": "archive""#) || report.out.contains(#""kind":"archive""#))
    // The audit of the Dockerfile is kept.
    #expect(report.out.contains(#""audit""#))
  }

  @Test func anArchiveThatNobodyRunsIsSaid() throws {
    let scratch = try Scratch()
    try scratch.write(Self.stack, to: "stack.yml")
    try layout(scratch, "shop/web:2")
    let result = try convert(scratch, "--image", "image")
    #expect(result.status == 0)
    #expect(result.error.contains("image: no service runs shop/web:2"))
    #expect(try convert(scratch, "--image", "gone.tar").status == 2)
  }

  /// The working directory is in no word of it.
  @Test func theSameFromEverywhere() throws {
    let scratch = try Scratch()
    try scratch.write(Self.stack, to: "deploy/stack.yml")
    try scratch.write("FROM debian:12\nEXPOSE 9000\nUSER web\n", to: "deploy/web/Dockerfile")
    func report(_ file: String, _ folder: URL) throws -> String {
      try Program.run(
        ["report", "-c", file, "shop", "--format", "markdown"], in: folder
      ).out
    }
    let inside = try report("stack.yml", scratch.url.appendingPathComponent("deploy"))
    #expect(inside.contains("in web/Dockerfile:2"))
    #expect(!inside.contains(scratch.url.path))
    let outside = try report("deploy/stack.yml", scratch.url)
    #expect(outside.replacing("deploy/stack.yml", with: "stack.yml") == inside)
  }
}
