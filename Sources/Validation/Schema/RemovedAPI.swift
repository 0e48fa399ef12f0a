import Kubernetes

/// API versions that were served once.
///
/// Source: kubernetes.io, "Deprecated API Migration Guide".
package struct RemovedAPI {
  package let minor: Int
  package let hint: String

  package static func find(_ apiVersion: String, _ kind: String) -> RemovedAPI? {
    guard let row = rows.first(where: { $0.api == apiVersion && $0.kinds.contains(kind) }) else {
      return nil
    }
    return RemovedAPI(
      minor: row.minor,
      hint: row.now.isEmpty
        ? "nothing took its place\(row.kinds == ["PodSecurityPolicy"] ? " but Pod Security admission, by labels of the Namespace" : "")"
        : "write apiVersion: \(row.now)\(row.note.isEmpty ? "" : "; \(row.note)")")
  }

  /// Whether a group is Kubernetes' own, of which every kind is known.
  package static func isBuiltIn(_ apiVersion: String) -> Bool {
    guard let slash = apiVersion.firstIndex(of: "/") else { return true }
    let group = String(apiVersion[..<slash])
    return groups.contains(group)
  }

  private static let groups: Set<String> = [
    "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "apps",
    "authentication.k8s.io", "authorization.k8s.io", "autoscaling", "batch",
    "certificates.k8s.io", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io",
    "extensions", "flowcontrol.apiserver.k8s.io", "networking.k8s.io", "node.k8s.io", "policy",
    "rbac.authorization.k8s.io", "scheduling.k8s.io", "storage.k8s.io",
  ]

  private static let rows: [(api: String, kinds: [String], minor: Int, now: String, note: String)] =
    [
      (
        "extensions/v1beta1", ["Deployment", "DaemonSet", "ReplicaSet"], 16, "apps/v1",
        "spec.selector is required there"
      ),
      (
        "apps/v1beta1", ["Deployment", "StatefulSet"], 16, "apps/v1",
        "spec.selector is required there"
      ),
      (
        "apps/v1beta2", ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"], 16, "apps/v1", ""
      ),
      ("extensions/v1beta1", ["NetworkPolicy"], 16, "networking.k8s.io/v1", ""),
      (
        "extensions/v1beta1", ["Ingress"], 22, "networking.k8s.io/v1",
        "backends are service.name and service.port there, and each path has a pathType"
      ),
      (
        "networking.k8s.io/v1beta1", ["Ingress"], 22, "networking.k8s.io/v1",
        "backends are service.name and service.port there, and each path has a pathType"
      ),
      ("networking.k8s.io/v1beta1", ["IngressClass"], 22, "networking.k8s.io/v1", ""),
      ("batch/v1beta1", ["CronJob"], 25, "batch/v1", ""),
      ("batch/v2alpha1", ["CronJob"], 21, "batch/v1", ""),
      (
        "policy/v1beta1", ["PodDisruptionBudget"], 25, "policy/v1",
        "an empty selector chooses every pod of the namespace there"
      ),
      ("policy/v1beta1", ["PodSecurityPolicy"], 25, "", ""),
      ("extensions/v1beta1", ["PodSecurityPolicy"], 16, "", ""),
      (
        "autoscaling/v2beta1", ["HorizontalPodAutoscaler"], 25, "autoscaling/v2",
        "metrics have a target there"
      ),
      ("autoscaling/v2beta2", ["HorizontalPodAutoscaler"], 26, "autoscaling/v2", ""),
      (
        "rbac.authorization.k8s.io/v1beta1",
        ["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"], 22,
        "rbac.authorization.k8s.io/v1", ""
      ),
      (
        "rbac.authorization.k8s.io/v1alpha1",
        ["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"], 22,
        "rbac.authorization.k8s.io/v1", ""
      ),
      ("scheduling.k8s.io/v1beta1", ["PriorityClass"], 22, "scheduling.k8s.io/v1", ""),
      ("scheduling.k8s.io/v1alpha1", ["PriorityClass"], 17, "scheduling.k8s.io/v1", ""),
      (
        "storage.k8s.io/v1beta1", ["StorageClass", "CSIDriver", "CSINode", "VolumeAttachment"], 22,
        "storage.k8s.io/v1", ""
      ),
      ("storage.k8s.io/v1beta1", ["CSIStorageCapacity"], 27, "storage.k8s.io/v1", ""),
      (
        "apiextensions.k8s.io/v1beta1", ["CustomResourceDefinition"], 22, "apiextensions.k8s.io/v1",
        "each version has a schema there"
      ),
      ("apiregistration.k8s.io/v1beta1", ["APIService"], 22, "apiregistration.k8s.io/v1", ""),
      (
        "admissionregistration.k8s.io/v1beta1",
        ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"], 22,
        "admissionregistration.k8s.io/v1", ""
      ),
      (
        "certificates.k8s.io/v1beta1", ["CertificateSigningRequest"], 22, "certificates.k8s.io/v1",
        ""
      ),
      ("coordination.k8s.io/v1beta1", ["Lease"], 22, "coordination.k8s.io/v1", ""),
      ("discovery.k8s.io/v1beta1", ["EndpointSlice"], 25, "discovery.k8s.io/v1", ""),
      ("events.k8s.io/v1beta1", ["Event"], 25, "events.k8s.io/v1", ""),
      ("node.k8s.io/v1beta1", ["RuntimeClass"], 25, "node.k8s.io/v1", ""),
      (
        "flowcontrol.apiserver.k8s.io/v1beta1", ["FlowSchema", "PriorityLevelConfiguration"], 26,
        "flowcontrol.apiserver.k8s.io/v1", ""
      ),
      (
        "flowcontrol.apiserver.k8s.io/v1beta2", ["FlowSchema", "PriorityLevelConfiguration"], 29,
        "flowcontrol.apiserver.k8s.io/v1", ""
      ),
    ]
}
