package import Diagnostics
package import Swarm
import YAML

package enum NoLimits: Practice {
  package static let name = "no-limits"
  package static let title = "No memory limit"
  package static let about = """
    A service without `deploy.resources.limits.memory` can take the whole node's memory, and its neighbours with it. On
    Kubernetes such a pod is of the class BestEffort: the first to be evicted when a node runs short, and the scheduler packs as
    many of them onto a node as it likes. A reservation becomes the request that the scheduler counts with.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let examples = [
    PracticeExample(
      bad: "image: nginx:1.28",
      good: "image: nginx:1.28\ndeploy: {resources: {limits: {memory: 128M}}}")
  ]

  package static func check(
    _ service: Service, _ stack: borrowing StackFacts, _ findings: inout PracticeFindings
  ) {
    if service.resourceLimits.memory != nil { return }
    let hasReservation = service.resourceReservations.memory != nil
    findings.add(
      service, service.key,
      hasReservation
        ? "\(service.name) reserves memory and has no limit for it"
        : "\(service.name) has no memory limit, and none reserved",
      hint: "see what it uses with docker stats, and write deploy.resources.limits.memory")
  }
}
