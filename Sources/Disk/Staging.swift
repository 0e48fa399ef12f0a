import Delivery
import Stack

/// A private folder inside the one that is written, and all that a run needs to be undone: `new` holds what is to be moved
/// out, `old` what it takes the place of, and `list` is the folder's next list of files.
///
/// The list is the journal. It is there before the first file is moved, and moving it out, the last step, is what makes the
/// run count. So a staging folder with a list is an unfinished run, which is undone by what `old` and both lists say; one
/// without is rubbish.
struct Staging: ~Copyable {
  private static let list = "list"
  private static let unfinishedList = "list.part"

  private let name: String
  private let top: Folder
  private let new: Folder
  private let old: Folder

  private init(
    _ name: String, _ top: consuming Folder, new: consuming Folder, old: consuming Folder
  ) {
    self.name = name
    self.top = top
    self.new = new
    self.old = old
  }

  /// A fresh one.
  static func begin(in folder: borrowing Folder) throws(FileProblem) -> Staging {
    let name = StagingName.fresh()
    let top = try folder.makePrivate(name)
    let new = try top.makePrivate("new")
    let old = try top.makePrivate("old")
    return Staging(name, top, new: new, old: old)
  }

  /// One that another run left behind.
  private static func left(
    _ name: String, in folder: borrowing Folder
  ) throws(FileProblem) -> Staging {
    let top = try folder.open(name)
    let new = try top.open("new")
    let old = try top.open("old")
    return Staging(name, top, new: new, old: old)
  }

  /// Writes the files and, when all are there, the list.
  func fill(
    _ files: [OutputFile], list: [UInt8], for folder: borrowing Folder
  ) throws(FileProblem) {
    for file in files {
      try new.create(
        file.name, file.bytes, mode: file.isSecret ? 0o600 : 0o666, shown: folder.path(file.name))
    }
    try top.create(
      Self.unfinishedList, list, mode: 0o666, shown: folder.path(OutputFolder.index))
    try top.move(Self.unfinishedList, to: top, as: Self.list)
  }

  /// Moves the files out. Each old one is moved away first, and not replaced: that is a good deal faster where a file
  /// system writes a replacement to the disk at once, and as easily undone.
  ///
  /// - Parameters:
  ///   - replaced: Those in whose place a file is.
  ///   - leftOver: Files of the folder that go.
  func empty(
    _ files: [OutputFile], into folder: borrowing Folder, replaced: Set<String>, leftOver: [String]
  ) throws(FileProblem) {
    for file in files {
      if replaced.contains(file.name) { try folder.move(file.name, to: old) }
      try new.move(file.name, to: folder)
    }
    for name in leftOver { try folder.move(name, to: old) }
    try top.move(Self.list, to: folder, as: OutputFolder.index)
  }

  /// Makes the folder what it was before. What somebody changed meanwhile stays as it is.
  ///
  /// - Returns: Whether all was done that had to be.
  func undo(in folder: borrowing Folder) -> Bool {
    guard let bytes = try? top.read(Self.list), let before = try? OutputList(in: folder),
      let kept = try? old.entries()
    else { return top.kind(Self.list) == .missing }
    let after = OutputList(bytes)
    let names = kept.filter { $0.kind == .file && isOutputName($0.name) }.map(\.name)
    let backups = Set(names)
    var isDone = true
    for name in after.names
    where !backups.contains(name) && !before.contains(name) && new.kind(name) == .missing
      && after.isUnchanged(name, in: folder)
    {
      isDone = folder.remove(file: name) && isDone
    }
    for name in names
    where folder.kind(name) == .missing || after.isUnchanged(name, in: folder) {
      do { try old.move(name, to: folder) } catch { isDone = false }
    }
    return isDone
  }

  /// Removes what the run itself put there.
  func discard(in folder: borrowing Folder) { Self.discard(name, in: folder) }

  private static func discard(_ name: String, in folder: borrowing Folder) {
    guard let top = try? folder.open(name) else { return }
    for part in ["new", "old"] {
      guard let files = try? top.open(part), let entries = try? files.entries() else { continue }
      for entry in entries where entry.kind == .file && isOutputName(entry.name) {
        files.remove(file: entry.name)
      }
      top.remove(folder: part)
    }
    for file in [unfinishedList, list] where top.kind(file) == .file { top.remove(file: file) }
    folder.remove(folder: name)
  }

  /// Undoes what killed runs left unfinished. The folder is locked, so none of them is at work.
  static func recover(in folder: borrowing Folder) throws(FileProblem) {
    for (name, kind) in try folder.entries() where StagingName.isOne(name) {
      switch kind {
      case .file: folder.remove(file: name)
      case .folder: try recover(name, in: folder)
      case .link, .other, .missing: break
      }
    }
  }

  private static func recover(
    _ name: String, in folder: borrowing Folder
  ) throws(FileProblem) {
    guard let top = try? folder.open(name) else { return }
    if top.kind(list) == .file {
      // No run of ours makes another kind of thing there.
      guard top.kind("new") == .folder, top.kind("old") == .folder else { return }
      guard let staging = try? left(name, in: folder), staging.undo(in: folder) else {
        throw FileProblem(
          path: folder.path(name),
          reason:
            "holds what is left of an interrupted run and cannot be put back; see to it by hand")
      }
    }
    discard(name, in: folder)
  }
}
