package import YAML

/// A Job: pods that run to their end.
package struct Job: PodOwner {
  package static let apiVersion = "batch/v1"
  package static let kind = "Job"
  package var metadata: ObjectMeta
  package var spec: JobSpec

  package init(metadata: ObjectMeta, spec: JobSpec) {
    self.metadata = metadata
    self.spec = spec
  }

  package var template: PodTemplate {
    get { spec.template }
    _modify { yield &spec.template }
  }

  package var podSelector: LabelSelector? { nil }

  package func writeFields(to w: inout Writer) {
    w.field("spec", spec)
  }
}

/// What a Job runs, and how often; CronJobs have one too.
package struct JobSpec: Sendable, Writable {
  package enum CompletionMode: String, Sendable {
    case nonIndexed = "NonIndexed"
    case indexed = "Indexed"
  }

  package var parallelism: Int?
  package var completions: Int?
  package var completionMode: CompletionMode?
  package var backoffLimit: Int?
  package var activeDeadlineSeconds: Int?
  package var ttlSecondsAfterFinished: Int?
  package var suspend: Bool?
  package var template: PodTemplate

  package init(
    parallelism: Int? = nil, completions: Int? = nil, completionMode: CompletionMode? = nil,
    backoffLimit: Int? = nil, activeDeadlineSeconds: Int? = nil,
    ttlSecondsAfterFinished: Int? = nil, suspend: Bool? = nil, template: PodTemplate
  ) {
    self.parallelism = parallelism
    self.completions = completions
    self.completionMode = completionMode
    self.backoffLimit = backoffLimit
    self.activeDeadlineSeconds = activeDeadlineSeconds
    self.ttlSecondsAfterFinished = ttlSecondsAfterFinished
    self.suspend = suspend
    self.template = template
  }

  package func write(to w: inout Writer) {
    w.field("parallelism", parallelism)
    w.field("completions", completions)
    w.field("completionMode", completionMode)
    w.field("backoffLimit", backoffLimit)
    w.field("activeDeadlineSeconds", activeDeadlineSeconds)
    w.field("ttlSecondsAfterFinished", ttlSecondsAfterFinished)
    w.field("suspend", suspend)
    w.field("template", template)
  }
}
