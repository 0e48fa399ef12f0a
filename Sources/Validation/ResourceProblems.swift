import Kubernetes

// Limits and requests (kubernetes pkg/apis/core/validation `ValidateContainerResourceRequirements`).

extension ProblemList {
  package mutating func checkResources(_ resources: Field) {
    checkAmounts(resources, "limits")
    checkAmounts(resources, "requests")
    var limits: [String: Quantity] = [:]
    for limit in resources.entries("limits") { limits[limit.key] = limit.value.quantity }
    for request in resources.entries("requests") {
      guard let amount = request.value.quantity else { continue }
      let isWhole = Self.isExtended(request.key) || request.key.hasPrefix("hugepages-")
      guard let limit = limits[request.key] else {
        // Only what can be taken away again may be asked for without a limit.
        expect(
          !isWhole || resources["limits"]?[request.key] != nil, .resources,
          at: request.value.spot, "needs the same limit")
        continue
      }
      if isWhole {
        expect(amount == limit, .resources, at: request.value.spot, "must be the limit, \(limit)")
      } else {
        expect(
          amount <= limit, .resources, at: request.value.spot,
          "\(amount) is more than the limit, \(limit)")
      }
    }
  }

  private mutating func checkAmounts(_ resources: Field, _ list: String) {
    for entry in resources.entries(list) {
      let isStandard =
        ["cpu", "memory", "ephemeral-storage"].contains(entry.key)
        || entry.key.hasPrefix("hugepages-")
      // `validateContainerResourceName`
      expect(
        isStandard || (LabelKey.isValid(entry.key) && Self.isExtended(entry.key)), .resources,
        at: entry.value.keySpot, "\(entry.key) is no resource")
      guard let amount = entry.value.quantity else { continue }
      expect(amount.nanos >= 0, .resources, at: entry.value.spot, "it is negative")
      if Self.isExtended(entry.key) {
        expect(amount.isInteger, .resources, at: entry.value.spot, "must be a whole number")
      }
      warn(
        unless: entry.key != "memory" || amount.isInteger, .resources, at: entry.value.spot,
        "less than a byte: the unit m is a thousandth")
    }
  }

  /// `IsExtendedResourceName`: with a prefix that is not Kubernetes' own.
  package static func isExtended(_ name: String) -> Bool {
    guard let slash = name.firstIndex(of: "/") else { return false }
    let prefix = name[..<slash]
    return prefix != "kubernetes.io" && !prefix.hasSuffix(".kubernetes.io")
      && !name.hasPrefix("requests.")
  }
}
