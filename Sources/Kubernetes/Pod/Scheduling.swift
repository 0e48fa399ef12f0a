package import YAML

/// A taint that the pod puts up with.
package struct Toleration: Hashable, Sendable, Writable {
  package enum Operator: String, Sendable {
    case exists = "Exists"
    case equal = "Equal"
  }

  package enum Effect: String, Sendable {
    case noSchedule = "NoSchedule"
    case preferNoSchedule = "PreferNoSchedule"
    case noExecute = "NoExecute"
  }

  /// nil, with `exists`, is every taint.
  package var key: LabelKey?
  package var `operator`: Operator?
  package var value: LabelValue?
  /// nil is every effect.
  package var effect: Effect?
  package var tolerationSeconds: Int?

  package init(
    key: LabelKey? = nil, operator: Operator? = nil, value: LabelValue? = nil,
    effect: Effect? = nil, tolerationSeconds: Int? = nil
  ) {
    self.key = key
    self.operator = `operator`
    self.value = value
    self.effect = effect
    self.tolerationSeconds = tolerationSeconds
  }

  package func write(to w: inout Writer) {
    w.field("key", key?.rawValue)
    w.field("operator", `operator`)
    w.field("value", value?.rawValue)
    w.field("effect", effect)
    w.field("tolerationSeconds", tolerationSeconds)
  }
}

/// How evenly pods are spread over the domains that a node label makes.
package struct TopologySpreadConstraint: Hashable, Sendable, Writable {
  package enum Unsatisfiable: String, Sendable {
    case doNotSchedule = "DoNotSchedule"
    case scheduleAnyway = "ScheduleAnyway"
  }

  package var maxSkew: Int
  package var topologyKey: LabelKey
  package var whenUnsatisfiable: Unsatisfiable
  package var labelSelector: LabelSelector?
  package var matchLabelKeys: [LabelKey]
  package var minDomains: Int?

  package init(
    maxSkew: Int, topologyKey: LabelKey, whenUnsatisfiable: Unsatisfiable,
    labelSelector: LabelSelector? = nil, matchLabelKeys: [LabelKey] = [], minDomains: Int? = nil
  ) {
    self.maxSkew = maxSkew
    self.topologyKey = topologyKey
    self.whenUnsatisfiable = whenUnsatisfiable
    self.labelSelector = labelSelector
    self.matchLabelKeys = matchLabelKeys
    self.minDomains = minDomains
  }

  package func write(to w: inout Writer) {
    w.field("maxSkew", maxSkew)
    w.field("topologyKey", topologyKey.rawValue)
    w.field("whenUnsatisfiable", whenUnsatisfiable)
    w.selector("labelSelector", labelSelector)
    w.field("matchLabelKeys", matchLabelKeys.map(\.rawValue))
    w.field("minDomains", minDomains)
  }
}
