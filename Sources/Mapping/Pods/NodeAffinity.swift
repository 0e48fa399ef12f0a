package import Kubernetes
import Ledger

extension Toleration {
  /// Lets a pod run beside the control plane: Swarm's managers run tasks.
  package static let controlPlane = Toleration(
    key: .controlPlane, operator: .exists, effect: .noSchedule)
}

extension LabelKey {
  package static let controlPlane: LabelKey = "node-role.kubernetes.io/control-plane"
  package static let hostname: LabelKey = "kubernetes.io/hostname"
}

extension PodSpec {
  /// Adds a requirement on the node's labels to those that are there: all of them must hold.
  package mutating func require(_ requirement: NodeSelectorTerm.Requirement) {
    var affinity = self.affinity ?? Affinity()
    if affinity.requiredNodeTerms.isEmpty {
      affinity.requiredNodeTerms = [NodeSelectorTerm([requirement])]
    } else {
      // The terms are alternatives, so it has to hold in each.
      for index in affinity.requiredNodeTerms.indices {
        affinity.requiredNodeTerms[index].matchExpressions.append(requirement)
      }
    }
    self.affinity = affinity
  }

  /// No two pods with these labels on one node.
  package mutating func requireDistinctNodes(_ labels: Labels) {
    let term = PodAffinityTerm(
      labelSelector: LabelSelector(matchLabels: labels), topologyKey: .hostname)
    var affinity = self.affinity ?? Affinity()
    if !affinity.requiredPodAntiAffinity.contains(term) {
      affinity.requiredPodAntiAffinity.append(term)
    }
    self.affinity = affinity
  }

  /// Adds a toleration once.
  package mutating func tolerate(_ toleration: Toleration) {
    if !tolerations.contains(toleration) { tolerations.append(toleration) }
  }
}
