package import Diagnostics

package enum RootUser: Rule {
  package static let name = "root-user"
  package static let title = "Runs as root"
  package static let about = """
    Without `USER` a container's process is root: whoever breaks out of it is root on the node. Swarm never asked. A Kubernetes
    namespace with the `restricted` Pod Security Standard refuses such a pod, and `runAsNonRoot: true` keeps it from starting.
    Make a user with a number of its own, give it the folders that the program writes to, and end the last stage with
    `USER 10001`. It is not done for you: whether the program writes somewhere else only its start shows.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let hadolint = ["DL3002"]
  package static let examples = [
    RuleExample(
      bad: "FROM debian:12\nCMD [\"/app\"]\n", good: "FROM debian:12\nUSER 10001\nCMD [\"/app\"]\n"),
    RuleExample(
      bad: "FROM debian:12\nUSER 10001\nRUN make\nUSER root\n",
      good: "FROM debian:12\nUSER root\nRUN make\nUSER 10001\n"),
    RuleExample(
      bad: "FROM debian:12\n", good: "FROM debian:12\n",
      uses: [ServiceUse(name: "web")], goodUses: [ServiceUse(name: "web", user: "10001")]),
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    guard subject.target >= 0 else { return }
    // Where the stack sets a user for every service, that counts.
    if !subject.uses.isEmpty,
      subject.uses.allSatisfy({ $0.user.map { !$0.isEmpty && !Subject.isRoot($0) } ?? false })
    {
      return
    }
    let hint = "end the last stage with: USER 10001, and give that user the folders it writes to"
    if let user = subject.last(.user) {
      if let word = user.words.first, Subject.isRoot(word.text) {
        findings.add(word.span, "the image's last user is root", hint: hint)
      }
      return
    }
    let base = subject.dockerfile.rootBase(subject.target) ?? ""
    if Self.isUnprivileged(base) { return }
    let stage = subject.dockerfile.stages[subject.target]
    findings.add(
      subject.dockerfile.instructions[stage.from].headSpan,
      "no USER is set: the process runs as root unless the base image says otherwise", hint: hint)
  }

  /// Bases that are known to set a user.
  private static func isUnprivileged(_ base: String) -> Bool {
    base.contains("nonroot") || base.contains("-unprivileged") || base.contains("-rootless")
      || base.hasPrefix("cgr.dev/") || base.hasPrefix("bitnami/") || base.contains("-chiseled")
  }
}
