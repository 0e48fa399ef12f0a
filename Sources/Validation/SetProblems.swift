import Basics
internal import Diagnostics
package import Kubernetes
package import YAML

/// What is wrong between manifests, each of which may be sound by itself.
///
/// Keeps of each manifest what others can meet: its name, the labels of its pods, and what it refers to. Everything is
/// linear in the number of manifests.
package struct ManifestSet: Sendable {
  /// A problem and the number that was given with its manifest.
  package typealias Found = (manifest: Int, problem: Problem)

  private struct Identity: Hashable {
    var group: String
    var reference: ObjectReference
  }

  private struct NodePort: Hashable {
    var number: Int
    var transport: String
  }

  private struct Reference {
    var manifest: Int
    var from: ObjectReference
    var to: ObjectReference
    var spot: Field.Spot
  }

  private struct Selector {
    var manifest: Int
    var from: ObjectReference
    var labels: [String: String]
    var spot: Field.Spot
  }

  private var identities: [Identity: Int] = [:]
  private var references: [Reference] = []
  private var selectors: [Selector] = []
  private var pods: [[String: String]] = []
  /// The numbers of pod templates by namespace and label.
  private var podsByLabel: [String: [Int]] = [:]
  private var nodePorts: [NodePort: ObjectReference] = [:]
  private var found: [Found] = []

  package init() {}

  package var count: Int { identities.count }

  /// Takes note of a manifest that is an object.
  ///
  /// - Parameter number: The caller's own, by which problems are told apart later.
  package mutating func add(
    _ root: Node, _ object: ObjectReference, apiVersion: String, number: Int
  ) {
    let manifest = Field(root: root)
    let group = apiVersion.contains("/") ? String(apiVersion.prefix { $0 != "/" }) : ""
    if identities.updateValue(number, forKey: Identity(group: group, reference: object)) != nil,
      !object.name.isEmpty
    {
      let spot = Field.Spot(
        place: .root, mark: (manifest["metadata"] ?? manifest).at("name").mark, length: 0)
      report(.duplicateObject, .error, number, object, spot, "is there twice")
    }
    guard let spec = manifest["spec"] else {
      if object.kind.hasSuffix("RoleBinding"), let role = manifest["roleRef"],
        let kind = role.text("kind")
      {
        refer(role, "name", to: kind, object, number, isClusterWide: kind == "ClusterRole")
      }
      return
    }
    switch object.kind {
    case "Service": addService(spec, object, number)
    case "PodDisruptionBudget":
      if let selector = spec["selector"], selector["matchExpressions"] == nil {
        let labels = selector.labels("matchLabels")
        if !labels.isEmpty {
          selectors.append(
            Selector(manifest: number, from: object, labels: labels, spot: selector.keySpot))
        }
      }
    case "HorizontalPodAutoscaler":
      if let target = spec["scaleTargetRef"], let kind = target.text("kind") {
        refer(target, "name", to: kind, object, number)
      }
    case "Ingress": addIngress(spec, object, number)
    default: addPods(of: manifest, spec, object, number)
    }
  }

  private mutating func report(
    _ rule: ManifestRule, _ severity: Problem.Severity, _ number: Int, _ object: ObjectReference,
    _ spot: Field.Spot, _ message: String, hint: String? = nil
  ) {
    found.append(
      (
        number,
        Problem(
          rule: rule, severity: severity, object: object, path: spot.place.path, message: message,
          hint: hint, mark: spot.mark, length: spot.length)
      ))
  }

  private mutating func addService(_ spec: Field, _ object: ObjectReference, _ number: Int) {
    let labels = spec.labels("selector")
    if let selector = spec["selector"], !labels.isEmpty, spec.text("type") != "ExternalName" {
      selectors.append(
        Selector(manifest: number, from: object, labels: labels, spot: selector.keySpot))
    }
    for port in spec.items("ports") {
      guard let nodePort = port.int("nodePort"), nodePort != 0 else { continue }
      // The port allocator takes a number once in a cluster for each protocol.
      let key = NodePort(number: nodePort, transport: port.text("protocol") ?? "TCP")
      let owner = nodePorts.updateValue(object, forKey: key)
      if let owner, owner != object {
        report(
          .port, .error, number, object, port.at("nodePort"), "\(owner) has \(nodePort) too")
      }
    }
  }

  private mutating func addIngress(_ spec: Field, _ object: ObjectReference, _ number: Int) {
    var backends = [spec["defaultBackend"]]
    for rule in spec.items("rules") {
      backends += (rule["http"]?.items("paths") ?? []).map { $0["backend"] }
    }
    for backend in backends {
      if let service = backend?["service"] { refer(service, "name", to: "Service", object, number) }
    }
    for tls in spec.items("tls") { refer(tls, "secretName", to: "Secret", object, number) }
  }

  private mutating func addPods(
    of manifest: Field, _ spec: Field, _ object: ObjectReference, _ number: Int
  ) {
    let template =
      object.kind == "CronJob" ? spec["jobTemplate"]?["spec"]?["template"] : spec["template"]
    let pod = object.kind == "Pod" ? spec : template?["spec"]
    guard let pod else { return }
    // A Pod of its own has its labels in its metadata.
    let metadata = object.kind == "Pod" ? manifest["metadata"] : template?["metadata"]
    addLabels(metadata?.labels("labels") ?? [:], object.namespace)
    var claims: Set<String> = []
    if object.kind == "StatefulSet" {
      refer(spec, "serviceName", to: "Service", object, number)
      claims = Set(
        spec.items("volumeClaimTemplates").compactMap { $0["metadata"]?.text("name") })
    }
    refer(pod, "serviceAccountName", to: "ServiceAccount", object, number, except: ["default"])
    for secret in pod.items("imagePullSecrets") {
      refer(secret, "name", to: "Secret", object, number)
    }
    for volume in pod.items("volumes") {
      if volume.text("name").map(claims.contains) == true { continue }
      if let part = volume["configMap"] { refer(part, "name", to: "ConfigMap", object, number) }
      if let part = volume["secret"] { refer(part, "secretName", to: "Secret", object, number) }
      if let part = volume["persistentVolumeClaim"] {
        refer(part, "claimName", to: "PersistentVolumeClaim", object, number)
      }
      for source in volume["projected"]?.items("sources") ?? [] {
        if let part = source["configMap"] { refer(part, "name", to: "ConfigMap", object, number) }
        if let part = source["secret"] { refer(part, "name", to: "Secret", object, number) }
      }
    }
    for container in pod.items("initContainers") + pod.items("containers") {
      for variable in container.items("env") {
        guard let source = variable["valueFrom"] else { continue }
        if let part = source["configMapKeyRef"] {
          refer(part, "name", to: "ConfigMap", object, number)
        }
        if let part = source["secretKeyRef"] { refer(part, "name", to: "Secret", object, number) }
      }
      for source in container.items("envFrom") {
        if let part = source["configMapRef"] {
          refer(part, "name", to: "ConfigMap", object, number)
        }
        if let part = source["secretRef"] { refer(part, "name", to: "Secret", object, number) }
      }
    }
  }

  private mutating func addLabels(_ labels: [String: String], _ namespace: String?) {
    for label in labels {
      podsByLabel[Self.key(label, namespace), default: []].append(pods.count)
    }
    pods.append(labels)
  }

  private static func key(_ label: (key: String, value: String), _ namespace: String?) -> String {
    "\(namespace ?? "")\u{0}\(label.key)=\(label.value)"
  }

  private mutating func refer(
    _ owner: Field, _ name: String, to kind: String, _ object: ObjectReference, _ number: Int,
    isClusterWide: Bool = false, except: Set<String> = []
  ) {
    guard let text = owner.text(name), !text.isEmpty, !except.contains(text),
      owner.bool("optional") != true
    else { return }
    references.append(
      Reference(
        manifest: number, from: object,
        to: ObjectReference(
          kind: kind, name: text, namespace: isClusterWide ? nil : object.namespace),
        spot: owner.at(name)))
  }

  /// Everything that is wrong between the manifests so far, in their order.
  package func problems() -> [Found] {
    var result = self
    let known = Set(identities.keys.map(\.reference))
    // For hints; where there are many, one of them is always near.
    var names: [String: [String]] = [:]
    for reference in known.sorted() where reference.kind != "Secret" {
      names[reference.kind, default: []].append(reference.name)
    }
    names = names.filter { $0.value.count <= 50 }
    for reference in references where !known.contains(reference.to) {
      // What makes it under that name.
      if reference.to.kind == "Secret",
        ["ExternalSecret", "SealedSecret"].contains(where: { kind in
          var maker = reference.to
          maker.kind = kind
          return known.contains(maker)
        })
      {
        continue
      }
      let near = nearest(reference.to.name, among: names[reference.to.kind] ?? [])
      result.report(
        .danglingReference, .note, reference.manifest, reference.from, reference.spot,
        "\(reference.to) is not among the manifests", hint: near.map { "did you mean \($0)?" })
    }
    for selector in selectors where !isMatched(selector) {
      result.report(
        .selector, .warning, selector.manifest, selector.from, selector.spot,
        "chooses no pod of these manifests")
    }
    return result.found.sorted { $0.manifest < $1.manifest }
  }

  private func isMatched(_ selector: Selector) -> Bool {
    // The rarest of its labels decides how many pods are looked at.
    var candidates: [Int]?
    for label in selector.labels {
      guard let list = podsByLabel[Self.key(label, selector.from.namespace)] else { return false }
      if list.count < candidates?.count ?? .max { candidates = list }
    }
    return candidates?.contains { pod in
      selector.labels.allSatisfy { pods[pod][$0.key] == $0.value }
    } ?? false
  }
}

extension [any Object] {
  /// Everything that is wrong with the objects, each by itself and all together, in their order, for the newest version.
  package var problems: [Problem] { problems(minor: newestMinor) }

  /// As above, for an API server of version 1.`minor`. What the objects refer to may be elsewhere.
  package func problems(minor: Int) -> [Problem] {
    var all: [Problem] = []
    var set = ManifestSet()
    for (number, object) in enumerated() {
      let (verdict, root) = object.verdict(minor: minor)
      all += verdict?.problems ?? [object.unreadable(minor: minor)]
      if let verdict, let root {
        set.add(root, verdict.object, apiVersion: verdict.apiVersion, number: number)
      }
    }
    return all + set.problems().map(\.problem).filter { $0.severity == .error }
  }
}
