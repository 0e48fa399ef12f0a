package import Diagnostics
package import Swarm
import YAML

package enum NoServiceHealthcheck: Practice {
  package static let name = "no-service-healthcheck"
  package static let title = "No health check"
  package static let about = """
    Without a health check Swarm sends requests to a task as soon as its process runs, and a rolling update goes on while every
    new task still starts, or hangs. stackferry makes a Kubernetes service's probes of `healthcheck`; without it there are none,
    and a pod counts as ready at once. A check that the image brings counts where it is known here: from `build`, or from an
    archive given with `--image`.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let examples = [
    PracticeExample(
      bad: "image: nginx:1.28",
      good:
        "image: nginx:1.28\nhealthcheck: {test: [CMD, wget, -q, -O, /dev/null, 'http://127.0.0.1/']}"
    ),
    PracticeExample(
      bad: "image: nginx:1.28\nhealthcheck: {disable: true}",
      good: "image: nginx:1.28\ndeploy: {mode: replicated-job}"),
  ]

  package static func check(
    _ service: Service, _ stack: borrowing StackFacts, _ findings: inout PracticeFindings
  ) {
    // A job is done when it ends; nobody asks it anything.
    if service["deploy", "mode"]?.text?.hasSuffix("-job") == true { return }
    if let healthcheck = service.healthcheck {
      switch healthcheck.test {
      case .exec, .shell: return
      case .disabled:
        return findings.add(
          service, healthcheck.node.id, "\(service.name) switches its health check off",
          hint: "write one that fits, so that updates wait until a task is ready", severity: .note)
      case .image, .unknown: break
      }
    }
    if stack.checkedByImage.contains(service.name) { return }
    findings.add(
      service, service.key, "\(service.name) has no health check",
      hint: "write healthcheck.test: it also becomes the pod's probes")
  }
}
