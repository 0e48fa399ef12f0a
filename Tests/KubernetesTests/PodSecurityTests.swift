import Delivery
import Kubernetes
import Mapping
import Swarm
import TestSupport
import Testing
import Validation

/// The controls of the Pod Security Standards, one by one.
@Suite struct PodSecurityTests {
  /// A pod that `restricted` admits.
  private static func pod(_ change: (inout PodSpec) -> Void = { _ in }) -> PodSpec {
    var container = Container(name: "web", image: "web:1")
    container.securityContext.allowPrivilegeEscalation = false
    container.securityContext.droppedCapabilities = ["ALL"]
    container.securityContext.addedCapabilities = ["NET_BIND_SERVICE"]
    var pod = PodSpec(containers: [container])
    pod.securityContext.runAsNonRoot = true
    pod.securityContext.seccompProfile = .runtimeDefault
    change(&pod)
    return pod
  }

  private static func rating(
    version: Int = 36, _ change: (inout PodSpec) -> Void
  ) -> PodSecurityRating {
    PodSecurityRating(pod(change), version: version)
  }

  @Test func restrictedAdmits() {
    let rating = Self.rating { _ in }
    #expect(rating.level == .restricted)
    #expect(rating.misses == [])
  }

  typealias Change = @Sendable (inout PodSpec) -> Void

  private static let baseline: [(String, Change)] = [
    ("Privileged Containers", { $0.containers[0].securityContext.privileged = true }),
    ("Capabilities", { $0.containers[0].securityContext.addedCapabilities = ["NET_ADMIN"] }),
    ("Host Namespaces", { $0.hostNetwork = true }),
    ("Host Namespaces", { $0.hostPID = true }),
    ("Host Namespaces", { $0.hostIPC = true }),
    ("Host Ports", { $0.containers[0].ports = [.init(containerPort: 80, hostPort: 80)] }),
    ("Seccomp", { $0.securityContext.seccompProfile = .unconfined }),
    ("Seccomp", { $0.containers[0].securityContext.seccompProfile = .unconfined }),
    ("Sysctls", { $0.securityContext.sysctls = [.init(name: "net.core.somaxconn", value: "1")] }),
    ("HostProcess", { $0.securityContext.windowsOptions = .init(hostProcess: true) }),
    (
      "Host Probes / Lifecycle Hooks",
      { $0.containers[0].livenessProbe = Probe(.tcpSocket(port: .number(80), host: "example.com")) }
    ),
  ]

  @Test(arguments: baseline.indices)
  func privilegedOnly(_ index: Int) {
    let (control, change) = Self.baseline[index]
    let rating = Self.rating(change)
    #expect(rating.level == .privileged, "\(control)")
    #expect(rating.misses.filter { $0.level == .baseline }.map(\.control) == [control])
  }

  private static let restricted: [(String, Change)] = [
    ("Privilege Escalation", { $0.containers[0].securityContext.allowPrivilegeEscalation = nil }),
    ("Running as Non-root", { $0.securityContext.runAsNonRoot = nil }),
    ("Running as Non-root user", { $0.containers[0].securityContext.runAsUser = 0 }),
    ("Seccomp", { $0.securityContext.seccompProfile = nil }),
    ("Capabilities", { $0.containers[0].securityContext.droppedCapabilities = ["CHOWN"] }),
    ("Capabilities", { $0.containers[0].securityContext.addedCapabilities = ["CHOWN"] }),
  ]

  @Test(arguments: restricted.indices)
  func baselineOnly(_ index: Int) {
    let (control, change) = Self.restricted[index]
    let rating = Self.rating(change)
    #expect(rating.level == .baseline, "\(control)")
    #expect(rating.misses.map(\.control) == [control])
  }

  @Test func everyContainerCounts() {
    let rating = Self.rating { pod in
      pod.initContainers = [Container(name: "prepare", image: "busybox:1")]
    }
    #expect(rating.level == .baseline)
    #expect(
      rating.misses.map(\.reason) == [
        "allowPrivilegeEscalation is not false (container prepare)",
        "capabilities do not drop ALL (container prepare)",
      ])
  }

  @Test func sysctlsBecomeSafeWithTime() {
    let change: Change = {
      $0.securityContext.sysctls = [.init(name: "net.ipv4.tcp_rmem", value: "4096")]
    }
    #expect(Self.rating(version: 31, change).level == .privileged)
    #expect(Self.rating(version: 32, change).level == .restricted)
  }
}
