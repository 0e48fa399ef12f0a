extension Schema {
  static let network = Structure(
    keys: [
      Key("name", .string, since: 5),
      Key("driver", .string),
      Key("driver_opts", .options(nullable: false)),
      Key("ipam", .structure(ipam)),
      Key("external", .external),
      Key("internal", .flag),
      Key("attachable", .flag, since: 2),
      Key("labels", .pairs(keepsNull: false)),
    ],
    allowsNull: true, extensions: .keptWhenExternal(since: 7))

  private static let ipam = Structure(keys: [
    Key("driver", .string),
    Key("config", .structures(Structure(keys: [Key("subnet", .string)]))),
  ])

  static let volume = Structure(
    keys: [
      Key("name", .string, since: 4),
      Key("driver", .string),
      Key("driver_opts", .options(nullable: false)),
      Key("external", .external),
      Key("labels", .pairs(keepsNull: false)),
      // Before 3.10 the schema lets it pass as an extension, and the loader reads it all the same.
      Key("x-cluster-spec", .structure(clusterSpec), since: 7),
    ],
    allowsNull: true, extensions: .keptWhenExternal(since: 7))

  static let secret = Structure(
    keys: [
      Key("name", .string, since: 5),
      Key("file", .string),
      Key("external", .external),
      Key("labels", .pairs(keepsNull: false)),
      Key("driver", .string, since: 8),
      Key("driver_opts", .options(nullable: false), since: 8),
      Key("template_driver", .string, since: 8),
    ],
    extensions: .kept(since: 7))

  static let config = Structure(
    keys: [
      Key("name", .string, since: 5),
      Key("file", .string),
      Key("external", .external),
      Key("labels", .pairs(keepsNull: false)),
      Key("template_driver", .string, since: 8),
    ],
    extensions: .kept(since: 7))

  private static let clusterSpec = Structure(
    keys: [
      Key("group", .string),
      Key("access_mode", .structure(accessMode)),
      Key("accessibility_requirements", .structure(topologyRequirement)),
      Key("capacity_range", .structure(capacityRange)),
      Key("secrets", .structures(volumeSecret), isUnchecked: true),
      Key("availability", .string),
    ],
    isPointer: true, unknown: .ignored(since: 0))

  private static let accessMode = Structure(
    keys: [
      Key("scope", .string),
      Key("sharing", .string),
      Key("mount_volume", .structure(mountVolumeMode)),
      Key(
        "block_volume",
        .structure(Structure(keys: [], isPointer: true, unknown: .ignored(since: 0)))),
    ],
    isPointer: true, unknown: .ignored(since: 0))

  private static let mountVolumeMode = Structure(
    keys: [Key("fs_type", .string), Key("mount_flags", .strings())], isPointer: true,
    unknown: .ignored(since: 0))

  private static let topologyRequirement = Structure(
    keys: [Key("requisite", .structures(topology)), Key("preferred", .structures(topology))],
    isPointer: true, unknown: .ignored(since: 0))

  private static let topology = Structure(
    keys: [Key("segments", .pairs(keepsNull: false))], unknown: .ignored(since: 0))

  private static let capacityRange = Structure(
    keys: [Key("required_bytes", .size), Key("limit_bytes", .size)], isPointer: true,
    unknown: .ignored(since: 0))

  private static let volumeSecret = Structure(
    keys: [Key("key", .string, isUnchecked: true), Key("secret", .string, isUnchecked: true)],
    allowsNull: true, unknown: .ignored(since: 0))
}
