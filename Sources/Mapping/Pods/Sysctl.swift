import Kubernetes
package import Ledger

/// What Kubernetes makes of a kernel setting.
///
/// Source: k8s.io/kubernetes `pkg/kubelet/sysctl` (safe list and namespaces), `pkg/apis/core/validation` (names).
package enum Sysctl: Equatable {
  case safe(String)
  /// Per container, but not on the safe list.
  case unsafe(String)
  /// The node's own.
  case ofHost(String)
  case illegal

  /// `isOnHost`: the pod uses the node's network, and so the node's network settings.
  package init(_ text: String, isOnHost: Bool, _ version: Options.KubernetesVersion) {
    // A slash first means that slashes separate; dots are then part of a name.
    let separator = text.first { $0 == "/" || $0 == "." }
    let name =
      separator == "/"
      ? String(text.map { $0 == "/" ? "." : $0 == "." ? "/" : $0 }) : text
    guard Self.isLegal(name) else {
      self = .illegal
      return
    }
    if name.hasPrefix("net.") {
      self = isOnHost ? .ofHost(name) : Self.isSafe(name, version) ? .safe(name) : .unsafe(name)
    } else if name == "kernel.shm_rmid_forced" {
      self = .safe(name)
    } else if ["kernel.shm", "kernel.msg", "fs.mqueue."].contains(where: name.hasPrefix)
      || name == "kernel.sem"
    {
      self = .unsafe(name)
    } else {
      self = .ofHost(name)
    }
  }

  private static func isSafe(_ name: String, _ version: Options.KubernetesVersion) -> Bool {
    switch name {
    case "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range",
      "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_reserved_ports",
      "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
      "net.ipv4.tcp_keepalive_probes":
      true
    case "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem": version.minor >= 32
    default: false
    }
  }

  /// Parts of small letters, digits, `-` and `_`, at most 253 characters in all.
  private static func isLegal(_ name: String) -> Bool {
    name.utf8.count <= 253
      && name.utf8.split(omittingEmptySubsequences: false) { $0 == 0x2E || $0 == 0x2F }
        .allSatisfy { part in
          guard let first = part.first, let last = part.last else { return false }
          func isPlain(_ byte: UInt8) -> Bool { 0x61...0x7A ~= byte || 0x30...0x39 ~= byte }
          return isPlain(first) && isPlain(last)
            && part.allSatisfy { isPlain($0) || $0 == 0x2D || $0 == 0x5F }
        }
  }
}
