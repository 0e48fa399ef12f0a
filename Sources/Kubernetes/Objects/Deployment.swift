package import YAML

/// A Deployment: interchangeable pods.
package struct Deployment: PodOwner {
  package static let apiVersion = "apps/v1"
  package static let kind = "Deployment"
  package var metadata: ObjectMeta
  package var replicas: Int?
  package var selector: LabelSelector
  package var strategy: Strategy?
  package var minReadySeconds: Int?
  package var revisionHistoryLimit: Int?
  package var progressDeadlineSeconds: Int?
  package var template: PodTemplate

  package init(
    metadata: ObjectMeta, replicas: Int? = nil, selector: LabelSelector,
    strategy: Strategy? = nil, minReadySeconds: Int? = nil, revisionHistoryLimit: Int? = nil,
    progressDeadlineSeconds: Int? = nil, template: PodTemplate
  ) {
    self.metadata = metadata
    self.replicas = replicas
    self.selector = selector
    self.strategy = strategy
    self.minReadySeconds = minReadySeconds
    self.revisionHistoryLimit = revisionHistoryLimit
    self.progressDeadlineSeconds = progressDeadlineSeconds
    self.template = template
  }

  /// How old pods give way to new ones.
  package enum Strategy: Hashable, Sendable {
    case recreate
    case rollingUpdate(maxSurge: IntOrPercent?, maxUnavailable: IntOrPercent?)
  }

  package var podSelector: LabelSelector? { selector }

  package func writeFields(to w: inout Writer) {
    w.field("spec") { w in
      w.field("replicas", replicas)
      w.selector("selector", selector)
      switch strategy {
      case .recreate: w.field("strategy") { $0.field("type", "Recreate") }
      case .rollingUpdate(let surge, let unavailable):
        w.field("strategy") { w in
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
      w.field("progressDeadlineSeconds", progressDeadlineSeconds)
      w.field("template", template)
    }
  }
}
