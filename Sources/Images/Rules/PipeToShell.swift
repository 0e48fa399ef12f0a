package import Diagnostics

package enum PipeToShell: Rule {
  package static let name = "pipe-to-shell"
  package static let title = "A download goes straight into a shell"
  package static let about = """
    `curl … | sh` runs whatever the server sends that day, as root, and a transfer that breaks off runs half of it. Download to
    a file, check its sum, run it; or install a package of a fixed version.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let examples = [
    RuleExample(
      bad: "FROM debian:12\nRUN curl -fsSL https://example.com/install | sh\n",
      good: """
        FROM debian:12
        RUN curl -fsSLo install https://example.com/install \\
            && echo "0123456789abcdef  install" | sha256sum -c - && sh install

        """),
    RuleExample(
      bad: "FROM debian:12\nRUN bash -c \"$(wget -qO- https://example.com/install)\"\n",
      good: "FROM debian:12\nRUN bash -c \"$(cat install)\"\n"),
  ]

  private static let interpreters: Set<String> = [
    "python", "python3", "perl", "node", "ruby", "php",
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for run in subject.runs {
      let commands = run.script.commands
      for (index, command) in commands.enumerated() {
        let words = command.name == "sudo" ? Array(command.words.dropFirst()) : command.words
        guard let program = words.first.map(\.text),
          let name = program.split(separator: "/").last.map(String.init),
          ShellLexer.shells.contains(name) || interpreters.contains(name)
        else { continue }
        var isFed = false
        if command.joint == .pipe,
          words.dropFirst().allSatisfy({
            $0.text.hasPrefix("-") || $0.text == "-" || command.arguments.first == "-s"
              || words.count > 2 && words[1].text == "-s"
          })
        {
          var before = index - 1
          while before >= 0 {
            if downloads(commands[before]) { isFed = true }
            if commands[before].joint != .pipe { break }
            before -= 1
          }
        }
        if words.contains(where: {
          $0.isExpanded
            && ($0.text.contains("$(curl") || $0.text.contains("$(wget")
              || $0.text.contains("`curl") || $0.text.contains("`wget"))
        }) {
          isFed = true
        }
        guard isFed else { continue }
        findings.add(
          command.span, "\(name) runs whatever the download is today",
          hint: "download to a file, check its sha256sum, then run it")
      }
    }
  }

  private static func downloads(_ command: ShellScript.Command) -> Bool {
    command.name == "curl" || command.name == "wget"
  }
}
