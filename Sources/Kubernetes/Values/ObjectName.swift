import Basics
import Diagnostics

/// A name of an object or of a part of one: an RFC 1123 subdomain, or a label where `isLabel`.
///
/// Source: k8s.io/apimachinery `IsDNS1123Subdomain`, `IsDNS1123Label`, `IsDNS1035Label`.
package struct ObjectName: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let rawValue: String

  /// nil when the text is no RFC 1123 subdomain: at most 253 of `a-z`, `0-9`, `-`, `.`, each part beginning
  /// and ending with a letter or a digit.
  package init?(_ text: String) {
    guard Self.isSubdomain(text) else { return nil }
    rawValue = text
  }

  /// A name that is known to be good; `problems` finds those that are not.
  package init(unchecked text: String) {
    rawValue = text
  }

  package var description: String { rawValue }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// RFC 1123 label: a subdomain without dots of at most 63 characters.
  package var isLabel: Bool { Self.isLabel(rawValue) }

  /// RFC 1035 label: an RFC 1123 label that begins with a letter.
  package var isServiceLabel: Bool {
    guard let first = rawValue.utf8.first, isLabel else { return false }
    return first >= UInt8(ascii: "a")
  }

  package static func isLabel(_ text: String) -> Bool {
    text.utf8.count <= 63 && isLabel(text.utf8[...])
  }

  package static func isSubdomain(_ text: String) -> Bool {
    guard text.utf8.count <= 253, !text.isEmpty else { return false }
    return text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      .allSatisfy(isLabel)
  }

  private static func isLabel(_ text: Substring.UTF8View) -> Bool {
    guard let first = text.first, let last = text.last else { return false }
    let dash = UInt8(ascii: "-")
    return first != dash && last != dash
      && text.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), dash:
          true
        default: false
        }
      }
  }
}

extension ObjectName: ExpressibleByStringLiteral {
  /// For names in the source code; a bad one stops the program.
  package init(stringLiteral text: String) {
    precondition(Self.isSubdomain(text), "no object name")
    rawValue = text
  }
}

extension ObjectName {
  /// The RFC 1123 label that stands for a Swarm name; the same for the same name, always.
  ///
  /// Capitals become small; everything but letters and digits becomes a dash, several of them one, none at the
  /// ends. What is too long is cut and given a hash of the whole name; a name with nothing left is a hash.
  /// With `mustStartWithLetter` a leading digit gets `svc-` before it. Different names may fold to one.
  package static func folding(
    _ raw: String, maxLength: Int = 63, mustStartWithLetter: Bool = false
  ) -> ObjectName {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(raw.utf8.count)
    var dashIsDue = false
    for byte in raw.utf8 {
      let folded: UInt8
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        folded = byte
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): folded = byte | 0x20
      default:
        dashIsDue = !bytes.isEmpty
        continue
      }
      if dashIsDue {
        bytes.append(UInt8(ascii: "-"))
        dashIsDue = false
      }
      bytes.append(folded)
    }
    if bytes.isEmpty {
      let name = "n" + ContentHash(of: raw).digits(9)
      return ObjectName(unchecked: String(name.prefix(max(1, maxLength))))
    }
    if mustStartWithLetter, bytes[0] < UInt8(ascii: "a") { bytes = Array("svc-".utf8) + bytes }
    let name = String(decoding: bytes, as: UTF8.self)
    return bytes.count > maxLength
      ? ObjectName(unchecked: name).suffixed(with: raw, maxLength: maxLength)
      : ObjectName(unchecked: name)
  }

  /// The name, cut if need be, with a short hash of a text behind it: for names that folded to one, and for
  /// names that are too long.
  package func suffixed(with text: String, maxLength: Int = 63) -> ObjectName {
    let hash = ContentHash(of: text).digits(6)
    var head = rawValue.utf8.prefix(max(1, maxLength - hash.utf8.count - 1))
    while head.last == UInt8(ascii: "-") || head.last == UInt8(ascii: ".") { head.removeLast() }
    return ObjectName(unchecked: "\(Substring(head))-\(hash)")
  }

  /// The name with an ending such as `-tasks`, cut before it if the whole were longer than `maxLength`.
  package func appending(_ ending: String, maxLength: Int = 63) -> ObjectName {
    if rawValue.utf8.count + ending.utf8.count <= maxLength {
      return ObjectName(unchecked: rawValue + ending)
    }
    let head = suffixed(with: rawValue, maxLength: maxLength - ending.utf8.count)
    return ObjectName(unchecked: head.rawValue + ending)
  }
}
