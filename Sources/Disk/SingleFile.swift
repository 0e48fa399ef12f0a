import Glibc
package import Stack

extension FileSystem {
  /// Writes a whole file: under a fresh name first, so that it is there with all of its content or as it was before. No part of
  /// its path may be a link, and only a regular file is replaced, whose permission bits it keeps.
  ///
  /// - Parameters:
  ///   - mode: The permission bits of a new file, less the umask.
  ///   - isNew: Whether a file that is there already is an error.
  ///   - makesFolders: Whether the folders of the path are made.
  /// - Returns: What went wrong.
  package static func write(
    _ bytes: [UInt8], to path: String, mode: UInt32, isNew: Bool = false, makesFolders: Bool = false
  ) -> FileProblem? {
    let (place, name) = halves(path)
    if name.isEmpty || name == "." || name == ".." {
      return FileProblem(path: path, reason: "is a directory")
    }
    var made: [String] = []
    do throws(FileProblem) {
      let folder = try Folder.locked(place, makes: makesFolders, made: &made)
      do throws(FileProblem) {
        for entry in try folder.entries() where entry.kind == .file && StagingName.isOne(entry.name)
        {
          // Nobody is at work on it: the folder is locked.
          folder.remove(file: entry.name)
        }
        try folder.replace(name, bytes, mode: mode, isNew: isNew, shown: path)
      } catch {
        Folder.removeFolders(made)
        throw error
      }
      return nil
    } catch {
      return error
    }
  }

  /// The folder of a path, and the name in it.
  static func halves(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    return (
      slash == path.startIndex ? "/" : String(path[..<slash]),
      String(path[path.index(after: slash)...])
    )
  }
}

extension Folder {
  fileprivate func replace(
    _ name: String, _ bytes: [UInt8], mode: mode_t, isNew: Bool, shown: String
  ) throws(FileProblem) {
    var status = stat()
    let isThere = unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0
    if isThere {
      switch Kind(mode: status.st_mode) {
      case .link:
        throw FileProblem(
          path: shown,
          reason: "is a link, and nothing is written through links; name the file that it leads to")
      case .folder: throw FileProblem(path: shown, reason: "is a directory")
      case .other, .missing: throw FileProblem(path: shown, reason: "is no regular file")
      case .file: break
      }
      if isNew { throw FileProblem(path: shown, reason: "is there already") }
      guard unsafe faccessat(descriptor, name, W_OK, AT_EACCESS) == 0 else {
        throw FileProblem(system: shown)
      }
    }
    let temporary = StagingName.fresh()
    do throws(FileProblem) {
      try create(temporary, bytes, mode: isThere ? 0o600 : mode, shown: shown)
      if isThere { takeOver(status, for: temporary) }
      try move(temporary, to: self, as: name)
    } catch {
      remove(file: temporary)
      throw error
    }
  }

  /// Gives a file the owner and the permission bits of the one that it replaces, as far as the caller may.
  private func takeOver(_ status: stat, for name: String) {
    let file = unsafe openat(descriptor, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
    guard file >= 0 else { return }
    defer { close(file) }
    if status.st_uid != geteuid() || status.st_gid != getegid() {
      _ = fchown(file, status.st_uid, status.st_gid)
    }
    _ = fchmod(file, status.st_mode & 0o777)
  }
}
