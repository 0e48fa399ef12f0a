// Names, labels and annotations (k8s.io/apimachinery api/validation `ValidateObjectMeta`).

extension ProblemList {
  /// The name in the form that the kind asks for, and everything else in `metadata`.
  mutating func check(_ metadata: ObjectMeta, kind: String) {
    let name = metadata.name
    switch kind {
    case "Namespace":  // `ValidateNamespaceName`
      expect(name.isLabel, "metadata.name", "\(name) is no RFC 1123 label")
    case "Service":  // `ValidateServiceName`; before 1.36 it must begin with a letter
      expect(name.isServiceLabel, "metadata.name", "\(name) is no RFC 1035 label")
    case "StatefulSet":
      // The pods' labels hold the name, a dash and a hash of 10 characters.
      expect(
        name.isLabel && name.rawValue.utf8.count <= 52, "metadata.name",
        "\(name) is no RFC 1123 label of at most 52 characters")
    case "CronJob":  // batch validation: the controller adds 11 characters to make a Job's name
      expect(
        ObjectName.isSubdomain(name.rawValue) && name.rawValue.utf8.count <= 52, "metadata.name",
        "\(name) is no RFC 1123 name of at most 52 characters")
    case "Job":  // the pods' label `batch.kubernetes.io/job-name` holds the name
      expect(
        ObjectName.isSubdomain(name.rawValue) && name.rawValue.utf8.count <= 63, "metadata.name",
        "\(name) is no RFC 1123 name of at most 63 characters")
    default:
      expect(
        ObjectName.isSubdomain(name.rawValue), "metadata.name", "\(name) is no RFC 1123 subdomain")
    }
    if let namespace = metadata.namespace {
      expect(
        kind != "Namespace" && kind != "PersistentVolume", "metadata.namespace",
        "a \(kind) belongs to no namespace")
      expect(namespace.isLabel, "metadata.namespace", "\(namespace) is no RFC 1123 label")
    }
    check(metadata.labels) { "metadata.labels" }
    check(metadata.annotations) { "metadata.annotations" }
  }

  mutating func check(_ metadata: TemplateMeta, at place: () -> String) {
    check(metadata.labels) { "\(place()).labels" }
    check(metadata.annotations) { "\(place()).annotations" }
  }

  mutating func check(_ labels: Labels, at place: () -> String) {
    for label in labels.map {
      expect(LabelKey.isValid(label.key), place(), "\(label.key) is no label key")
      expect(
        LabelValue.isValid(label.value), "\(place())[\(label.key)]",
        "\(label.value) is no label value")
    }
  }

  mutating func check(_ annotations: Annotations, at place: () -> String) {
    var size = 0
    for annotation in annotations.map {
      expect(
        AnnotationKey.isValid(annotation.key), place(), "\(annotation.key) is no annotation key")
      size += annotation.key.utf8.count + annotation.value.utf8.count
    }
    // `TotalAnnotationSizeLimitB`
    expect(size <= 256 << 10, place(), "\(size) bytes of annotations; the limit is 262144")
  }

  /// `ValidateLabelSelector`.
  mutating func check(_ selector: LabelSelector?, at place: () -> String) {
    guard let selector else { return }
    check(selector.matchLabels) { "\(place()).matchLabels" }
    for (index, requirement) in selector.matchExpressions.enumerated() {
      let needsValues = requirement.operator == .isIn || requirement.operator == .isNotIn
      expect(
        LabelKey.isValid(requirement.key.rawValue), "\(place()).matchExpressions[\(index)].key",
        "\(requirement.key) is no label key")
      expect(
        requirement.values.isEmpty != needsValues, "\(place()).matchExpressions[\(index)].values",
        needsValues
          ? "\(requirement.operator.rawValue) needs values"
          : "\(requirement.operator.rawValue) takes no values")
      for value in requirement.values {
        expect(
          LabelValue.isValid(value.rawValue), "\(place()).matchExpressions[\(index)].values",
          "\(value) is no label value")
      }
    }
  }

  /// Not below a least number; nil is fine.
  mutating func check(
    _ number: Int?, from least: Int = 0, to most: Int = Int(Int32.max), at place: () -> String
  ) {
    guard let number, number < least || number > most else { return }
    add(
      place(),
      number < least ? "\(number) is less than \(least)" : "\(number) is more than \(most)")
  }

  /// The file modes that a volume may ask for.
  mutating func check(mode: Int?, at place: () -> String) {
    check(mode, from: 0, to: 0o777, at: place)
  }

  /// The name of something that is referred to.
  mutating func check(name: ObjectName, at place: () -> String) {
    expect(
      ObjectName.isSubdomain(name.rawValue), place(),
      "\(name.rawValue.isEmpty ? "an empty name" : name.rawValue) is no RFC 1123 subdomain")
  }
}
