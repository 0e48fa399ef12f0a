import Kubernetes
internal import YAML

// Names, labels and annotations (k8s.io/apimachinery api/validation `ValidateObjectMeta`).

extension ProblemList {
  /// The name in the form that the kind asks for, and everything else in `metadata`.
  ///
  /// - Parameter kind: Empty for kinds whose names nobody here knows the form of.
  package mutating func checkMetadata(of manifest: Field, kind: String) {
    guard let metadata = manifest["metadata"], metadata.node.entries != nil else {
      add(.missingField, at: manifest.at("metadata"), "metadata with a name is missing")
      return
    }
    if let name = metadata.text("name"), !name.isEmpty {
      checkName(name, kind: kind, at: metadata.at("name"))
    } else if metadata["name"] == nil || metadata.text("name") == "" {
      expect(
        metadata.text("generateName")?.isEmpty == false, .missingField, at: metadata.at("name"),
        "name is missing")
      if metadata["generateName"] != nil {
        add(
          .name, at: metadata.at("generateName"),
          "kubectl apply needs a name; with generateName only kubectl create makes the object",
          .warning)
      }
    }
    if let namespace = metadata.text("namespace") {
      expect(
        !Self.clusterKinds.contains(kind), .name, at: metadata.at("namespace"),
        "a \(kind) belongs to no namespace")
      expect(
        namespace.isEmpty || ObjectName.isLabel(namespace), .name, at: metadata.at("namespace"),
        "\(namespace) is no RFC 1123 label")
    }
    checkLabels(of: metadata)
  }

  package static let clusterKinds: Set<String> = [
    "Namespace", "PersistentVolume", "StorageClass", "ClusterRole", "ClusterRoleBinding",
    "IngressClass", "PriorityClass", "CustomResourceDefinition", "Node", "CSIDriver",
    "RuntimeClass", "APIService", "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration", "VolumeAttachment", "CSINode",
  ]

  private mutating func checkName(_ name: String, kind: String, at spot: Field.Spot) {
    let length = name.utf8.count
    switch kind {
    case "Namespace":  // `ValidateNamespaceName`
      expect(ObjectName.isLabel(name), .name, at: spot, "\(name) is no RFC 1123 label")
    case "Service":  // `ValidateServiceName`; before 1.36 it must begin with a letter
      expect(
        ObjectName(unchecked: name).isServiceLabel, .name, at: spot,
        "\(name) is no RFC 1035 label")
    case "StatefulSet":
      // The pods' labels hold the name, a dash and a hash of 10 characters.
      expect(
        ObjectName.isLabel(name) && length <= 52, .name, at: spot,
        "\(name) is no RFC 1123 label of at most 52 characters")
    case "CronJob":  // batch validation: the controller adds 11 characters to make a Job's name
      expect(
        ObjectName.isSubdomain(name) && length <= 52, .name, at: spot,
        "\(name) is no RFC 1123 name of at most 52 characters")
    case "Job":  // the pods' label `batch.kubernetes.io/job-name` holds the name
      expect(
        ObjectName.isSubdomain(name) && length <= 63, .name, at: spot,
        "\(name) is no RFC 1123 name of at most 63 characters")
    case "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding", "":
      // `ValidatePathSegmentName`
      expect(
        name != "." && name != ".." && !name.contains("/") && !name.contains("%"), .name, at: spot,
        "\(name) must not be . or .. and hold neither / nor %")
    case "IPAddress": break
    default:
      expect(
        ObjectName.isSubdomain(name), .name, at: spot, "\(name) is no RFC 1123 subdomain",
        hint: ObjectName.isSubdomain(Self.folded(name)) ? "such as \(Self.folded(name))" : nil)
    }
  }

  private static func folded(_ name: String) -> String {
    String(name.lowercased().map { $0 == "_" || $0 == " " ? "-" : $0 })
  }

  /// Of an object, or of a template.
  package mutating func checkLabels(of metadata: Field) {
    if let labels = metadata["labels"] { checkLabels(labels) }
    if let annotations = metadata["annotations"] { checkAnnotations(annotations) }
  }

  package mutating func checkLabels(_ labels: Field) {
    for label in labels.entries {
      expect(
        LabelKey.isValid(label.key), .label, at: label.value.keySpot, "\(label.key) is no label key"
      )
      if let value = label.value.text {
        expect(
          LabelValue.isValid(value), .label, at: label.value.spot, "\(value) is no label value")
      }
    }
  }

  private mutating func checkAnnotations(_ annotations: Field) {
    var size = 0
    for annotation in annotations.entries {
      expect(
        AnnotationKey.isValid(annotation.key), .label, at: annotation.value.keySpot,
        "\(annotation.key) is no annotation key")
      size += annotation.key.utf8.count + (annotation.value.text?.utf8.count ?? 0)
    }
    // `TotalAnnotationSizeLimitB`
    expect(
      size <= 256 << 10, .label, at: annotations.keySpot,
      "\(size) bytes of annotations; the limit is 262144")
  }

  /// `ValidateLabelSelector`.
  package mutating func checkSelector(_ selector: Field?) {
    guard let selector else { return }
    if let labels = selector["matchLabels"] { checkLabels(labels) }
    for requirement in selector.items("matchExpressions") {
      let word = requirement.text("operator") ?? ""
      let values = requirement.texts("values")
      if let key = requirement.text("key") {
        expect(LabelKey.isValid(key), .label, at: requirement.at("key"), "\(key) is no label key")
      }
      if ["In", "NotIn"].contains(word) {
        expect(!values.isEmpty, .selector, at: requirement.at("values"), "\(word) needs values")
      } else if ["Exists", "DoesNotExist"].contains(word) {
        expect(values.isEmpty, .selector, at: requirement.at("values"), "\(word) takes no values")
      }
      for item in requirement.items("values") {
        guard let value = item.text else { continue }
        expect(LabelValue.isValid(value), .label, at: item.spot, "\(value) is no label value")
      }
    }
  }

  /// Not below a least number; what is missing is fine.
  package mutating func checkNumber(
    _ owner: Field, _ name: String, from least: Int = 0, to most: Int = Int(Int32.max),
    _ rule: ManifestRule = .value
  ) {
    guard let number = owner.int(name), number < least || number > most else { return }
    add(
      rule, at: owner.at(name),
      number < least ? "\(number) is less than \(least)" : "\(number) is more than \(most)")
  }

  /// The file modes that a volume may ask for.
  package mutating func checkMode(_ owner: Field, _ name: String) {
    checkNumber(
      owner, name, from: 0, to: 0o777, .volume)
  }

  /// The name of something that is referred to.
  package mutating func checkReference(_ owner: Field, _ name: String) {
    guard let text = owner.text(name) else { return }
    expect(
      ObjectName.isSubdomain(text), .name, at: owner.at(name),
      "\(text.isEmpty ? "an empty name" : text) is no RFC 1123 subdomain")
  }

  /// Only one of some fields.
  ///
  /// - Returns: Those that are there.
  @discardableResult
  package mutating func expectOne(
    of names: [String], in owner: Field, _ rule: ManifestRule, isRequired: Bool = true,
    _ what: String
  ) -> [String] {
    let present = names.filter { owner[$0] != nil }
    if present.isEmpty, isRequired {
      let list = names.count > 6 ? "" : ": \(names.joined(separator: ", "))"
      add(rule, at: owner.keySpot, "\(what) is missing\(list)")
    } else if present.count > 1 {
      add(
        rule, at: owner[present[1]]!.keySpot,
        "\(present[1]) beside \(present[0]): there can be only one")
    }
    return present
  }
}
