import Stack
package import YAML

extension Node {
  /// The value of a duration in Go's spelling (`1m30s`). The loader has refused anything else.
  package var duration: Duration? { text.flatMap(goDuration) }

  /// As `duration`, but nil for zero: to the engine, zero means "not set".
  package var nonZeroDuration: Duration? { duration.flatMap { $0 == .zero ? nil : $0 } }
}

extension Duration {
  /// Whole seconds, rounded up: the finest that most Kubernetes fields can hold.
  package var secondsRoundedUp: Int {
    let (seconds, attoseconds) = components
    return Int(seconds) + (attoseconds > 0 ? 1 : 0)
  }

  /// `1m30s`, `500ms`: as Docker prints it.
  package var goText: String { goDurationText(self) }
}

extension Duration {
  /// As the Engine API holds times; what exceeds 292 years is cut.
  var nanoseconds: Int {
    let (seconds, attoseconds) = components
    let (whole, overflow) = Int(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = whole.addingReportingOverflow(Int(attoseconds / 1_000_000_000))
    return overflow || carry ? (seconds < 0 ? .min : .max) : sum
  }
}
