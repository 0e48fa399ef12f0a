// Limits and requests (kubernetes pkg/apis/core/validation `ValidateContainerResourceRequirements`).

extension ProblemList {
  mutating func check(_ resources: ResourceRequirements, at place: () -> String) {
    check(resources.limits) { "\(place()).limits" }
    check(resources.requests) { "\(place()).requests" }
    for request in resources.requests.entries {
      func path() -> String { "\(place()).requests[\(request.name)]" }
      guard let limit = resources.limits[request.name] else {
        // Only what can be taken away again may be asked for without a limit.
        expect(
          !Self.isExtended(request.name) && !request.name.hasPrefix("hugepages-"), path(),
          "needs the same limit")
        continue
      }
      if Self.isExtended(request.name) || request.name.hasPrefix("hugepages-") {
        expect(request.quantity == limit, path(), "must be the limit, \(limit)")
      } else {
        expect(
          request.quantity <= limit, path(), "\(request.quantity) is more than the limit, \(limit)")
      }
    }
  }

  private mutating func check(_ list: ResourceList, at place: () -> String) {
    for entry in list.entries {
      func path() -> String { "\(place())[\(entry.name)]" }
      let isStandard =
        ["cpu", "memory", "ephemeral-storage"].contains(entry.name)
        || entry.name.hasPrefix("hugepages-")
      // `validateContainerResourceName`
      expect(
        isStandard || (LabelKey.isValid(entry.name) && Self.isExtended(entry.name)), path(),
        "\(entry.name) is no resource")
      expect(entry.quantity.nanos >= 0, path(), "it is negative")
      if Self.isExtended(entry.name) {
        expect(entry.quantity.isInteger, path(), "must be a whole number")
      }
    }
  }

  /// `IsExtendedResourceName`: with a prefix that is not Kubernetes' own.
  static func isExtended(_ name: String) -> Bool {
    guard let slash = name.firstIndex(of: "/") else { return false }
    let prefix = name[..<slash]
    return prefix != "kubernetes.io" && !prefix.hasSuffix(".kubernetes.io")
      && !name.hasPrefix("requests.")
  }
}
