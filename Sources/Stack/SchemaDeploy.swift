import YAML

extension Schema {
  static let deploy = Structure(
    keys: [
      Key("mode", .string),
      Key("replicas", .optionalUnsigned(schema: .integer)),
      Key("labels", .pairs(keepsNull: false)),
      Key("update_config", .structure(updateConfig)),
      Key("rollback_config", .structure(updateConfig), since: 7),
      Key("resources", .structure(resources)),
      Key("restart_policy", .structure(restartPolicy)),
      Key("placement", .structure(placement)),
      Key("endpoint_mode", .string, since: 2),
    ],
    allowsNull: true)

  private static let updateConfig = Structure(
    keys: [
      Key("parallelism", .optionalUnsigned(schema: .integer)),
      Key("delay", .duration),
      Key("failure_action", .string),
      Key("monitor", .duration),
      Key("max_failure_ratio", .ratio),
      Key("order", .choice(["start-first", "stop-first"]), since: 4),
    ],
    isPointer: true)

  private static let resources = Structure(keys: [
    Key("limits", .structure(limits)),
    Key("reservations", .structure(reservations)),
  ])

  private static let limits = Structure(
    keys: [
      Key("cpus", .string),
      Key("memory", .size),
      Key("pids", .signed(schema: .integer), since: 9),
    ],
    isPointer: true)

  private static let reservations = Structure(
    keys: [
      Key("cpus", .string),
      Key("memory", .size),
      Key("generic_resources", .structures(genericResource), since: 5),
    ],
    isPointer: true)

  private static let genericResource = Structure(keys: [
    Key(
      "discrete_resource_spec",
      .structure(
        Structure(
          keys: [
            Key("kind", .string),
            Key("value", .signed(schema: .number, zeroCounts: true)),
          ],
          isPointer: true,
          defaults: [Entry("kind", .string("")), Entry("value", .int(0))])))
  ])

  private static let restartPolicy = Structure(
    keys: [
      Key("condition", .string),
      Key("delay", .optionalDuration),
      Key("max_attempts", .optionalUnsigned(schema: .integer)),
      Key("window", .optionalDuration),
    ],
    isPointer: true)

  private static let placement = Structure(keys: [
    Key("constraints", .strings()),
    Key("preferences", .structures(Structure(keys: [Key("spread", .string)])), since: 3),
    Key("max_replicas_per_node", .unsigned, since: 8),
  ])
}
