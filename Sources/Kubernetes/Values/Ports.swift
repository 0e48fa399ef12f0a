package import YAML

/// A port from 1 to 65535.
package struct PortNumber: Hashable, Sendable, Comparable, CustomStringConvertible,
  ExpressibleByIntegerLiteral
{
  package let rawValue: UInt16

  package init?(_ number: Int) {
    guard let value = UInt16(exactly: number), value > 0 else { return nil }
    rawValue = value
  }

  /// For numbers in the source code; a bad one stops the program.
  package init(integerLiteral number: Int) {
    guard let value = UInt16(exactly: number), value > 0 else {
      preconditionFailure("no port number")
    }
    rawValue = value
  }

  package var value: Int { Int(rawValue) }
  package var description: String { String(rawValue) }
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The name of a port of a container: an IANA service name of at most 15 characters.
///
/// Source: k8s.io/apimachinery `IsValidPortName`. Ports of a Service may have names of 63; ours are all short.
package struct PortName: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  package let rawValue: String

  package init?(_ text: String) {
    guard Self.isValid(text) else { return nil }
    rawValue = text
  }

  /// A name that is known to be good; `problems` finds those that are not.
  package init(unchecked text: String) { rawValue = text }

  /// For names in the source code; a bad one stops the program.
  package init(stringLiteral text: String) {
    precondition(Self.isValid(text), "no port name")
    rawValue = text
  }

  /// `tcp-8080`, `udp-53`: a name that says no more than the port itself.
  package init(_ transport: TransportProtocol, _ port: PortNumber) {
    rawValue = "\(transport.rawValue.lowercased())-\(port)"
  }

  package var description: String { rawValue }

  /// `[-a-z0-9]`, at least one letter, no dash at the ends and no two together.
  package static func isValid(_ text: String) -> Bool {
    let bytes = text.utf8
    guard !bytes.isEmpty, bytes.count <= 15 else { return false }
    var hasLetter = false
    var previous = UInt8(ascii: "-")
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"): hasLetter = true
      case UInt8(ascii: "0")...UInt8(ascii: "9"): break
      case UInt8(ascii: "-"): if previous == byte { return false }
      default: return false
      }
      previous = byte
    }
    return hasLetter && previous != UInt8(ascii: "-")
  }
}

/// The transport of a port. TCP is written too where it is said, although it is the default.
package enum TransportProtocol: String, Sendable, Hashable, Comparable {
  case tcp = "TCP"
  case udp = "UDP"
  case sctp = "SCTP"

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A port by its number or by its name.
package enum PortReference: Hashable, Sendable {
  case number(PortNumber)
  case name(PortName)
}

/// A number, or a share of the replicas.
package enum IntOrPercent: Hashable, Sendable, ExpressibleByIntegerLiteral {
  case int(Int)
  case percent(Int)

  package init(integerLiteral value: Int) { self = .int(value) }

  package var isZero: Bool {
    switch self {
    case .int(let value), .percent(let value): value == 0
    }
  }
}

extension Writer {
  package mutating func field(_ key: StaticString, _ name: ObjectName?) {
    field(key, name?.rawValue)
  }

  package mutating func field(_ key: StaticString, _ name: PortName?) { field(key, name?.rawValue) }

  package mutating func field(_ key: StaticString, _ port: PortNumber?) { field(key, port?.value) }

  package mutating func field(_ key: StaticString, _ port: PortReference?) {
    switch port {
    case .number(let number): field(key, number.value)
    case .name(let name): field(key, name.rawValue)
    case nil: break
    }
  }

  package mutating func field(_ key: StaticString, _ value: IntOrPercent?) {
    switch value {
    case .int(let number): field(key, number)
    case .percent(let number): field(key, "\(number)%")
    case nil: break
    }
  }

  package mutating func field(_ key: StaticString, _ quantity: Quantity?) {
    field(key, quantity?.description)
  }

  /// Members of a closed set; nothing when there are none.
  package mutating func field<Value: RawRepresentable>(_ key: StaticString, _ values: [Value])
  where Value.RawValue == String {
    field(key, values.map(\.rawValue))
  }
}
