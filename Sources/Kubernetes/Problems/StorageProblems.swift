// Volumes and claims (kubernetes pkg/apis/core/validation `ValidatePersistentVolumeSpec`,
// `ValidatePersistentVolumeClaimSpec`).

extension ProblemList {
  mutating func check(_ claim: PersistentVolumeClaim, at place: () -> String) {
    check(claim.accessModes) { "\(place()).accessModes" }
    check(claim.selector) { "\(place()).selector" }
    expect(
      claim.storage.nanos > 0, "\(place()).resources.requests.storage", "must be more than 0")
    if let limit = claim.storageLimit {
      expect(
        claim.storage <= limit, "\(place()).resources.requests.storage",
        "\(claim.storage) is more than the limit, \(limit)")
    }
    check(storageClass: claim.storageClassName) { "\(place()).storageClassName" }
  }

  fileprivate mutating func check(_ modes: [AccessMode], at place: () -> String) {
    expect(!modes.isEmpty, place(), "there is no access mode")
    expect(Set(modes).count == modes.count, place(), "a mode is there twice")
    expect(
      !modes.contains(.readWriteOncePod) || modes.count == 1, place(),
      "ReadWriteOncePod must be alone")
  }

  /// The empty name is legal: it asks for no class.
  fileprivate mutating func check(storageClass: String?, at place: () -> String) {
    guard let storageClass, !storageClass.isEmpty else { return }
    expect(
      ObjectName.isSubdomain(storageClass), place(), "\(storageClass) is no RFC 1123 subdomain")
  }
}

extension PersistentVolumeClaim {
  package func findProblems(_ found: inout ProblemList) {
    found.check(self) { "spec" }
  }
}

extension PersistentVolume {
  package func findProblems(_ found: inout ProblemList) {
    found.check(accessModes) { "spec.accessModes" }
    found.expect(capacity.nanos > 0, "spec.capacity.storage", "must be more than 0")
    found.check(storageClass: storageClassName) { "spec.storageClassName" }
    for (index, term) in nodeAffinity.enumerated() {
      found.check(term) { "spec.nodeAffinity.required.nodeSelectorTerms[\(index)]" }
    }
    switch source {
    case .nfs(let nfs): found.check(nfs) { "spec.nfs" }
    case .csi(let csi):
      found.check(driver: csi.driver) { "spec.csi.driver" }
      found.expect(
        csi.volumeHandle?.isEmpty == false, "spec.csi.volumeHandle", "there is no handle")
      for secret in [csi.nodeStageSecret, csi.nodePublishSecret] {
        found.expect(
          secret == nil || secret?.namespace != nil, "spec.csi",
          "a secret of a PersistentVolume needs a namespace")
      }
    case .hostPath(let path): found.check(path) { "spec.hostPath" }
    case .local(let path):
      found.expect(
        path.hasPrefix("/") && !path.split(separator: "/").contains(".."), "spec.local.path",
        "\(path) is no absolute path without ..")
      found.expect(
        !nodeAffinity.isEmpty, "spec.nodeAffinity", "a local volume needs the node's affinity")
    }
  }
}
