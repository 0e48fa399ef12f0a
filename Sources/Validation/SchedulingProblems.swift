import Kubernetes

// Where a pod may go (kubernetes pkg/apis/core/validation `validateAffinity`, `ValidateTolerations`,
// `validateTopologySpreadConstraints`).

extension ProblemList {
  private static let required = "requiredDuringSchedulingIgnoredDuringExecution"
  private static let preferred = "preferredDuringSchedulingIgnoredDuringExecution"

  package mutating func checkScheduling(of pod: Field) {
    if let labels = pod["nodeSelector"] { checkLabels(labels) }
    if let affinity = pod["affinity"] { checkAffinity(affinity) }
    for toleration in pod.items("tolerations") { checkToleration(toleration) }
    for constraint in pod.items("topologySpreadConstraints") { checkSpread(constraint) }
  }

  private mutating func checkAffinity(_ affinity: Field) {
    if let nodes = affinity["nodeAffinity"] {
      if let required = nodes[Self.required] { checkNodeSelector(required) }
      for preferred in nodes.items(Self.preferred) {
        checkNumber(preferred, "weight", from: 1, to: 100, .scheduling)
        if let term = preferred["preference"] { checkTerm(term) }
      }
    }
    for name in ["podAffinity", "podAntiAffinity"] {
      guard let pods = affinity[name] else { continue }
      for term in pods.items(Self.required) { checkPodTerm(term) }
      for preferred in pods.items(Self.preferred) {
        checkNumber(preferred, "weight", from: 1, to: 100, .scheduling)
        if let term = preferred["podAffinityTerm"] { checkPodTerm(term) }
      }
    }
  }

  private mutating func checkPodTerm(_ term: Field) {
    checkSelector(term["labelSelector"])
    checkSelector(term["namespaceSelector"])
    if let key = term.text("topologyKey") {
      expect(
        LabelKey.isValid(key), .scheduling, at: term.at("topologyKey"), "\(key) is no label key")
    }
  }

  /// `ValidateNodeSelector`.
  package mutating func checkNodeSelector(_ selector: Field) {
    let terms = selector.items("nodeSelectorTerms")
    if let list = selector["nodeSelectorTerms"] {
      expect(!terms.isEmpty, .scheduling, at: list.keySpot, "there is no term")
    }
    for term in terms { checkTerm(term) }
  }

  /// `ValidateNodeSelectorTerm`. A term without requirements would hold for no node.
  private mutating func checkTerm(_ term: Field) {
    let requirements = term.items("matchExpressions")
    warn(
      unless: !requirements.isEmpty || !term.items("matchFields").isEmpty, .scheduling,
      at: term.spot, "a term without requirements holds nowhere")
    for requirement in requirements {
      let word = requirement.text("operator") ?? ""
      let values = requirement.texts("values")
      let spot = requirement.at("values")
      if let key = requirement.text("key") {
        expect(
          LabelKey.isValid(key), .label, at: requirement.at("key"), "\(key) is no label key")
      }
      switch word {
      case "In", "NotIn":
        expect(!values.isEmpty, .scheduling, at: spot, "\(word) needs values")
      case "Exists", "DoesNotExist":
        expect(values.isEmpty, .scheduling, at: spot, "\(word) takes no values")
      case "Gt", "Lt":
        expect(
          values.count == 1 && Int(values[0]) != nil, .scheduling, at: spot,
          "\(word) takes one whole number")
      default: break
      }
      for item in requirement.items("values") {
        guard let value = item.text else { continue }
        expect(LabelValue.isValid(value), .label, at: item.spot, "\(value) is no label value")
      }
    }
  }

  private mutating func checkToleration(_ toleration: Field) {
    let word = toleration.text("operator") ?? "Equal"
    if let key = toleration.text("key"), !key.isEmpty {
      expect(LabelKey.isValid(key), .label, at: toleration.at("key"), "\(key) is no label key")
    } else {
      expect(
        word == "Exists", .scheduling, at: toleration.at("operator"),
        "must be Exists without a key")
    }
    if let value = toleration.text("value"), !value.isEmpty {
      expect(
        word != "Exists", .scheduling, at: toleration.at("value"), "there is none with Exists")
      expect(
        LabelValue.isValid(value), .label, at: toleration.at("value"), "\(value) is no label value")
    }
    expect(
      toleration["tolerationSeconds"] == nil || toleration.text("effect") == "NoExecute",
      .scheduling, at: toleration.at("effect"), "must be NoExecute with tolerationSeconds")
  }

  /// Equal constraints are duplicate items already.
  private mutating func checkSpread(_ constraint: Field) {
    checkNumber(constraint, "maxSkew", from: 1, .scheduling)
    checkNumber(constraint, "minDomains", from: 1, .scheduling)
    expect(
      constraint["minDomains"] == nil || constraint.text("whenUnsatisfiable") == "DoNotSchedule",
      .scheduling, at: constraint.at("minDomains"), "is only for DoNotSchedule")
    if let key = constraint.text("topologyKey") {
      expect(
        LabelKey.isValid(key), .label, at: constraint.at("topologyKey"), "\(key) is no label key")
    }
    let selector = constraint["labelSelector"]
    checkSelector(selector)
    // `validateMatchLabelKeysInTopologySpread`
    for item in constraint.items("matchLabelKeys") {
      guard let key = item.text else { continue }
      expect(LabelKey.isValid(key), .label, at: item.spot, "\(key) is no label key")
      guard let selector else {
        add(.scheduling, at: item.spot, "must not be there without a labelSelector")
        continue
      }
      expect(
        selector["matchLabels"]?[key] == nil
          && !selector.items("matchExpressions").contains { $0.text("key") == key }, .scheduling,
        at: item.spot, "\(key) is in the labelSelector too")
    }
  }
}
