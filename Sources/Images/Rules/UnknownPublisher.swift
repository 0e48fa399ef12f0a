package import Diagnostics
import Swarm

package enum UnknownPublisher: Rule {
  package static let name = "unknown-publisher"
  package static let title = "Base image of a private person"
  package static let about = """
    Anybody can push an image to Docker Hub under a name of their own. Official images, and those of verified publishers, are
    built from sources that can be read and are rebuilt when their base is patched; any other is only as good as the person
    behind it. It runs with whatever rights your service has, on Swarm and on Kubernetes alike.
    """
  package static let severity = Diagnostic.Severity.note
  package static let examples = [
    RuleExample(bad: "FROM somebody/node-with-tools:1\n", good: "FROM node:24-slim\n")
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for (number, _) in subject.bases {
      let stage = subject.dockerfile.stages[number]
      guard stage.parent == nil, let word = stage.written, let base = stage.base,
        let reference = try? ImageReference(base),
        reference.registry == nil || reference.registry == "docker.io",
        !OfficialImages.isOfficial(reference),
        let publisher = reference.repository.split(separator: "/").first,
        !OfficialImages.publishers.contains(String(publisher))
      else { continue }
      findings.add(
        word.span, "\"\(publisher)\" is not known here as an official or verified publisher",
        hint: "if it is your own, all is well; else build on an official image")
    }
  }
}
