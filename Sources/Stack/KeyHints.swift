import Basics
import Diagnostics

/// What to say about a key that is not allowed where it stands.
enum KeyHints {
  /// - Parameters:
  ///   - name: The unknown key.
  ///   - structure: The mapping in which it stands.
  ///   - place: The path of that mapping.
  static func hint(for name: String, in structure: Structure, at place: String) -> String? {
    if structure.index(of: "image") != nil, let remedy = ForbiddenKeys.remedy(name) {
      return remedy
    }
    if let known = nearest(name, among: structure.keys.map(\.name)) {
      return "did you mean `\(known)`?"
    }
    if ComposeKeys.isKnown(name, at: place) {
      return "Docker Compose knows this key, Swarm does not; try --dialect compose"
    }
    var homes: [String] = []
    collect(name, in: Schema.root, at: "", into: &homes)
    guard let home = homes.first else { return nil }
    return home.isEmpty ? "it belongs at the top level" : "it belongs under `\(home)`"
  }

  /// The mappings that have the key, outermost first.
  private static func collect(
    _ name: String, in structure: Structure, at place: String, into homes: inout [String]
  ) {
    if structure.index(of: name) != nil { homes.append(place) }
    for key in structure.keys {
      let inner = place.isEmpty ? key.name : "\(place).\(key.name)"
      switch key.form {
      case .structure(let nested): collect(name, in: nested, at: inner, into: &homes)
      case .section(let nested): collect(name, in: nested, at: inner + ".<name>", into: &homes)
      case .build: collect(name, in: Schema.build, at: inner, into: &homes)
      case .logging: collect(name, in: Schema.logging, at: inner, into: &homes)
      default: break
      }
    }
  }
}

/// Keys of the Compose specification that no stack schema has.
enum ComposeKeys {
  static func isKnown(_ name: String, at place: String) -> Bool {
    if place.isEmpty { return ["name", "include", "models"].contains(name) }
    let parts = place.split(separator: ".", omittingEmptySubsequences: false)
    switch parts.count {
    case 2 where parts[0] == "services": return service.contains(name)
    case 2 where parts[0] == "networks": return ["enable_ipv4", "enable_ipv6"].contains(name)
    case 2: return ["content", "environment"].contains(name)
    default: return nested.contains(name)
    }
  }

  private static let service = [
    "annotations", "attach", "blkio_config", "cgroup", "cpu_count", "cpu_percent", "cpu_period",
    "cpu_rt_period", "cpu_rt_runtime", "cpus", "cpuset", "develop", "device_cgroup_rules",
    "dns_opt", "gpus", "group_add", "label_file", "mem_reservation", "mem_swappiness", "models",
    "oom_kill_disable", "pids_limit", "platform", "post_start", "pre_stop", "profiles", "provider",
    "pull_policy", "pull_refresh_after", "runtime", "scale", "storage_opt", "use_api_socket", "uts",
    "volumes_from",
  ]

  private static let nested = [
    "app_protocol", "aux_addresses", "capabilities", "count", "device_ids", "devices", "gateway",
    "gw_priority", "host_ip", "image", "interface_name", "ip_range", "link_local_ips",
    "mac_address", "name", "options", "priority", "required",
  ]
}
