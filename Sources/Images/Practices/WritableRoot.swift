package import Diagnostics
package import Swarm
import YAML

package enum WritableRoot: Practice {
  package static let name = "writable-root"
  package static let title = "The root file system is writable"
  package static let about = """
    With `read_only: true` an intruder cannot change the program, and whatever the service writes must lie in a volume or a
    tmpfs, where it is known: it is the surest way to find state that a move would lose. It becomes `readOnlyRootFilesystem`.
    """
  package static let severity = Diagnostic.Severity.note
  package static let examples = [
    PracticeExample(bad: "image: nginx:1.28", good: "image: nginx:1.28\nread_only: true")
  ]

  package static func check(
    _ service: Service, _ stack: borrowing StackFacts, _ findings: inout PracticeFindings
  ) {
    if service["read_only"]?.bool == true { return }
    findings.add(
      service, service["read_only"]?.id ?? service.key,
      "\(service.name) can write anywhere in its container, and that is lost with the task",
      hint: "try read_only: true, with a tmpfs on /tmp and what docker diff shows")
  }
}
