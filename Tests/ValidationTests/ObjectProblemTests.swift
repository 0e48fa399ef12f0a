import Delivery
import Diagnostics
import Kubernetes
import Mapping
import Report
import TestSupport
import Testing
import Validation

/// What the API server checks in each kind, rule by rule. Sources: kubernetes pkg/apis/{apps,batch,core,networking}/validation,
/// apimachinery's `ValidateObjectMeta`.
@Suite struct ObjectProblemTests {
  static let metadataCases: [ProblemCase] = [
    .changed("a capital in a name", "metadata.name", Sample.configMap) {
      $0.metadata.name = ObjectName(unchecked: "Web")
    },
    .changed("a name of 254", "metadata.name", Sample.configMap) {
      $0.metadata.name = Sample.name(254)
    },
    .changed("a dot in a Service's name", "metadata.name", Sample.service) {
      $0.metadata.name = "a.b"
    },
    .changed("a digit before a Service's name", "metadata.name", Sample.service) {
      $0.metadata.name = "1st"
    },
    .changed("a Service's name of 64", "metadata.name", Sample.service) {
      $0.metadata.name = Sample.name(64)
    },
    .changed("a StatefulSet's name of 53", "metadata.name", Sample.statefulSet) {
      $0.metadata.name = Sample.name(53)
    },
    .changed("a CronJob's name of 53", "metadata.name", Sample.cronJob) {
      $0.metadata.name = Sample.name(53)
    },
    .changed("a Job's name of 64", "metadata.name", Sample.job) {
      $0.metadata.name = Sample.name(64)
    },
    .changed("a dot in a namespace", "metadata.name", Sample.namespace) {
      $0.metadata.name = "a.b"
    },
    .changed("a namespace of a PersistentVolume", "metadata.namespace", Sample.volume) {
      $0.metadata.namespace = "shop"
    },
    .changed("a label key with a blank", "metadata.labels", Sample.configMap) {
      $0.metadata.labels = ["a": "b"]
      $0.metadata.labels[LabelKey(unchecked: "a b")] = "c"
    },
    .changed("a Traefik rule as a label", "metadata.labels", Sample.configMap) {
      $0.metadata.labels["rule"] = LabelValue(unchecked: "Host(`a`)")
    },
    .changed("an annotation key with two slashes", "metadata.annotations", Sample.configMap) {
      $0.metadata.annotations[AnnotationKey(unchecked: "a/b/c")] = "d"
    },
    .changed("257 KiB of annotations", "metadata.annotations", Sample.configMap) {
      $0.metadata.annotations["a"] = String(repeating: "a", count: 257 << 10)
    },
    .changed(
      "a profile for a container that is not there", "spec.template.metadata.annotations",
      Sample.deployment
    ) {
      $0.template.metadata.annotations = [
        "container.apparmor.security.beta.kubernetes.io/other": "runtime/default"
      ]
    },
    .changed("more than etcd stores", "", Sample.deployment) {
      $0.template.spec.containers[0].env = [
        EnvironmentVariable("A", String(repeating: "a", count: 3 << 19))
      ]
    },
  ]

  static let workloadCases: [ProblemCase] = [
    .changed("negative replicas", "spec.replicas", Sample.deployment) { $0.replicas = -1 },
    .changed("replicas beyond 32 bits", "spec.replicas", Sample.statefulSet) {
      $0.replicas = 1 << 31
    },
    .changed("a selector of other pods", "spec.selector", Sample.deployment) {
      $0.selector = LabelSelector(matchLabels: ["a": "b"])
    },
    .changed("an empty selector", "spec.selector", Sample.daemonSet) { $0.selector = .init() },
    .changed("no pod fewer and none more", "spec.strategy.rollingUpdate", Sample.deployment) {
      $0.strategy = .rollingUpdate(maxSurge: 0, maxUnavailable: 0)
    },
    .changed(
      "more than all unavailable", "spec.strategy.rollingUpdate.maxUnavailable", Sample.deployment
    ) { $0.strategy = .rollingUpdate(maxSurge: 0, maxUnavailable: .percent(101)) },
    .changed("a deadline before pods count", "spec.progressDeadlineSeconds", Sample.deployment) {
      $0.minReadySeconds = 600
    },
    .changed("both amounts of a DaemonSet", "spec.updateStrategy.rollingUpdate", Sample.daemonSet) {
      $0.updateStrategy = .rollingUpdate(maxSurge: 1, maxUnavailable: 1)
    },
    .changed(
      "surge with a host port", "spec.updateStrategy.rollingUpdate.maxSurge", Sample.daemonSet
    ) {
      $0.updateStrategy = .rollingUpdate(maxSurge: 1, maxUnavailable: 0)
      $0.template.spec.containers[0].ports = [ContainerPort(containerPort: 80, hostPort: 80)]
    },
    .changed("no Service of a StatefulSet", "spec.serviceName", Sample.statefulSet) {
      $0.serviceName = nil
    },
    .changed("a negative first ordinal", "spec.ordinals.start", Sample.statefulSet) {
      $0.ordinalsStart = -1
    },
    .changed(
      "none unavailable", "spec.updateStrategy.rollingUpdate.maxUnavailable", Sample.statefulSet
    ) { $0.updateStrategy = .rollingUpdate(maxUnavailable: 0) },
    .changed(
      "a dot in a claim template's name", "spec.volumeClaimTemplates[0].metadata.name",
      Sample.statefulSet
    ) {
      $0.volumeClaimTemplates = [Sample.claim(named: "my.data")]
      $0.template = Sample.mounting("my.data")
    },
    .changed(
      "a claim template that nothing mounts", "spec.volumeClaimTemplates", Sample.statefulSet
    ) { $0.template = Sample.template },
    .changed("a Job that restarts for ever", "spec.template.spec.restartPolicy", Sample.job) {
      $0.spec.template.spec.restartPolicy = .always
    },
    .changed("negative attempts", "spec.backoffLimit", Sample.job) { $0.spec.backoffLimit = -1 },
    .changed("indices without a number", "spec.completions", Sample.job) {
      $0.spec.completionMode = .indexed
      $0.spec.completions = nil
    },
    .changed("100001 indexed pods at once", "spec.parallelism", Sample.job) {
      $0.spec.completionMode = .indexed
      $0.spec.parallelism = 100_001
    },
    .changed("six fields", "spec.schedule", Sample.cronJob) {
      $0.schedule = Schedule(unchecked: "0 0 3 * * *")
    },
    .changed("the zone in the schedule", "spec.schedule", Sample.cronJob) {
      $0.schedule = Schedule(unchecked: "TZ=UTC 0 3 * * *")
    },
    .changed("hour 24", "spec.schedule", Sample.cronJob) {
      $0.schedule = Schedule(unchecked: "0 24 * * *")
    },
    .changed("an unknown zone", "spec.timeZone", Sample.cronJob) {
      $0.timeZone = "Europe/Atlantis"
    },
    .changed("the server's own zone", "spec.timeZone", Sample.cronJob) { $0.timeZone = "Local" },
    .changed("a negative history", "spec.failedJobsHistoryLimit", Sample.cronJob) {
      $0.failedJobsHistoryLimit = -1
    },
  ]

  static let otherCases: [ProblemCase] = [
    .changed("no port", "spec.ports", Sample.service) { $0.ports = [] },
    .changed("a headless load balancer", "spec.clusterIP", Sample.service) {
      $0.type = .loadBalancer
      $0.clusterIP = .headless
    },
    .changed("two ports without names", "spec.ports[0].name", Sample.service) {
      $0.ports = [ServicePort(port: 80), ServicePort(port: 81)]
    },
    .changed("one port twice", "spec.ports[1]", Sample.service) {
      $0.ports = [ServicePort(name: "a", port: 80), ServicePort(name: "b", port: 80)]
    },
    .changed("one port name twice", "spec.ports[1].name", Sample.service) {
      $0.ports = [ServicePort(name: "a", port: 80), ServicePort(name: "a", port: 81)]
    },
    .changed("a node port out of range", "spec.ports[0].nodePort", Sample.service) {
      $0.type = .nodePort
      $0.ports[0].nodePort = 8080
    },
    .changed("a node port of a ClusterIP", "spec.ports[0].nodePort", Sample.service) {
      $0.ports[0].nodePort = 30080
    },
    .changed("the kubelet's port published", "spec.ports[0].port", Sample.service) {
      $0.type = .loadBalancer
      $0.ports[0].port = 10250
    },
    .changed("traffic policy inside", "spec.externalTrafficPolicy", Sample.service) {
      $0.externalTrafficPolicy = .local
    },
    .changed("no external name", "spec.externalName", Sample.service) { $0.type = .externalName },
    .changed("no access mode", "spec.accessModes", Sample.claim) { $0.accessModes = [] },
    .changed("one pod and others", "spec.accessModes", Sample.claim) {
      $0.accessModes = [.readWriteOncePod, .readWriteMany]
    },
    .changed("nothing asked for", "spec.resources.requests.storage", Sample.claim) {
      $0.storage = "0"
    },
    .changed("more than the limit", "spec.resources.requests.storage", Sample.claim) {
      $0.storageLimit = "1Mi"
    },
    .changed("a class with a capital", "spec.storageClassName", Sample.claim) {
      $0.storageClassName = "Fast"
    },
    .changed("no capacity", "spec.capacity.storage", Sample.volume) { $0.capacity = "0" },
    .changed("no handle", "spec.csi.volumeHandle", Sample.volume) {
      $0.source = .csi(CSIVolume(driver: "smb.csi.k8s.io"))
    },
    .changed("a driver with an underscore", "spec.csi.driver", Sample.volume) {
      $0.source = .csi(CSIVolume(driver: "my_driver", volumeHandle: "x"))
    },
    .changed("a Secret without its namespace", "spec.csi", Sample.volume) {
      $0.source = .csi(
        CSIVolume(
          driver: "smb.csi.k8s.io", volumeHandle: "x", nodeStageSecret: .init(name: "login")))
    },
    .changed("a local path without a node", "spec.nodeAffinity", Sample.volume) {
      $0.source = .local(path: "/srv")
    },
    .changed("a key with a slash", "data", Sample.configMap) { $0.data["a/b"] = "c" },
    .changed("a key of two dots", "data", Sample.configMap) { $0.data[".."] = "c" },
    .changed("a key in both", "binaryData", Sample.configMap) {
      $0.binaryData["site.conf"] = [0xFF]
    },
    .changed("more than 1 MiB", "", Sample.configMap) {
      $0.data["a"] = String(repeating: "a", count: 1 << 20)
    },
    .changed("a certificate without a key", "data", Sample.secret) {
      $0.type = .tls
      $0.data["tls.crt"] = [1]
    },
    .changed("no policy type", "spec.policyTypes", Sample.policy) { $0.policyTypes = [] },
    .changed("rules without their type", "spec.egress", Sample.policy) { $0.egress = [.init()] },
    .changed("a peer that is none", "spec.ingress[0].from", Sample.policy) {
      $0.ingress = [.init(peers: [.pods(nil)])]
    },
    .changed("no CIDR", "spec.ingress[0].from", Sample.policy) {
      $0.ingress = [.init(peers: [.ipBlock(cidr: "10.0.0.0")])]
    },
    .changed("a range that ends before it begins", "spec.ingress[0].ports", Sample.policy) {
      $0.ingress = [.init(ports: [.init(.number(90), .tcp, endPort: 80)])]
    },
    .changed("a range from a name", "spec.ingress[0].ports", Sample.policy) {
      $0.ingress = [.init(ports: [.init(.name("http"), .tcp, endPort: 80)])]
    },
    .changed("neither rule nor default", "spec", Sample.ingress) { $0.rules = [] },
    .changed("an address as a host", "spec.rules[0].host", Sample.ingress) {
      $0.rules[0].host = "10.0.0.1"
    },
    .changed("a wildcard within", "spec.rules[0].host", Sample.ingress) {
      $0.rules[0].host = "a.*.example.com"
    },
    .changed("a relative path", "spec.rules[0].http.paths[0].path", Sample.ingress) {
      $0.rules[0].paths[0].path = "api"
    },
    .changed("two slashes", "spec.rules[0].http.paths[0].path", Sample.ingress) {
      $0.rules[0].paths[0].path = "/a//b"
    },
    .changed("a backend with a dot", "spec.rules[0].http.paths[0].backend", Sample.ingress) {
      $0.rules[0].paths[0].backend.service = "a.b"
    },
    .changed("an ExternalSecret of nothing", "spec.data", Sample.externalSecret) {
      $0.entries = []
    },
    .changed("a key of no Secret", "spec.data[0].secretKey", Sample.externalSecret) {
      $0.entries[0].secretKey = "a/b"
    },
    ProblemCase("an object twice", "", all: [Sample.configMap, Sample.configMap]),
    ProblemCase(
      "a node port of two Services", "spec.ports[0].nodePort", all: [nodePort("a"), nodePort("b")]),
  ]

  private static func nodePort(_ name: ObjectName) -> Service {
    var service = Sample.service
    service.metadata.name = name
    service.type = .nodePort
    service.ports[0].nodePort = 30080
    return service
  }

  @Test(arguments: metadataCases + workloadCases + otherCases)
  func isFound(_ example: ProblemCase) {
    let problems = example.objects.problems(minor: example.minor)
    #expect(
      problems.contains {
        example.path.isEmpty ? $0.path.isEmpty : $0.path.hasPrefix(example.path)
      },
      "found: \(problems.map(\.description))")
  }
}
