package import Diagnostics
package import Swarm
import YAML

package enum AnonymousVolume: Practice {
  package static let name = "anonymous-volume"
  package static let title = "State in an anonymous volume"
  package static let about = """
    A volume without a name belongs to one task: the next one starts with an empty one, and the old one stays on its node until
    somebody prunes it. What is kept there is lost at every update, and cannot be moved. Give it a name, or make it a tmpfs where
    it is only scratch.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let examples = [
    PracticeExample(
      bad: "image: postgres:17\nvolumes: ['/var/lib/postgresql/data']",
      good: "image: postgres:17\nvolumes: ['database:/var/lib/postgresql/data']")
  ]

  package static func check(
    _ service: Service, _ stack: borrowing StackFacts, _ findings: inout PracticeFindings
  ) {
    for mount in service.mounts where mount.kind == .volume && mount.source == nil {
      findings.add(
        service, mount.node.id,
        "what \(service.name) keeps in \(mount.target) is gone with its task",
        hint: "give the volume a name: \(service.name)-data:\(mount.target)")
    }
  }
}
