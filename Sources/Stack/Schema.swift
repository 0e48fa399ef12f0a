/// Every key of a stack file, with the version of the format that introduced it.
///
/// Source: docker/cli `cli/compose/schema/data/config_schema_v3.0.json` to `v3.13.json`, and for the order of the keys
/// `cli/compose/types`.
enum Schema {
  /// The newest minor version, and the one of files without `version` or with `version: "3"`.
  static let newest = 13

  static let root = Structure(
    keys: [
      Key("version", .version),
      Key("services", .section(service)),
      Key("networks", .section(network)),
      Key("volumes", .section(volume)),
      Key("secrets", .section(secret), since: 1),
      Key("configs", .section(config), since: 3),
    ],
    extensions: .kept(since: 4))

  static let service = Structure(
    keys: [
      Key("build", .build),
      Key("cap_add", .strings(unique: true)),
      Key("cap_drop", .strings(unique: true)),
      Key("cgroupns_mode", .string, since: 9),
      Key("cgroup_parent", .string),
      Key("command", .words),
      Key("configs", .fileReferences, since: 3),
      Key("container_name", .string),
      Key("credential_spec", .structure(credentialSpec), since: 3),
      Key("depends_on", .strings(unique: true)),
      Key("deploy", .structure(deploy)),
      Key("devices", .strings(unique: true)),
      Key("dns", .stringOrStrings),
      Key("dns_search", .stringOrStrings),
      Key("domainname", .string),
      Key("entrypoint", .words),
      Key("environment", .pairs(keepsNull: true)),
      Key("env_file", .stringOrStrings),
      Key("expose", .exposed),
      Key("external_links", .strings(unique: true)),
      Key("extra_hosts", .hosts),
      Key("hostname", .string),
      Key("healthcheck", .structure(healthcheck)),
      Key("image", .string),
      Key("init", .optionalFlag, since: 7),
      Key("ipc", .string),
      Key("isolation", .string, since: 5),
      Key("labels", .pairs(keepsNull: false)),
      Key("links", .strings(unique: true)),
      Key("logging", .logging),
      Key("mac_address", .string),
      Key("network_mode", .string),
      Key("networks", .serviceNetworks),
      Key("oom_score_adj", .unread(schema: .integer), since: 13),
      Key("pid", .stringOrNull),
      Key("ports", .ports),
      Key("privileged", .flag),
      Key("read_only", .flag),
      Key("restart", .string),
      Key("secrets", .fileReferences, since: 1),
      Key("security_opt", .strings(unique: true)),
      Key("shm_size", .stringOrNumber),
      Key("stdin_open", .flag),
      Key("stop_grace_period", .optionalDuration),
      Key("stop_signal", .string),
      Key("sysctls", .pairs(keepsNull: false)),
      Key("tmpfs", .stringOrStrings),
      Key("tty", .flag),
      Key("ulimits", .ulimits),
      Key("user", .string),
      Key("userns_mode", .string),
      Key("volumes", .mounts),
      Key("working_dir", .string),
    ],
    extensions: .kept(since: 7))

  static let build = Structure(
    keys: [
      Key("context", .string),
      Key("dockerfile", .string),
      Key("args", .pairs(keepsNull: true)),
      Key("labels", .pairs(keepsNull: false), since: 3),
      Key("cache_from", .strings(unique: true), since: 2),
      Key("extra_hosts", .hosts, since: 9),
      Key("network", .string, since: 4),
      Key("target", .string, since: 4),
      Key("shm_size", .unread(schema: .integerOrString), since: 5),
    ],
    unknown: .ignored(since: 11))

  static let credentialSpec = Structure(keys: [
    Key("config", .string, since: 8),
    Key("file", .string),
    Key("registry", .string),
  ])

  static let healthcheck = Structure(
    keys: [
      Key("test", .test),
      Key("timeout", .optionalDuration),
      Key("interval", .optionalDuration),
      Key("retries", .optionalUnsigned(schema: .number)),
      Key("start_period", .optionalDuration, since: 4),
      Key("start_interval", .optionalDuration, since: 12),
      Key("disable", .flag),
    ],
    isPointer: true)

  static let logging = Structure(
    keys: [
      Key("driver", .string),
      Key("options", .options(nullable: true)),
    ],
    isPointer: true)

  static let serviceNetwork = Structure(
    keys: [
      Key("aliases", .strings(unique: true)),
      Key("driver_opts", .options(nullable: false), since: 13),
      Key("ipv4_address", .string),
      Key("ipv6_address", .string),
    ],
    isPointer: true, allowsNull: true)

  static let portMapping = Structure(
    keys: [
      Key("mode", .string),
      Key("target", .port),
      Key("published", .port),
      Key("protocol", .string),
    ])

  static let fileReference = Structure(
    keys: [
      Key("source", .string),
      Key("target", .string),
      Key("uid", .string),
      Key("gid", .string),
      Key("mode", .fileMode),
    ],
    unknown: .ignored(since: 0))

  static let mount = Structure(
    keys: [
      Key("type", .string),
      Key("source", .string),
      Key("target", .string),
      Key("read_only", .flag),
      Key("consistency", .string),
      Key("bind", .structure(mountBind)),
      Key("volume", .structure(mountVolume)),
      Key("tmpfs", .structure(mountTmpfs), since: 6),
    ],
    required: ["type"])

  private static let mountBind = Structure(
    keys: [Key("propagation", .string)], isPointer: true, unknown: .ignored(since: 0))

  private static let mountVolume = Structure(
    keys: [Key("nocopy", .flag), Key("subpath", .string, isUnchecked: true)], isPointer: true,
    unknown: .ignored(since: 0))

  private static let mountTmpfs = Structure(
    keys: [Key("size", .signed(schema: .integer, minimum: 0))], isPointer: true,
    unknown: .ignored(since: 0))
}
