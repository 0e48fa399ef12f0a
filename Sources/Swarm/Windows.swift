import YAML

extension Service {
  /// Whether the tasks are Windows containers, as far as the stack says so: by a credential spec, by an isolation that only
  /// Windows has, or by a constraint.
  package var isWindows: Bool {
    for key in ["config", "file", "registry"]
    where self["credential_spec"]?[key]?.text?.isEmpty == false { return true }
    if let isolation = node["isolation"]?.text, isolation == "hyperv" || isolation == "process" {
      return true
    }
    return placementConstraints.contains { _, result in
      guard case .success(let constraint) = result, constraint.attribute == .platformOS else {
        return false
      }
      return constraint.value.lowercased() == (constraint.isEqual ? "windows" : "linux")
    }
  }
}
