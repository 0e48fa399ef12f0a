package import YAML

/// A DaemonSet: one pod a node.
package struct DaemonSet: PodOwner {
  package static let apiVersion = "apps/v1"
  package static let kind = "DaemonSet"
  package var metadata: ObjectMeta
  package var selector: LabelSelector
  package var updateStrategy: UpdateStrategy?
  package var minReadySeconds: Int?
  package var revisionHistoryLimit: Int?
  package var template: PodTemplate

  package init(
    metadata: ObjectMeta, selector: LabelSelector, updateStrategy: UpdateStrategy? = nil,
    minReadySeconds: Int? = nil, revisionHistoryLimit: Int? = nil, template: PodTemplate
  ) {
    self.metadata = metadata
    self.selector = selector
    self.updateStrategy = updateStrategy
    self.minReadySeconds = minReadySeconds
    self.revisionHistoryLimit = revisionHistoryLimit
    self.template = template
  }

  package enum UpdateStrategy: Hashable, Sendable {
    case onDelete
    case rollingUpdate(maxSurge: IntOrPercent?, maxUnavailable: IntOrPercent?)
  }

  package var podSelector: LabelSelector? { selector }

  package func writeFields(to w: inout Writer) {
    w.field("spec") { w in
      w.selector("selector", selector)
      switch updateStrategy {
      case .onDelete: w.field("updateStrategy") { $0.field("type", "OnDelete") }
      case .rollingUpdate(let surge, let unavailable):
        w.field("updateStrategy") { w in
          w.field("type", "RollingUpdate")
          w.field("rollingUpdate") { w in
            w.field("maxSurge", surge)
            w.field("maxUnavailable", unavailable)
          }
        }
      case nil: break
      }
      w.field("minReadySeconds", minReadySeconds)
      w.field("revisionHistoryLimit", revisionHistoryLimit)
      w.field("template", template)
    }
  }
}
