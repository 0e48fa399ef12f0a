import Disk
import Foundation
import Swarm
import Testing

struct EnclosureTests {
  private let url: URL
  private let files: Files

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "stackferry-\(UUID().uuidString)")
    let manager = FileManager.default
    for folder in ["in/a/b", "in-2", "out"] {
      try manager.createDirectory(
        at: url.appendingPathComponent(folder), withIntermediateDirectories: true)
    }
    for file in ["in/f", "in/a/f", "in/a/b/f", "in-2/f", "out/f"] {
      try Data(file.utf8).write(to: url.appendingPathComponent(file))
    }
    for (name, target) in [
      ("in/near", "a/f"), ("in/a/up", "../f"), ("in/whole", url.path + "/in/a/b/f"),
      ("in/chain", "near"), ("in/folder", "a/b"), ("in/a/back", ".."), ("in/again", "a/back/a/b/f"),
      ("in/out", "../out/f"), ("in/away", url.path + "/out"), ("in/sibling", url.path + "/in-2/f"),
      ("in/turn", "../in/f"), ("in/loop", "loop"), ("in/none", "nothing"), ("in/root", "/"),
      ("in/via", "away/f"),
    ] {
      try manager.createSymbolicLink(
        atPath: url.appendingPathComponent(name).path, withDestinationPath: target)
    }
    files = FileSystem.files(within: [Enclosure(url.path + "/in", as: "the folder")])
  }

  private func read(_ path: String) -> String {
    switch files.read("\(url.path)/\(path)") {
    case .success(let bytes): String(decoding: bytes, as: UTF8.self)
    case .failure(let problem): problem.reason
    }
  }

  @Test func linksThatStayInsideAreFollowed() {
    defer { try? FileManager.default.removeItem(at: url) }
    for (path, content) in [
      ("in/f", "in/f"), ("in/near", "in/a/f"), ("in/a/up", "in/f"), ("in/whole", "in/a/b/f"),
      ("in/chain", "in/a/f"), ("in/folder/f", "in/a/b/f"), ("in/again", "in/a/b/f"),
      ("in/a/back/a/f", "in/a/f"), ("in/./a//../f", "in/f"),
    ] {
      #expect(read(path) == content, "\(path)")
    }
    #expect(files.kind("\(url.path)/in/folder") == .directory)
    #expect(files.entries("\(url.path)/in/folder").map(\.name) == ["f"])
  }

  @Test func linksThatLeadOutAreRefused() {
    defer { try? FileManager.default.removeItem(at: url) }
    for path in ["out", "away", "away/f", "sibling", "turn", "root", "root/etc/passwd", "via"] {
      #expect(read("in/\(path)") == "is a link that leads out of the folder", "\(path)")
      #expect(files.kind("\(url.path)/in/\(path)") == .file)
      #expect(files.entries("\(url.path)/in/\(path)").isEmpty)
    }
    #expect(read("in/loop") == "is a link that leads nowhere")
    #expect(read("in/none") == "no such file or directory")
    #expect(files.kind("\(url.path)/in/none") == .missing)
    #expect(files.kind("\(url.path)/in/loop") == .missing)
    #expect(read("in/f/g") == "is below a file, which is no folder")
    #expect(read("in/a") == "is a directory")
    #expect(read("in/a\0b") == "no such file or directory")
  }

  /// A path that begins elsewhere is as its writer named it, regular files only.
  @Test func otherPathsAreReadAsTheyAreNamed() {
    defer { try? FileManager.default.removeItem(at: url) }
    #expect(read("out/f") == "out/f")
    #expect(read("in/../out/f") == "out/f")
    #expect(read("in-2/f") == "in-2/f")
    mkfifo(url.path + "/out/pipe", 0o600)
    mkfifo(url.path + "/in/pipe", 0o600)
    #expect(read("out/pipe") == "is no regular file")
    #expect(read("in/pipe") == "is no regular file")
  }

  @Test func namesThatOnlyBeginAlikeAreOutside() {
    defer { try? FileManager.default.removeItem(at: url) }
    let enclosure = Enclosure(url.path + "/in", as: "the folder")
    #expect(enclosure.holds(url.path + "/in"))
    #expect(enclosure.holds(url.path + "/in/x"))
    #expect(enclosure.holds(url.path + "/out/../in/x"))
    #expect(!enclosure.holds(url.path + "/in-2"))
    #expect(!enclosure.holds(url.path + "/in/../out"))
    #expect(!enclosure.holds(url.path))
  }
}
