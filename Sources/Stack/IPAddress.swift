/// An IP address in the spellings that Go's `net.ParseIP` takes.
struct IPAddress {
  /// `0.0.0.0` or `::`.
  let isUnspecified: Bool

  init?(_ text: Substring) {
    if text.utf8.contains(UInt8(ascii: ":")) {
      guard let groups = Self.groups(text) else { return nil }
      isUnspecified =
        groups.allSatisfy { $0 == 0 }
        || groups.prefix(5).allSatisfy { $0 == 0 } && groups[5] == 0xFFFF && groups[6] == 0
          && groups[7] == 0
    } else {
      guard let octets = Self.octets(text) else { return nil }
      isUnspecified = octets.allSatisfy { $0 == 0 }
    }
  }

  /// Four decimal numbers without leading zeros.
  private static func octets(_ text: Substring) -> [UInt8]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var octets: [UInt8] = []
    for part in parts {
      guard let value = UInt8(part), part.utf8.first != UInt8(ascii: "+"),
        part.utf8.count == 1 || part.utf8.first != UInt8(ascii: "0")
      else { return nil }
      octets.append(value)
    }
    return octets
  }

  /// Eight numbers, `::` filled up.
  private static func groups(_ text: Substring) -> [UInt16]? {
    let halves = text.split(separator: "::", omittingEmptySubsequences: false)
    guard halves.count <= 2, let head = part(halves[0], isLast: halves.count == 1) else {
      return nil
    }
    if halves.count == 1 { return head.count == 8 ? head : nil }
    guard let tail = part(halves[1], isLast: true), head.count + tail.count < 8 else { return nil }
    return head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
  }

  private static func part(_ text: Substring, isLast: Bool) -> [UInt16]? {
    if text.isEmpty { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (position, part) in parts.enumerated() {
      if isLast, position == parts.count - 1, part.utf8.contains(UInt8(ascii: ".")) {
        guard let octets = octets(part) else { return nil }
        groups.append(UInt16(octets[0]) << 8 | UInt16(octets[1]))
        groups.append(UInt16(octets[2]) << 8 | UInt16(octets[3]))
        continue
      }
      guard part.utf8.count <= 4, part.utf8.first != UInt8(ascii: "+"),
        part.utf8.first != UInt8(ascii: "-"), let value = UInt16(part, radix: 16)
      else { return nil }
      groups.append(value)
    }
    return groups
  }
}
