import YAML

/// The type that a text with variables becomes at certain places; elsewhere it stays text.
///
/// Source: docker/cli `cli/compose/loader/interpolate.go`.
enum TypeCast {
  case integer
  case number
  case boolean

  var expected: String {
    switch self {
    case .integer: "an integer"
    case .number: "a number"
    case .boolean: "a boolean"
    }
  }

  /// nil where Docker's conversion fails.
  func apply(_ text: String) -> Scalar? {
    switch self {
    case .integer: Int(text).map { Scalar(String($0), kind: .int, isPlain: true) }
    case .number:
      GoNumbers.parse(text).flatMap {
        $0.isFinite ? Scalar(GoNumbers.text($0), kind: .float, isPlain: true) : nil
      }
    case .boolean:
      switch text.lowercased() {
      case "y", "yes", "true", "on": Scalar("true", kind: .bool, isPlain: true)
      case "n", "no", "false", "off": Scalar("false", kind: .bool, isPlain: true)
      default: nil
      }
    }
  }

  /// What a place asks for. A name with dots counts as several steps, and so matches nothing, as in Docker.
  static func of(_ path: [Interpolation.Step]) -> TypeCast? {
    guard path.count >= 3, path.count <= 6 else { return nil }
    var parts: [Substring] = []
    for step in path {
      switch step {
      case .key(let key): parts += key.split(separator: ".", omittingEmptySubsequences: false)
      case .item: parts.append("[]")
      }
    }
    let pattern = ([parts[0]] + parts.dropFirst(2)).joined(separator: ".")
    switch pattern {
    case "services.configs.[].mode", "services.secrets.[].mode", "services.healthcheck.retries",
      "services.deploy.replicas", "services.deploy.update_config.parallelism",
      "services.deploy.rollback_config.parallelism", "services.deploy.restart_policy.max_attempts",
      "services.deploy.placement.max_replicas_per_node", "services.ports.[].target",
      "services.ports.[].published", "services.oom_score_adj":
      return .integer
    case "services.deploy.update_config.max_failure_ratio",
      "services.deploy.rollback_config.max_failure_ratio":
      return .number
    case "services.healthcheck.disable", "services.privileged", "services.read_only",
      "services.stdin_open", "services.tty", "services.volumes.[].read_only",
      "services.volumes.[].volume.nocopy", "networks.external", "networks.internal",
      "networks.attachable", "volumes.external", "secrets.external", "configs.external":
      return .boolean
    default:
      guard parts[0] == "services", parts.count >= 4, parts[2] == "ulimits" else { return nil }
      if parts.count == 4 { return .integer }
      return parts.count == 5 && (parts[4] == "hard" || parts[4] == "soft") ? .integer : nil
    }
  }
}
