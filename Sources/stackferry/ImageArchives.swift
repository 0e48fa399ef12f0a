import ArgumentParser
import Disk
import Images
import Mapping
import Stack
import Swarm

/// Images on disk: `docker save` archives, OCI layouts as a tar or as a folder.
enum ImageArchives {
  /// The images of an archive or folder; `-` is standard input.
  static func read(_ path: String) throws -> [ImageContents] {
    do throws(ArchiveProblem) { return try reader(path, readsLayers: true).finish() } catch {
      throw Terminal.failure(FileProblem(path: path, reason: error.text))
    }
  }

  /// What the images of an archive or folder declare; their layers are not looked into.
  static func declarations(_ path: String) throws -> [DeclaredImage] {
    do throws(ArchiveProblem) {
      return try reader(path, readsLayers: false).declarations()
    } catch {
      throw Terminal.failure(FileProblem(path: path, reason: error.text))
    }
  }

  private static func reader(
    _ path: String, readsLayers: Bool
  ) throws(ArchiveProblem) -> ArchiveReader {
    var reader = ArchiveReader(readsLayers: readsLayers)
    guard FileSystem.kind(path) == .directory else {
      let problem = try FileSystem.stream(path) { piece throws(ArchiveProblem) in
        try reader.feed(piece)
      }
      if let problem { throw ArchiveProblem(problem.reason) }
      return reader
    }
    var names = ["index.json", "manifest.json"]
    guard names.contains(where: { FileSystem.isRegular("\(path)/\($0)") }) else {
      throw ArchiveProblem("the folder is no OCI layout: it has no index.json")
    }
    for algorithm in FileSystem.list("\(path)/blobs") {
      names += FileSystem.list("\(path)/blobs/\(algorithm)").map { "blobs/\(algorithm)/\($0)" }
    }
    // A pipe or a device among them would never end.
    for name in names where FileSystem.isRegular("\(path)/\(name)") {
      try reader.beginBlob(name)
      let problem = try FileSystem.stream("\(path)/\(name)") { piece throws(ArchiveProblem) in
        try reader.feedBlob(piece)
      }
      if let problem { throw ArchiveProblem("\(name): \(problem.reason)") }
      try reader.endBlob()
    }
    return reader
  }
}
