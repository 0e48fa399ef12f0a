package import Diagnostics

package enum SeveralProcesses: Rule {
  package static let name = "several-processes"
  package static let title = "Several processes in one container"
  package static let about = """
    A container ends with its first process; what runs beside it may die unnoticed, its log is mixed with the other's, and the
    stop signal reaches only the first. Neither Swarm nor Kubernetes can restart, scale or limit the parts by themselves. Make a
    service of each; in Kubernetes, what must share a network or files can share a pod as a second container.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let examples = [
    RuleExample(
      bad: "FROM debian:12\nCMD php-fpm & nginx -g 'daemon off;'\n",
      good: "FROM debian:12\nCMD [\"nginx\", \"-g\", \"daemon off;\"]\n"),
    RuleExample(
      bad: "FROM debian:12\nENTRYPOINT [\"/usr/bin/supervisord\", \"-n\"]\n",
      good: "FROM debian:12\nENTRYPOINT [\"/usr/sbin/nginx\"]\n"),
  ]

  private static let supervisors: Set<String> = [
    "supervisord", "s6-svscan", "runsvdir", "runit", "monit", "pm2-runtime", "honcho", "foreman",
    "concurrently", "systemd", "circusd",
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for keyword in [Instruction.Keyword.entrypoint, .cmd] {
      guard let instruction = subject.last(keyword) else { continue }
      for command in instruction.script.commands {
        if supervisors.contains(command.name) {
          findings.add(
            command.span, "\(command.name) runs several processes in one container",
            hint: "make a service of each")
          break
        }
        let starts =
          command.name == "service" && command.arguments.last == "start"
          || command.words.first?.text.hasPrefix("/etc/init.d/") == true
        if command.joint == .background || starts {
          findings.add(
            command.span,
            starts
              ? "a service is started in the background"
              : "this runs beside a process in the background",
            hint: "make a service of each")
          break
        }
      }
    }
  }
}
