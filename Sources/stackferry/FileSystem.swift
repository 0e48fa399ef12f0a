import Glibc
import Mapping
import Proxies
import Stack
import Swarm
import Validation

/// All input and output of the program, on plain system calls: they say *why* something failed, and keep the static
/// program small.
enum FileSystem {
  /// Reads a whole file; `-` is standard input.
  static func read(_ path: String) -> Result<[UInt8], FileProblem> {
    let descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return .failure(problem(path)) }
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    var status = stat()
    var expected = 0
    if unsafe fstat(descriptor, &status) == 0 {
      if status.st_mode & S_IFMT == S_IFDIR {
        return .failure(FileProblem(path: path, reason: "is a directory"))
      }
      expected = max(0, Int(status.st_size))
    }
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
        return .failure(problem(path))
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
  static func stream<Problem: Error>(
    _ path: String, limit: Int = .max, _ body: (ArraySlice<UInt8>) throws(Problem) -> Void
  ) throws(Problem) -> FileProblem? {
    let descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return problem(path) }
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
        return problem(path)
      }
      if count == 0 { return nil }
      left -= count
      try body(buffer[..<count])
    }
    return nil
  }

  /// What is said of a path that is not there.
  static func missing(_ path: String) -> FileProblem {
    FileProblem(path: path, reason: "no such file or directory")
  }

  static func kind(_ path: String) -> Files.Kind {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return .missing }
    return status.st_mode & S_IFMT == S_IFDIR ? .directory : .file
  }

  /// Whether a path leads to a file with an end, and not to a pipe or a device.
  static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// The names in a directory, sorted by their bytes, without `.` and `..`.
  static func list(_ path: String) -> [String] {
    guard let directory = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// How the stack's own files are read.
  static let files = Files(read: { read($0) }, list: { list($0) }, kind: { kind($0) })

  /// Writes a whole file, with permission bits as given less the umask.
  static func write(_ bytes: [UInt8], to path: String, mode: mode_t) -> FileProblem? {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else { return problem(path) }
    let result = write(bytes, to: descriptor, path: path)
    if close(descriptor) != 0 { return result ?? problem(path) }
    return result
  }

  /// Writes all bytes to a descriptor. A reader that went away (`| head`) is no error.
  static func write(_ bytes: [UInt8], to descriptor: Int32, path: String) -> FileProblem? {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        return errno == EPIPE ? nil : problem(path)
      }
      written += count
    }
    return nil
  }

  /// Makes a directory and those above it, and returns those that were new, the outermost first.
  static func makeDirectories(_ path: String) -> Result<[String], FileProblem> {
    var made: [String] = []
    var current = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      current += current.isEmpty || current.hasSuffix("/") ? String(part) : "/\(part)"
      switch kind(current) {
      case .directory: continue
      case .file:
        for directory in made.reversed() { unsafe rmdir(directory) }
        return .failure(FileProblem(path: current, reason: "is a file, and a folder is needed"))
      case .missing: break
      }
      guard unsafe mkdir(current, 0o777) == 0 else {
        let reason = problem(current)
        for directory in made.reversed() { unsafe rmdir(directory) }
        return .failure(reason)
      }
      made.append(current)
    }
    return .success(made)
  }

  static func rename(_ source: String, to target: String) -> FileProblem? {
    unsafe Glibc.rename(source, target) == 0 ? nil : problem(target)
  }

  static func removeFile(_ path: String) { unsafe unlink(path) }
  static func removeDirectory(_ path: String) { unsafe rmdir(path) }

  /// The working directory, absolute.
  static var workingDirectory: String {
    guard let path = unsafe getcwd(nil, 0) else { return "." }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }

  /// The process environment.
  static var environment: [String: String] {
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

  private static func problem(_ path: String) -> FileProblem {
    FileProblem(path: path, reason: unsafe String(cString: strerror(errno)).lowercasedFirst)
  }
}

extension String {
  fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
