package import Delivery
package import Stack
import Swarm

/// The folder that `convert` writes: all or nothing, and nothing that it did not write itself is touched.
///
/// A list of the written files, `.stackferry-files`, lets a later run know its own and remove what it no longer writes.
package struct OutputFolder {
  package static let index = ".stackferry-files"

  package let path: String

  package init(path: String) { self.path = path }

  /// Writes the files in place of those of an earlier run. After an error the folder is as it was.
  ///
  /// - Returns: Files of the earlier run that the stack gives no more and that were changed since, so they stay.
  package func write(_ files: [OutputFile]) throws(FileProblem) -> [String] {
    var made: [String] = []
    let folder = try Folder.locked(path, makes: true, made: &made)
    do throws(FileProblem) {
      try Staging.recover(in: folder)
      return try replace(files, in: folder)
    } catch {
      Folder.removeFolders(made)
      throw error
    }
  }

  private func replace(
    _ files: [OutputFile], in folder: borrowing Folder
  ) throws(FileProblem) -> [String] {
    let before = try OutputList(in: folder)
    var changed: [OutputFile] = []
    let entries = Dictionary(
      try folder.entries().map { ($0.name, $0.kind) }, uniquingKeysWith: { first, _ in first })
    var replaced = Set<String>()
    for file in files {
      // Nothing that is written may be unknown to the next run.
      guard isOutputName(file.name) else {
        throw FileProblem(
          path: folder.path(file.name), reason: "is no name for a file of manifests")
      }
      guard let kind = entries[file.name] else {
        changed.append(file)
        continue
      }
      guard kind == .file, before.contains(file.name) else {
        throw FileProblem(
          path: folder.path(file.name),
          reason: "is there already and was not written by stackferry; choose another folder with "
            + "-o, or remove it")
      }
      if folder.holds(file.name, file.bytes, isPrivate: file.isSecret) { continue }
      changed.append(file)
      replaced.insert(file.name)
    }
    let now = Set(files.map(\.name))
    let gone = before.names.filter { !now.contains($0) && entries[$0] != nil }.sorted()
    let leftOver = gone.filter { before.isUnchanged($0, in: folder) }
    let list = OutputList.bytes(files)
    if changed.isEmpty, gone.isEmpty, folder.holds(Self.index, list, isPrivate: false) {
      return []
    }

    let staging = try Staging.begin(in: folder)
    do throws(FileProblem) {
      try staging.fill(changed, list: list, for: folder)
      try staging.empty(changed, into: folder, replaced: replaced, leftOver: leftOver)
    } catch {
      // What cannot be put back now is kept, for the next run to try again.
      if staging.undo(in: folder) { staging.discard(in: folder) }
      throw error
    }
    staging.discard(in: folder)
    return gone.filter { !leftOver.contains($0) }
  }

  /// The names in the folder's list; nil where it has none.
  package func listed() -> Set<String>? {
    let files = FileSystem.files(within: [Enclosure(path, as: "the folder")])
    guard case .success(let bytes) = files.read("\(path)/\(Self.index)") else { return nil }
    return Set(OutputList(bytes).names)
  }
}
