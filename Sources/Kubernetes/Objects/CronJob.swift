package import YAML

/// A CronJob: a Job at set times.
package struct CronJob: PodOwner {
  package static let apiVersion = "batch/v1"
  package static let kind = "CronJob"
  package var metadata: ObjectMeta
  package var schedule: Schedule
  /// A name of the tz database; the cluster's own time zone where nil.
  package var timeZone: String?
  package var concurrencyPolicy: ConcurrencyPolicy?
  package var startingDeadlineSeconds: Int?
  package var suspend: Bool?
  package var successfulJobsHistoryLimit: Int?
  package var failedJobsHistoryLimit: Int?
  package var jobMetadata: TemplateMeta
  package var jobSpec: JobSpec

  package init(
    metadata: ObjectMeta, schedule: Schedule, timeZone: String? = nil,
    concurrencyPolicy: ConcurrencyPolicy? = nil, startingDeadlineSeconds: Int? = nil,
    suspend: Bool? = nil, successfulJobsHistoryLimit: Int? = nil,
    failedJobsHistoryLimit: Int? = nil, jobMetadata: TemplateMeta = TemplateMeta(),
    jobSpec: JobSpec
  ) {
    self.metadata = metadata
    self.schedule = schedule
    self.timeZone = timeZone
    self.concurrencyPolicy = concurrencyPolicy
    self.startingDeadlineSeconds = startingDeadlineSeconds
    self.suspend = suspend
    self.successfulJobsHistoryLimit = successfulJobsHistoryLimit
    self.failedJobsHistoryLimit = failedJobsHistoryLimit
    self.jobMetadata = jobMetadata
    self.jobSpec = jobSpec
  }

  package enum ConcurrencyPolicy: String, Sendable {
    case allow = "Allow"
    case forbid = "Forbid"
    case replace = "Replace"
  }

  package var template: PodTemplate {
    get { jobSpec.template }
    _modify { yield &jobSpec.template }
  }

  package var podSelector: LabelSelector? { nil }

  package func writeFields(to w: inout Writer) {
    w.field("spec") { w in
      w.field("schedule", schedule.rawValue)
      w.field("timeZone", timeZone)
      w.field("concurrencyPolicy", concurrencyPolicy)
      w.field("startingDeadlineSeconds", startingDeadlineSeconds)
      w.field("suspend", suspend)
      w.field("successfulJobsHistoryLimit", successfulJobsHistoryLimit)
      w.field("failedJobsHistoryLimit", failedJobsHistoryLimit)
      w.field("jobTemplate") { w in
        w.field("metadata", jobMetadata)
        w.field("spec", jobSpec)
      }
    }
  }
}
