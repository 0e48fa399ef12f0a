import Kubernetes
import Ledger
import Stack

/// Whether a text is an IP address as Kubernetes' API takes one in pods.
///
/// Source: Go `net/netip` `ParseAddr`, without zones; leading zeros in IPv4 are refused.
package enum IPAddress {
  package static func isValid(_ text: String) -> Bool { isIPv4(text[...]) || isIPv6(text) }

  /// The IPv4 address behind `::ffff:`, which strict API servers refuse in IPv6 form; any other text as it is.
  package static func unmapped(_ text: String) -> String {
    guard text.prefix(7).lowercased() == "::ffff:" else { return text }
    let rest = text.dropFirst(7)
    if isIPv4(rest) { return String(rest) }
    let groups = rest.split(separator: ":", omittingEmptySubsequences: false)
    guard groups.count == 2, let high = UInt16(groups[0], radix: 16),
      let low = UInt16(groups[1], radix: 16)
    else { return text }
    return "\(high >> 8).\(high & 0xFF).\(low >> 8).\(low & 0xFF)"
  }

  private static func isIPv4(_ text: Substring) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { part in
        (1...3).contains(part.utf8.count) && part.utf8.allSatisfy { 0x30...0x39 ~= $0 }
          && (part.utf8.count == 1 || part.first != "0") && Int(part).map { $0 < 256 } == true
      }
  }

  private static func isIPv6(_ text: String) -> Bool {
    guard text.utf8.count <= 45, text.contains(":") else { return false }
    var groups = 0
    var isCompressed = false
    var parts = text.split(separator: ":", omittingEmptySubsequences: false)
    // `::` at an end gives two empty parts there, in the middle one.
    if parts.first == "" {
      guard parts.count > 2, parts[1] == "" else { return false }
      parts.removeFirst()
    }
    if parts.last == "" {
      guard parts.count > 1, parts[parts.count - 2] == "" else { return false }
      parts.removeLast()
    }
    for (index, part) in parts.enumerated() {
      if part.isEmpty {
        if isCompressed { return false }
        isCompressed = true
      } else if index == parts.count - 1, part.contains(".") {
        guard isIPv4(part) else { return false }
        groups += 2
      } else {
        guard part.utf8.count <= 4, UInt16(part, radix: 16) != nil, part.first != "+" else {
          return false
        }
        groups += 1
      }
    }
    return isCompressed ? groups < 8 : groups == 8
  }
}
