package import YAML

/// A placement constraint, as SwarmKit's scheduler reads it.
///
/// Keys and values are compared without regard to letter case; label names are not. Blanks around the operator do not
/// count. Source: swarmkit `manager/constraint/constraint.go`.
package struct PlacementConstraint: Sendable {
  /// What of a node is compared.
  package enum Attribute: Sendable, Hashable {
    case role, hostname, id, ip, platformOS, platformArch
    case nodeLabel(String)
    case engineLabel(String)
    /// No node has it, so no node ever fits.
    case unknown(String)
  }

  /// Why Swarm refuses a constraint.
  package enum Malformation: Error, Sendable, Hashable {
    case noOperator
    case badKey(String)
    case badValue(String)
  }

  package let attribute: Attribute
  /// `==`, else `!=`.
  package let isEqual: Bool
  package let value: String

  /// Reads `node.labels.disk == ssd`.
  package init(_ text: String) throws(Malformation) {
    let bytes = Array(text.utf8)
    // `==` is looked for first, anywhere, as SwarmKit does.
    guard let (position, isEqual) = Self.find(bytes) else { throw .noOperator }
    let key = String(decoding: Self.trimmed(bytes[..<position]), as: UTF8.self)
    let value = String(decoding: Self.trimmed(bytes[(position + 2)...]), as: UTF8.self)
    guard Self.isKey(key) else { throw .badKey(key) }
    guard Self.isValue(value) else { throw .badValue(value) }
    self.isEqual = isEqual
    self.value = value
    attribute = Self.attribute(key)
  }

  private static func find(_ bytes: [UInt8]) -> (Int, Bool)? {
    for sign in [UInt8(ascii: "="), UInt8(ascii: "!")] {
      for index in bytes.indices.dropLast()
      where bytes[index] == sign && bytes[index + 1] == UInt8(ascii: "=") {
        return (index, sign == UInt8(ascii: "="))
      }
    }
    return nil
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = bytes
    while let first = rest.first, isBlank(first) { rest.removeFirst() }
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    return rest
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }

  private static func isWord(_ byte: UInt8) -> Bool {
    0x30...0x39 ~= byte || 0x41...0x5A ~= byte || 0x61...0x7A ~= byte || byte == UInt8(ascii: "_")
  }

  /// `[a-z_][a-z0-9\-_.]+`, in any letter case.
  private static func isKey(_ key: String) -> Bool {
    guard let first = key.utf8.first, key.utf8.count > 1 else { return false }
    return isWord(first) && !(0x30...0x39 ~= first)
      && key.utf8.dropFirst().allSatisfy {
        isWord($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
      }
  }

  private static let valueSigns = Set(":-.*()?+[]\\^$|/".utf8)

  private static func isValue(_ value: String) -> Bool {
    !value.utf8.isEmpty
      && value.utf8.allSatisfy { isWord($0) || isBlank($0) || valueSigns.contains($0) }
  }

  private static func attribute(_ key: String) -> Attribute {
    let lower = key.lowercased()
    switch lower {
    case "node.id": return .id
    case "node.ip": return .ip
    case "node.hostname": return .hostname
    case "node.role": return .role
    case "node.platform.os": return .platformOS
    case "node.platform.arch": return .platformArch
    default:
      for (prefix, isNode) in [("node.labels.", true), ("engine.labels.", false)]
      where lower.hasPrefix(prefix) && lower.utf8.count > prefix.utf8.count {
        let label = String(key.dropFirst(prefix.count))
        return isNode ? .nodeLabel(label) : .engineLabel(label)
      }
      return .unknown(key)
    }
  }
}

/// A `spread` preference: the node property over whose values tasks are spread.
package enum SpreadPreference: Sendable, Hashable {
  case nodeLabel(String)
  case engineLabel(String)
  /// Anything else has the same value on all nodes and so spreads nothing.
  case nothing

  /// Source: swarmkit `manager/scheduler/nodeset.go`.
  package init(_ text: String) {
    let lower = text.lowercased()
    if lower.hasPrefix("node.labels."), lower.utf8.count > 12 {
      self = .nodeLabel(String(text.dropFirst(12)))
    } else if lower.hasPrefix("engine.labels."), lower.utf8.count > 14 {
      self = .engineLabel(String(text.dropFirst(14)))
    } else {
      self = .nothing
    }
  }
}

extension Service {
  /// The nodes of the constraints with what they say.
  package var placementConstraints:
    [(node: Node, constraint: Result<PlacementConstraint, PlacementConstraint.Malformation>)]
  {
    (self["deploy", "placement", "constraints"]?.items ?? []).map { node in
      do throws(PlacementConstraint.Malformation) {
        return (node, .success(try PlacementConstraint(node.text ?? "")))
      } catch {
        return (node, .failure(error))
      }
    }
  }

  /// Whether no manager may run the service's tasks.
  package var excludesManagers: Bool {
    placementConstraints.contains { _, result in
      guard case .success(let constraint) = result, constraint.attribute == .role else {
        return false
      }
      return constraint.isEqual != (constraint.value.lowercased() == "manager")
    }
  }
}
