import Delivery
import Disk
import Foundation
import Testing

/// The output folder after runs that were killed at any point: made by hand, step for step.
struct OutputFolderTests {
  private static let staging = ".stackferry-0123456789abcdef"
  private static let old = [
    OutputFile(name: "50-deployment-web.yaml", bytes: Array("old web".utf8)),
    OutputFile(name: "50-deployment-db.yaml", bytes: Array("old db".utf8)),
    OutputFile(name: "21-secret-a.yaml", bytes: Array("old secret".utf8), isSecret: true),
  ]
  private static let new = [
    OutputFile(name: "50-deployment-web.yaml", bytes: Array("new web".utf8)),
    OutputFile(name: "50-deployment-api.yaml", bytes: Array("new api".utf8)),
    OutputFile(name: "21-secret-a.yaml", bytes: Array("new secret".utf8), isSecret: true),
  ]

  private let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "stackferry-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  private func place(_ name: String) -> String { url.appendingPathComponent(name).path }

  private func contents(_ folder: String) throws -> [String: String] {
    var contents: [String: String] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: place(folder)) {
      contents[name] = FileManager.default.contents(atPath: place("\(folder)/\(name)"))
        .map { String(decoding: $0, as: UTF8.self) }
    }
    return contents
  }

  private func move(_ name: String, to target: String) throws {
    try? FileManager.default.removeItem(atPath: place(target))
    try FileManager.default.moveItem(atPath: place(name), toPath: place(target))
  }

  /// The steps of a run from `old` to `new`, after each of which it may be killed.
  private static let steps: [(from: String, to: String)] = [
    ("S/list.part", "S/list"),
    ("50-deployment-web.yaml", "S/old/50-deployment-web.yaml"),
    ("S/new/50-deployment-web.yaml", "50-deployment-web.yaml"),
    ("S/new/50-deployment-api.yaml", "50-deployment-api.yaml"),
    ("21-secret-a.yaml", "S/old/21-secret-a.yaml"),
    ("S/new/21-secret-a.yaml", "21-secret-a.yaml"),
    ("50-deployment-db.yaml", "S/old/50-deployment-db.yaml"),
    ("S/list", ".stackferry-files"),
  ]

  /// A folder `k` as a run leaves it that is killed after some steps.
  private func killed(after count: Int) throws {
    let manager = FileManager.default
    _ = try OutputFolder(path: place("model")).write(Self.new)
    _ = try OutputFolder(path: place("k")).write(Self.old)
    let staging = "k/\(Self.staging)"
    for folder in ["new", "old"] {
      try manager.createDirectory(
        atPath: place("\(staging)/\(folder)"), withIntermediateDirectories: true)
    }
    for file in Self.new {
      try manager.copyItem(
        atPath: place("model/\(file.name)"), toPath: place("\(staging)/new/\(file.name)"))
    }
    try manager.copyItem(
      atPath: place("model/.stackferry-files"), toPath: place("\(staging)/list.part"))
    for step in Self.steps.prefix(count) {
      func inFolder(_ path: String) -> String {
        path.hasPrefix("S/") ? "\(staging)/\(path.dropFirst(2))" : "k/\(path)"
      }
      try move(inFolder(step.from), to: inFolder(step.to))
    }
  }

  @Test(arguments: 0...8)
  func aKilledRunIsFollowedByOneThatSucceeds(_ count: Int) throws {
    defer { try? FileManager.default.removeItem(at: url) }
    try killed(after: count)
    #expect(try OutputFolder(path: place("k")).write(Self.new) == [])
    #expect(try contents("k") == contents("model"))
  }

  /// A run that is refused finds the folder as it was before the killed one, or after it where that had got so far.
  @Test(arguments: 0...8)
  func aKilledRunIsUndone(_ count: Int) throws {
    defer { try? FileManager.default.removeItem(at: url) }
    _ = try OutputFolder(path: place("before")).write(Self.old)
    try killed(after: count)
    #expect(throws: (any Error).self) {
      try OutputFolder(path: place("k")).write([OutputFile(name: "../x", bytes: [])])
    }
    #expect(try contents("k") == contents(count == 8 ? "model" : "before"))
  }

  /// What somebody mends by hand after a kill is not undone.
  @Test func whatWasChangedAfterTheKillStays() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    try killed(after: 4)
    try Data("mine".utf8).write(to: URL(fileURLWithPath: place("k/50-deployment-web.yaml")))
    try Data("mine".utf8).write(to: URL(fileURLWithPath: place("k/50-deployment-api.yaml")))
    #expect(throws: (any Error).self) { try OutputFolder(path: place("k")).write(Self.new) }
    let contents = try contents("k")
    #expect(contents["50-deployment-web.yaml"] == "mine")
    #expect(contents["50-deployment-api.yaml"] == "mine")
  }

  /// The list of an earlier version has names only: its files are replaced, and none is removed.
  @Test func aListWithoutHashes() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    _ = try OutputFolder(path: place("k")).write(Self.old)
    let names = Self.old.map(\.name).joined(separator: "\n")
    try Data(names.utf8).write(to: URL(fileURLWithPath: place("k/.stackferry-files")))
    #expect(try OutputFolder(path: place("k")).write(Self.new) == ["50-deployment-db.yaml"])
    #expect(try contents("k")["50-deployment-db.yaml"] == "old db")
    #expect(try contents("k")["50-deployment-web.yaml"] == "new web")
  }

  /// What stays the same is not touched, unless others may read a secret.
  @Test func filesWithTheSameContentStay() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    func state(_ name: String) throws -> (number: Int?, mode: Int?) {
      let attributes = try FileManager.default.attributesOfItem(atPath: place("k/\(name)"))
      return (
        (attributes[.systemFileNumber] as? NSNumber)?.intValue,
        (attributes[.posixPermissions] as? NSNumber)?.intValue
      )
    }
    _ = try OutputFolder(path: place("k")).write(Self.old)
    let names = Self.old.map(\.name) + [".stackferry-files"]
    let before = try names.map { try state($0).number }
    _ = try OutputFolder(path: place("k")).write(Self.old)
    #expect(try names.map { try state($0).number } == before)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o644], ofItemAtPath: place("k/21-secret-a.yaml"))
    _ = try OutputFolder(path: place("k")).write(Self.old)
    #expect(try state("21-secret-a.yaml").mode == 0o600)
    #expect(try state("50-deployment-db.yaml").number == before[1])
  }

  /// The hash of a secret's manifest could be tried against guesses.
  @Test func theListTellsLittleOfSecrets() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    _ = try OutputFolder(path: place("k")).write(Self.old)
    let list = try #require(try contents("k")[".stackferry-files"])
    for line in list.split(separator: "\n") {
      let hash = line.split(separator: " ")[1]
      #expect(hash.count == (line.hasPrefix("21-secret") ? 4 : 16))
    }
  }

  @Test func aFailedRunLeavesNothing() throws {
    defer { try? FileManager.default.removeItem(at: url) }
    #expect(throws: (any Error).self) {
      try OutputFolder(path: place("a/b/c")).write([OutputFile(name: "README.md", bytes: [])])
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: url.path).isEmpty)
  }

  @Test func namesOfOutput() {
    for name in ["report.md", "00-namespace-shop.yaml", "50-deployment-web.shop-2.yaml"] {
      #expect(isOutputName(name))
    }
    for name in [
      "README.md", "stack.yml", "50-deployment-../x.yaml", "../50-deployment-x.yaml", "",
      "50--.yaml",
      "50-deployment-a\0.yaml", "50-deployment-a/b.yaml", "50-Deployment-a.yaml", "5-job-a.yaml",
      ".stackferry-files", "50-job-a.yml",
    ] {
      #expect(!isOutputName(name), "\(name)")
    }
  }
}
