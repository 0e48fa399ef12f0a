// Where a pod may go (kubernetes pkg/apis/core/validation `validateAffinity`, `ValidateTolerations`,
// `validateTopologySpreadConstraints`).

extension ProblemList {
  mutating func checkScheduling(of pod: PodSpec, at place: () -> String) {
    check(pod.nodeSelector) { "\(place()).nodeSelector" }
    if let affinity = pod.affinity { check(affinity) { "\(place()).affinity" } }
    for (index, toleration) in pod.tolerations.enumerated() {
      check(toleration) { "\(place()).tolerations[\(index)]" }
    }
    for (index, constraint) in pod.topologySpreadConstraints.enumerated() {
      func path() -> String { "\(place()).topologySpreadConstraints[\(index)]" }
      check(constraint, at: path)
      expect(
        !pod.topologySpreadConstraints[..<index].contains {
          $0.topologyKey == constraint.topologyKey
            && $0.whenUnsatisfiable == constraint.whenUnsatisfiable
        }, path(), "another has the same topologyKey and whenUnsatisfiable")
    }
  }

  private mutating func check(_ affinity: Affinity, at place: () -> String) {
    for (index, term) in affinity.requiredNodeTerms.enumerated() {
      check(term) { "\(place()).nodeAffinity.required[\(index)]" }
    }
    for (index, preferred) in affinity.preferredNodes.enumerated() {
      func path() -> String { "\(place()).nodeAffinity.preferred[\(index)]" }
      check(preferred.weight, from: 1, to: 100) { "\(path()).weight" }
      check(preferred.preference) { "\(path()).preference" }
    }
    for (index, term) in affinity.requiredPodAntiAffinity.enumerated() {
      check(term) { "\(place()).podAntiAffinity.required[\(index)]" }
    }
    for (index, preferred) in affinity.preferredPodAntiAffinity.enumerated() {
      func path() -> String { "\(place()).podAntiAffinity.preferred[\(index)]" }
      check(preferred.weight, from: 1, to: 100) { "\(path()).weight" }
      check(preferred.term, at: path)
    }
  }

  private mutating func check(_ term: PodAffinityTerm, at place: () -> String) {
    check(term.labelSelector) { "\(place()).labelSelector" }
    expect(
      LabelKey.isValid(term.topologyKey.rawValue), "\(place()).topologyKey",
      "\(term.topologyKey) is no label key")
  }

  /// `ValidateNodeSelectorTerm`. A term without requirements would hold for no node.
  mutating func check(_ term: NodeSelectorTerm, at place: () -> String) {
    expect(!term.matchExpressions.isEmpty, place(), "a term without requirements holds nowhere")
    for (index, requirement) in term.matchExpressions.enumerated() {
      func path() -> String { "\(place()).matchExpressions[\(index)]" }
      let count = requirement.values.count
      expect(
        LabelKey.isValid(requirement.key.rawValue), "\(path()).key",
        "\(requirement.key) is no label key")
      switch requirement.operator {
      case .isIn, .isNotIn:
        expect(count > 0, "\(path()).values", "\(requirement.operator.rawValue) needs values")
      case .exists, .doesNotExist:
        expect(count == 0, "\(path()).values", "\(requirement.operator.rawValue) takes no values")
      case .isGreaterThan, .isLessThan:
        expect(
          count == 1 && Int(requirement.values[0].rawValue) != nil, "\(path()).values",
          "\(requirement.operator.rawValue) takes one whole number")
      }
      for value in requirement.values {
        expect(
          LabelValue.isValid(value.rawValue), "\(path()).values", "\(value) is no label value")
      }
    }
  }

  private mutating func check(_ toleration: Toleration, at place: () -> String) {
    if let key = toleration.key {
      expect(LabelKey.isValid(key.rawValue), "\(place()).key", "\(key) is no label key")
    } else {
      expect(toleration.operator == .exists, "\(place()).operator", "must be Exists without a key")
    }
    if let value = toleration.value {
      expect(
        toleration.operator != .exists, "\(place()).value", "there is none with Exists")
      expect(LabelValue.isValid(value.rawValue), "\(place()).value", "\(value) is no label value")
    }
    expect(
      toleration.tolerationSeconds == nil || toleration.effect == .noExecute, "\(place()).effect",
      "must be NoExecute with tolerationSeconds")
  }

  private mutating func check(_ constraint: TopologySpreadConstraint, at place: () -> String) {
    check(constraint.maxSkew, from: 1) { "\(place()).maxSkew" }
    check(constraint.minDomains, from: 1) { "\(place()).minDomains" }
    expect(
      constraint.minDomains == nil || constraint.whenUnsatisfiable == .doNotSchedule,
      "\(place()).minDomains", "is only for DoNotSchedule")
    expect(
      LabelKey.isValid(constraint.topologyKey.rawValue), "\(place()).topologyKey",
      "\(constraint.topologyKey) is no label key")
    check(constraint.labelSelector) { "\(place()).labelSelector" }
    // `validateMatchLabelKeysInTopologySpread`
    for key in constraint.matchLabelKeys {
      expect(LabelKey.isValid(key.rawValue), "\(place()).matchLabelKeys", "\(key) is no label key")
      guard let selector = constraint.labelSelector else {
        add("\(place()).matchLabelKeys", "must not be there without a labelSelector")
        continue
      }
      expect(
        selector.matchLabels[key] == nil && !selector.matchExpressions.contains { $0.key == key },
        "\(place()).matchLabelKeys", "\(key) is in the labelSelector too")
    }
  }
}
