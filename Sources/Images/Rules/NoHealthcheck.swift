package import Diagnostics

package enum NoHealthcheck: Rule {
  package static let name = "no-healthcheck"
  package static let title = "No health check anywhere"
  package static let about = """
    Without a health check Swarm takes a task for ready as soon as its process runs, and never notices that it hangs. Kubernetes
    ignores `HEALTHCHECK` in images; stackferry makes probes of it, and of the stack's `healthcheck`. Without either, rolling
    updates go on while every new pod still starts. Write it where both can use it: in the stack file.
    """
  package static let severity = Diagnostic.Severity.note
  package static let hadolint = ["DL3057"]
  package static let examples = [
    RuleExample(
      bad: "FROM nginx:1.28-alpine\nCMD [\"nginx\"]\n",
      good: """
        FROM nginx:1.28-alpine
        HEALTHCHECK CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1/"]
        CMD ["nginx"]

        """),
    RuleExample(
      bad: "FROM nginx:1.28-alpine\n", good: "FROM nginx:1.28-alpine\n",
      uses: [ServiceUse(name: "web")], goodUses: [ServiceUse(name: "web", hasHealthcheck: true)]),
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    guard subject.target >= 0, subject.last(.healthcheck) == nil else { return }
    let without = subject.uses.filter { !$0.hasHealthcheck }
    if !subject.uses.isEmpty, without.isEmpty { return }
    let stage = subject.dockerfile.stages[subject.target]
    let who =
      without.isEmpty
      ? "" : ", and \(without.map(\.name).joined(separator: ", ")) has none in the stack"
    findings.add(
      subject.dockerfile.instructions[stage.from].headSpan, "the image has no HEALTHCHECK\(who)",
      hint: "give the service a healthcheck in the stack file, which also becomes its probes")
  }
}
