/// Tar archives for tests, in the format ustar.
package enum TarArchive {
  /// - Parameter entries: Path, content (nil for a folder) and permission bits.
  package static func tar(_ entries: [(String, [UInt8]?, Int)]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (path, content, mode) in entries {
      bytes += header(path, content?.count ?? 0, content == nil ? "5" : "0", mode)
      bytes += block(content ?? [])
    }
    return bytes + [UInt8](repeating: 0, count: 1024)
  }

  package static func block(_ content: [UInt8]) -> [UInt8] {
    content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
  }

  package static func header(_ path: String, _ size: Int, _ kind: Character, _ mode: Int) -> [UInt8]
  {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at offset: Int) {
      header.replaceSubrange(offset..<(offset + text.utf8.count), with: text.utf8)
    }
    func octal(_ number: Int, _ width: Int) -> String {
      let digits = String(number, radix: 8)
      return String(repeating: "0", count: width - digits.count) + digits
    }
    put(path, at: 0)
    put(octal(mode, 7), at: 100)
    put(octal(size, 11), at: 124)
    put(String(kind), at: 156)
    put("ustar\u{0}00", at: 257)
    seal(&header)
    return header
  }

  /// Writes a header's sum.
  package static func seal(_ header: inout [UInt8]) {
    header.replaceSubrange(148..<156, with: "        ".utf8)
    let digits = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
    let sum = String(repeating: "0", count: 6 - digits.count) + digits + "\u{0} "
    header.replaceSubrange(148..<156, with: sum.utf8)
  }
}
