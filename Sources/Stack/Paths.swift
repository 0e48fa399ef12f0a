/// Paths as Docker resolves them, without touching the file system.
enum Paths {
  /// `filepath.Join(directory, path)` for a relative path; an absolute one stays as it is.
  static func absolute(_ path: String, in directory: String) -> String {
    path.utf8.first == UInt8(ascii: "/") ? path : clean("\(directory)/\(path)")
  }

  /// The folder of an absolute path.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
    return String(path[..<slash])
  }

  /// `filepath.Clean` for an absolute path.
  private static func clean(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") {
      switch part {
      case ".": break
      case "..": _ = parts.popLast()
      default: parts.append(part)
      }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// `path.Clean`: no slash at the end, no `.` and no double slashes.
  static func cleaned(_ path: String) -> String {
    if path.hasPrefix("/") { return clean(path) }
    let parts = path.split(separator: "/").filter { $0 != "." }
    return parts.isEmpty ? "." : parts.joined(separator: "/")
  }

  /// Whether Windows would call the path absolute: `C:\data`, `\\server\share\data`.
  static func isWindowsAbsolute(_ path: String) -> Bool {
    let bytes = Array(path.utf8)
    let volume = volumeLength(bytes)
    return volume > 0 && volume < bytes.count && isSlash(bytes[volume])
  }

  private static func isSlash(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\")
  }

  /// Bytes of a leading drive letter or `\\server\share`.
  private static func volumeLength(_ path: [UInt8]) -> Int {
    guard path.count >= 2 else { return 0 }
    let letter = path[0] | 0x20
    if path[1] == UInt8(ascii: ":"), letter >= UInt8(ascii: "a"), letter <= UInt8(ascii: "z") {
      return 2
    }
    guard path.count >= 5, isSlash(path[0]), isSlash(path[1]), !isSlash(path[2]),
      path[2] != UInt8(ascii: "."),
      let separator = path[3..<(path.count - 1)].firstIndex(where: isSlash)
    else { return 0 }
    let share = separator + 1
    guard share < path.count, !isSlash(path[share]), path[share] != UInt8(ascii: ".") else {
      return 0
    }
    return path[share...].firstIndex(where: isSlash) ?? path.count
  }
}
