/// What becomes of a key. The order is from good to bad: where two parts of one mapping disagree, the worse one stands.
package enum Disposition: UInt8, Sendable, Comparable, CaseIterable {
  /// Swarm ignored it too; nothing changes.
  case inert
  /// Same behaviour in Kubernetes.
  case kept
  /// Same intent; the message says how the behaviour differs.
  case adapted
  /// More than one sound choice; a default was taken, and the message names the option that changes it.
  case decide
  /// Needs work outside the manifests; the message gives the command.
  case manual
  /// No counterpart; dropped, and the message says what the user loses.
  case lost

  package var name: String {
    switch self {
    case .inert: "inert"
    case .kept: "kept"
    case .adapted: "adapted"
    case .decide: "decide"
    case .manual: "manual"
    case .lost: "lost"
    }
  }

  /// The share of a key's worth that is done when the manifests are applied. Inert keys do not count at all.
  package var readiness: Double? {
    switch self {
    case .inert: nil
    case .kept, .adapted: 1
    case .decide: 0.9
    case .manual: 0.5
    case .lost: 0
    }
  }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
