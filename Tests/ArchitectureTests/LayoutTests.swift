import Foundation
import TestSupport
import Testing

/// Where files stand and what they are called.
@Suite struct LayoutTests {
  @Test func topLevelHoldsOnlyTheSixFoldersOfTheDesign() throws {
    let allowed: Set<String> = [
      "Package.swift", "Package.resolved", "Sources", "Tests", "testdata", "templates", "docs",
      "README.md", "LICENSE", "Makefile",
      // What `convert` writes when it is tried in the checkout; not under version control.
      "kubernetes",
    ]
    let names = try FileManager.default.contentsOfDirectory(atPath: Testdata.root.path)
    for name in names where !name.hasPrefix(".") {
      #expect(allowed.contains(name), "\(name) has no place at the top level")
    }
  }

  /// A file is named for the concept that it holds; a name that fits everything collects everything.
  @Test func noFileIsNamedForNothing() {
    let empty = ["Util", "Helper", "Common", "Manager", "Misc", "Extensions"]
    let sources = Testdata.root.appending(path: "Sources")
    for path in Testdata.files(below: sources, endings: ["swift"]) {
      for word in empty {
        #expect(!path.contains(word), "Sources/\(path): name the file for what it holds")
      }
    }
  }

  @Test func filesStayShort() throws {
    let sources = Testdata.root.appending(path: "Sources")
    for path in Testdata.files(below: sources, endings: ["swift"]) {
      let text = try String(contentsOf: sources.appending(path: path), encoding: .utf8)
      let lines = text.utf8.count { $0 == UInt8(ascii: "\n") }
      #expect(
        lines <= 400, "Sources/\(path): \(lines) lines; about 300 is where a file wants to be two")
    }
  }

  @Test func everyRoomHasTests() {
    for room in ImportTests.allowed.keys where !["CLibYAML", "CZlib"].contains(room) {
      let folder = Testdata.root.appending(path: "Tests/\(room)Tests")
      #expect(!Testdata.files(below: folder, endings: ["swift"]).isEmpty, "\(room) has no tests")
    }
  }
}
