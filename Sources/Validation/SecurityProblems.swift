import Kubernetes

// Privileges (kubernetes pkg/apis/core/validation `ValidateSecurityContext`, `validatePodSpecSecurityContext`).

extension ProblemList {
  package mutating func checkSecurity(_ context: Field, of pod: Field) {
    let own = pod["securityContext"]
    let added = context["capabilities"]?.texts("add") ?? []
    for list in ["add", "drop"] {
      for item in context["capabilities"]?.items(list) ?? [] {
        guard let name = item.text else { continue }
        // No rule of the server's: container runtimes refuse what they do not know.
        expect(
          LinuxCapability.isKnown(name), .security, at: item.spot, "\(name) is no capability",
          hint: name.uppercased().hasPrefix("CAP_")
            && LinuxCapability.isKnown(String(name.uppercased().dropFirst(4)))
            ? "without the prefix: \(name.uppercased().dropFirst(4))" : nil)
      }
    }
    if context.bool("allowPrivilegeEscalation") == false {
      let spot = context.at("allowPrivilegeEscalation")
      expect(
        context.bool("privileged") != true, .security, at: spot,
        "must not be false in a privileged container")
      expect(
        !added.contains("SYS_ADMIN") && !added.contains("CAP_SYS_ADMIN"), .security, at: spot,
        "must not be false with SYS_ADMIN")
    }
    checkNumber(context, "runAsUser", .security)
    checkNumber(context, "runAsGroup", .security)
    let user = context.int("runAsUser") ?? own?.int("runAsUser")
    let isNonRoot = context.bool("runAsNonRoot") ?? own?.bool("runAsNonRoot") ?? false
    // The kubelet does not start it.
    expect(
      !(isNonRoot && user == 0), .security, at: context.at("runAsNonRoot"),
      "the container runs as user 0")
    checkProfiles(of: context)
  }

  package mutating func checkSecurity(of pod: Field) {
    expect(
      !(pod.bool("hostPID") == true && pod.bool("shareProcessNamespace") == true), .security,
      at: pod.at("shareProcessNamespace"), "not together with hostPID")
    guard let context = pod["securityContext"] else { return }
    for name in ["runAsUser", "runAsGroup", "fsGroup"] { checkNumber(context, name, .security) }
    for group in context.items("supplementalGroups") {
      guard let number = group.int else { continue }
      expect(
        0...Int(Int32.max) ~= number, .security, at: group.spot,
        "\(number) is not between 0 and \(Int32.max)")
    }
    checkProfiles(of: context)
    checkSysctls(of: context, pod)
  }

  /// `validateSysctls`, `ValidateHostSysctl`.
  private mutating func checkSysctls(of context: Field, _ pod: Field) {
    var names: Set<String> = []
    for sysctl in context.items("sysctls") {
      guard let name = sysctl.text("name") else { continue }
      let spot = sysctl.at("name")
      expect(Self.isSysctl(name), .security, at: spot, "\(name) is no name of a sysctl")
      let dotted = String(name.map { $0 == "/" ? "." : $0 })
      expect(names.insert(dotted).inserted, .security, at: spot, "\(name) is there twice")
      expect(
        !(pod.bool("hostNetwork") == true && dotted.hasPrefix("net.")), .security, at: spot,
        "\(name) would change the host's network")
      expect(
        !(pod.bool("hostIPC") == true
          && (["kernel.shm", "kernel.msg", "fs.mqueue."].contains { dotted.hasPrefix($0) }
            || dotted == "kernel.sem")),
        .security, at: spot, "\(name) would change the host's IPC")
    }
  }

  private mutating func checkProfiles(of context: Field) {
    for name in ["seccompProfile", "appArmorProfile"] {
      guard let profile = context[name] else { continue }
      if profile.text("type") == "Localhost" {
        if let path = profile.text("localhostProfile") {
          expect(
            Self.isRelativePath(path), .security, at: profile.at("localhostProfile"),
            "\(path) is no relative path without ..")
        } else {
          add(.missingField, at: profile.at("localhostProfile"), "Localhost needs it")
        }
      } else if let path = profile["localhostProfile"] {
        add(.security, at: path.keySpot, "is for the type Localhost alone")
      }
    }
  }

  /// `SysctlContainSlashFmt`, at most 253.
  package static func isSysctl(_ name: String) -> Bool {
    guard name.utf8.count <= 253 else { return false }
    let parts = name.utf8.split(omittingEmptySubsequences: false) { $0 == 0x2E || $0 == 0x2F }
    return parts.allSatisfy { part in
      func isPlain(_ byte: UInt8) -> Bool { 0x61...0x7A ~= byte || 0x30...0x39 ~= byte }
      guard let first = part.first, let last = part.last else { return false }
      return isPlain(first) && isPlain(last)
        && part.allSatisfy { isPlain($0) || $0 == 0x2D || $0 == 0x5F }
    }
  }
}
