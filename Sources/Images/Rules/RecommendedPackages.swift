package import Diagnostics

package enum RecommendedPackages: Rule {
  package static let name = "recommended-packages"
  package static let title = "Packages that are only recommended"
  package static let about = """
    `apt-get install` also installs what a package recommends, often more than the package itself: documentation, X11, mail
    servers. It makes the image larger and gives scanners more to find. It is not done for you: some program may live on a
    recommended package (`ca-certificates` is the usual one), which then must be named.
    """
  package static let severity = Diagnostic.Severity.note
  package static let hadolint = ["DL3015"]
  package static let examples = [
    RuleExample(
      bad: """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*

        """,
      good: """
        FROM debian:12
        RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates curl \\
            && rm -rf /var/lib/apt/lists/*

        """)
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for run in subject.runs {
      let forgetful = run.script.commands.first { command in
        command.runs(["apt-get"], "install") && !command.has(option: "--no-install-recommends")
          && !command.arguments.contains { $0.hasPrefix("APT::Install-Recommends=") }
          && !command.arguments.contains { $0.hasPrefix("-oAPT::Install-Recommends") }
      }
      guard let forgetful else { continue }
      findings.add(
        forgetful.span, "this installs recommended packages too",
        hint: "write: apt-get install -y --no-install-recommends …")
    }
  }
}
