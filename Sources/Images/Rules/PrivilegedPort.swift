package import Diagnostics

package enum PrivilegedPort: Rule {
  package static let name = "privileged-port"
  package static let title = "A port below 1024 without root"
  package static let about = """
    Since version 20.10 the Docker engine lets any user of a container listen on any port. On Kubernetes that is up to the
    node's container runtime (`enable_unprivileged_ports` of containerd, on by default only since 2.0): elsewhere the process
    fails with "permission denied" as soon as it is not root. Listen on 8080 and map the port where it is published; or let the
    pod set the sysctl `net.ipv4.ip_unprivileged_port_start=0`.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let examples = [
    RuleExample(
      bad: "FROM nginx:1.28-alpine\nEXPOSE 80\nUSER 101\n",
      good: "FROM nginx:1.28-alpine\nEXPOSE 8080\nUSER 101\n")
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    guard subject.unprivilegedUser != nil else { return }
    for instruction in subject.inImage(.expose) {
      for word in instruction.words {
        let number = Int(word.text.prefix { $0 != "/" && $0 != "-" })
        guard let number, 1..<1024 ~= number else { continue }
        findings.add(
          word.span, "port \(number) is below 1024, and the image's user is not root",
          hint: "listen on \(number == 443 ? 8443 : number == 80 ? 8080 : 10000 + number)")
      }
    }
  }
}
