import ArgumentParser
import Images
import Stack
import Swarm

/// Images on disk: `docker save` archives, OCI layouts as a tar or as a folder.
enum ImageArchives {
  /// The images of an archive or folder; `-` is standard input.
  static func read(_ path: String) throws -> [ImageContents] {
    do throws(ArchiveProblem) { return try contents(path) } catch {
      throw Terminal.failure(FileProblem(path: path, reason: error.text))
    }
  }

  private static func contents(_ path: String) throws(ArchiveProblem) -> [ImageContents] {
    var reader = ArchiveReader()
    if FileSystem.kind(path) == .directory {
      var names = ["index.json", "manifest.json"]
      for algorithm in FileSystem.list("\(path)/blobs") {
        names += FileSystem.list("\(path)/blobs/\(algorithm)").map { "blobs/\(algorithm)/\($0)" }
      }
      for name in names where FileSystem.kind("\(path)/\(name)") == .file {
        try reader.beginBlob(name)
        let problem = try FileSystem.stream("\(path)/\(name)") { piece throws(ArchiveProblem) in
          try reader.feedBlob(piece)
        }
        if let problem { throw ArchiveProblem("\(name): \(problem.reason)") }
        try reader.endBlob()
      }
    } else {
      let problem = try FileSystem.stream(path) { piece throws(ArchiveProblem) in
        try reader.feed(piece)
      }
      if let problem { throw ArchiveProblem(problem.reason) }
    }
    return try reader.finish()
  }
}
