// Objects that run pods (kubernetes pkg/apis/apps/validation, pkg/apis/batch/validation).

extension ProblemList {
  /// The template, and that the selector chooses what it makes.
  mutating func check(
    _ template: PodTemplate, selector: LabelSelector?, claims: [ObjectName] = [],
    restart: [PodSpec.RestartPolicy] = [.always], at place: () -> String = { "spec.template" }
  ) {
    check(template.metadata) { "\(place()).metadata" }
    // `ValidatePodSpecificAnnotations`
    for annotation in template.metadata.annotations.map {
      let prefix = "container.apparmor.security.beta.kubernetes.io/"
      guard annotation.key.hasPrefix(prefix) else { continue }
      let name = annotation.key.dropFirst(prefix.count)
      expect(
        template.spec.containers.contains { $0.name.rawValue == name },
        "\(place()).metadata.annotations", "there is no container \(name)")
    }
    if let selector {
      check(selector) { "spec.selector" }
      expect(!selector.isEmpty, "spec.selector", "must not be empty")
      expect(
        selector.matches(template.metadata.labels), "spec.selector",
        "does not choose the pods of its template")
    }
    check(template.spec, claims: claims, restart: restart) { "\(place()).spec" }
  }

  mutating func check(_ value: IntOrPercent?, at place: () -> String) {
    switch value {
    case .int(let number): check(number, at: place)
    case .percent(let number): check(number, from: 0, at: place)
    case nil: break
    }
  }

  /// `ValidateNonnegativeField` and `IsNotMoreThan100Percent`.
  mutating func check(share value: IntOrPercent?, at place: () -> String) {
    check(value, at: place)
    if case .percent(let number) = value, number > 100 { add(place(), "more than all of them") }
  }
}

extension Deployment {
  package func findProblems(_ found: inout ProblemList) {
    found.check(replicas) { "spec.replicas" }
    found.check(minReadySeconds) { "spec.minReadySeconds" }
    found.check(revisionHistoryLimit) { "spec.revisionHistoryLimit" }
    found.check(progressDeadlineSeconds) { "spec.progressDeadlineSeconds" }
    // `ValidateDeploymentSpec`; the default is 600.
    let deadline = progressDeadlineSeconds ?? 600
    found.expect(
      deadline > minReadySeconds ?? 0, "spec.progressDeadlineSeconds",
      "\(deadline) is not more than minReadySeconds, \(minReadySeconds ?? 0)")
    if case .rollingUpdate(let surge, let unavailable) = strategy {
      let path = "spec.strategy.rollingUpdate"
      found.check(surge) { "\(path).maxSurge" }
      found.check(share: unavailable) { "\(path).maxUnavailable" }
      found.expect(
        !(surge?.isZero == true && unavailable?.isZero == true), path,
        "maxSurge and maxUnavailable must not both be 0")
    }
    found.check(template, selector: selector)
  }
}

extension DaemonSet {
  package func findProblems(_ found: inout ProblemList) {
    found.check(minReadySeconds) { "spec.minReadySeconds" }
    found.check(revisionHistoryLimit) { "spec.revisionHistoryLimit" }
    if case .rollingUpdate(let surge, let unavailable) = updateStrategy {
      let path = "spec.updateStrategy.rollingUpdate"
      found.check(share: surge) { "\(path).maxSurge" }
      found.check(share: unavailable) { "\(path).maxUnavailable" }
      // `ValidateRollingUpdateDaemonSet`; the defaults are 0 and 1.
      let hasSurge = surge.map { !$0.isZero } ?? false
      let hasUnavailable = unavailable.map { !$0.isZero } ?? true
      found.expect(
        hasSurge != hasUnavailable, path,
        "one of maxSurge (0 if unset) and maxUnavailable (1 if unset) must be 0, not both")
      // The new pod would wait for the old one's port.
      found.expect(
        !hasSurge
          || template.spec.containers.allSatisfy { $0.ports.allSatisfy { $0.hostPort == nil } },
        "\(path).maxSurge", "not with a hostPort")
    }
    found.check(template, selector: selector)
  }
}

extension StatefulSet {
  package func findProblems(_ found: inout ProblemList) {
    found.check(replicas) { "spec.replicas" }
    found.check(ordinalsStart) { "spec.ordinals.start" }
    found.check(minReadySeconds) { "spec.minReadySeconds" }
    found.check(revisionHistoryLimit) { "spec.revisionHistoryLimit" }
    // Required by the schemas up to 1.32.
    if let serviceName {
      found.expect(
        serviceName.isServiceLabel, "spec.serviceName", "\(serviceName) is no RFC 1035 label")
    } else {
      found.add("spec.serviceName", "is missing")
    }
    if case .rollingUpdate(let partition, let unavailable) = updateStrategy {
      found.check(partition) { "spec.updateStrategy.rollingUpdate.partition" }
      found.check(share: unavailable) { "spec.updateStrategy.rollingUpdate.maxUnavailable" }
      found.expect(
        unavailable?.isZero != true, "spec.updateStrategy.rollingUpdate.maxUnavailable",
        "must not be 0")
    }
    for (index, claim) in volumeClaimTemplates.enumerated() {
      found.expect(
        claim.metadata.name.isLabel, "spec.volumeClaimTemplates[\(index)].metadata.name",
        "\(claim.metadata.name) is no RFC 1123 label")
      found.check(claim) { "spec.volumeClaimTemplates[\(index)].spec" }
    }
    found.check(
      template, selector: selector, claims: volumeClaimTemplates.map(\.metadata.name))
  }
}

extension Job {
  package func findProblems(_ found: inout ProblemList) {
    found.check(spec, name: metadata.name) { "spec" }
  }
}

extension CronJob {
  package func findProblems(_ found: inout ProblemList) {
    found.expect(
      Schedule.isValid(schedule.rawValue), "spec.schedule", "\(schedule) is no schedule")
    if let timeZone {
      // `validateTimeZone`: a name of the tz database; `Local` is refused by its name.
      found.expect(
        TimeZoneName.isKnown(timeZone), "spec.timeZone", "\(timeZone) is no time zone")
    }
    found.check(startingDeadlineSeconds) { "spec.startingDeadlineSeconds" }
    found.check(successfulJobsHistoryLimit) { "spec.successfulJobsHistoryLimit" }
    found.check(failedJobsHistoryLimit) { "spec.failedJobsHistoryLimit" }
    found.check(jobMetadata) { "spec.jobTemplate.metadata" }
    found.check(jobSpec, name: metadata.name) { "spec.jobTemplate.spec" }
  }
}

extension ProblemList {
  fileprivate mutating func check(_ spec: JobSpec, name: ObjectName, at place: () -> String) {
    check(spec.parallelism) { "\(place()).parallelism" }
    check(spec.completions) { "\(place()).completions" }
    check(spec.backoffLimit) { "\(place()).backoffLimit" }
    check(spec.activeDeadlineSeconds) { "\(place()).activeDeadlineSeconds" }
    check(spec.ttlSecondsAfterFinished) { "\(place()).ttlSecondsAfterFinished" }
    if spec.completionMode == .indexed {
      if let completions = spec.completions {
        // `ValidateJob`: every pod has its number in its host name.
        expect(
          name.rawValue.utf8.count + String(max(0, completions - 1)).utf8.count < 63,
          "metadata.name", "\(name) leaves no room for the pods' numbers")
      } else {
        add("\(place()).completions", "an Indexed Job needs them")
      }
      // `maxParallelismForIndexedJob`
      check(spec.parallelism, from: 0, to: 100_000) { "\(place()).parallelism" }
    }
    check(
      spec.template, selector: nil, restart: [.onFailure, .never]
    ) { "\(place()).template" }
  }
}
