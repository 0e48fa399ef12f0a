package import YAML

/// What a service's tasks may use at most (`limits`) or what is set aside for them (`reservations`).
package struct ResourceAmounts: Sendable {
  /// In billionths of a processor; nil where nothing, or zero, is written.
  package let nanoCPUs: Int?
  /// In bytes; nil where nothing, or zero, is written.
  package let memory: Int?

  init(_ node: Node?) {
    nanoCPUs = (node?["cpus"]?.text).flatMap(Self.nanoCPUs).flatMap { $0 > 0 ? $0 : nil }
    memory = (node?["memory"]?.text).flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  /// Billionths of a processor of a decimal number (`0.5`, `1e-1`) or a fraction (`1/2`); nil for what Docker refuses:
  /// anything else, and more than nine decimals. Source: docker/cli `opts.ParseCPUs`.
  package static func nanoCPUs(_ text: String) -> Int? {
    let halves = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let numerator = decimal(halves[0]) else { return nil }
    var denominator = (digits: Int128(1), power: 0)
    if halves.count == 2 {
      guard let below = Int128(halves[1]), below > 0, below < 1_000_000_000_000 else { return nil }
      denominator.digits = below
    }
    var amount = numerator.digits
    var power = numerator.power + 9
    while power > 0 {
      amount *= 10
      power -= 1
      if amount.magnitude > 1 << 90 { return nil }
    }
    while power < 0 {
      guard amount % 10 == 0 else { return nil }
      amount /= 10
      power += 1
    }
    guard amount % denominator.digits == 0 else { return nil }
    return Int(exactly: amount / denominator.digits)
  }

  /// Digits and a power of ten.
  private static func decimal(_ text: Substring) -> (digits: Int128, power: Int)? {
    var digits = Int128(0)
    var power = 0
    var count = 0
    var hasPoint = false
    var bytes = text.utf8[...]
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative || bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
    while let byte = bytes.first {
      if 0x30...0x39 ~= byte {
        guard count < 27 else { return nil }
        digits = digits * 10 + Int128(byte - 0x30)
        count += 1
        if hasPoint { power -= 1 }
      } else if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else {
        break
      }
      bytes.removeFirst()
    }
    guard count > 0 else { return nil }
    if let sign = bytes.first {
      guard sign == UInt8(ascii: "e") || sign == UInt8(ascii: "E"),
        let exponent = Int(Substring(bytes.dropFirst())), abs(exponent) < 20
      else { return nil }
      power += exponent
    }
    return (isNegative ? -digits : digits, power)
  }
}

/// A countable resource that a node offers by name, such as GPUs.
package struct GenericResource: Sendable {
  package let kind: String
  package let value: Int
  /// The item under `generic_resources`.
  package let node: Node

  /// nil for an item without a kind.
  package init?(_ node: Node) {
    guard let spec = node["discrete_resource_spec"], let kind = spec["kind"]?.text else {
      return nil
    }
    self.kind = kind
    value = spec["value"]?.int ?? 0
    self.node = node
  }
}

extension Service {
  package var resourceLimits: ResourceAmounts {
    ResourceAmounts(self["deploy", "resources", "limits"])
  }

  package var resourceReservations: ResourceAmounts {
    ResourceAmounts(self["deploy", "resources", "reservations"])
  }

  package var genericResources: [GenericResource] {
    (self["deploy", "resources", "reservations", "generic_resources"]?.items ?? [])
      .compactMap(GenericResource.init)
  }
}
