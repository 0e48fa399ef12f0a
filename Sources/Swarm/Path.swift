/// `path.Clean` of Go for absolute paths: no empty parts, no `.`, no `..`, no slash at the end.
package func cleanPath(_ path: String) -> String {
  let utf8 = path.utf8
  // Most paths are clean: look before copying.
  var previous = UInt8(ascii: "/")
  var isClean = utf8.first == previous && (utf8.count == 1 || utf8.last != previous)
  if isClean {
    for byte in utf8.dropFirst() {
      if previous == UInt8(ascii: "/") && (byte == previous || byte == UInt8(ascii: ".")) {
        isClean = false
        break
      }
      previous = byte
    }
  }
  if isClean { return path }
  var parts: [Substring] = []
  for part in path.split(separator: "/") where part != "." {
    if part == ".." { _ = parts.popLast() } else { parts.append(part) }
  }
  return "/" + parts.joined(separator: "/")
}

/// The last part of a path; the path itself where it has no slash.
package func lastPart(_ path: String) -> String {
  path.split(separator: "/").last.map(String.init) ?? path
}
