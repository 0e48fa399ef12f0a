import Basics
internal import Diagnostics
package import Kubernetes
package import YAML

/// What is wrong with one manifest, whoever wrote it.
package struct ManifestVerdict: Sendable {
  package let object: ObjectReference
  package let apiVersion: String
  package private(set) var problems: [Problem]
  /// How much is known of its kind.
  package let knowledge: Knowledge

  package enum Knowledge: Sendable {
    /// Fields and rules.
    case full
    /// A custom kind that stackferry writes: rules for the fields that it writes.
    case rules
    case nothing
  }

  /// nil for a document that is no object: no mapping, or without `apiVersion` and `kind`.
  ///
  /// - Parameter size: Bytes of the whole manifest, where they are known.
  package init?(_ root: Node, minor: Int, size: Int? = nil) {
    let manifest = Field(root: root)
    guard let apiVersion = manifest.text("apiVersion"), let kind = manifest.text("kind"),
      !apiVersion.isEmpty, !kind.isEmpty
    else { return nil }
    let metadata = manifest["metadata"]
    object = ObjectReference(
      kind: kind, name: metadata?.text("name") ?? metadata?.text("generateName") ?? "",
      namespace: metadata?.text("namespace"))
    self.apiVersion = apiVersion
    var found = ProblemList(object, minor: minor)
    let schema = Schema.kubernetes
    if let known = schema.kind(apiVersion, kind) {
      knowledge = .full
      found.expect(
        known.versions.contains(minor),
        known.versions.lowerBound > minor ? .newerVersion : .removedAPI,
        at: manifest.at("apiVersion"), Self.outside(known, minor))
      if known.versions.contains(minor) {
        found.checkFields(of: manifest, schema.types[known.type], schema)
      }
    } else if let removed = RemovedAPI.find(apiVersion, kind) {
      knowledge = .nothing
      found.add(
        .removedAPI, at: manifest.at("apiVersion"),
        "\(apiVersion) \(kind) is gone since Kubernetes 1.\(removed.minor)",
        hint: removed.hint)
    } else if let others = schema.kinds[kind], RemovedAPI.isBuiltIn(apiVersion) {
      knowledge = .nothing
      found.add(
        .value, at: manifest.at("apiVersion"), "there is no \(kind) in \(apiVersion)",
        hint: "it is in \(others.map(\.apiVersion).sorted().joined(separator: ", "))")
    } else if RemovedAPI.isBuiltIn(apiVersion),
      let near = nearest(kind, among: schema.names(in: apiVersion))
    {
      knowledge = .nothing
      found.add(
        .value, at: manifest.at("kind"), "there is no kind \(kind) in \(apiVersion)",
        hint: "did you mean \(near)?")
    } else {
      knowledge = CustomKind.isKnown(apiVersion, kind) ? .rules : .nothing
    }
    found.checkMetadata(of: manifest, kind: knowledge == .full ? kind : "")
    if let size, kind != "ConfigMap", kind != "Secret" {
      // etcd's default limit of a request. What a ConfigMap or Secret holds is measured by itself.
      found.expect(
        size <= 3 << 19, .size, at: Field.Spot(place: .root, mark: root.mark, length: 0),
        "\(size) bytes are more than etcd stores in one object")
    }
    found.checkRules(of: manifest, apiVersion, kind)
    problems = found.problems
  }

  private static func outside(_ kind: Schema.Kind, _ minor: Int) -> String {
    kind.versions.lowerBound > minor
      ? "\(kind.apiVersion) \(kind.kind) is there from 1.\(kind.versions.lowerBound) on; the target is 1.\(minor)"
      : "\(kind.apiVersion) \(kind.kind) is gone since Kubernetes 1.\(kind.versions.upperBound)"
  }
}

extension Schema {
  /// The kinds of an API version.
  package func names(in apiVersion: String) -> [String] {
    kinds.values.joined().filter { $0.apiVersion == apiVersion }.map(\.kind).sorted()
  }
}

extension ProblemList {
  /// Kinds that no server takes without a spec, although the schemas do not ask for it.
  private static let kindsWithSpec: Set<String> = [
    "Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "Pod", "Job", "CronJob", "Service",
    "PersistentVolume", "PersistentVolumeClaim", "Ingress", "HorizontalPodAutoscaler",
  ]

  /// What the server checks in code, kind by kind.
  package mutating func checkRules(of manifest: Field, _ apiVersion: String, _ kind: String) {
    let spec = manifest["spec"]
    if spec == nil, Self.kindsWithSpec.contains(kind),
      Schema.kubernetes.kind(apiVersion, kind) != nil
    {
      add(.missingField, at: manifest.at("spec"), "spec is missing")
    }
    switch (apiVersion, kind) {
    case ("apps/v1", "Deployment"): if let spec { checkDeployment(spec) }
    case ("apps/v1", "DaemonSet"): if let spec { checkDaemonSet(spec) }
    case ("apps/v1", "StatefulSet"): if let spec { checkStatefulSet(spec) }
    case ("apps/v1", "ReplicaSet"): if let spec { checkReplicaSet(spec) }
    case ("v1", "ReplicationController"): if let spec { checkReplicationController(spec) }
    case ("v1", "Pod"):
      if let spec { checkPod(spec, restart: ["Always", "OnFailure", "Never"], isTemplate: false) }
    case ("v1", "PodTemplate"):
      if let template = manifest["template"] { checkTemplate(template, restart: nil) }
    case ("batch/v1", "Job"): if let spec { checkJob(spec, named: object.name, in: manifest) }
    case ("batch/v1", "CronJob"): if let spec { checkCronJob(spec, in: manifest) }
    case ("v1", "Service"): if let spec { checkService(spec) }
    case ("v1", "ConfigMap"): checkConfigMap(manifest)
    case ("v1", "Secret"): checkSecret(manifest)
    case ("v1", "PersistentVolume"): if let spec { checkVolume(spec) }
    case ("v1", "PersistentVolumeClaim"): if let spec { checkClaim(spec) }
    case ("storage.k8s.io/v1", "StorageClass"): checkStorageClass(manifest)
    case ("networking.k8s.io/v1", "NetworkPolicy"): if let spec { checkNetworkPolicy(spec) }
    case ("networking.k8s.io/v1", "Ingress"): if let spec { checkIngress(spec) }
    case ("autoscaling/v1", "HorizontalPodAutoscaler"),
      ("autoscaling/v2", "HorizontalPodAutoscaler"):
      if let spec { checkAutoscaler(spec) }
    case ("policy/v1", "PodDisruptionBudget"): if let spec { checkBudget(spec) }
    case ("v1", "ResourceQuota"): if let spec { checkQuota(spec) }
    case ("v1", "LimitRange"): if let spec { checkLimitRange(spec) }
    case ("scheduling.k8s.io/v1", "PriorityClass"): checkPriorityClass(manifest)
    case ("rbac.authorization.k8s.io/v1", "Role"), ("rbac.authorization.k8s.io/v1", "ClusterRole"):
      checkRole(manifest, isCluster: kind == "ClusterRole")
    case ("rbac.authorization.k8s.io/v1", "RoleBinding"),
      ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"):
      checkBinding(manifest, isCluster: kind == "ClusterRoleBinding")
    default: checkCustom(manifest, apiVersion, kind)
    }
  }
}
