package import Diagnostics

package enum UnmountedVolume: Rule {
  package static let name = "unmounted-volume"
  package static let title = "A VOLUME that the stack does not mount"
  package static let about = """
    Where the stack mounts nothing on a `VOLUME`, the engine makes an anonymous volume for each task, which the next task does
    not get back: the data is lost at every update, and the volumes pile up on the nodes. Kubernetes takes no notice of `VOLUME`:
    what is written there goes into the container's own layer and is gone with it. Mount a named volume there, or a tmpfs.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let examples = [
    RuleExample(
      bad: "FROM debian:12\nVOLUME /var/lib/shop\n", good: "FROM debian:12\nVOLUME /var/lib/shop\n",
      uses: [ServiceUse(name: "shop")],
      goodUses: [ServiceUse(name: "shop", mounts: ["/var/lib/shop"])])
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for instruction in subject.inImage(.volume) {
      for word in instruction.words where !word.text.contains("$") {
        let path =
          word.text.count > 1 && word.text.hasSuffix("/") ? String(word.text.dropLast()) : word.text
        let without = subject.uses.filter { !$0.mounts.contains(path) }
        guard !without.isEmpty else { continue }
        findings.add(
          word.span,
          "\(without.map(\.name).joined(separator: ", ")) mounts nothing on \(path): what is written there is lost",
          hint: "mount a volume in the stack: volumes: [data:\(path)], or a tmpfs")
      }
    }
  }
}
