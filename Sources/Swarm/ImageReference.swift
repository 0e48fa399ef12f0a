package import YAML

/// An image reference in its parts, as Docker reads it.
///
/// Source: distribution/reference `ParseNormalizedNamed`.
package struct ImageReference: Sendable, Hashable {
  /// The registry as written; nil where Docker fills in its own.
  package let registry: String?
  /// The repository without its registry.
  package let repository: String
  package let tag: String?
  package let digest: String?

  /// Why Docker refuses a reference, in its words.
  package enum Problem: Error, Sendable, Hashable {
    case invalidFormat
    case notLowercase
    case hexadecimal
  }

  /// `latest`, or no tag, without a digest: the image may be another one each time it is pulled.
  package var isLatest: Bool { digest == nil && (tag ?? "latest") == "latest" }

  package init(_ text: String) throws(Problem) {
    let bytes = text.utf8
    if bytes.count == 64, bytes.allSatisfy(Self.isHexadecimal) { throw .hexadecimal }
    var rest = text[...]
    if let slash = rest.firstIndex(of: "/"), Self.isRegistry(rest[..<slash]) {
      registry = String(rest[..<slash])
      rest = rest[rest.index(after: slash)...]
      guard Self.isHost(registry ?? "") else { throw .invalidFormat }
    } else {
      registry = nil
    }
    if let at = rest.firstIndex(of: "@") {
      let digest = rest[rest.index(after: at)...]
      guard Self.isDigest(digest) else { throw .invalidFormat }
      self.digest = String(digest)
      rest = rest[..<at]
    } else {
      digest = nil
    }
    if let colon = rest.firstIndex(of: ":") {
      let tag = rest[rest.index(after: colon)...]
      guard Self.isTag(tag) else { throw .invalidFormat }
      self.tag = String(tag)
      rest = rest[..<colon]
    } else {
      tag = nil
    }
    if rest.utf8.contains(where: { 0x41...0x5A ~= $0 }) { throw .notLowercase }
    guard rest.utf8.count < 256,
      rest.split(separator: "/", omittingEmptySubsequences: false).allSatisfy(Self.isComponent)
    else { throw .invalidFormat }
    repository = String(rest)
  }

  /// Whether what stands before the first slash is a registry rather than a part of the path.
  private static func isRegistry(_ text: Substring) -> Bool {
    text == "localhost" || text.utf8.contains { $0 == 0x2E || $0 == 0x3A || 0x41...0x5A ~= $0 }
  }

  private static func isHost(_ text: String) -> Bool {
    var name = text[...]
    if name.hasPrefix("["), let end = name.firstIndex(of: "]") {
      let port = name[name.index(after: end)...]
      return port.isEmpty || port.first == ":" && isNumber(port.dropFirst())
    }
    if let colon = name.firstIndex(of: ":") {
      guard isNumber(name[name.index(after: colon)...]) else { return false }
      name = name[..<colon]
    }
    return name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
      guard let first = part.utf8.first, let last = part.utf8.last else { return false }
      return isAlphanumeric(first) && isAlphanumeric(last)
        && part.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2D }
    }
  }

  /// Lower-case letters and digits, joined by `.`, `_`, `__` or any number of `-`.
  private static func isComponent(_ text: Substring) -> Bool {
    var separator: [UInt8] = []
    var isStart = true
    for byte in text.utf8 {
      switch byte {
      case 0x61...0x7A, 0x30...0x39:
        let isJoined =
          separator.isEmpty || separator == [0x2E] || separator == [0x5F]
          || separator == [0x5F, 0x5F] || separator.allSatisfy { $0 == 0x2D }
        guard isJoined else { return false }
        separator = []
        isStart = false
      case 0x2E, 0x5F, 0x2D:
        if isStart { return false }
        separator.append(byte)
      default: return false
      }
    }
    return !isStart && separator.isEmpty
  }

  private static func isTag(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, text.utf8.count <= 128 else { return false }
    return (isAlphanumeric(first) || first == 0x5F)
      && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x5F || $0 == 0x2E || $0 == 0x2D }
  }

  private static func isDigest(_ text: Substring) -> Bool {
    guard let colon = text.firstIndex(of: ":") else { return false }
    let algorithm = text[..<colon]
    let hash = text[text.index(after: colon)...].utf8
    guard hash.allSatisfy({ isHexadecimal($0) && !(0x41...0x46 ~= $0) }) else { return false }
    switch algorithm {
    case "sha256": return hash.count == 64
    case "sha384": return hash.count == 96
    case "sha512": return hash.count == 128
    default: return false
    }
  }

  private static func isNumber(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { 0x30...0x39 ~= $0 }
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    0x30...0x39 ~= byte || 0x61...0x66 ~= byte || 0x41...0x46 ~= byte
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    0x30...0x39 ~= byte || 0x61...0x7A ~= byte || 0x41...0x5A ~= byte
  }
}

extension Service {
  /// The image as written; nil where the service gives none, as with `build` alone.
  package var image: Node? { node["image"] }
}

extension ImageReference {
  /// Whether the registry is one that every node of the Swarm reaches on itself.
  package var isOnNode: Bool {
    guard let registry else { return false }
    let host = registry.prefix { $0 != ":" }
    return host == "localhost" || host.hasPrefix("127.") || registry.hasPrefix("[::1]")
  }
}
