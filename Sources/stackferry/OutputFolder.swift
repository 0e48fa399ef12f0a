import Delivery
import Stack
import Swarm

/// The folder that `convert` writes: all or nothing, and nothing that it did not write itself is touched.
///
/// A list of the written files, `.stackferry-files`, lets a later run remove what it no longer writes.
struct OutputFolder {
  static let index = ".stackferry-files"
  private static let staging = ".stackferry-new"

  let path: String

  /// Writes the files; nil, or what went wrong, in which case the folder is as it was.
  func write(_ files: [OutputFile]) -> FileProblem? {
    let made: [String]
    switch FileSystem.makeDirectories(path) {
    case .success(let directories): made = directories
    case .failure(let problem): return problem
    }
    let before = indexed()
    for file in files where !before.contains(file.name) {
      if FileSystem.kind("\(path)/\(file.name)") != .missing {
        return FileProblem(
          path: "\(path)/\(file.name)",
          reason: "is there already and was not written by stackferry; choose another folder with "
            + "-o, or remove it")
      }
    }
    let staging = "\(path)/\(Self.staging)"
    discard(staging)
    if case .failure(let problem) = FileSystem.makeDirectories(staging) {
      for directory in made.reversed() { FileSystem.removeDirectory(directory) }
      return problem
    }
    var list = ""
    for file in files {
      let mode: UInt32 = file.isSecret ? 0o600 : 0o666
      if let problem = FileSystem.write(file.bytes, to: "\(staging)/\(file.name)", mode: mode) {
        discard(staging)
        for directory in made.reversed() { FileSystem.removeDirectory(directory) }
        return problem
      }
      list += file.name + "\n"
    }
    for file in files {
      if let problem = FileSystem.rename("\(staging)/\(file.name)", to: "\(path)/\(file.name)") {
        return problem
      }
    }
    let now = Set(files.map(\.name))
    for name in before where !now.contains(name) { FileSystem.removeFile("\(path)/\(name)") }
    let problem = FileSystem.write(
      Array(list.utf8), to: "\(path)/\(Self.index)", mode: 0o666)
    discard(staging)
    return problem
  }

  /// The names in the list of an earlier run; only plain names, so that a forged list cannot reach outside.
  private func indexed() -> Set<String> {
    guard case .success(let bytes) = FileSystem.read("\(path)/\(Self.index)") else { return [] }
    let names = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    return Set(names.filter { !$0.contains("/") && $0 != "." && $0 != ".." })
  }

  private func discard(_ staging: String) {
    guard FileSystem.kind(staging) == .directory else { return }
    for name in FileSystem.list(staging) { FileSystem.removeFile("\(staging)/\(name)") }
    FileSystem.removeDirectory(staging)
  }
}
