package import Diagnostics
package import Swarm
import YAML

package enum UnpinnedImage: Practice {
  package static let name = "unpinned-image"
  package static let title = "The image has no version"
  package static let about = """
    `latest`, or no tag, is another image after each push. `docker stack deploy` pinned its digest for all tasks until the next
    deployment; Kubernetes pulls it anew at each start of a pod, so that the pods of one Deployment can run different versions,
    and a rollback brings nothing back.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let examples = [
    PracticeExample(bad: "image: nginx", good: "image: nginx:1.28-alpine"),
    PracticeExample(bad: "image: harbour/api:latest", good: "image: harbour/api:4.12.0"),
  ]

  package static func check(
    _ service: Service, _ stack: borrowing StackFacts, _ findings: inout PracticeFindings
  ) {
    guard let node = service.image, let text = node.text, let reference = try? ImageReference(text),
      reference.isLatest
    else { return }
    findings.add(
      service, node.id, "the image \"\(text)\" is another one after each push",
      hint: "name a version, or pin the digest that docker service inspect shows today")
  }
}
