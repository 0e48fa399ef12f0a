package import Foundation

/// The files under `testdata`, found from where this file stands, so that tests run from any folder.
package enum Testdata {
  /// The folder that holds `Package.swift`.
  package static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The folder `testdata`.
  package static var folder: URL { root.appending(path: "testdata") }

  /// A file or folder by its path below `testdata`.
  package static func url(_ path: String) -> URL { folder.appending(path: path) }

  /// The bytes of a file below `testdata`.
  package static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: url(path)))
  }

  /// The text of a file below `testdata`.
  package static func text(_ path: String) throws -> String {
    String(decoding: try bytes(path), as: UTF8.self)
  }

  /// Whether there is a file or folder of that path below `testdata`.
  package static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: url(path).path)
  }

  /// All files below a folder of the checkout with one of the endings, as paths below that folder, sorted.
  ///
  /// Hidden files are left out; a folder that is not there has no files.
  package static func files(below folder: URL, endings: Set<String>) -> [String] {
    guard let paths = FileManager.default.enumerator(atPath: folder.path) else { return [] }
    var found: [String] = []
    for case let path as String in paths {
      guard let name = path.split(separator: "/").last, !name.hasPrefix(".") else { continue }
      if endings.contains(URL(filePath: path).pathExtension) { found.append(path) }
    }
    return found.sorted()
  }

  /// The names in a folder below `testdata`, sorted, without hidden ones; empty where it is not there.
  package static func names(in path: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url(path).path)) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }
}
