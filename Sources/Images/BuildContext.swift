/// What lies in the folder that is sent to the builder.
package struct BuildContext: Sendable {
  /// Files and folders, relative, sorted; folders end in `/`. What lies in `.git`, `node_modules` and the like is not listed.
  package let paths: [String]
  /// The ignore file as it is; nil where there is none.
  package let ignoreFile: [UInt8]?
  /// The name of the ignore file: `.dockerignore`, or the Dockerfile's own.
  package let ignoreName: String

  package init(
    paths: [String], ignoreFile: [UInt8]?, ignoreName: String = ".dockerignore"
  ) {
    self.paths = paths
    self.ignoreFile = ignoreFile
    self.ignoreName = ignoreName
  }

  /// Whether a path of the context is kept from the builder.
  package func isIgnored(_ path: String) -> Bool {
    guard let ignoreFile else { return false }
    return IgnorePatterns(ignoreFile).matches(path)
  }
}

/// The patterns of a `.dockerignore`. Source: moby/patternmatcher: `*` and `?` stay within a name, `**` spans folders, `!`
/// takes back, a pattern covers all below it; the last one that fits decides.
package struct IgnorePatterns: Sendable {
  private var patterns: [(parts: [[UInt8]], isException: Bool)] = []

  package init(_ bytes: [UInt8]) {
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    for line in text.split(separator: 0x0A) {
      var pattern = line
      while let last = pattern.last, isBlank(last) { pattern = pattern.dropLast() }
      pattern = pattern.drop(while: isBlank)
      guard let first = pattern.first, first != UInt8(ascii: "#") else { continue }
      let isException = first == UInt8(ascii: "!")
      if isException { pattern = pattern.dropFirst().drop(while: isBlank) }
      let parts = pattern.split(separator: UInt8(ascii: "/")).map(Array.init).filter {
        $0 != [UInt8(ascii: ".")]
      }
      if !parts.isEmpty { patterns.append((parts, isException)) }
    }
  }

  /// Whether a path, or a folder that it is in, is ignored.
  package func matches(_ path: String) -> Bool {
    let parts = path.utf8.split(separator: UInt8(ascii: "/")).map(Array.init)
    var isIgnored = false
    for pattern in patterns where pattern.isException == isIgnored {
      for count in stride(from: parts.count, to: 0, by: -1)
      where Self.matches(pattern.parts[...], parts[..<count]) {
        isIgnored = !pattern.isException
        break
      }
    }
    return isIgnored
  }

  private static func matches(_ pattern: ArraySlice<[UInt8]>, _ path: ArraySlice<[UInt8]>) -> Bool {
    guard let first = pattern.first else { return path.isEmpty }
    if first == [0x2A, 0x2A] {
      for skip in 0...path.count where matches(pattern.dropFirst(), path.dropFirst(skip)) {
        return true
      }
      return false
    }
    guard let name = path.first, matchesName(first[...], name[...]) else { return false }
    return matches(pattern.dropFirst(), path.dropFirst())
  }

  private static func matchesName(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
    // The last star may take one byte more each time that what follows it does not fit.
    var (pattern, name) = (pattern, name)
    var star: ArraySlice<UInt8>?
    var retry = name
    while let byte = name.first {
      if pattern.first == UInt8(ascii: "*") {
        pattern = pattern.dropFirst()
        star = pattern
        retry = name
      } else if let expected = pattern.first, expected == byte || expected == UInt8(ascii: "?") {
        pattern = pattern.dropFirst()
        name = name.dropFirst()
      } else if let star {
        retry = retry.dropFirst()
        name = retry
        pattern = star
      } else {
        return false
      }
    }
    return pattern.allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
