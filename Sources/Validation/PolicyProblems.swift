import Kubernetes
import YAML

// Scaling, disruption, quotas and roles (kubernetes pkg/apis/autoscaling, policy, core and rbac `validation`).

extension ProblemList {
  /// `validateHorizontalPodAutoscalerSpec`.
  package mutating func checkAutoscaler(_ spec: Field) {
    // 0 is for clusters with HPAScaleToZero, which is off by default.
    checkNumber(spec, "minReplicas", from: 1, .scaling)
    checkNumber(spec, "maxReplicas", from: 1, .scaling)
    let least = spec.int("minReplicas") ?? 1
    if let most = spec.int("maxReplicas") {
      expect(
        least <= most, .scaling, at: spec.at("maxReplicas"),
        "\(most) is less than minReplicas, \(least)")
    }
    if let target = spec["scaleTargetRef"] {
      warn(
        unless: target["apiVersion"] != nil || target.text("kind") == "ReplicationController",
        .scaling, at: target.at("apiVersion"), "apiVersion is missing: the target is not found")
    }
    checkNumber(spec, "targetCPUUtilizationPercentage", from: 1, .scaling)
    let sources = [
      ("Resource", "resource"), ("ContainerResource", "containerResource"), ("Pods", "pods"),
      ("Object", "object"), ("External", "external"),
    ]
    for metric in spec.items("metrics") {
      for (type, name) in sources {
        if metric.text("type") == type {
          expect(
            metric[name] != nil, .scaling, at: metric.at(name), "\(type) needs \(name)")
        } else if let source = metric[name],
          sources.contains(where: { $0.0 == metric.text("type") })
        {
          add(.scaling, at: source.keySpot, "is not for \(metric.text("type") ?? "")")
        }
        if let target = metric[name]?["target"] { checkTarget(target) }
      }
    }
    if let behavior = spec["behavior"] {
      for name in ["scaleUp", "scaleDown"] {
        guard let rules = behavior[name] else { continue }
        checkNumber(rules, "stabilizationWindowSeconds", from: 0, to: 3600, .scaling)
        for policy in rules.items("policies") {
          checkNumber(policy, "value", from: 1, .scaling)
          checkNumber(policy, "periodSeconds", from: 1, to: 1800, .scaling)
        }
      }
    }
  }

  private mutating func checkTarget(_ target: Field) {
    let needed = [
      "Utilization": "averageUtilization", "Value": "value", "AverageValue": "averageValue",
    ]
    guard let name = needed[target.text("type") ?? ""] else { return }
    expect(
      target[name] != nil, .scaling, at: target.at(name),
      "\(target.text("type") ?? "") needs \(name)")
    checkNumber(target, "averageUtilization", from: 1, .scaling)
  }

  /// `ValidatePodDisruptionBudgetSpec`.
  package mutating func checkBudget(_ spec: Field) {
    checkSelector(spec["selector"])
    expect(
      spec["minAvailable"] == nil || spec["maxUnavailable"] == nil, .scaling,
      at: spec.at("maxUnavailable"), "there is minAvailable already: one of the two")
    for name in ["minAvailable", "maxUnavailable"] {
      guard let value = spec[name] else { continue }
      if let number = value.int {
        expect(number >= 0, .scaling, at: value.spot, "\(number) is less than 0")
      } else if let text = value.text {
        let share = text.hasSuffix("%") ? Int(text.dropLast()) : nil
        expect(
          share.map { (0...100).contains($0) } ?? false, .scaling, at: value.spot,
          "\(text) is neither a number nor a share up to 100%")
      }
    }
  }

  package mutating func checkQuota(_ spec: Field) {
    for entry in spec.entries("hard") {
      guard let amount = entry.value.quantity else { continue }
      expect(amount.nanos >= 0, .resources, at: entry.value.spot, "it is negative")
    }
  }

  /// `ValidateLimitRange`.
  package mutating func checkLimitRange(_ spec: Field) {
    for item in spec.items("limits") {
      // `validateLimitRangeTypeName`: a type of Kubernetes' own, or one with a domain.
      if let type = item.text("type"), !type.contains("/") {
        expect(
          ["Container", "Pod", "PersistentVolumeClaim"].contains(type), .value, at: item.at("type"),
          "\(type) is neither Container, Pod nor PersistentVolumeClaim")
      }
      for name in ["default", "defaultRequest"] {
        guard let part = item[name], item.text("type") == "Pod" else { continue }
        add(.resources, at: part.keySpot, "is not for the type Pod")
      }
      for (low, high) in [
        ("min", "max"), ("min", "default"), ("default", "max"),
        ("defaultRequest", "default"), ("defaultRequest", "max"),
      ] {
        for entry in item.entries(low) {
          guard let least = entry.value.quantity, let most = item[high]?.quantity(entry.key),
            least > most
          else { continue }
          add(
            .resources, at: entry.value.spot,
            "\(low) \(least) is more than \(high), \(most)")
        }
      }
    }
  }

  /// `ValidatePriorityClass`.
  package mutating func checkPriorityClass(_ manifest: Field) {
    guard let name = manifest["metadata"]?.text("name"), !name.hasPrefix("system-") else {
      return
    }
    expect(
      manifest.int("value") ?? 0 <= 1_000_000_000, .value, at: manifest.at("value"),
      "more than 1000000000 is for Kubernetes' own classes")
  }

  /// `ValidatePolicyRule`.
  package mutating func checkRole(_ manifest: Field, isCluster: Bool) {
    for rule in manifest.items("rules") {
      if let verbs = rule["verbs"] {
        expect(!verbs.items.isEmpty, .access, at: verbs.keySpot, "there is no verb")
      }
      if let urls = rule["nonResourceURLs"], !urls.items.isEmpty {
        expect(isCluster, .access, at: urls.keySpot, "is for ClusterRoles alone")
        expect(
          rule.items("apiGroups").isEmpty && rule.items("resources").isEmpty, .access,
          at: urls.keySpot, "stands in a rule without resources")
        continue
      }
      expect(
        !rule.items("apiGroups").isEmpty, .access, at: rule.at("apiGroups"),
        "apiGroups is missing", hint: "[\"\"] is the core group")
      expect(
        !rule.items("resources").isEmpty, .access, at: rule.at("resources"), "resources is missing")
    }
  }

  /// `ValidateRoleBinding`, `ValidateClusterRoleBinding`.
  package mutating func checkBinding(_ manifest: Field, isCluster: Bool) {
    if let role = manifest["roleRef"] {
      if let group = role.text("apiGroup") {
        expect(
          group == "rbac.authorization.k8s.io", .access, at: role.at("apiGroup"),
          "must be rbac.authorization.k8s.io")
      }
      expect(
        !isCluster || role.text("kind") != "Role", .access, at: role.at("kind"),
        "a ClusterRoleBinding refers to a ClusterRole")
    }
    for subject in manifest.items("subjects") {
      if subject.text("kind") == "ServiceAccount" {
        expect(
          subject.text("apiGroup")?.isEmpty ?? true, .access, at: subject.at("apiGroup"),
          "a ServiceAccount's is empty")
        expect(
          subject["namespace"] != nil, .access, at: subject.at("namespace"),
          "a ServiceAccount needs its namespace")
      } else if let group = subject.text("apiGroup") {
        expect(
          group == "rbac.authorization.k8s.io", .access, at: subject.at("apiGroup"),
          "must be rbac.authorization.k8s.io")
      }
    }
  }
}
