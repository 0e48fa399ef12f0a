import Glibc
import Stack

/// An open folder. What is done in it is done relative to it, by plain names, and follows no link: it stays inside, whatever
/// lies there and whatever is changed meanwhile.
struct Folder: ~Copyable {
  /// What a name in a folder stands for.
  enum Kind {
    case missing, file, folder, link
    /// A pipe, a socket or a device.
    case other

    init(mode: mode_t) {
      switch mode & S_IFMT {
      case S_IFREG: self = .file
      case S_IFDIR: self = .folder
      case S_IFLNK: self = .link
      default: self = .other
      }
    }
  }

  let descriptor: Int32
  /// As messages call it.
  let path: String

  /// Takes over a descriptor that a system call gave; below 0 it failed.
  init(_ descriptor: Int32, _ path: String) throws(FileProblem) {
    guard descriptor >= 0 else { throw FileProblem(system: path) }
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  /// A name in the folder, as messages call it.
  func path(_ name: String) -> String {
    switch path {
    case ".": name
    case "/": "/" + name
    default: "\(path)/\(name)"
    }
  }

  func kind(_ name: String) -> Kind {
    var status = stat()
    let result = unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW)
    return result == 0 ? Kind(mode: status.st_mode) : .missing
  }

  /// All names in the folder but `.` and `..`, in no order.
  func entries() throws(FileProblem) -> [(name: String, kind: Kind)] {
    try FileSystem.entries(
      of: unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), path)
  }

  func open(_ name: String) throws(FileProblem) -> Folder {
    try Folder(
      unsafe openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), path(name))
  }

  /// Makes a folder that only the caller may look into.
  func makePrivate(_ name: String) throws(FileProblem) -> Folder {
    guard unsafe mkdirat(descriptor, name, 0o700) == 0 else {
      throw FileProblem(system: path(name))
    }
    return try open(name)
  }

  /// The content of a regular file; nil where there is none of that name.
  func read(_ name: String) throws(FileProblem) -> [UInt8]? {
    let file = unsafe openat(descriptor, name, FileSystem.readingFlags | O_NOFOLLOW)
    if file < 0, errno == ENOENT { return nil }
    return try FileSystem.readRegular(file, path(name)).get()
  }

  /// Whether a regular file holds these bytes; where they are `isPrivate`, also whether only its owner may read it.
  func holds(_ name: String, _ bytes: [UInt8], isPrivate: Bool) -> Bool {
    var status = stat()
    guard unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0,
      status.st_mode & S_IFMT == S_IFREG, Int(status.st_size) == bytes.count,
      !isPrivate || status.st_mode & 0o077 == 0
    else { return false }
    return (try? read(name)) == bytes
  }

  /// Writes a file of a name that is not there yet; its permission bits are as given, less the umask, from the first byte.
  func create(_ name: String, _ bytes: [UInt8], mode: mode_t, shown: String) throws(FileProblem) {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let file = unsafe openat(descriptor, name, flags, mode)
    guard file >= 0 else { throw FileProblem(system: shown) }
    let problem = FileSystem.write(bytes, to: file, path: shown)
    guard close(file) == 0 || problem != nil else { throw FileProblem(system: shown) }
    if let problem { throw problem }
  }

  /// Puts a file into another folder, in place of the file or link of that name.
  func move(
    _ name: String, to other: borrowing Folder, as newName: String? = nil
  ) throws(FileProblem) {
    let target = newName ?? name
    guard unsafe renameat(descriptor, name, other.descriptor, target) == 0 else {
      throw FileProblem(system: other.path(target))
    }
  }

  @discardableResult func remove(file name: String) -> Bool {
    unsafe unlinkat(descriptor, name, 0) == 0
  }

  /// Removes a folder that is empty.
  @discardableResult func remove(folder name: String) -> Bool {
    unsafe unlinkat(descriptor, name, AT_REMOVEDIR) == 0
  }
}

extension FileProblem {
  /// Why the last system call failed.
  init(system path: String) {
    let reason = unsafe String(cString: strerror(errno))
    self.init(path: path, reason: reason.prefix(1).lowercased() + reason.dropFirst())
  }
}
