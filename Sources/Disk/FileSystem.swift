import Glibc
package import Stack
package import Swarm

/// All input and output of the program, on plain system calls: they say *why* something failed, and keep the static
/// program small.
package enum FileSystem {
  /// Reads a whole file that was named on the command line: a link or a pipe is what the caller wants. `-` is standard input.
  package static func read(_ path: String) -> Result<[UInt8], FileProblem> {
    let descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return .failure(FileProblem(system: path)) }
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    var status = stat()
    if unsafe fstat(descriptor, &status) != 0 { status.st_size = 0 }
    if status.st_mode & S_IFMT == S_IFDIR {
      return .failure(FileProblem(path: path, reason: "is a directory"))
    }
    return content(descriptor, expected: max(0, Int(status.st_size)), path)
  }

  /// Reads a file that another file names, outside of all folders that are known. A pipe or a device might never end.
  static func readNamed(_ path: String) -> Result<[UInt8], FileProblem> {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return .failure(FileProblem(system: path)) }
    switch Folder.Kind(mode: status.st_mode) {
    case .file: return readRegular(unsafe open(path, readingFlags), path)
    case .folder: return .failure(FileProblem(path: path, reason: "is a directory"))
    case .link, .other, .missing:
      return .failure(FileProblem(path: path, reason: "is no regular file"))
    }
  }

  /// For files that are yet to be looked at: opening a pipe does not wait for its other end.
  static let readingFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY

  /// Reads a regular file that was opened so, and closes it.
  static func readRegular(_ descriptor: Int32, _ path: String) -> Result<[UInt8], FileProblem> {
    guard descriptor >= 0 else { return .failure(FileProblem(system: path)) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      return .failure(FileProblem(system: path))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      return .failure(FileProblem(path: path, reason: "is no regular file"))
    }
    return content(descriptor, expected: max(0, Int(status.st_size)), path)
  }

  /// All that can be read from a descriptor; `expected` bytes where that is known, else 0.
  private static func content(
    _ descriptor: Int32, expected: Int, _ path: String
  ) -> Result<[UInt8], FileProblem> {
    var bytes: [UInt8] = []
    // A file whose size is known gets no more room than it needs: thousands of manifests are kept at once.
    let chunk = expected > 0 ? expected + 1 : 65_536
    while true {
      let start = bytes.count
      var count = 0
      bytes.reserveCapacity(start + chunk)
      bytes.append(contentsOf: repeatElement(0, count: start == 0 ? chunk : 65_536))
      let room = bytes.count - start
      count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress! + start, room)
      }
      bytes.removeLast(room - max(0, count))
      if count < 0 {
        if errno == EINTR { continue }
        return .failure(FileProblem(system: path))
      }
      if count == 0 || expected > 0 && bytes.count == expected { return .success(bytes) }
      if bytes.count > maximumSize {
        return .failure(
          FileProblem(path: path, reason: "is larger than \(maximumSize >> 20) MiB"))
      }
    }
  }

  /// No stack, env file or config is larger; it keeps a wrong path (`/dev/zero`) from filling the memory.
  private static let maximumSize = 512 << 20

  /// Reads a file in pieces, up to a limit of bytes, so that memory does not grow with it.
  package static func stream<Problem: Error>(
    _ path: String, limit: Int = .max, _ body: (ArraySlice<UInt8>) throws(Problem) -> Void
  ) throws(Problem) -> FileProblem? {
    let descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return FileProblem(system: path) }
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    var buffer = [UInt8](repeating: 0, count: min(limit, 1 << 20))
    var left = limit
    while left > 0 {
      let room = min(buffer.count, left)
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress!, room)
      }
      if count < 0 {
        if errno == EINTR { continue }
        return FileProblem(system: path)
      }
      if count == 0 { return nil }
      left -= count
      try body(buffer[..<count])
    }
    return nil
  }

  /// What is said of a path that is not there.
  package static func missing(_ path: String) -> FileProblem {
    FileProblem(path: path, reason: "no such file or directory")
  }

  package static func kind(_ path: String) -> Files.Kind {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return .missing }
    return status.st_mode & S_IFMT == S_IFDIR ? .directory : .file
  }

  /// Whether a path leads to a file with an end, and not to a pipe or a device.
  package static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// The names in a directory, sorted by their bytes, without `.` and `..`.
  package static func list(_ path: String) -> [String] {
    let entries = try? entries(of: unsafe open(path, listingFlags), path)
    return (entries ?? []).map(\.name).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  static let listingFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC

  /// What is in a directory that was opened so, in no order; closes it.
  static func entries(
    of descriptor: Int32, _ path: String
  ) throws(FileProblem) -> [(name: String, kind: Folder.Kind)] {
    guard descriptor >= 0 else { throw FileProblem(system: path) }
    guard let directory = unsafe fdopendir(descriptor) else {
      close(descriptor)
      throw FileProblem(system: path)
    }
    defer { unsafe closedir(directory) }
    var entries: [(name: String, kind: Folder.Kind)] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      if name == "." || name == ".." { continue }
      var mode = mode_t(unsafe entry.pointee.d_type) << 12
      if mode == 0 {
        // The file system does not tell in passing.
        var status = stat()
        guard unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
        mode = status.st_mode
      }
      entries.append((name, Folder.Kind(mode: mode)))
    }
    return entries
  }

  /// Writes all bytes to a descriptor. A reader that went away (`| head`) is no error.
  package static func write(_ bytes: [UInt8], to descriptor: Int32, path: String) -> FileProblem? {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        return errno == EPIPE ? nil : FileProblem(system: path)
      }
      written += count
    }
    return nil
  }

  /// The working directory, absolute.
  package static var workingDirectory: String {
    guard let path = unsafe getcwd(nil, 0) else { return "." }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }

  /// The process environment.
  package static var environment: [String: String] {
    var result: [String: String] = [:]
    var cursor = unsafe environ
    while let entry = unsafe cursor.pointee {
      let text = unsafe String(cString: entry)
      if let equals = text.firstIndex(of: "=") {
        result[String(text[..<equals])] = String(text[text.index(after: equals)...])
      }
      unsafe cursor += 1
    }
    return result
  }
}
