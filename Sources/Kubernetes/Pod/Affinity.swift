package import YAML

/// To which nodes, and beside which pods, a pod goes.
package struct Affinity: Hashable, Sendable, Writable {
  /// One of these terms must hold for the node.
  package var requiredNodeTerms: [NodeSelectorTerm]
  package var preferredNodes: [PreferredNodes]
  /// No node (or other domain) may hold a pod that one of these selects.
  package var requiredPodAntiAffinity: [PodAffinityTerm]
  package var preferredPodAntiAffinity: [PreferredPods]

  package init(
    requiredNodeTerms: [NodeSelectorTerm] = [], preferredNodes: [PreferredNodes] = [],
    requiredPodAntiAffinity: [PodAffinityTerm] = [],
    preferredPodAntiAffinity: [PreferredPods] = []
  ) {
    self.requiredNodeTerms = requiredNodeTerms
    self.preferredNodes = preferredNodes
    self.requiredPodAntiAffinity = requiredPodAntiAffinity
    self.preferredPodAntiAffinity = preferredPodAntiAffinity
  }

  package struct PreferredNodes: Hashable, Sendable, Writable {
    /// From 1 to 100.
    package var weight: Int
    package var preference: NodeSelectorTerm

    package init(weight: Int, _ preference: NodeSelectorTerm) {
      self.weight = weight
      self.preference = preference
    }

    package func write(to w: inout Writer) {
      w.field("weight", weight)
      w.field("preference", preference)
    }
  }

  package struct PreferredPods: Hashable, Sendable, Writable {
    /// From 1 to 100.
    package var weight: Int
    package var term: PodAffinityTerm

    package init(weight: Int, _ term: PodAffinityTerm) {
      self.weight = weight
      self.term = term
    }

    package func write(to w: inout Writer) {
      w.field("weight", weight)
      w.field("podAffinityTerm", term)
    }
  }

  package func write(to w: inout Writer) {
    w.field("nodeAffinity") { w in
      w.field("requiredDuringSchedulingIgnoredDuringExecution") { w in
        w.list("nodeSelectorTerms", requiredNodeTerms)
      }
      w.list("preferredDuringSchedulingIgnoredDuringExecution", preferredNodes)
    }
    w.field("podAntiAffinity") { w in
      w.list("requiredDuringSchedulingIgnoredDuringExecution", requiredPodAntiAffinity)
      w.list("preferredDuringSchedulingIgnoredDuringExecution", preferredPodAntiAffinity)
    }
  }
}

/// Requirements on a node's labels; all of them must hold.
package struct NodeSelectorTerm: Hashable, Sendable, Writable {
  package enum Operator: String, Sendable {
    case isIn = "In"
    case isNotIn = "NotIn"
    case exists = "Exists"
    case doesNotExist = "DoesNotExist"
    case isGreaterThan = "Gt"
    case isLessThan = "Lt"
  }

  package struct Requirement: Hashable, Sendable, Writable {
    package var key: LabelKey
    package var `operator`: Operator
    package var values: [LabelValue]

    package init(_ key: LabelKey, _ operator: Operator, _ values: [LabelValue] = []) {
      self.key = key
      self.operator = `operator`
      self.values = values
    }

    package func write(to w: inout Writer) {
      w.field("key", key.rawValue)
      w.field("operator", `operator`)
      w.field("values", values.map(\.rawValue))
    }
  }

  package var matchExpressions: [Requirement]

  package init(_ matchExpressions: [Requirement]) {
    self.matchExpressions = matchExpressions
  }

  package func write(to w: inout Writer) {
    w.list("matchExpressions", matchExpressions)
  }
}

/// Pods, and the domain (such as a node) in which they count.
package struct PodAffinityTerm: Hashable, Sendable, Writable {
  package var labelSelector: LabelSelector
  package var topologyKey: LabelKey

  package init(labelSelector: LabelSelector, topologyKey: LabelKey) {
    self.labelSelector = labelSelector
    self.topologyKey = topologyKey
  }

  package func write(to w: inout Writer) {
    w.selector("labelSelector", labelSelector)
    w.field("topologyKey", topologyKey.rawValue)
  }
}
