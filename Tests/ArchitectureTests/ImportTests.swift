import Foundation
import TestSupport
import Testing

/// Which room may import which. The package's manifest allows at most this; the compiler finds only what
/// the manifest forbids, and a transitive dependency can still be imported, so the lines are read.
@Suite struct ImportTests {
  /// The rooms and what each may import.
  static let allowed: [String: Set<String>] = {
    let ground: Set<String> = ["Basics", "Diagnostics", "YAML"]
    let input = ground.union(["Stack", "Swarm"])
    // What the mapping stands on.
    let account = input.union(["Kubernetes", "Ledger", "Proxies"])
    let all = account.union(["Mapping", "Report", "Images", "Validation"])
    return [
      "CLibYAML": [],
      "CZlib": [],
      "Basics": [],
      "Diagnostics": ["Basics"],
      "YAML": ["CLibYAML", "Diagnostics", "Basics"],
      "Stack": ground,
      "Swarm": ground.union(["Stack"]),
      "Proxies": input,
      "Images": input.union(["CZlib"]),
      "Kubernetes": ground,
      "Validation": ground.union(["Kubernetes"]),
      "Ledger": input.union(["Kubernetes"]),
      "Mapping": account,
      "Report": account.union(["Mapping"]),
      "Delivery": all.union(["Templates"]),
      "Disk": ground.union(["Delivery", "Swarm", "Stack", "Glibc", "Musl", "Darwin"]),
      "stackferry": all.union([
        "Disk", "Delivery", "Templates", "ArgumentParser", "FoundationEssentials", "Glibc", "Musl",
        "Darwin",
      ]),
    ]
  }()

  /// One import beyond the table, and the reason that was good enough for it.
  struct Exception: Hashable {
    var file: String
    var module: String
    var reason: String
  }

  /// Imports that were argued for. A reason says what the import gives that plain Swift does not.
  static let exceptions: [Exception] = [
    Exception(
      file: "Sources/Validation/Schema/Schema.swift", module: "Synchronization",
      reason:
        "a Mutex, for the table of types that all share and that is read bit by bit: reading all of it costs 6 ms"
    )
  ]

  @Test func everyRoomIsInTheTable() throws {
    let sources = Testdata.root.appending(path: "Sources")
    let rooms = try FileManager.default.contentsOfDirectory(atPath: sources.path)
      .filter { !$0.hasPrefix(".") }
    #expect(Set(rooms) == Set(Self.allowed.keys))
  }

  @Test(arguments: Self.allowed.keys.sorted())
  func roomImportsOnlyWhatItMay(room: String) throws {
    let folder = Testdata.root.appending(path: "Sources/\(room)")
    for path in Testdata.files(below: folder, endings: ["swift"]) {
      let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
      let file = "Sources/\(room)/\(path)"
      for imported in imports(in: text) where !Self.allowed[room]!.contains(imported.module) {
        let argued = Self.exceptions.contains { $0.file == file && $0.module == imported.module }
        #expect(argued, "\(file):\(imported.line): \(room) may not import \(imported.module)")
      }
    }
  }

  @Test func exceptionsAreStillNeeded() throws {
    for exception in Self.exceptions {
      let file = Testdata.root.appending(path: exception.file)
      let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
      let isThere = imports(in: text).contains { $0.module == exception.module }
      #expect(isThere, "\(exception.file) does not import \(exception.module) any more")
      #expect(
        exception.reason.count > 20, "\(exception.file): say why it needs \(exception.module)")
    }
  }

  /// One Foundation call makes the static program four times as large; no exception is possible.
  @Test func nothingImportsFoundation() throws {
    let sources = Testdata.root.appending(path: "Sources")
    let files = Testdata.files(below: sources, endings: ["swift"])
    #expect(files.count > 5)
    for path in files {
      let text = try String(contentsOf: sources.appending(path: path), encoding: .utf8)
      for imported in imports(in: text) {
        #expect(
          !["Foundation", "FoundationNetworking", "FoundationXML"].contains(imported.module),
          "Sources/\(path):\(imported.line): imports \(imported.module)")
      }
    }
  }

  @Test func importLinesAreRead() {
    let text = """
      import A
      package import B
      @testable import C
      @preconcurrency internal import struct D.Thing
      // import E
      let text = "import F"
      #if canImport(G)
        import G
      #endif
      """
    #expect(imports(in: text).map(\.module) == ["A", "B", "C", "D", "G"])
    #expect(imports(in: text).map(\.line) == [1, 2, 3, 4, 8])
  }
}

/// The modules that a Swift file imports, with the lines.
private func imports(in text: String) -> [(module: String, line: Int)] {
  let kinds: Set<Substring> = [
    "struct", "enum", "class", "protocol", "func", "var", "let", "typealias",
  ]
  let access: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
  var found: [(String, Int)] = []
  for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
    var words = line.split { $0 == " " || $0 == "\t" || $0 == ";" }[...]
    while let word = words.first, word.hasPrefix("@") || access.contains(word) {
      words.removeFirst()
    }
    guard words.first == "import" else { continue }
    words.removeFirst()
    if let word = words.first, kinds.contains(word) { words.removeFirst() }
    if let module = words.first?.split(separator: ".").first {
      found.append((String(module), index + 1))
    }
  }
  return found
}
