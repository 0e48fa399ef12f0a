// Privileges (kubernetes pkg/apis/core/validation `ValidateSecurityContext`, `validatePodSpecSecurityContext`).

extension ProblemList {
  mutating func check(
    _ context: SecurityContext, of pod: PodSpec, at place: () -> String
  ) {
    for name in context.addedCapabilities + context.droppedCapabilities {
      // No rule of the server's: container runtimes refuse what they do not know.
      expect(
        Self.isCapability(name), "\(place()).capabilities",
        "\(name) is no capability")
    }
    if context.allowPrivilegeEscalation == false {
      expect(
        context.privileged != true, "\(place()).allowPrivilegeEscalation",
        "must not be false in a privileged container")
      expect(
        !context.addedCapabilities.contains("SYS_ADMIN"), "\(place()).allowPrivilegeEscalation",
        "must not be false with SYS_ADMIN")
    }
    check(context.runAsUser) { "\(place()).runAsUser" }
    check(context.runAsGroup) { "\(place()).runAsGroup" }
    let user = context.runAsUser ?? pod.securityContext.runAsUser
    let isNonRoot = context.runAsNonRoot ?? pod.securityContext.runAsNonRoot ?? false
    // The kubelet does not start it.
    expect(
      !(isNonRoot && user == 0), "\(place()).runAsNonRoot", "the container runs as user 0")
    check(context.seccompProfile) { "\(place()).seccompProfile" }
  }

  mutating func checkSecurity(of pod: PodSpec, at place: () -> String) {
    let context = pod.securityContext
    expect(
      !(pod.hostPID == true && pod.shareProcessNamespace == true),
      "\(place()).shareProcessNamespace", "not together with hostPID")
    check(context.runAsUser) { "\(place()).securityContext.runAsUser" }
    check(context.runAsGroup) { "\(place()).securityContext.runAsGroup" }
    check(context.fsGroup) { "\(place()).securityContext.fsGroup" }
    for group in context.supplementalGroups {
      check(group) { "\(place()).securityContext.supplementalGroups" }
    }
    check(context.seccompProfile) { "\(place()).securityContext.seccompProfile" }
    // `validateSysctls`, `ValidateHostSysctl`
    var names: Set<String> = []
    for sysctl in context.sysctls {
      func path() -> String { "\(place()).securityContext.sysctls" }
      expect(Self.isSysctl(sysctl.name), path(), "\(sysctl.name) is no name of a sysctl")
      let dotted = String(sysctl.name.map { $0 == "/" ? "." : $0 })
      expect(names.insert(dotted).inserted, path(), "\(sysctl.name) is there twice")
      expect(
        !(pod.hostNetwork == true && dotted.hasPrefix("net.")), path(),
        "\(sysctl.name) would change the host's network")
      expect(
        !(pod.hostIPC == true
          && (["kernel.shm", "kernel.msg", "fs.mqueue."].contains { dotted.hasPrefix($0) }
            || dotted == "kernel.sem")),
        path(),
        "\(sysctl.name) would change the host's IPC")
    }
  }

  private mutating func check(_ profile: SeccompProfile?, at place: () -> String) {
    guard case .localhost(let path) = profile else { return }
    expect(
      Self.isRelativePath(path), "\(place()).localhostProfile",
      "\(path) is no relative path without ..")
  }

  /// `SysctlContainSlashFmt`, at most 253.
  static func isSysctl(_ name: String) -> Bool {
    guard name.utf8.count <= 253 else { return false }
    let parts = name.utf8.split(omittingEmptySubsequences: false) { $0 == 0x2E || $0 == 0x2F }
    return parts.allSatisfy { part in
      func isPlain(_ byte: UInt8) -> Bool { 0x61...0x7A ~= byte || 0x30...0x39 ~= byte }
      guard let first = part.first, let last = part.last else { return false }
      return isPlain(first) && isPlain(last)
        && part.allSatisfy { isPlain($0) || $0 == 0x2D || $0 == 0x5F }
    }
  }

  /// `ALL`, or a capability that the kernel has; container runtimes refuse anything else.
  package static func isCapability(_ name: String) -> Bool {
    name == "ALL" || capabilities.contains(name)
  }

  /// capabilities(7), without `CAP_`.
  package static let capabilities: Set<String> = [
    "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE",
    "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL",
    "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "MKNOD", "NET_ADMIN",
    "NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW", "PERFMON", "SETFCAP", "SETGID", "SETPCAP",
    "SETUID", "SYSLOG", "SYS_ADMIN", "SYS_BOOT", "SYS_CHROOT", "SYS_MODULE", "SYS_NICE",
    "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG",
    "WAKE_ALARM",
  ]
}
