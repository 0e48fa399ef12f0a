import Kubernetes
import Ledger
import Swarm
import YAML

/// Services that swarm-cronjob starts: the part of `WorkloadKind` that reads its labels.
extension WorkloadKind {
  /// The schedule by which swarm-cronjob starts the service; nil where it does not, with its labels settled.
  static func cronSchedule(_ labels: CronLabels, _ context: inout ServiceContext) -> CronSchedule? {
    guard labels.isEnabled, let text = labels.schedule else {
      for entry in labels.entries { context.settle(entry.value, .cronDisabled()) }
      return nil
    }
    guard let schedule = CronSchedule(text) else {
      context.settle(labels["schedule"], .cronInvalid(text))
      for entry in labels.entries where context.ledger.isOpen(entry.value.id) {
        context.settle(entry.value, .cronNeverStarted())
      }
      return nil
    }
    return schedule
  }

  static func mapCron(
    _ labels: CronLabels, _ cron: CronSchedule, _ context: inout ServiceContext
  ) {
    let service = context.service
    let deploy = service.deploy
    let isGlobal: Bool
    switch service.mode.value {
    case .global, .globalJob: isGlobal = true
    case .replicated, .replicatedJob: isGlobal = false
    }
    var nodes = 0
    if isGlobal {
      nodes = spreadOverNodes(&context)
    } else {
      let count = min(labels.replicas, largestCount)
      context.workload.job.completions = count
      context.workload.job.parallelism = count
    }
    context.workload.kind = .cronJob
    let zone = cron.timeZone ?? context.facts.cronTimeZone
    context.workload.cron = Workload.CronSettings(
      schedule: cron.schedule, concurrency: labels.skipsRunning ? .forbid : .replace,
      timeZone: zone ?? "Etc/UTC")
    named(&context)

    if isGlobal {
      context.settle(
        deploy?["mode"], .startsPerNode(nodes),
        as: "spec.jobTemplate.spec.completions")
    } else {
      context.keep(deploy?["mode"], as: "kind")
    }
    let startsAtOnce = isGlobal || (service.replicas ?? 1) > 0
    if startsAtOnce {
      context.settle(deploy?["replicas"], .firstStart(context.workload), as: "spec.schedule")
      if deploy?["replicas"] == nil { context.remark(.firstStart(context.workload)) }
    } else {
      context.keep(deploy?["replicas"], as: "spec.schedule")
    }

    context.keep(labels["enable"], as: "kind")
    if let rounding = cron.rounding {
      context.settle(
        labels["schedule"], .scheduleRounded(rounding, cron.schedule), as: "spec.schedule"
      )
    } else {
      context.keep(labels["schedule"], as: "spec.schedule")
    }
    if zone == nil {
      context.remark(
        .timeZoneUnknown(labels.schedule ?? ""), at: labels["schedule"]?.id ?? .none,
        as: "spec.timeZone")
    }
    context.keep(labels["skip-running"], as: "spec.concurrencyPolicy")
    context.keep(labels["replicas"], as: "spec.jobTemplate.spec.parallelism")
    for name in ["registry-auth", "query-registry"] {
      guard let node = labels[name] else { continue }
      if CronLabels.isTrue(node) {
        context.settle(
          node, .registryAtStart(name), as: "spec.jobTemplate.spec.template.spec")
      } else {
        context.keep(node, as: "spec.jobTemplate.spec.template.spec")
      }
    }
    // The rest of swarm-cronjob's own labels is its working state.
    context.settle(labels["scaledown"], .workingState())
  }
}

private typealias Kind = WorkloadKind.Kind

extension Finding.Message {
  fileprivate static func cronDisabled() -> Self {
    Self(
      Kind.cronDisabled,
      "swarm-cronjob takes no notice of a service without `swarm.cronjob.enable=true` and `swarm.cronjob.schedule`; its other "
        + "labels change nothing.")
  }

  fileprivate static func cronInvalid(_ schedule: String) -> Self {
    Self(
      Kind.cronInvalid,
      "`\(schedule)` is no schedule that swarm-cronjob can read, so it never started this service: that goes on, and the "
        + "service is converted as if the label were not there. A schedule of five fields makes it a CronJob.",
      remedy: .edit("swarm.cronjob.schedule: \"0 3 * * *\""))
  }

  fileprivate static func cronNeverStarted() -> Self {
    Self(
      Kind.cronNeverStarted,
      "swarm-cronjob cannot read this service's schedule, so the other labels change nothing.")
  }

  fileprivate static func startsPerNode(_ nodes: Int) -> Self {
    Self(
      Kind.cronPerNode,
      "swarm-cronjob starts the service on every node. Each start is a Job of \(nodes) pods that may not share a node; with more "
        + "than \(nodes) nodes some get none, with fewer the rest stays Pending.",
      remedies: .numberOfNodes)
  }

  fileprivate static func firstStart(_ workload: Workload) -> Self {
    Self(
      Kind.cronFirstStart,
      "Swarm also runs the service once at deployment, because its replicas are not 0. A CronJob first runs when its schedule "
        + "says so.",
      remedy: .command(
        """
        kubectl -n \(workload.namespace) create job --from=cronjob/\(workload.controller) \
        \(workload.controller)-now
        """))
  }

  fileprivate static func scheduleRounded(
    _ rounding: CronSchedule.Rounding, _ schedule: Schedule
  ) -> Self {
    let text =
      switch rounding {
      case .second(let second):
        "swarm-cronjob starts the service at second \(second) of the minute; a CronJob starts with the minute (`\(schedule)`)."
      case .severalPerMinute(let field):
        "swarm-cronjob starts the service several times a minute (`\(field)`); a CronJob starts at most once a minute "
          + "(`\(schedule)`). If the interval matters, run a Deployment that loops."
      }
    return Self(Kind.cronRounded, text)
  }

  fileprivate static func timeZoneUnknown(_ schedule: String) -> Self {
    Self(
      Kind.cronTimeZone,
      "swarm-cronjob reads schedules in the time zone of its own container (`TZ`), and its stack is not among these: UTC is "
        + "written. Convert its stack together with this one, or name the zone in the schedule.",
      remedy: .edit(
        "swarm.cronjob.schedule: \(Writer.quoted("CRON_TZ=Europe/Berlin \(schedule)"))"))
  }

  fileprivate static func registryAtStart(_ label: String) -> Self {
    Self(
      Kind.cronRegistry,
      label == "registry-auth"
        ? "Nothing hands registry credentials out at each start: pods pull with the namespace's image pull secrets."
        : "Swarm asks the registry for the image's digest at each start; Kubernetes does so for `latest` and for images with "
          + "`imagePullPolicy: Always`, and else takes what the node has under that tag.")
  }

  fileprivate static func workingState() -> Self {
    Self(Kind.cronState, "swarm-cronjob keeps its own state in this label.")
  }
}
