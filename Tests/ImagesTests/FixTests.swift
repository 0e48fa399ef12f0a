import Basics
import Foundation
import Images
import Mapping
import Report
import TestSupport
import Testing
import Validation

/// Fixes change what they say and nothing else.
@Suite struct FixTests {
  private func fixed(_ text: String) -> String {
    String(decoding: DockerfileFix(Subject(Dockerfile(text))).bytes, as: UTF8.self)
  }

  @Test func severalRulesAtOnce() {
    let text = """
      # Kept.
      FROM alpine:3.22


      RUN apk add curl   git

      # Also kept.
      RUN mkdir /data
      ENTRYPOINT /bin/app  --verbose
      """
    #expect(
      fixed(text) == """
        # Kept.
        FROM alpine:3.22


        RUN apk add --no-cache curl   git \\
        # Also kept.
            && mkdir /data
        ENTRYPOINT ["/bin/app", "--verbose"]
        """)
  }

  @Test(arguments: [
    // What one RUN does to its shell must not reach the next.
    "FROM alpine:3.22\nRUN cd /a\nRUN touch b\n",
    "FROM alpine:3.22\nRUN export A=1\nRUN touch $A\n",
    "FROM alpine:3.22\nRUN A=1\nRUN touch $A\n",
    // `||` and `;` would change what runs.
    "FROM alpine:3.22\nRUN a || b\nRUN c\n", "FROM alpine:3.22\nRUN a; b\nRUN c\n",
    "FROM alpine:3.22\nRUN a &\nRUN c\n", "FROM alpine:3.22\nRUN a # && x\nRUN c\n",
    // Other users, other mounts.
    "FROM alpine:3.22\nRUN --mount=type=cache,target=/a a\nRUN --mount=type=cache,target=/a c\n",
    // The lists are needed below.
    "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends a\nENV A=1\nRUN apt-get install -y --no-install-recommends b\n",
    // The shell is needed.
    "FROM node:24-slim\nCMD node server.js | tee log\n", "FROM node:24-slim\nCMD node $APP\n",
    "FROM node:24-slim\nCMD node *.js\n", "FROM node:24-slim\nCMD A=1 node x\n",
    "FROM node:24-slim\nCMD cd /x && node y\n",
    // The entrypoint takes the words, whatever they are.
    "FROM postgres:17-alpine\nCMD postgres -c x=y\n",
    "FROM node:24-slim\nENTRYPOINT [\"/entry\"]\nCMD node x\n",
    "FROM node:24-slim\nENTRYPOINT node x\nCMD y\n",
    // Windows.
    "# escape=`\nFROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN a\nRUN b\n",
    // Made under a condition only.
    "FROM debian:12\nRUN if x; then useradd -u 5 app; fi\nUSER app\n",
    "FROM debian:12\nADD x.unknown /y\n",
  ])
  func leavesAlone(_ text: String) {
    #expect(fixed(text) == text)
  }

  @Test func carriageReturnsStay() {
    #expect(
      fixed("FROM alpine:3.22\r\nRUN a\r\nRUN b\r\n")
        == "FROM alpine:3.22\r\nRUN a \\\r\n    && b\r\n")
  }

  /// On every example of every rule: a second run changes nothing, and the file stays one that the builder takes.
  @Test(arguments: RuleTests.all)
  func isIdempotent(_ entry: RuleTests.Case) {
    for text in [entry.example.bad, entry.example.good] {
      let once = fixed(text)
      #expect(fixed(once) == once)
      #expect(Dockerfile(once).problems.isEmpty)
    }
  }

  /// On real files, where they are there.
  @Test func isIdempotentOnRealFiles() throws {
    let folder =
      ProcessInfo.processInfo.environment["STACKFERRY_CORPUS"].map { URL(filePath: $0) }
      ?? Testdata.root.appending(path: "../shared/corpus")
    guard let paths = FileManager.default.enumerator(atPath: folder.path) else { return }
    for case let path as String in paths where path.lowercased().contains("dockerfile") {
      guard let data = try? Data(contentsOf: folder.appending(path: path)) else { continue }
      let dockerfile = Dockerfile(path: path, bytes: Array(data))
      let once = DockerfileFix(Subject(dockerfile))
      let fixed = Dockerfile(path: path, bytes: once.bytes)
      #expect(fixed.problems.count <= dockerfile.problems.count, "\(path)")
      #expect(DockerfileFix(Subject(fixed)).bytes == once.bytes, "\(path)")
      // All lines that no fix touches are there, in their order.
      let kept = fixed.instructions.count { $0.keyword != .run }
      #expect(kept == dockerfile.instructions.count { $0.keyword != .run }, "\(path)")
    }
  }

  @Test func diffs() {
    let old = (1...20).map { "line \($0)\n" }.joined()
    let new = old.replacingOccurrences(of: "line 5\n", with: "five\n")
      .replacingOccurrences(of: "line 18\n", with: "line 18\nmore\n")
    #expect(
      UnifiedDiff(path: "x", old: Array(old.utf8), new: Array(new.utf8)).render() == """
        --- a/x
        +++ b/x
        @@ -2,7 +2,7 @@
         line 2
         line 3
         line 4
        -line 5
        +five
         line 6
         line 7
         line 8
        @@ -16,5 +16,6 @@
         line 16
         line 17
         line 18
        +more
         line 19
         line 20

        """)
    #expect(UnifiedDiff(path: "x", old: Array(old.utf8), new: Array(old.utf8)).render() == "")
    #expect(
      UnifiedDiff(path: "x", old: nil, new: Array("a\n".utf8)).render()
        == "--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+a\n")
    #expect(
      UnifiedDiff(path: "x", old: Array("a".utf8), new: Array("b".utf8)).render()
        == "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"
    )
  }
}
