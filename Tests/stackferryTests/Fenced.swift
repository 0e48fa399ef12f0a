import Foundation
import Testing

/// A working folder with a canary beside it: what runs in the one must not change, remove or show the other.
struct Fenced {
  private let scratch: Scratch
  /// The working folder.
  let work: URL
  /// Beside it, with the files that must stay as they are.
  let outside: URL

  /// Stands in all files outside.
  static let canary = "canary-5e1f0c"
  private static let names = ["notes.txt", "shadow", "Dockerfile", "secret.env", "deep/more.conf"]

  private static func content(_ name: String) -> String {
    "FROM \(canary)\n" + (name == "Dockerfile" ? "RUN apk add a\n" : "COLOUR=\(canary)\n")
  }

  init() throws {
    scratch = try Scratch()
    work = scratch.url.appendingPathComponent("work")
    outside = scratch.url.appendingPathComponent("outside")
    try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
    for name in Self.names { try scratch.write(Self.content(name), to: "outside/\(name)") }
  }

  func write(_ text: String, to name: String) throws { try scratch.write(text, to: "work/\(name)") }
  func text(_ name: String) throws -> String { try scratch.text("work/\(name)") }
  func exists(_ name: String) -> Bool { scratch.exists("work/\(name)") }
  func names(in folder: String = "") throws -> [String] { try scratch.names(in: "work/\(folder)") }

  func link(_ name: String, to target: String) throws {
    let place = work.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: place.path, withDestinationPath: target)
  }

  func pipe(_ name: String) { mkfifo(work.appendingPathComponent(name).path, 0o600) }

  /// Runs the program in the working folder, and sees that the canary is whole and was not shown.
  func run(
    _ arguments: [String], input: String = "", mayShow: Bool = false,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Program.Result {
    let result = try Program.run(arguments, in: work, input: input)
    let shown = (result.out + result.error).contains(Self.canary)
    #expect(mayShow || !shown, "the canary is shown", sourceLocation: sourceLocation)
    try expectWhole(sourceLocation: sourceLocation)
    return result
  }

  func expectWhole(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let names = try scratch.names()
    #expect(names == ["outside", "work"], sourceLocation: sourceLocation)
    let files = try FileManager.default.subpathsOfDirectory(atPath: outside.path).sorted()
    #expect(files == (Self.names + ["deep"]).sorted(), sourceLocation: sourceLocation)
    for name in Self.names {
      #expect(
        try scratch.text("outside/\(name)") == Self.content(name), "\(name)",
        sourceLocation: sourceLocation)
    }
  }

  /// Whether any file below a folder of the working folder holds the canary's text, as it is or in base64.
  func holdsCanary(_ folder: String) throws -> Bool {
    let url = work.appendingPathComponent(folder)
    let encoded = Data("FROM \(Self.canary)".utf8).base64EncodedString().prefix(12)
    for name in try FileManager.default.subpathsOfDirectory(atPath: url.path) {
      guard let data = try? Data(contentsOf: url.appendingPathComponent(name)) else { continue }
      let text = String(decoding: data, as: UTF8.self)
      if text.contains(Self.canary) || text.contains(encoded) { return true }
    }
    return false
  }
}
