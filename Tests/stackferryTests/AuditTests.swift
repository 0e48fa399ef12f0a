import Foundation
import TestSupport
import Testing

/// The audit as a user runs it, on three services that are written badly on purpose.
struct AuditTests {
  /// The bundled example, in a folder that the test may change.
  private func example() throws -> Scratch {
    let scratch = try Scratch()
    let source = Testdata.url("audit/example")
    for name in try FileManager.default.contentsOfDirectory(atPath: source.path)
    where name != "expected" {
      try FileManager.default.copyItem(
        at: source.appending(path: name), to: scratch.url.appending(path: name))
    }
    return scratch
  }

  private static let files = [
    "storefront/Dockerfile", "storefront/.dockerignore", "reports/Dockerfile", "orders/Dockerfile",
    "orders/.dockerignore",
  ]

  @Test func auditOfTheExample() throws {
    let scratch = try example()
    let result = try Program.run(["audit", "-c", "stack.yml"], in: scratch.url)
    #expect(result.status == 1, "\(result.error)")
    #expect(try Golden.difference(result.out, "audit/example/expected/audit.txt") == nil)
    for secret in ["Lighthouse7", "Bollard9", "key-41fc09"] {
      #expect(!result.out.contains(secret) && !result.error.contains(secret), "\(secret)")
    }
  }

  @Test func diffOfTheExample() throws {
    let scratch = try example()
    let before = try scratch.text("storefront/Dockerfile")
    let result = try Program.run(
      ["audit", "-c", "stack.yml", "--diff", "--fail-on", "none"], in: scratch.url)
    #expect(result.status == 0, "\(result.error)")
    #expect(try Golden.difference(result.out, "audit/example/expected/fixes.diff") == nil)
    #expect(!result.out.contains("key-41fc09"))
    #expect(try scratch.text("storefront/Dockerfile") == before)
  }

  @Test func fixesOfTheExample() throws {
    let scratch = try example()
    let arguments = ["audit", "-c", "stack.yml", "--fix", "--fail-on", "none"]
    let result = try Program.run(arguments, in: scratch.url)
    #expect(result.status == 0, "\(result.error)")
    for file in Self.files {
      let text = scratch.exists(file) ? try scratch.text(file) : "(none)\n"
      let name = file.replacingOccurrences(of: "/.", with: "/")
      #expect(try Golden.difference(text, "audit/example/expected/\(name).fixed") == nil)
    }
    let again = try Program.run(arguments, in: scratch.url)
    #expect(!again.error.contains("mended") && !again.error.contains("wrote"), "\(again.error)")
    #expect(!again.error.contains("--fix mends"), "\(again.error)")
  }

  @Test func formatsForMachines() throws {
    let scratch = try example()
    for format in ["json", "sarif"] {
      let result = try Program.run(
        ["audit", "-c", "stack.yml", "--format", format, "--quiet"], in: scratch.url)
      let object = try JSONSerialization.jsonObject(with: Data(result.out.utf8))
      let document = try #require(object as? [String: Any])
      #expect(document[format == "json" ? "files" : "runs"] != nil)
      #expect(!result.out.contains("Lighthouse7"))
      #expect(result.error.isEmpty, "\(result.error)")
    }
    let markdown = try Program.run(
      ["audit", "-c", "stack.yml", "--format", "markdown"], in: scratch.url)
    #expect(markdown.out.hasPrefix("# Image audit\n"))
  }

  @Test func statuses() throws {
    let scratch = try Scratch()
    try scratch.write("FROM alpine:3.23\nUSER 1000\n", to: "ok/Dockerfile")
    try scratch.write("FROM alpine\nENV A_TOKEN=b\n", to: "bad/web.Dockerfile")
    try scratch.write("FORM alpine\n", to: "broken/Dockerfile")
    #expect(try Program.run(["audit", "ok"], in: scratch.url).status == 0)
    #expect(try Program.run(["audit", "ok", "--fail-on", "note"], in: scratch.url).status == 1)
    #expect(try Program.run(["audit", "bad"], in: scratch.url).status == 1)
    #expect(try Program.run(["audit", "bad", "--fail-on", "none"], in: scratch.url).status == 0)
    let ignored = ["audit", "bad", "--ignore", "image/secret-in-environment"]
    #expect(try Program.run(ignored, in: scratch.url).status == 0)
    let broken = try Program.run(["audit", "broken"], in: scratch.url)
    #expect(broken.status == 2)
    #expect(broken.out.contains("did you mean FROM?"))
    #expect(try Program.run(["audit", "nowhere"], in: scratch.url).status == 2)
    #expect(try Program.run(["audit", "--fail-on", "x"], in: scratch.url).status == 64)
    #expect(try Program.run(["audit", "--fix", "--diff"], in: scratch.url).status == 64)
    let all = try Program.run(["audit", "--fail-on", "none"], in: scratch.url)
    #expect(all.error.contains("3 files"))
  }
}
