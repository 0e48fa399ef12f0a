package import Diagnostics
package import Swarm
import YAML

package enum DockerSocket: Practice {
  package static let name = "docker-socket"
  package static let title = "The Docker socket is mounted"
  package static let about = """
    Whoever can write to `/var/run/docker.sock` is root on the node, and on a manager owns the Swarm; mounted read-only it is no
    better, since a socket is written to all the same. Kubernetes nodes have no Docker engine: proxies and dashboards that read
    the socket must be told to read the Kubernetes API, with a service account that may only read.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let examples = [
    PracticeExample(
      bad: "image: traefik:v3.5\nvolumes: ['/var/run/docker.sock:/var/run/docker.sock:ro']",
      good: "image: traefik:v3.5\nvolumes: ['certificates:/certificates']")
  ]

  package static func check(
    _ service: Service, _ stack: borrowing StackFacts, _ findings: inout PracticeFindings
  ) {
    for mount in service.mounts where mount.kind == .bind {
      guard let source = mount.source,
        ["/var/run/docker.sock", "/run/docker.sock", "/var/run", "/run"].contains(source)
      else { continue }
      findings.add(
        service, mount.node.id,
        "\(service.name) can do what the Docker engine can: it is root on its node",
        hint: "put a proxy that lets only reads through between them, or drop it")
    }
  }
}
