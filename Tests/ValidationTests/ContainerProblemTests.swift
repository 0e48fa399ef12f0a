import Delivery
import Kubernetes
import Mapping
import Report
import TestSupport
import Testing
import Validation

/// What the API server checks in containers, rule by rule. Source: kubernetes pkg/apis/core/validation.
@Suite struct ContainerProblemTests {
  static let cases: [ProblemCase] = [
    .container("a name of 64", "name") { $0.name = Sample.name(64) },
    .container("no image", "image") { $0.image = "" },
    .container("a blank before the image", "image") { $0.image = " nginx" },
    .container("a port name of 16", "ports[0].name") {
      $0.ports = [
        ContainerPort(name: PortName(unchecked: "a-name-that-is-16"), containerPort: 80)
      ]
    },
    .container("a port name twice", "ports[1].name") {
      $0.ports = [
        ContainerPort(name: "http", containerPort: 80),
        ContainerPort(name: "http", containerPort: 81),
      ]
    },
    .container("a port twice", "ports[1]") {
      $0.ports = [ContainerPort(containerPort: 80), ContainerPort(containerPort: 80)]
    },
    .container("a host address by name", "ports[0].hostIP") {
      $0.ports = [ContainerPort(containerPort: 80, hostPort: 80, hostIP: "localhost")]
    },
    .container("a variable without a name", "env[0].name") {
      $0.env = [EnvironmentVariable("", "x")]
    },
    .container("a variable name with =", "env[0].name") {
      $0.env = [EnvironmentVariable("a=b", "x")]
    },
    .container("a variable name in Greek", "env[0].name") {
      $0.env = [EnvironmentVariable("λ", "x")]
    },
    .container("a blank in a variable name, before 1.32", "env[0].name", minor: 31) {
      $0.env = [EnvironmentVariable("a b", "x")]
    },
    .container("a digit first in a variable name, before 1.32", "env[0].name", minor: 30) {
      $0.env = [EnvironmentVariable("1ST", "x")]
    },
    .container("a variable twice", "env[1].name") {
      $0.env = [EnvironmentVariable("A", "x"), EnvironmentVariable("A", "y")]
    },
    .container("a field that no variable has", "env[0].valueFrom.fieldRef.fieldPath") {
      $0.env = [EnvironmentVariable("A", from: .fieldRef("spec.hostname"))]
    },
    .container("a label key with a blank", "env[0].valueFrom.fieldRef.fieldPath") {
      $0.env = [EnvironmentVariable("A", from: .fieldRef("metadata.labels['a b']"))]
    },
    .container("a resource that no container has", "env[0].valueFrom.resourceFieldRef.resource") {
      $0.env = [EnvironmentVariable("A", from: .resourceFieldRef("limits.pids"))]
    },
    .container("a key of no Secret", "env[0].valueFrom") {
      $0.env = [EnvironmentVariable("A", from: .secretKeyRef(name: "web", key: "a/b"))]
    },
    .container("a mount over all", "volumeMounts[0].mountPath") {
      $0.volumeMounts = [VolumeMount(name: "data", mountPath: "/")]
    },
    .container("a relative mount", "volumeMounts[0].mountPath") {
      $0.volumeMounts = [VolumeMount(name: "data", mountPath: "data")]
    },
    .container("a mount path with a colon", "volumeMounts[0].mountPath") {
      $0.volumeMounts = [VolumeMount(name: "data", mountPath: "/a:b")]
    },
    .container("two mounts at one path", "volumeMounts[1].mountPath") {
      $0.volumeMounts = [
        VolumeMount(name: "data", mountPath: "/a"), VolumeMount(name: "data", mountPath: "/a"),
      ]
    },
    .container("an absolute subPath", "volumeMounts[0].subPath") {
      $0.volumeMounts = [VolumeMount(name: "data", mountPath: "/a", subPath: "/b")]
    },
    .container("a subPath above", "volumeMounts[0].subPath") {
      $0.volumeMounts = [VolumeMount(name: "data", mountPath: "/a", subPath: "b/../../c")]
    },
    .container("a subPath and an expression", "volumeMounts[0].subPathExpr") {
      $0.volumeMounts = [
        VolumeMount(name: "data", mountPath: "/a", subPath: "b", subPathExpr: "$(A)")
      ]
    },
    .container("mounts for the host", "volumeMounts[0].mountPropagation") {
      $0.volumeMounts = [
        VolumeMount(name: "data", mountPath: "/a", mountPropagation: .bidirectional)
      ]
    },
    .container("a request above the limit", "resources.requests[cpu]") {
      $0.resources = ResourceRequirements(limits: ["cpu": "1"], requests: ["cpu": "2"])
    },
    .container("a GPU's request without a limit", "resources.requests[nvidia.com/gpu]") {
      $0.resources = ResourceRequirements(requests: ["nvidia.com/gpu": "1"])
    },
    .container("a request for fewer GPUs than the limit", "resources.requests[nvidia.com/gpu]") {
      $0.resources = ResourceRequirements(
        limits: ["nvidia.com/gpu": "2"], requests: ["nvidia.com/gpu": "1"])
    },
    .container("half a GPU", "resources.limits[nvidia.com/gpu]") {
      $0.resources = ResourceRequirements(
        limits: ["nvidia.com/gpu": "500m"], requests: ["nvidia.com/gpu": "500m"])
    },
    .container("a resource without a prefix", "resources.limits[gpu]") {
      $0.resources = ResourceRequirements(limits: ["gpu": "1"], requests: ["gpu": "1"])
    },
    .container("negative memory", "resources.limits[memory]") {
      $0.resources = ResourceRequirements(limits: ["memory": "-1"])
    },
    .container("a probe without a command", "livenessProbe.exec.command") {
      $0.livenessProbe = Probe(.exec([]))
    },
    .container("a probe without a path", "readinessProbe.httpGet.path") {
      $0.readinessProbe = Probe(.httpGet(path: "", port: .number(80)))
    },
    .container("a probe of a port that is not there", "startupProbe") {
      $0.startupProbe = Probe(.tcpSocket(port: .name("http")))
    },
    .container("a negative delay", "livenessProbe.initialDelaySeconds") {
      $0.livenessProbe = Probe(.exec(["true"]), initialDelaySeconds: -1)
    },
    .container("a period of 0", "livenessProbe.periodSeconds") {
      $0.livenessProbe = Probe(.exec(["true"]), periodSeconds: 0)
    },
    .container("failures beyond 32 bits", "livenessProbe.failureThreshold") {
      $0.livenessProbe = Probe(.exec(["true"]), failureThreshold: 1 << 31)
    },
    .container("two successes for liveness", "livenessProbe.successThreshold") {
      $0.livenessProbe = Probe(.exec(["true"]), successThreshold: 2)
    },
    .container("grace of a readiness probe", "readinessProbe.terminationGracePeriodSeconds") {
      $0.readinessProbe = Probe(.exec(["true"]), terminationGracePeriodSeconds: 1)
    },
    .container("a stop signal without an os", "lifecycle.stopSignal") {
      $0.lifecycle.stopSignal = "SIGQUIT"
    },
    .pod("a stop signal before 1.33", "containers[0].lifecycle.stopSignal", minor: 32) {
      $0.os = .linux
      $0.containers[0].lifecycle.stopSignal = "SIGQUIT"
    },
    .pod("an unknown stop signal", "containers[0].lifecycle.stopSignal") {
      $0.os = .linux
      $0.containers[0].lifecycle.stopSignal = "SIGNOTHING"
    },
    .pod("SIGQUIT for Windows", "containers[0].lifecycle.stopSignal") {
      $0.os = .windows
      $0.containers[0].lifecycle.stopSignal = "SIGQUIT"
    },
    .container("an unknown capability", "securityContext.capabilities") {
      $0.securityContext.addedCapabilities = ["NET_ADMN"]
    },
    .container("a capability with its prefix", "securityContext.capabilities") {
      $0.securityContext.droppedCapabilities = ["CAP_CHOWN"]
    },
    .container("escalation of a privileged one", "securityContext.allowPrivilegeEscalation") {
      $0.securityContext.privileged = true
      $0.securityContext.allowPrivilegeEscalation = false
    },
    .container("escalation with SYS_ADMIN", "securityContext.allowPrivilegeEscalation") {
      $0.securityContext.addedCapabilities = ["SYS_ADMIN"]
      $0.securityContext.allowPrivilegeEscalation = false
    },
    .container("a user beyond 32 bits", "securityContext.runAsUser") {
      $0.securityContext.runAsUser = 1 << 31
    },
    .container("root that must not be", "securityContext.runAsNonRoot") {
      $0.securityContext.runAsUser = 0
      $0.securityContext.runAsNonRoot = true
    },
    .container("a profile outside of the folder", "securityContext.seccompProfile") {
      $0.securityContext.seccompProfile = .localhost("../x.json")
    },
  ]

  @Test(arguments: cases)
  func isFound(_ example: ProblemCase) {
    let problems = example.objects.problems(minor: example.minor)
    #expect(
      problems.contains { $0.path.hasPrefix(example.path) },
      "found: \(problems.map(\.description))")
  }

  /// What looks odd and is accepted.
  @Test func oddAndGood() {
    var deployment = Sample.deployment
    deployment.template.spec.os = .linux
    deployment.template.spec.volumes = [Volume(name: "data", .emptyDir())]
    var container = deployment.template.spec.containers[0]
    container.env = [
      EnvironmentVariable("1 ST", "x"), EnvironmentVariable("a.b-c", "$(1 ST)"),
      EnvironmentVariable(
        "SLOT", from: .fieldRef("metadata.labels['apps.kubernetes.io/pod-index']")),
    ]
    container.volumeMounts = [VolumeMount(name: "data", mountPath: "C:\\data", subPath: "a/b")]
    container.ports = [
      ContainerPort(containerPort: 53, protocol: .tcp),
      ContainerPort(containerPort: 53, protocol: .udp),
    ]
    container.resources = ResourceRequirements(
      limits: ["cpu": "1m", "memory": "1", "swarm.resource/FPGA_card": "2"],
      requests: ["swarm.resource/FPGA_card": "2"])
    container.lifecycle.stopSignal = "SIGRTMIN+3"
    container.securityContext.addedCapabilities = ["ALL"]
    deployment.template.spec.containers = [container]
    #expect(deployment.problems.map(\.description) == [])
  }
}
