package import YAML

/// A StatefulSet: pods with a number and volumes of their own.
package struct StatefulSet: PodOwner {
  package static let apiVersion = "apps/v1"
  package static let kind = "StatefulSet"
  package var metadata: ObjectMeta
  package var replicas: Int?
  /// The number of the first pod.
  package var ordinalsStart: Int?
  package var selector: LabelSelector
  /// The headless Service that names the pods.
  package var serviceName: ObjectName?
  package var podManagementPolicy: PodManagementPolicy?
  package var updateStrategy: UpdateStrategy?
  package var minReadySeconds: Int?
  package var revisionHistoryLimit: Int?
  package var persistentVolumeClaimRetentionPolicy: RetentionPolicy?
  package var template: PodTemplate
  package var volumeClaimTemplates: [PersistentVolumeClaim]

  package init(
    metadata: ObjectMeta, replicas: Int? = nil, ordinalsStart: Int? = nil,
    selector: LabelSelector, serviceName: ObjectName? = nil,
    podManagementPolicy: PodManagementPolicy? = nil, updateStrategy: UpdateStrategy? = nil,
    minReadySeconds: Int? = nil, revisionHistoryLimit: Int? = nil,
    persistentVolumeClaimRetentionPolicy: RetentionPolicy? = nil, template: PodTemplate,
    volumeClaimTemplates: [PersistentVolumeClaim] = []
  ) {
    self.metadata = metadata
    self.replicas = replicas
    self.ordinalsStart = ordinalsStart
    self.selector = selector
    self.serviceName = serviceName
    self.podManagementPolicy = podManagementPolicy
    self.updateStrategy = updateStrategy
    self.minReadySeconds = minReadySeconds
    self.revisionHistoryLimit = revisionHistoryLimit
    self.persistentVolumeClaimRetentionPolicy = persistentVolumeClaimRetentionPolicy
    self.template = template
    self.volumeClaimTemplates = volumeClaimTemplates
  }

  package enum PodManagementPolicy: String, Sendable {
    case orderedReady = "OrderedReady"
    case parallel = "Parallel"
  }

  package enum UpdateStrategy: Hashable, Sendable {
    case onDelete
    /// `maxUnavailable` is honoured by clusters that have the feature on (beta from 1.35); others update one
    /// pod after the other.
    case rollingUpdate(partition: Int? = nil, maxUnavailable: IntOrPercent? = nil)
  }

  package struct RetentionPolicy: Hashable, Sendable {
    package enum Action: String, Sendable {
      case retain = "Retain"
      case delete = "Delete"
    }
    package var whenDeleted: Action?
    package var whenScaled: Action?

    package init(whenDeleted: Action? = nil, whenScaled: Action? = nil) {
      self.whenDeleted = whenDeleted
      self.whenScaled = whenScaled
    }
  }

  package var podSelector: LabelSelector? { selector }

  package func writeFields(to w: inout Writer) {
    w.field("spec") { w in
      w.field("replicas", replicas)
      w.field("ordinals") { $0.field("start", ordinalsStart) }
      w.selector("selector", selector)
      w.field("serviceName", serviceName)
      w.field("podManagementPolicy", podManagementPolicy)
      switch updateStrategy {
      case .onDelete: w.field("updateStrategy") { $0.field("type", "OnDelete") }
      case .rollingUpdate(let partition, let unavailable):
        w.field("updateStrategy") { w in
          w.field("type", "RollingUpdate")
          w.field("rollingUpdate") { w in
            w.field("partition", partition)
            w.field("maxUnavailable", unavailable)
          }
        }
      case nil: break
      }
      w.field("minReadySeconds", minReadySeconds)
      w.field("revisionHistoryLimit", revisionHistoryLimit)
      w.field("persistentVolumeClaimRetentionPolicy") { w in
        w.field("whenDeleted", persistentVolumeClaimRetentionPolicy?.whenDeleted)
        w.field("whenScaled", persistentVolumeClaimRetentionPolicy?.whenScaled)
      }
      w.field("template", template)
      w.list("volumeClaimTemplates", volumeClaimTemplates) { claim, w in
        w.field("metadata", claim.metadata)
        claim.writeFields(to: &w)
      }
    }
  }
}
