package import Diagnostics
package import Swarm
import YAML

package enum LogRotation: Practice {
  package static let name = "log-rotation"
  package static let title = "Logs grow without bound"
  package static let about = """
    The `json-file` driver, which the engine uses when nobody says otherwise, keeps all that a task ever wrote: the node's disk
    fills up, at some night, for all its neighbours too. Set `max-size` and `max-file`, for the service or in the daemon's
    configuration. On Kubernetes the kubelet rotates logs (`containerLogMaxSize`), and this worry ends with the move.
    """
  package static let severity = Diagnostic.Severity.note
  package static let examples = [
    PracticeExample(
      bad: "image: nginx:1.28",
      good: "image: nginx:1.28\nlogging: {driver: json-file, options: {max-size: 10m}}"),
    PracticeExample(
      bad: "image: nginx:1.28\nlogging: {driver: json-file}",
      good: "image: nginx:1.28\nlogging: {driver: local}"),
  ]

  package static func check(
    _ service: Service, _ stack: borrowing StackFacts, _ findings: inout PracticeFindings
  ) {
    let driver = service["logging", "driver"]
    guard (driver?.text ?? "json-file") == "json-file",
      service["logging", "options", "max-size"] == nil
    else { return }
    findings.add(
      service, driver?.id ?? service.key,
      "the logs of \(service.name) grow without bound, unless the daemon's configuration bounds them",
      hint: "logging: {driver: json-file, options: {max-size: 10m, max-file: \"3\"}}")
  }
}
