package import YAML

/// What a pod runs, where, and with what.
package struct PodSpec: Sendable, Writable {
  package var containers: [Container]
  package var initContainers: [Container] = []
  package var imagePullSecrets: [ObjectName] = []
  package var enableServiceLinks: Bool?
  /// `linux` or `windows`; `lifecycle.stopSignal` asks for it.
  package var os: OperatingSystem?
  package var volumes: [Volume] = []
  package var nodeSelector: Labels = [:]
  package var affinity: Affinity?
  package var tolerations: [Toleration] = []
  package var runtimeClassName: ObjectName?
  package var priorityClassName: ObjectName?
  package var topologySpreadConstraints: [TopologySpreadConstraint] = []
  package var restartPolicy: RestartPolicy?
  package var terminationGracePeriodSeconds: Int?
  package var activeDeadlineSeconds: Int?
  package var hostname: ObjectName?
  package var subdomain: ObjectName?
  package var hostAliases: [HostAlias] = []
  package var dnsConfig: DNSConfig?
  package var dnsPolicy: DNSPolicy?
  package var hostNetwork: Bool?
  package var hostPID: Bool?
  package var hostIPC: Bool?
  package var shareProcessNamespace: Bool?
  package var serviceAccountName: ObjectName?
  package var automountServiceAccountToken: Bool?
  package var securityContext = PodSecurityContext()

  /// A pod of these containers; everything else is set by its field.
  package init(containers: [Container]) {
    self.containers = containers
  }

  package enum OperatingSystem: String, Sendable {
    case linux, windows
  }

  package enum RestartPolicy: String, Sendable {
    case always = "Always"
    case onFailure = "OnFailure"
    case never = "Never"
  }

  package enum DNSPolicy: String, Sendable {
    case clusterFirst = "ClusterFirst"
    case clusterFirstWithHostNet = "ClusterFirstWithHostNet"
    case `default` = "Default"
    case none = "None"
  }

  package func write(to w: inout Writer) {
    w.list("containers", containers)
    w.list("initContainers", initContainers)
    w.list("imagePullSecrets", imagePullSecrets) { name, w in w.field("name", name) }
    w.field("enableServiceLinks", enableServiceLinks)
    w.field("os") { $0.field("name", os) }
    w.list("volumes", volumes)
    w.field("nodeSelector", nodeSelector)
    w.field("affinity", affinity)
    w.list("tolerations", tolerations)
    w.field("runtimeClassName", runtimeClassName)
    w.field("priorityClassName", priorityClassName)
    w.list("topologySpreadConstraints", topologySpreadConstraints)
    w.field("restartPolicy", restartPolicy)
    w.field("terminationGracePeriodSeconds", terminationGracePeriodSeconds)
    w.field("activeDeadlineSeconds", activeDeadlineSeconds)
    w.field("hostname", hostname)
    w.field("subdomain", subdomain)
    w.list("hostAliases", hostAliases)
    w.field("dnsConfig", dnsConfig)
    w.field("dnsPolicy", dnsPolicy)
    w.field("hostNetwork", hostNetwork)
    w.field("hostPID", hostPID)
    w.field("hostIPC", hostIPC)
    w.field("shareProcessNamespace", shareProcessNamespace)
    w.field("serviceAccountName", serviceAccountName)
    w.field("automountServiceAccountToken", automountServiceAccountToken)
    w.field("securityContext", securityContext)
  }
}
