import Delivery
import Diagnostics
import Kubernetes
import Mapping
import Report
import TestSupport
import Testing
import Validation
import YAML

/// What the API server checks in pods, rule by rule. Sources: kubernetes pkg/apis/core/validation, and in `Problems/` beside
/// each rule.
@Suite struct PodProblemTests {
  private static let required = "requiredDuringSchedulingIgnoredDuringExecution"
  private static let preferred = "preferredDuringSchedulingIgnoredDuringExecution"
  private static let term = "affinity.nodeAffinity.\(required).nodeSelectorTerms[0]"

  static let podCases: [ProblemCase] = [
    .pod("no container", "containers") { $0.containers = [] },
    .pod("two containers of one name", "containers[1].name") {
      $0.containers.append($0.containers[0])
    },
    .pod("a restart policy of Jobs", "restartPolicy") { $0.restartPolicy = .never },
    .pod("negative grace", "terminationGracePeriodSeconds") {
      $0.terminationGracePeriodSeconds = -1
    },
    .pod("a deadline outside of a Job", "activeDeadlineSeconds") { $0.activeDeadlineSeconds = 10 },
    .pod("a probe of an init container", "initContainers[0]") {
      var container = Container(name: "first", image: "busybox:1.36")
      container.livenessProbe = Probe(.exec(["true"]))
      $0.initContainers = [container]
    },
    .pod("a host name with a dot", "hostname") { $0.hostname = ObjectName(unchecked: "a.b") },
    .pod("a host name of 64", "hostname") { $0.hostname = Sample.name(64) },
    .pod("no address in an alias", "hostAliases[0].ip") {
      $0.hostAliases = [HostAlias(ip: "10.0.0", hostnames: ["db"])]
    },
    .pod("a leading zero in an address", "hostAliases[0].ip") {
      $0.hostAliases = [HostAlias(ip: "10.0.0.01", hostnames: ["db"])]
    },
    .pod("IPv4 in IPv6", "hostAliases[0].ip") {
      $0.hostAliases = [HostAlias(ip: "::ffff:10.0.0.1", hostnames: ["db"])]
    },
    .pod("an underscore in an alias", "hostAliases[0].hostnames") {
      $0.hostAliases = [HostAlias(ip: "10.0.0.1", hostnames: ["old_db"])]
    },
    .pod("four name servers", "dnsConfig.nameservers") {
      $0.dnsConfig = DNSConfig(nameservers: ["1.1.1.1", "1.0.0.1", "8.8.8.8", "8.8.4.4"])
    },
    .pod("a name server by name", "dnsConfig.nameservers") {
      $0.dnsConfig = DNSConfig(nameservers: ["dns.example.com"])
    },
    .pod("None without a server", "dnsConfig.nameservers") {
      $0.dnsPolicy = PodSpec.DNSPolicy.none
    },
    .pod("33 search domains", "dnsConfig.searches") {
      $0.dnsConfig = DNSConfig(searches: (0..<33).map { "s\($0).example.com" })
    },
    .pod("search domains of more than 2048 characters", "dnsConfig.searches") {
      $0.dnsConfig = DNSConfig(
        searches: (0..<10).map { "s\($0)." + String(repeating: "a", count: 240) })
    },
    .pod("an underscore in a search domain", "dnsConfig.searches") {
      $0.dnsConfig = DNSConfig(searches: ["bad_name"])
    },
    .pod("an option without a name", "dnsConfig.options") {
      $0.dnsConfig = DNSConfig(options: [.init(name: "")])
    },
    .pod("process ids of the host, and shared", "shareProcessNamespace") {
      $0.hostPID = true
      $0.shareProcessNamespace = true
    },
    .pod("one host port twice", "containers[0].ports[1].hostPort") {
      $0.containers[0].ports = [
        ContainerPort(containerPort: 80, hostPort: 8080),
        ContainerPort(containerPort: 81, hostPort: 8080),
      ]
    },
    .pod("another host port on the host's network", "containers[0].ports[0].hostPort") {
      $0.hostNetwork = true
      $0.containers[0].ports = [ContainerPort(containerPort: 80, hostPort: 8080)]
    },
    .pod("Windows options in a pod of Linux", "securityContext.windowsOptions") {
      $0.os = .linux
      $0.securityContext.windowsOptions = WindowsOptions(gmsaCredentialSpecName: "web")
    },
    .pod("sysctls in a pod of Windows", "securityContext") {
      $0.os = .windows
      $0.securityContext.sysctls = [.init(name: "net.core.somaxconn", value: "1024")]
    },
    .pod("a user in a container of Windows", "containers[0].securityContext") {
      $0.os = .windows
      $0.containers[0].securityContext.runAsUser = 1000
    },
    .pod("a sysctl with a capital", "securityContext.sysctls") {
      $0.securityContext.sysctls = [.init(name: "Net.core.somaxconn", value: "1")]
    },
    .pod("a sysctl twice", "securityContext.sysctls") {
      $0.securityContext.sysctls = [
        .init(name: "net.core.somaxconn", value: "1"),
        .init(name: "net/core/somaxconn", value: "2"),
      ]
    },
    .pod("a network sysctl on the host's network", "securityContext.sysctls") {
      $0.hostNetwork = true
      $0.securityContext.sysctls = [.init(name: "net.core.somaxconn", value: "1")]
    },
    .pod("a group beyond 32 bits", "securityContext.fsGroup") {
      $0.securityContext.fsGroup = 1 << 31
    },
  ]

  static let schedulingCases: [ProblemCase] = [
    .pod("a term that demands nothing", "\(term)") {
      $0.affinity = Affinity(requiredNodeTerms: [NodeSelectorTerm([])])
    },
    .pod("In without values", "\(term).matchExpressions[0].values") {
      $0.affinity = Affinity(requiredNodeTerms: [NodeSelectorTerm([.init("disk", .isIn)])])
    },
    .pod("Exists with a value", "\(term).matchExpressions[0].values") {
      $0.affinity = Affinity(
        requiredNodeTerms: [NodeSelectorTerm([.init("disk", .exists, ["ssd"])])])
    },
    .pod("Gt of a word", "\(term).matchExpressions[0].values") {
      $0.affinity = Affinity(
        requiredNodeTerms: [NodeSelectorTerm([.init("disk", .isGreaterThan, ["ssd"])])])
    },
    .pod("a label value of 64", "\(term).matchExpressions[0].values") {
      let value = LabelValue(unchecked: String(repeating: "a", count: 64))
      $0.affinity = Affinity(requiredNodeTerms: [NodeSelectorTerm([.init("disk", .isIn, [value])])])
    },
    .pod("a weight of 0", "affinity.nodeAffinity.\(preferred)[0].weight") {
      $0.affinity = Affinity(
        preferredNodes: [.init(weight: 0, NodeSelectorTerm([.init("disk", .exists)]))])
    },
    .pod("no topology key", "affinity.podAntiAffinity.\(required)[0].topologyKey") {
      $0.affinity = Affinity(
        requiredPodAntiAffinity: [
          PodAffinityTerm(labelSelector: Sample.selector, topologyKey: LabelKey(unchecked: ""))
        ])
    },
    .pod("a toleration without key and Exists", "tolerations[0].operator") {
      $0.tolerations = [Toleration(operator: .equal)]
    },
    .pod("Exists with a value", "tolerations[0].value") {
      $0.tolerations = [Toleration(key: "a", operator: .exists, value: "b")]
    },
    .pod("seconds of tolerating NoSchedule", "tolerations[0].effect") {
      $0.tolerations = [
        Toleration(key: "a", operator: .exists, effect: .noSchedule, tolerationSeconds: 1)
      ]
    },
    .pod("a skew of 0", "topologySpreadConstraints[0].maxSkew") {
      $0.topologySpreadConstraints = [
        TopologySpreadConstraint(
          maxSkew: 0, topologyKey: "zone", whenUnsatisfiable: .scheduleAnyway)
      ]
    },
    .pod("domains for ScheduleAnyway", "topologySpreadConstraints[0].minDomains") {
      $0.topologySpreadConstraints = [
        TopologySpreadConstraint(
          maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: .scheduleAnyway, minDomains: 2)
      ]
    },
    .pod("keys without a selector", "topologySpreadConstraints[0].matchLabelKeys") {
      $0.topologySpreadConstraints = [
        TopologySpreadConstraint(
          maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: .doNotSchedule,
          matchLabelKeys: ["pod-template-hash"])
      ]
    },
    .pod("one topology twice", "topologySpreadConstraints[1]") {
      let constraint = TopologySpreadConstraint(
        maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: .scheduleAnyway)
      $0.topologySpreadConstraints = [constraint, constraint]
    },
  ]

  static let volumeCases: [ProblemCase] = [
    .pod("a volume that nothing mounts", "volumes[0]") {
      $0.volumes = [Volume(name: "data", .emptyDir())]
    },
    .pod("two volumes of one name", "volumes[1].name") {
      $0.volumes = [Volume(name: "data", .emptyDir()), Volume(name: "data", .emptyDir())]
      $0.containers[0].volumeMounts = [VolumeMount(name: "data", mountPath: "/data")]
    },
    .pod("a dot in a volume's name", "volumes[0].name") {
      $0.volumes = [Volume(name: "my.data", .emptyDir())]
    },
    .pod("a mount of nothing", "containers[0].volumeMounts[0].name") {
      $0.containers[0].volumeMounts = [VolumeMount(name: "data", mountPath: "/data")]
    },
    volume("a file mode beyond 0777", "configMap.defaultMode") {
      .configMap(ConfigMapVolume(name: "web", defaultMode: 0o1777))
    },
    volume("an item's key with a slash", "secret.items") {
      .secret(SecretVolume(name: "web", items: [KeyToPath(key: "a/b", path: "b")]))
    },
    volume("an item outside of the volume", "configMap.items") {
      .configMap(ConfigMapVolume(name: "web", items: [KeyToPath(key: "a", path: "../b")]))
    },
    volume("an item that begins with two dots", "configMap.items") {
      .configMap(ConfigMapVolume(name: "web", items: [KeyToPath(key: "a", path: "..b")]))
    },
    volume("one path of two sources", "projected.sources[1]") {
      .projected(sources: [
        .secret(name: "a", items: [KeyToPath(key: "k", path: "same")]),
        .configMap(name: "b", items: [KeyToPath(key: "k", path: "same")]),
      ])
    },
    volume("no name of a ConfigMap", "configMap.name") {
      .configMap(ConfigMapVolume(name: ObjectName(unchecked: "")))
    },
    volume("a folder above", "hostPath.path") { .hostPath(HostPath("/srv/../etc")) },
    volume("a negative size", "emptyDir.sizeLimit") {
      .emptyDir(medium: .memory, sizeLimit: Quantity(bytes: -1))
    },
    volume("no server", "nfs.server") { .nfs(NFSVolume(server: "", path: "/export")) },
    volume("a relative export", "nfs.path") { .nfs(NFSVolume(server: "nas", path: "export")) },
    volume("a field that no file has", "downwardAPI.items") {
      .downwardAPI(items: [DownwardAPIItem(path: "a", fieldPath: "spec.nodeName")])
    },
    volume("a handle in a pod", "csi") {
      .csi(CSIVolume(driver: "smb.csi.k8s.io", volumeHandle: "x"))
    },
  ]

  private static func volume(
    _ what: String, _ path: String, _ source: () -> Volume.Source
  ) -> ProblemCase {
    .pod(what, "volumes[0].\(path)") {
      $0.volumes = [Volume(name: "data", source())]
      $0.containers[0].volumeMounts = [VolumeMount(name: "data", mountPath: "/data")]
    }
  }

  @Test(arguments: podCases + schedulingCases + volumeCases)
  func isFound(_ example: ProblemCase) {
    let problems = example.objects.problems(minor: example.minor)
    #expect(
      problems.contains { $0.path.hasPrefix(example.path) },
      "found: \(problems.map(\.description))")
  }

  /// The objects that the cases spoil are sound themselves.
  @Test(arguments: [30, 31, 32, 33, 34, 35, 36])
  func soundObjectsHaveNone(_ minor: Int) {
    #expect(Sample.all.problems(minor: minor).map(\.description) == [])
  }
}
