import Delivery
import Images
import Mapping
import TestSupport
import YAML

/// A small generator whose numbers are the same on every machine.
struct SplitMix64 {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

/// A document, written as JSON, which is YAML.
indirect enum YAMLValue {
  case null
  case bool(Bool)
  case int(Int)
  /// As it stands.
  case plain(String)
  case text(String)
  case list([YAMLValue])
  case map([(String, YAMLValue)])

  var json: String {
    switch self {
    case .null: "null"
    case .bool(let value): String(value)
    case .int(let value): String(value)
    case .plain(let value): value
    case .text(let value): Self.quoted(value)
    case .list(let items): "[" + items.map(\.json).joined(separator: ", ") + "]"
    case .map(let entries):
      "{" + entries.map { "\(Self.quoted($0.0)): \($0.1.json)" }.joined(separator: ", ") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    let escaped = text.map { character in
      switch character {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "\n": "\\n"
      case "\t": "\\t"
      default: String(character)
      }
    }
    return "\"" + escaped.joined() + "\""
  }
}
