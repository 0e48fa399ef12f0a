package import YAML

/// Chooses objects by their labels; everything said must hold. An empty selector chooses all.
package struct LabelSelector: Hashable, Sendable, Writable {
  package var matchLabels: Labels
  package var matchExpressions: [Requirement]

  package init(matchLabels: Labels = [:], matchExpressions: [Requirement] = []) {
    self.matchLabels = matchLabels
    self.matchExpressions = matchExpressions
  }

  package enum Operator: String, Sendable {
    case isIn = "In"
    case isNotIn = "NotIn"
    case exists = "Exists"
    case doesNotExist = "DoesNotExist"
  }

  package struct Requirement: Hashable, Sendable, Writable {
    package var key: LabelKey
    package var `operator`: Operator
    package var values: [LabelValue]

    package init(_ key: LabelKey, _ operator: Operator, _ values: [LabelValue] = []) {
      self.key = key
      self.operator = `operator`
      self.values = values
    }

    package func write(to w: inout Writer) {
      w.field("key", key.rawValue)
      w.field("operator", `operator`)
      w.field("values", values.map(\.rawValue))
    }
  }

  package var isEmpty: Bool { matchLabels.isEmpty && matchExpressions.isEmpty }

  /// Whether an object with these labels is chosen.
  package func matches(_ labels: Labels) -> Bool {
    matchLabels.isSubset(of: labels)
      && matchExpressions.allSatisfy { requirement in
        let value = labels[requirement.key]
        switch requirement.operator {
        case .isIn: return value.map(requirement.values.contains) ?? false
        case .isNotIn: return value.map { !requirement.values.contains($0) } ?? true
        case .exists: return value != nil
        case .doesNotExist: return value == nil
        }
      }
  }

  package func write(to w: inout Writer) {
    w.field("matchLabels", matchLabels)
    w.list("matchExpressions", matchExpressions)
  }
}

extension Writer {
  /// A selector: `{}` when it chooses all, nothing when there is none.
  package mutating func selector(_ key: StaticString, _ selector: LabelSelector?) {
    guard let selector else { return }
    if selector.isEmpty { field(key, .emptyMapping) } else { field(key, selector) }
  }
}
