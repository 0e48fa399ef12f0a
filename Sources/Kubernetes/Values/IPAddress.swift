/// Addresses as text, without resolving anything.
package enum IPAddress {
  /// `10.0.0.1`; leading zeros are refused, as Go does since 1.17.
  package static func isV4(_ text: Substring) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { part in
        guard (1...3).contains(part.count), part.allSatisfy({ 0x30...0x39 ~= $0 }),
          part.count == 1 || part.first != UInt8(ascii: "0")
        else { return false }
        return part.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 255
      }
  }

  /// `fd00::1`, also with an IPv4 address at its end; no zone.
  package static func isV6(_ text: Substring) -> Bool {
    let halves = text.split(separator: "::", omittingEmptySubsequences: false)
    guard halves.count <= 2, text.utf8.contains(UInt8(ascii: ":")) else { return false }
    var groups = 0
    for (place, half) in halves.enumerated() where !half.isEmpty {
      let parts = half.split(separator: ":", omittingEmptySubsequences: false)
      for (index, part) in parts.enumerated() {
        if place == halves.count - 1, index == parts.count - 1, part.contains(".") {
          guard isV4(part) else { return false }
          groups += 2
        } else {
          guard (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit),
            part.utf8.allSatisfy({ $0 < 0x80 })
          else { return false }
          groups += 1
        }
      }
    }
    return halves.count == 2 ? groups <= 7 : groups == 8
  }

  /// IPv4 in the clothes of IPv6 is refused (`StrictIPCIDRValidation`).
  package static func isValid(_ text: String) -> Bool {
    isV4(text[...]) || isV6(text[...]) && text.prefix(7).lowercased() != "::ffff:"
  }

  /// An address and the length of its prefix: `10.0.0.0/8`.
  package static func isCIDR(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
      parts[1].utf8.count == 1 || parts[1].utf8.first != UInt8(ascii: "0"),
      let length = Int(parts[1])
    else { return false }
    return isV4(parts[0]) ? length <= 32 : isV6(parts[0]) && length <= 128
  }
}
