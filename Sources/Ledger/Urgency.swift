/// How soon somebody has to see to a finding, by what happens on the first day if nobody does.
package enum Urgency: Int, Sendable, Comparable, CaseIterable {
  /// Pods do not start, or start and do nothing useful.
  case keepsPodsDown
  /// Data is missing, or lies somewhere else.
  case leavesData
  /// Callers are turned away, or let in where they were not.
  case changesWhoGetsIn
  /// Nothing breaks at once.
  case changesBehaviour

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
