import Kubernetes

// Objects that run pods (kubernetes pkg/apis/apps/validation, pkg/apis/batch/validation).

extension ProblemList {
  /// The template, and that the selector chooses what it makes.
  ///
  /// - Parameter restart: The restart policies that the kind's pods can have; nil for any.
  package mutating func checkTemplate(
    of spec: Field, selector: Field?, claims: [Field] = [], restart: [String] = ["Always"]
  ) {
    guard let template = spec["template"] else { return }
    if let selector { checkSelector(selector, of: template) }
    checkTemplate(template, claims: claims, restart: restart)
  }

  package mutating func checkTemplate(_ template: Field, claims: [Field] = [], restart: [String]?) {
    let pod = template["spec"]
    if let metadata = template["metadata"] {
      checkLabels(of: metadata)
      // `ValidatePodSpecificAnnotations`
      for annotation in metadata.entries("annotations") {
        let prefix = "container.apparmor.security.beta.kubernetes.io/"
        guard annotation.key.hasPrefix(prefix) else { continue }
        let name = annotation.key.dropFirst(prefix.count)
        expect(
          pod?.items("containers").contains { $0.text("name") == String(name) } ?? false,
          .container,
          at: annotation.value.keySpot, "there is no container \(name)")
      }
    }
    guard let pod else {
      var spot = template.at("spec")
      spot.place = .field(spot.place, "containers")
      add(.missingField, at: spot, "a pod needs a container")
      return
    }
    checkPod(
      pod, claims: claims, restart: restart ?? ["Always", "OnFailure", "Never"], isTemplate: true)
  }

  private mutating func checkSelector(_ selector: Field, of template: Field) {
    checkSelector(selector)
    let labels = template["metadata"]?.labels("labels") ?? [:]
    let wanted = selector.entries("matchLabels")
    expect(
      !wanted.isEmpty || !selector.items("matchExpressions").isEmpty, .selector,
      at: selector.keySpot, "must not be empty")
    for label in wanted {
      guard let value = label.value.text, labels[label.key] != value else { continue }
      add(
        .selector, at: label.value.spot, "does not choose the pods of its template",
        hint: labels[label.key].map { "there \(label.key) is \($0)" }
          ?? "the template's labels have no \(label.key)")
    }
    for requirement in selector.items("matchExpressions") {
      expect(
        Self.holds(requirement, labels), .selector, at: requirement.spot,
        "does not choose the pods of its template")
    }
  }

  /// Whether labels fulfil a requirement; one that cannot be read counts as fulfilled.
  package static func holds(_ requirement: Field, _ labels: [String: String]) -> Bool {
    guard let key = requirement.text("key") else { return true }
    let values = requirement.texts("values")
    return switch requirement.text("operator") {
    case "In": labels[key].map(values.contains) ?? false
    case "NotIn": labels[key].map { !values.contains($0) } ?? true
    case "Exists": labels[key] != nil
    case "DoesNotExist": labels[key] == nil
    default: true
    }
  }

  /// A number or a share.
  private enum Amount {
    case number(Int)
    case share(Int)

    var isZero: Bool {
      switch self {
      case .number(let value), .share(let value): value == 0
      }
    }
  }

  /// `ValidatePositiveIntOrPercent`; `isShare` adds `IsNotMoreThan100Percent`.
  private mutating func amount(_ owner: Field?, _ name: String, isShare: Bool = false) -> Amount? {
    guard let owner, let value = owner[name] else { return nil }
    if let number = value.int {
      expect(number >= 0, .update, at: value.spot, "\(number) is less than 0")
      return .number(number)
    }
    guard let text = value.text else { return nil }
    guard text.hasSuffix("%"), let share = Int(text.dropLast()), share >= 0 else {
      add(
        .update, at: value.spot, "\(text) is neither a number nor a share such as 25%",
        hint: Int(text) == nil ? nil : "a number takes no quotes")
      return nil
    }
    expect(!isShare || share <= 100, .update, at: value.spot, "more than all of them")
    return .share(share)
  }

  private mutating func checkCounts(_ spec: Field) {
    checkNumber(spec, "replicas")
    checkNumber(spec, "minReadySeconds")
    checkNumber(spec, "revisionHistoryLimit")
  }

  package mutating func checkDeployment(_ spec: Field) {
    checkCounts(spec)
    checkNumber(spec, "progressDeadlineSeconds")
    // `ValidateDeploymentSpec`; the default is 600.
    let deadline = spec.int("progressDeadlineSeconds") ?? 600
    let ready = spec.int("minReadySeconds") ?? 0
    expect(
      deadline > ready, .update, at: spec.at("progressDeadlineSeconds"),
      "\(deadline) is not more than minReadySeconds, \(ready)")
    if let strategy = spec["strategy"] {
      let rolling = strategy["rollingUpdate"]
      expect(
        rolling == nil || strategy.text("type") != "Recreate", .update,
        at: strategy.at("rollingUpdate"), "is not for Recreate")
      let surge = amount(rolling, "maxSurge")
      let unavailable = amount(rolling, "maxUnavailable", isShare: true)
      if let rolling {
        expect(
          !(surge?.isZero == true && unavailable?.isZero == true), .update, at: rolling.keySpot,
          "maxSurge and maxUnavailable must not both be 0")
      }
    }
    checkTemplate(of: spec, selector: spec["selector"])
  }

  package mutating func checkReplicaSet(_ spec: Field) {
    checkCounts(spec)
    checkTemplate(of: spec, selector: spec["selector"])
  }

  package mutating func checkReplicationController(_ spec: Field) {
    checkCounts(spec)
    let labels = spec["template"]?["metadata"]?.labels("labels") ?? [:]
    for label in spec.entries("selector") {
      expect(
        labels[label.key] == label.value.text, .selector, at: label.value.spot,
        "does not choose the pods of its template")
    }
    checkTemplate(of: spec, selector: nil)
  }

  package mutating func checkDaemonSet(_ spec: Field) {
    checkCounts(spec)
    let strategy = spec["updateStrategy"]
    let rolling = strategy?["rollingUpdate"]
    let surge = amount(rolling, "maxSurge", isShare: true)
    let unavailable = amount(rolling, "maxUnavailable", isShare: true)
    if let rolling {
      // `ValidateRollingUpdateDaemonSet`; the defaults are 0 and 1.
      let hasSurge = surge.map { !$0.isZero } ?? false
      let hasUnavailable = unavailable.map { !$0.isZero } ?? true
      expect(
        hasSurge != hasUnavailable, .update, at: rolling.keySpot,
        "one of maxSurge (0 if unset) and maxUnavailable (1 if unset) must be 0, not both")
      // The new pod would wait for the old one's port.
      let containers = spec["template"]?["spec"]?.items("containers") ?? []
      expect(
        !hasSurge
          || containers.allSatisfy { $0.items("ports").allSatisfy { $0["hostPort"] == nil } },
        .update, at: rolling.at("maxSurge"), "not with a hostPort")
    }
    checkTemplate(of: spec, selector: spec["selector"])
  }

  package mutating func checkStatefulSet(_ spec: Field) {
    checkCounts(spec)
    if let ordinals = spec["ordinals"] { checkNumber(ordinals, "start") }
    if let name = spec.text("serviceName"), !name.isEmpty {
      expect(
        ObjectName(unchecked: name).isServiceLabel, .name, at: spec.at("serviceName"),
        "\(name) is no RFC 1035 label")
    } else if minor >= 33 {
      // Required by the schemas up to 1.32; without one the pods have no names.
      add(
        .missingField, at: spec.at("serviceName"), "is missing: the pods have no stable names",
        .warning)
    }
    if let rolling = spec["updateStrategy"]?["rollingUpdate"] {
      checkNumber(rolling, "partition")
      let unavailable = amount(rolling, "maxUnavailable", isShare: true)
      expect(
        unavailable?.isZero != true, .update, at: rolling.at("maxUnavailable"), "must not be 0")
    }
    let claims = spec.items("volumeClaimTemplates")
    for claim in claims {
      if let metadata = claim["metadata"], let name = metadata.text("name") {
        expect(
          ObjectName.isLabel(name), .name, at: metadata.at("name"),
          "\(name) is no RFC 1123 label")
      }
      if let spec = claim["spec"] { checkClaim(spec) }
    }
    checkTemplate(of: spec, selector: spec["selector"], claims: claims)
  }

  package mutating func checkCronJob(_ spec: Field, in manifest: Field) {
    if let schedule = spec.text("schedule") {
      expect(
        Schedule.isValid(schedule), .schedule, at: spec.at("schedule"),
        "\(schedule) is no schedule")
    }
    if let zone = spec.text("timeZone") {
      // `validateTimeZone`: a name of the tz database; `Local` is refused by its name.
      expect(
        TimeZoneName.isKnown(zone), .schedule, at: spec.at("timeZone"), "\(zone) is no time zone")
    }
    checkNumber(spec, "startingDeadlineSeconds")
    checkNumber(spec, "successfulJobsHistoryLimit")
    checkNumber(spec, "failedJobsHistoryLimit")
    if let metadata = spec["jobTemplate"]?["metadata"] { checkLabels(of: metadata) }
    if let job = spec["jobTemplate"]?["spec"] { checkJob(job, named: object.name, in: manifest) }
  }

  package mutating func checkJob(_ spec: Field, named name: String, in manifest: Field) {
    for field in [
      "parallelism", "completions", "backoffLimit", "activeDeadlineSeconds",
      "ttlSecondsAfterFinished", "backoffLimitPerIndex", "maxFailedIndexes",
    ] {
      checkNumber(spec, field)
    }
    if spec.text("completionMode") == "Indexed" {
      if let completions = spec.int("completions") {
        // `ValidateJob`: every pod has its number in its host name.
        expect(
          name.utf8.count + String(max(0, completions - 1)).utf8.count < 63, .name,
          at: manifest["metadata"]?.at("name") ?? manifest.at("metadata"),
          "\(name) leaves no room for the pods' numbers")
      } else {
        add(.missingField, at: spec.at("completions"), "an Indexed Job needs them")
      }
      // `maxParallelismForIndexedJob`
      checkNumber(spec, "parallelism", from: 0, to: 100_000)
    }
    expect(
      spec["selector"] == nil || spec.bool("manualSelector") == true, .selector,
      at: spec.at("selector"), "a Job makes its own; one that is written needs manualSelector")
    checkTemplate(of: spec, selector: nil, restart: ["OnFailure", "Never"])
  }
}
