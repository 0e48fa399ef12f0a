import Basics
import Delivery
import Diagnostics
import Stack

/// The list of the files that stackferry wrote into a folder: `NAME HASH` a line.
///
/// The hash tells whether a file is as it was written. It is cut short: of a file that holds secrets it may give away little.
struct OutputList {
  /// The beginnings of the hashes; nil where the list does not tell.
  private let hashes: [String: String?]

  /// No list.
  init() { hashes = [:] }

  /// Reads a list. Anybody may have written it: names that stackferry gives no file are left out.
  init(_ bytes: [UInt8]) {
    var hashes: [String: String?] = [:]
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ", omittingEmptySubsequences: false)
      guard let name = words.first.map(String.init), words.count <= 2, isOutputName(name) else {
        continue
      }
      let hash = words.count == 2 ? String(words[1]) : nil
      hashes.updateValue(hash.flatMap { Self.isHash($0) ? $0 : nil }, forKey: name)
    }
    self.hashes = hashes
  }

  private static func isHash(_ text: String) -> Bool {
    4...64 ~= text.utf8.count
      && text.utf8.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }
  }

  /// The list of a folder; an empty one where there is none.
  init(in folder: borrowing Folder) throws(FileProblem) {
    switch folder.kind(OutputFolder.index) {
    case .missing: self.init()
    case .file: self.init(try folder.read(OutputFolder.index) ?? [])
    case .folder, .link, .other:
      throw FileProblem(
        path: folder.path(OutputFolder.index),
        reason: "is no list that stackferry wrote; remove it, or choose another folder with -o")
    }
  }

  var names: some Collection<String> { hashes.keys }

  func contains(_ name: String) -> Bool { hashes[name] != nil }

  /// Whether a file is there as the list says that it was written.
  func isUnchanged(_ name: String, in folder: borrowing Folder) -> Bool {
    guard case let hash?? = hashes[name], folder.kind(name) == .file,
      let bytes = try? folder.read(name)
    else { return false }
    return ContentHash(of: bytes).digits(hash.utf8.count) == hash
  }

  /// The text of a list.
  static func bytes(_ files: [OutputFile]) -> [UInt8] {
    var text = ""
    for file in files {
      text += "\(file.name) \(ContentHash(of: file.bytes).digits(file.isSecret ? 4 : 16))\n"
    }
    return Array(text.utf8)
  }
}
