package import Diagnostics
import Swarm

package enum BaseDigest: Rule {
  package static let name = "base-digest"
  package static let title = "Base image without a digest"
  package static let about = """
    A tag can be moved; a digest names one image for ever. `docker stack deploy` pins the digest of what it deploys, so on Swarm
    all tasks of a service at least ran the same bytes. Kubernetes pulls a tag on each node by itself. A digest in `FROM` makes
    the build repeatable as well; let a bot that renews it keep it fresh.
    """
  package static let severity = Diagnostic.Severity.note
  package static let examples = [
    RuleExample(
      bad: "FROM alpine:3.22\n",
      good:
        "FROM alpine:3.22@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"
    )
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for (number, _) in subject.bases {
      let stage = subject.dockerfile.stages[number]
      // Without a version it is the other rule's business.
      guard subject.inImage.contains(number), stage.parent == nil, let word = stage.written,
        let base = stage.base, let reference = try? ImageReference(base), !reference.isLatest,
        reference.digest == nil
      else { continue }
      findings.add(
        word.span, "the tag \"\(reference.tag ?? "")\" can be moved to another image",
        hint: "pin what it is today: docker buildx imagetools inspect \(base) prints the digest")
    }
  }
}
