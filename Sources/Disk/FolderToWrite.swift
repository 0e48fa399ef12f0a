import Glibc
import Stack
import Swarm

/// Finding the folder of a path that is written to.
///
/// No part of the path may be a link: a repository can hold one, and what is written through it would land elsewhere. The
/// working folder itself is taken as it is. On the way to it from `/`, links are followed that the caller could not have made.
extension Folder {
  /// Linux' flag for a folder that is only gone through, which needs no right to list it. glibc hides it from Swift.
  static let through: Int32 = 0o10_000_000

  /// The folder of a path.
  ///
  /// - Parameters:
  ///   - makes: Whether folders that are not there are made.
  ///   - made: Is given the paths of those that were, the outermost first.
  static func reach(
    _ path: String, makes: Bool, made: inout [String]
  ) throws(FileProblem) -> Folder {
    var isOutside = false
    var rest = path[...]
    var folder: Folder
    if path.hasPrefix("/") {
      let working = FileSystem.workingDirectory
      let whole = cleanPath(path)
      if working != "/", whole == working || whole.hasPrefix(working + "/") {
        rest = whole.dropFirst(working.count)
        folder = try Folder(unsafe Glibc.open(".", through | O_DIRECTORY | O_CLOEXEC), working)
      } else {
        isOutside = true
        rest = whole[...]
        folder = try Folder(unsafe Glibc.open("/", through | O_DIRECTORY | O_CLOEXEC), "/")
      }
    } else {
      folder = try Folder(unsafe Glibc.open(".", through | O_DIRECTORY | O_CLOEXEC), ".")
    }
    for part in parts(rest) {
      folder = try folder.step(part, mayFollow: isOutside, makes: makes, &made)
    }
    let readable = unsafe openat(folder.descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    return try Folder(readable, folder.path)
  }

  /// The parts of a path, without those that a `..` behind them takes back.
  private static func parts(_ path: Substring) -> [String] {
    var parts: [String] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else {
        parts.append(String(part))
      }
    }
    return parts
  }

  private func step(
    _ name: String, mayFollow: Bool, makes: Bool, _ made: inout [String]
  ) throws(FileProblem) -> Folder {
    let place = path(name)
    let flags = Self.through | O_DIRECTORY | O_CLOEXEC
    var next = unsafe openat(descriptor, name, flags | O_NOFOLLOW)
    if next < 0, errno == ENOENT, makes {
      if unsafe mkdirat(descriptor, name, 0o777) == 0 {
        made.append(place)
      } else if errno != EEXIST {
        throw FileProblem(system: place)
      }
      next = unsafe openat(descriptor, name, flags | O_NOFOLLOW)
    }
    if next >= 0 { return try Folder(next, place) }
    let code = errno
    switch kind(name) {
    case .link:
      if mayFollow, isOthers {
        return try Folder(unsafe openat(descriptor, name, flags), place)
      }
      throw FileProblem(
        path: place,
        reason: "is a link, and nothing is written through links; name the folder that it leads to")
    case .file, .other:
      throw FileProblem(path: place, reason: "is a file, and a folder is needed")
    case .folder, .missing:
      errno = code
      throw FileProblem(system: place)
    }
  }

  /// Whether what lies in the folder was put there by somebody else: the caller cannot write in it, or it is the root.
  private var isOthers: Bool {
    unsafe path == "/" || faccessat(descriptor, ".", W_OK, AT_EACCESS) != 0
  }

  /// The folder of a path, for this run alone until it is closed. Runs that come meanwhile wait.
  static func locked(
    _ path: String, makes: Bool, made: inout [String]
  ) throws(FileProblem) -> Folder {
    do throws(FileProblem) {
      while true {
        let folder = try reach(path, makes: makes, made: &made)
        // A file system without locks goes without.
        while flock(folder.descriptor, LOCK_EX) != 0, errno == EINTR {}
        var status = stat()
        // The run before may have failed, and taken the folder away that it had made.
        if unsafe fstat(folder.descriptor, &status) != 0 || status.st_nlink > 0 { return folder }
      }
    } catch {
      removeFolders(made)
      throw error
    }
  }

  /// Takes folders away that were made in vain; those that hold something stay.
  static func removeFolders(_ made: [String]) {
    for path in made.reversed() {
      let (folder, name) = FileSystem.halves(path)
      var none: [String] = []
      guard let parent = try? reach(folder, makes: false, made: &none) else { return }
      parent.remove(folder: name)
    }
  }
}

/// Names of what is only there while a run writes.
enum StagingName {
  private static let beginning = ".stackferry-"
  private static let digits = 16

  static func fresh() -> String {
    let number = String(UInt64.random(in: .min ... .max), radix: 16)
    return beginning + String(repeating: "0", count: digits - number.utf8.count) + number
  }

  static func isOne(_ name: String) -> Bool {
    guard name.hasPrefix(beginning) else { return false }
    let rest = name.utf8.dropFirst(beginning.utf8.count)
    return rest.count == digits && rest.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }
  }
}
