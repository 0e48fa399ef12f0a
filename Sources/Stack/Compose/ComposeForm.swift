import YAML

/// What Docker Compose makes of a value. Numbers and booleans may be written as text everywhere.
///
/// Source: compose-spec/compose-go `schema/compose-spec.json`, `types`, `transform`.
indirect enum ComposeForm: Sendable {
  /// Anything, as it is.
  case any
  case text
  /// Text or a number, as text.
  case textOrNumber
  /// A flag; `false` counts only where `keepsFalse`.
  case flag(keepsFalse: Bool)
  case integer
  case decimal
  /// A size in bytes, as text.
  case size
  case duration
  case strings
  /// One text, or a list of them.
  case oneOrMany
  case words
  case test
  /// `KEY=value` list or mapping; `keepsNull` for values that the environment gives.
  case pairs(keepsNull: Bool)
  case hosts
  case exposed
  case ports
  case mounts
  case references(folder: String)
  case dependencies
  case networks
  case ulimits
  case build
  case environmentFiles
  case devices
  case gpus
  case external
  case mode
  /// Texts, or lists of them, as lists.
  case optionLists
  case models
  case containerName
  /// SSH keys of a build.
  case keys
  case path
  case extends
  case mapping([String: ComposeForm])
  case list(ComposeForm)
  /// A mapping of free names.
  case named(ComposeForm)
}

/// The keys of a Compose file.
enum ComposeSchema {
  static let root: [String: ComposeForm] = [
    "version": .any, "name": .text, "include": .any, "services": .named(.mapping(service)),
    "networks": .named(.mapping(network)), "volumes": .named(.mapping(volume)),
    "secrets": .named(.mapping(secret)), "configs": .named(.mapping(config)),
    "models": .named(.mapping(model)),
  ]

  static let service: [String: ComposeForm] = [
    "annotations": .pairs(keepsNull: false), "attach": .flag(keepsFalse: true), "build": .build,
    "blkio_config": .any, "cap_add": .strings, "cap_drop": .strings, "cgroup": .text,
    "cgroup_parent": .text, "command": .words, "configs": .references(folder: "/"),
    "container_name": .containerName, "cpu_count": .integer, "cpu_percent": .decimal,
    "cpu_shares": .integer,
    "cpu_quota": .integer, "cpu_period": .integer, "cpu_rt_period": .integer,
    "cpu_rt_runtime": .integer, "cpus": .decimal, "cpuset": .text,
    "credential_spec": .mapping(["config": .text, "file": .text, "registry": .text]),
    "depends_on": .dependencies, "deploy": .mapping(deploy), "develop": .mapping(develop),
    "device_cgroup_rules": .strings, "devices": .devices, "dns": .oneOrMany, "dns_opt": .strings,
    "dns_search": .oneOrMany, "domainname": .text, "entrypoint": .words,
    "env_file": .environmentFiles, "label_file": .oneOrMany, "environment": .pairs(keepsNull: true),
    "expose": .exposed, "extends": .extends, "external_links": .strings, "extra_hosts": .hosts,
    "gpus": .gpus, "group_add": .exposed, "healthcheck": .mapping(healthcheck), "hostname": .text,
    "image": .text, "init": .flag(keepsFalse: true), "ipc": .text, "isolation": .text,
    "labels": .pairs(keepsNull: false), "links": .strings,
    "logging": .mapping(["driver": .text, "options": .pairs(keepsNull: false)]),
    "mac_address": .text,
    "mem_limit": .size, "mem_reservation": .size, "mem_swappiness": .integer,
    "memswap_limit": .size,
    "models": .models, "network_mode": .text, "networks": .networks,
    "oom_kill_disable": .flag(keepsFalse: false), "oom_score_adj": .integer, "pid": .text,
    "pids_limit": .integer, "platform": .text, "ports": .ports, "post_start": .list(.mapping(hook)),
    "pre_stop": .list(.mapping(hook)), "privileged": .flag(keepsFalse: false), "profiles": .strings,
    "provider": .mapping(["type": .text, "options": .optionLists]), "pull_policy": .text,
    "pull_refresh_after": .text, "read_only": .flag(keepsFalse: false), "restart": .text,
    "runtime": .text, "scale": .integer, "secrets": .references(folder: "/run/secrets/"),
    "security_opt": .strings, "shm_size": .size, "stdin_open": .flag(keepsFalse: false),
    "stop_grace_period": .duration, "stop_signal": .text, "storage_opt": .pairs(keepsNull: false),
    "sysctls": .pairs(keepsNull: false), "tmpfs": .oneOrMany, "tty": .flag(keepsFalse: false),
    "ulimits": .ulimits, "use_api_socket": .flag(keepsFalse: false), "user": .text, "uts": .text,
    "userns_mode": .text, "volumes": .mounts, "volumes_from": .strings, "working_dir": .text,
  ]

  static let healthcheck: [String: ComposeForm] = [
    "disable": .flag(keepsFalse: false), "interval": .duration, "retries": .integer, "test": .test,
    "timeout": .duration, "start_period": .duration, "start_interval": .duration,
  ]

  private static let hook: [String: ComposeForm] = [
    "command": .words, "user": .text, "privileged": .flag(keepsFalse: false), "working_dir": .text,
    "environment": .pairs(keepsNull: true),
  ]

  static let build: [String: ComposeForm] = [
    "additional_contexts": .pairs(keepsNull: false), "args": .pairs(keepsNull: true),
    "cache_from": .strings, "cache_to": .strings, "context": .text, "dockerfile": .text,
    "dockerfile_inline": .text, "entitlements": .strings, "extra_hosts": .hosts, "isolation": .text,
    "labels": .pairs(keepsNull: false), "network": .text, "no_cache": .flag(keepsFalse: false),
    "platforms": .strings, "privileged": .flag(keepsFalse: false), "provenance": .any,
    "pull": .flag(keepsFalse: false), "sbom": .any, "secrets": .references(folder: ""),
    "shm_size": .size, "ssh": .keys, "tags": .strings, "target": .text, "ulimits": .ulimits,
  ]

  private static let updates: [String: ComposeForm] = [
    "parallelism": .integer, "delay": .duration, "failure_action": .text, "monitor": .duration,
    "max_failure_ratio": .decimal, "order": .text,
  ]

  private static let deploy: [String: ComposeForm] = [
    "mode": .text, "replicas": .integer, "labels": .pairs(keepsNull: false),
    "endpoint_mode": .text, "update_config": .mapping(updates),
    "rollback_config": .mapping(updates),
    "resources": .mapping([
      "limits": .mapping(["cpus": .decimal, "memory": .size, "pids": .integer]),
      "reservations": .mapping([
        "cpus": .decimal, "memory": .size, "generic_resources": .any, "devices": .any,
      ]),
    ]),
    "restart_policy": .mapping([
      "condition": .text, "delay": .duration, "max_attempts": .integer, "window": .duration,
    ]),
    "placement": .mapping([
      "constraints": .strings, "preferences": .list(.mapping(["spread": .text])),
      "max_replicas_per_node": .integer,
    ]),
  ]

  private static let develop: [String: ComposeForm] = [
    "watch": .list(
      .mapping([
        "action": .text, "path": .path, "target": .text, "ignore": .oneOrMany,
        "include": .oneOrMany,
        "initial_sync": .flag(keepsFalse: false), "exec": .mapping(hook),
      ]))
  ]

  static let serviceNetwork: [String: ComposeForm] = [
    "aliases": .strings, "driver_opts": .pairs(keepsNull: false), "gw_priority": .decimal,
    "interface_name": .text, "ipv4_address": .text, "ipv6_address": .text,
    "link_local_ips": .strings,
    "mac_address": .text, "priority": .decimal,
  ]

  static let port: [String: ComposeForm] = [
    "name": .text, "mode": .text, "host_ip": .text, "target": .integer, "published": .textOrNumber,
    "protocol": .text, "app_protocol": .text,
  ]

  static let mount: [String: ComposeForm] = [
    "type": .text, "source": .text, "target": .text, "read_only": .flag(keepsFalse: false),
    "consistency": .text,
    "bind": .mapping([
      "propagation": .text, "create_host_path": .flag(keepsFalse: true), "recursive": .text,
      "selinux": .text,
    ]),
    "volume": .mapping([
      "labels": .pairs(keepsNull: false), "nocopy": .flag(keepsFalse: false), "subpath": .text,
    ]),
    "tmpfs": .mapping(["size": .size, "mode": .integer]), "image": .mapping(["subpath": .text]),
    "cluster": .any,
  ]

  static let reference: [String: ComposeForm] = [
    "source": .text, "target": .text, "uid": .text, "gid": .text, "mode": .mode, "type": .text,
  ]

  private static let network: [String: ComposeForm] = [
    "name": .text, "driver": .text, "driver_opts": .pairs(keepsNull: false),
    "ipam": .mapping([
      "driver": .text, "options": .pairs(keepsNull: false),
      "config": .list(
        .mapping([
          "subnet": .text, "ip_range": .text, "gateway": .text,
          "aux_addresses": .pairs(keepsNull: false),
        ])),
    ]),
    "external": .external, "internal": .flag(keepsFalse: false),
    "attachable": .flag(keepsFalse: false), "enable_ipv4": .flag(keepsFalse: true),
    "enable_ipv6": .flag(keepsFalse: true), "labels": .pairs(keepsNull: false),
  ]

  private static let volume: [String: ComposeForm] = [
    "name": .text, "driver": .text, "driver_opts": .pairs(keepsNull: false), "external": .external,
    "labels": .pairs(keepsNull: false),
  ]

  private static let secret: [String: ComposeForm] = [
    "name": .text, "environment": .text, "file": .path, "external": .external,
    "labels": .pairs(keepsNull: false), "driver": .text, "driver_opts": .pairs(keepsNull: false),
    "template_driver": .text,
  ]

  private static let config: [String: ComposeForm] = [
    "name": .text, "content": .text, "environment": .text, "file": .path, "external": .external,
    "labels": .pairs(keepsNull: false), "template_driver": .text,
  ]

  private static let model: [String: ComposeForm] = [
    "name": .text, "model": .text, "context_size": .integer, "runtime_flags": .strings,
  ]
}
