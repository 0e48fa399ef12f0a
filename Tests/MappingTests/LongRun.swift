import Delivery
import Kubernetes
import Diagnostics
import YAML
import Swarm
import Stack
import Report
import Mapping
import Ledger
import TestSupport
import Foundation

/// What takes minutes, and is asked for by `make test-mutations`.
enum LongRun {
  /// How many mutated stacks are tried; nil where nobody asked.
  static let mutations: Int? =
    ProcessInfo.processInfo.environment["STACKFERRY_MUTATIONS"].flatMap { Int($0) }

  static var isAskedFor: Bool { mutations != nil }
}
