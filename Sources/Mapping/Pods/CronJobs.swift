import Kubernetes
package import Ledger
package import Swarm
import YAML

/// Services that swarm-cronjob starts: the part of `WorkloadKind` that reads its labels.
extension WorkloadKind {
  /// The schedule by which swarm-cronjob starts the service; nil where it does not, with its labels settled.
  package static func cronSchedule(_ labels: CronLabels, _ ledger: inout Ledger) -> CronSchedule? {
    guard labels.isEnabled, let text = labels.schedule else {
      for entry in labels.entries { ledger.settle(entry.value, .inert, .cronDisabled()) }
      return nil
    }
    guard let schedule = CronSchedule(text) else {
      ledger.settle(labels["schedule"], .manual, .cronInvalid(text))
      for entry in labels.entries where ledger.isOpen(entry.value.id) {
        ledger.settle(entry.value, .inert, .cronNeverStarted())
      }
      return nil
    }
    return schedule
  }

  package static func mapCron(
    _ service: Swarm.Service, _ labels: CronLabels, _ cron: CronSchedule,
    into workload: inout Workload, _ facts: borrowing Facts, _ ledger: inout Ledger
  ) {
    let deploy = service.deploy
    let isGlobal: Bool
    switch service.mode.value {
    case .global, .globalJob: isGlobal = true
    case .replicated, .replicatedJob: isGlobal = false
    }
    if isGlobal {
      spreadOverNodes(service, &workload, facts.options.nodes)
    } else {
      let count = min(labels.replicas, largestCount)
      workload.job.completions = count
      workload.job.parallelism = count
    }
    workload.kind = .cronJob
    let zone = cron.timeZone ?? facts.cronTimeZone
    workload.cron = Workload.CronSettings(
      schedule: cron.schedule, concurrency: labels.skipsRunning ? .forbid : .replace,
      timeZone: zone ?? "Etc/UTC")
    named(&workload, &ledger)

    if isGlobal {
      ledger.settle(
        deploy?["mode"], .decide, .startsPerNode(facts.options.nodes),
        as: "spec.jobTemplate.spec.completions")
    } else {
      ledger.keep(deploy?["mode"], as: "kind")
    }
    let startsAtOnce = isGlobal || (service.replicas ?? 1) > 0
    if startsAtOnce {
      ledger.settle(deploy?["replicas"], .adapted, .firstStart(workload), as: "spec.schedule")
      if deploy?["replicas"] == nil { ledger.remark(.adapted, .firstStart(workload)) }
    } else {
      ledger.keep(deploy?["replicas"], as: "spec.schedule")
    }

    ledger.keep(labels["enable"], as: "kind")
    if let rounding = cron.rounding {
      ledger.settle(
        labels["schedule"], .adapted, .scheduleRounded(rounding, cron.schedule), as: "spec.schedule"
      )
    } else {
      ledger.keep(labels["schedule"], as: "spec.schedule")
    }
    if zone == nil {
      ledger.remark(
        .decide, .timeZoneUnknown(labels.schedule ?? ""), at: labels["schedule"]?.id ?? .none,
        as: "spec.timeZone")
    }
    ledger.keep(labels["skip-running"], as: "spec.concurrencyPolicy")
    ledger.keep(labels["replicas"], as: "spec.jobTemplate.spec.parallelism")
    for name in ["registry-auth", "query-registry"] {
      guard let node = labels[name] else { continue }
      if CronLabels.isTrue(node) {
        ledger.settle(
          node, .adapted, .registryAtStart(name), as: "spec.jobTemplate.spec.template.spec")
      } else {
        ledger.keep(node, as: "spec.jobTemplate.spec.template.spec")
      }
    }
    // The rest of swarm-cronjob's own labels is its working state.
    ledger.settleIfPresent(labels["scaledown"], .inert, .workingState())
  }
}

extension Ledger {
  fileprivate mutating func settleIfPresent(
    _ node: Node?, _ disposition: Disposition, _ message: @autoclosure () -> Finding.Message
  ) {
    if let node { settle(node, disposition, message()) }
  }
}

extension Finding.Message {
  fileprivate static func cronDisabled() -> Self {
    Self(
      "workload-kind/cron-disabled",
      "swarm-cronjob takes no notice of a service without `swarm.cronjob.enable=true` and `swarm.cronjob.schedule`; its other "
        + "labels change nothing.")
  }

  fileprivate static func cronInvalid(_ schedule: String) -> Self {
    Self(
      "workload-kind/cron-invalid",
      "`\(schedule)` is no schedule that swarm-cronjob can read, so it never started this service: that goes on, and the "
        + "service is converted as if the label were not there. A schedule of five fields makes it a CronJob.",
      remedy: "swarm.cronjob.schedule: \"0 3 * * *\"  # in the stack")
  }

  fileprivate static func cronNeverStarted() -> Self {
    Self(
      "workload-kind/cron-never-started",
      "swarm-cronjob cannot read this service's schedule, so the other labels change nothing.")
  }

  fileprivate static func startsPerNode(_ nodes: Int) -> Self {
    Self(
      "workload-kind/cron-per-node",
      "swarm-cronjob starts the service on every node. Each start is a Job of \(nodes) pods that may not share a node; with more "
        + "than \(nodes) nodes some get none, with fewer the rest stays Pending.",
      remedy: "--nodes $(kubectl get nodes --no-headers | wc -l)")
  }

  fileprivate static func firstStart(_ workload: Workload) -> Self {
    Self(
      "workload-kind/cron-first-start",
      "Swarm also runs the service once at deployment, because its replicas are not 0. A CronJob first runs when its schedule "
        + "says so.",
      remedy: "kubectl -n \(workload.namespace) create job --from=cronjob/\(workload.controller) "
        + "\(workload.controller)-now")
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
    return Self("workload-kind/cron-rounded", text)
  }

  fileprivate static func timeZoneUnknown(_ schedule: String) -> Self {
    Self(
      "workload-kind/cron-time-zone",
      "swarm-cronjob reads schedules in the time zone of its own container (`TZ`), and its stack is not among these: UTC is "
        + "written. Convert its stack together with this one, or name the zone in the schedule.",
      remedy: "swarm.cronjob.schedule: \"CRON_TZ=Europe/Berlin \(schedule)\"  # in the stack")
  }

  fileprivate static func registryAtStart(_ label: String) -> Self {
    Self(
      "workload-kind/cron-registry",
      label == "registry-auth"
        ? "Nothing hands registry credentials out at each start: pods pull with the namespace's image pull secrets."
        : "Swarm asks the registry for the image's digest at each start; Kubernetes does so for `latest` and for images with "
          + "`imagePullPolicy: Always`, and else takes what the node has under that tag.")
  }

  fileprivate static func workingState() -> Self {
    Self("workload-kind/cron-state", "swarm-cronjob keeps its own state in this label.")
  }
}
