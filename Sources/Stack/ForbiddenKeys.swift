/// Service keys that Docker refuses or takes no notice of.
///
/// Source: docker/cli `cli/compose/types/types.go`.
enum ForbiddenKeys {
  /// Why a key is refused, and what to write; nil for any other key.
  static func remedy(_ name: String) -> String? {
    switch name {
    case "extends":
      "Docker Compose knows this key, Swarm does not; try --dialect compose"
    case "volume_driver":
      "define the volume at the top level under `volumes` and name its driver there"
    case "volumes_from":
      "define a volume at the top level under `volumes` and mount it in each service that shares it"
    case "cpu_quota", "cpu_shares", "cpuset", "mem_limit", "memswap_limit":
      "set limits under `deploy.resources`"
    default: nil
    }
  }

  /// Keys that `docker stack deploy` accepts and leaves out, with a message that names them. The message names
  /// `restart`, too, which counts all the same where `deploy.restart_policy` is absent.
  static let unsupported = [
    "build", "cgroupns_mode", "cgroup_parent", "devices", "domainname", "external_links", "ipc",
    "links", "mac_address", "network_mode", "pid", "privileged", "security_opt",
    "shm_size", "userns_mode",
  ]

  /// Keys that once meant something.
  static let deprecated = ["container_name", "expose"]
}
