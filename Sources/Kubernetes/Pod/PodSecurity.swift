/// A pod's place among the Pod Security Standards, with the reason for each step that it misses.
///
/// Source: kubernetes.io/docs/concepts/security/pod-security-standards, k8s.io/pod-security-admission `policy/check_*.go`.
/// Fields that these pods never have (AppArmor, SELinux, `procMount`, lifecycle hooks that call a host) are not looked at:
/// leaving them out is what the standards ask for.
package struct PodSecurityRating: Hashable, Sendable {
  /// From open to strict.
  package enum Level: String, Sendable, Comparable, CaseIterable {
    case privileged, baseline, restricted

    package static func < (left: Self, right: Self) -> Bool {
      left.rank < right.rank
    }

    private var rank: Int {
      switch self {
      case .privileged: 0
      case .baseline: 1
      case .restricted: 2
      }
    }
  }

  /// Something that keeps a pod from a level.
  package struct Miss: Hashable, Sendable {
    /// The level that the pod misses by it; `baseline` stands for both.
    package let level: Level
    /// The standard's own name for the control: `Host Namespaces`.
    package let control: String
    /// The field and its value, or what is missing.
    package let reason: String
  }

  package let misses: [Miss]

  /// The strictest level that admits the pod.
  package var level: Level {
    if misses.isEmpty { return .restricted }
    return misses.contains { $0.level == .baseline } ? .privileged : .baseline
  }

  /// `version` is the minor version of Kubernetes whose standards count: 36 of 1.36.
  package init(_ pod: PodSpec, version: Int) {
    var check = Check(pod: pod, version: version)
    check.baseline()
    check.restricted()
    misses = check.misses
  }

  private struct Check {
    let pod: PodSpec
    let version: Int
    var misses: [Miss] = []

    private var containers: [Container] { pod.initContainers + pod.containers }

    private mutating func miss(_ level: Level, _ control: String, _ reason: String) {
      misses.append(Miss(level: level, control: control, reason: reason))
    }

    /// Names the containers where there are several, and not all of them are meant.
    private func place(_ container: Container) -> String {
      containers.count == 1 ? "" : " (container \(container.name))"
    }

    // MARK: Baseline

    mutating func baseline() {
      for container in containers {
        let context = container.securityContext
        let place = place(container)
        if (context.windowsOptions ?? pod.securityContext.windowsOptions)?.hostProcess == true {
          miss(.baseline, "HostProcess", "hostProcess is true\(place)")
        }
        if context.privileged == true {
          miss(.baseline, "Privileged Containers", "privileged is true\(place)")
        }
        let beyond = context.addedCapabilities.filter { !Self.baselineCapabilities.contains($0) }
        if !beyond.isEmpty {
          miss(
            .baseline, "Capabilities", "adds \(beyond.joined(separator: ", "))\(place)")
        }
        let ports = container.ports.compactMap(\.hostPort)
        if !ports.isEmpty {
          let list = ports.map(\.description).joined(separator: ", ")
          miss(.baseline, "Host Ports", "takes port \(list) of the node\(place)")
        }
        if context.seccompProfile == .unconfined {
          miss(.baseline, "Seccomp", "seccompProfile is Unconfined\(place)")
        }
        let probes = [container.livenessProbe, container.readinessProbe, container.startupProbe]
        if version >= 34, probes.contains(where: { Self.host($0) != nil }) {
          miss(.baseline, "Host Probes / Lifecycle Hooks", "a probe names a host\(place)")
        }
      }
      for (name, value) in [
        ("hostNetwork", pod.hostNetwork), ("hostPID", pod.hostPID), ("hostIPC", pod.hostIPC),
      ] where value == true {
        miss(.baseline, "Host Namespaces", "\(name) is true")
      }
      for volume in pod.volumes {
        if case .hostPath(let path) = volume.source {
          miss(.baseline, "HostPath Volumes", "mounts \(path.path) of the node")
        }
      }
      if pod.securityContext.seccompProfile == .unconfined {
        miss(.baseline, "Seccomp", "seccompProfile of the pod is Unconfined")
      }
      let sysctls = pod.securityContext.sysctls.map(\.name).filter { !isSafe($0) }
      if !sysctls.isEmpty {
        miss(.baseline, "Sysctls", "sets \(sysctls.joined(separator: ", "))")
      }
    }

    private static func host(_ probe: Probe?) -> String? {
      switch probe?.handler {
      case .httpGet(_, _, _, let host), .tcpSocket(_, let host): host
      case .exec, nil: nil
      }
    }

    private static let baselineCapabilities: Set<String> = [
      "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD",
      "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    ]

    private func isSafe(_ sysctl: String) -> Bool {
      switch sysctl {
      case "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range",
        "net.ipv4.ip_unprivileged_port_start", "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes":
        true
      case "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem": version >= 32
      default: false
      }
    }

    // MARK: Restricted

    mutating func restricted() {
      for volume in pod.volumes {
        if case .nfs = volume.source {
          miss(.restricted, "Volume Types", "mounts NFS without a claim (volume \(volume.name))")
        }
      }
      let isLinux = pod.os != .windows
      var open = Open()
      for container in containers {
        let context = container.securityContext
        if isLinux {
          if context.allowPrivilegeEscalation != false { open.escalation.append(container) }
          if !context.droppedCapabilities.contains("ALL") { open.capabilities.append(container) }
          let added = context.addedCapabilities.filter {
            $0 != "NET_BIND_SERVICE" && Self.baselineCapabilities.contains($0)
          }
          if !added.isEmpty {
            miss(
              .restricted, "Capabilities",
              "adds \(added.joined(separator: ", "))\(place(container))")
          }
          switch context.seccompProfile ?? pod.securityContext.seccompProfile {
          case .runtimeDefault, .localhost, .unconfined: break
          case nil: open.seccomp.append(container)
          }
        }
        if (context.runAsNonRoot ?? pod.securityContext.runAsNonRoot) != true {
          open.nonRoot.append(container)
        }
        if context.runAsUser == 0 {
          miss(.restricted, "Running as Non-root user", "runAsUser is 0\(place(container))")
        }
      }
      if pod.securityContext.runAsUser == 0 {
        miss(.restricted, "Running as Non-root user", "runAsUser of the pod is 0")
      }
      miss(open.escalation, "Privilege Escalation", "allowPrivilegeEscalation is not false")
      miss(open.nonRoot, "Running as Non-root", "runAsNonRoot is not true")
      miss(open.seccomp, "Seccomp", "seccompProfile is not RuntimeDefault")
      miss(open.capabilities, "Capabilities", "capabilities do not drop ALL")
    }

    /// Containers by what they leave open.
    private struct Open {
      var escalation: [Container] = []
      var nonRoot: [Container] = []
      var seccomp: [Container] = []
      var capabilities: [Container] = []
    }

    private mutating func miss(_ open: [Container], _ control: String, _ reason: String) {
      guard !open.isEmpty else { return }
      let names = open.map(\.name.rawValue).joined(separator: ", ")
      miss(
        .restricted, control,
        open.count == containers.count ? reason : "\(reason) (container \(names))")
    }
  }
}

extension PodSecurityRating {
  /// What keeps the pod from the next level, in words: `for restricted: …`; empty where there is none.
  package var reasons: [String] {
    let next: Level = level == .privileged ? .baseline : .restricted
    return misses.filter { $0.level == next }.map(\.reason)
  }
}
