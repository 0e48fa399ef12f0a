import Delivery
import Diagnostics
import Images
import Ledger
import Mapping
import Report
import Stack
import Swarm
import TestSupport
import Testing
import Validation
import YAML

/// The images in every format, and the lines of Dockerfiles that findings quote.
@Suite struct ImagesReportTests {
  private static let files: [String: String] = [
    "/stack/web/Dockerfile": """
    FROM debian:12
    ENV API_TOKEN=hunter2
    EXPOSE 8080
    HEALTHCHECK CMD curl -f http://me:hunter2@localhost:8080/
    USER 10001
    """
  ]

  private func report() throws -> Report {
    var sources = Sources()
    var keys = KeyTable()
    let text =
      "services:\n  web:\n    image: shop/web:1\n    build: ./web\n  db:\n    image: postgres:16\n"
    let loaded = try loadStack(
      [InputFile(path: "stack.yml", bytes: Array(text.utf8))],
      LoadOptions(environment: [:], workingDirectory: "/stack"), into: &sources, keys: &keys,
      reading: { .failure(FileProblem(path: $0, reason: "no such file or directory")) })
    let files = Swarm.Files(
      read: { path in
        Self.files[path].map { .success(Array($0.utf8)) }
          ?? .failure(FileProblem(path: path, reason: "no such file or directory"))
      }, list: { _ in [] }, kind: { Self.files[$0] == nil ? .missing : .file })
    let stack = ImageEvidence.dockerfiles(
      of: Swarm.Stack(name: "shop", loaded, files: files, folder: "/stack"), files: files,
      sources: &sources)
    let migration = migrate([stack], loaded: [loaded], Choices(Options()), keys: keys)
    return Report(migration, stacks: [stack], sources: sources)
  }

  @Test func text() throws {
    let text = try TextReport(report(), verbose: true).render()
    #expect(text.contains("\nImages\n"))
    #expect(
      text.contains(
        "web  shop/web:1, held by its tag; known from web/Dockerfile; user 10001; ports 8080"))
    #expect(text.contains("No Dockerfile or archive for db."))
    #expect(
      text.contains(
        """
                   web/Dockerfile:5
                   5 | USER 10001
                     | ^~~~~~~~~~
        """), "\(text)")
    #expect(text.contains("1. Wave 0: images"))
    // Services move in the order of their own waves.
    #expect(!text.contains("order    1 web; 2 web"))
  }

  @Test func markdown() throws {
    let text = try MarkdownReport(report()).render()
    #expect(text.contains("## Images\n"))
    #expect(
      text.contains(
        "| `web` | `shop/web:1` | its tag | `web/Dockerfile` | `10001` | 8080 | of the image |"))
    #expect(text.contains("| `db` | `postgres:16` | its tag |  | `root` | 5432 |  |  |"))
    #expect(text.contains("web/Dockerfile:3\n"))
    #expect(text.contains("### 1. Wave 0: images"))
  }

  @Test func htmlAndJSON() throws {
    let html = String(decoding: try HTMLReport(report(), toolVersion: "1").render(), as: UTF8.self)
    #expect(html.contains("<code>web/Dockerfile</code>"))
    #expect(html.contains("EXPOSE 8080"))
    let json = String(
      decoding: try ReportDocument(report(), toolVersion: "1").json.bytes, as: UTF8.self)
    #expect(json.filter { !$0.isWhitespace }.contains(#""place":"web/Dockerfile:5""#))
    #expect(json.filter { !$0.isWhitespace }.contains(#""healthcheck":"image""#))
  }

  /// A secret in a Dockerfile is in no report, whatever line is quoted.
  @Test func quotesNoSecret() throws {
    let report = try report()
    for text in [
      TextReport(report, verbose: true).render(), MarkdownReport(report).render(),
      String(decoding: HTMLReport(report, toolVersion: "1").render(), as: UTF8.self),
      String(decoding: ReportDocument(report, toolVersion: "1").json.bytes, as: UTF8.self),
    ] {
      #expect(!text.contains("hunter2"))
    }
  }
}
