package import Diagnostics

package enum AptUpdateAlone: Rule {
  package static let name = "apt-update-alone"
  package static let title = "apt-get update in a layer of its own"
  package static let about = """
    The layer with the package lists is cached: months later `apt-get install` still reads the lists of the first build, and
    installs versions with known holes or fails with 404. Both belong into one `RUN`. It matters most in the week of a
    migration, when images are rebuilt that nobody touched for a year.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let examples = [
    RuleExample(
      bad: """
        FROM debian:12
        RUN apt-get update
        RUN apt-get install -y --no-install-recommends curl

        """,
      good: """
        FROM debian:12
        RUN apt-get update && apt-get install -y --no-install-recommends curl

        """)
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for run in subject.runs {
      let commands = run.script.commands
      guard let update = commands.first(where: { AptLists.isUpdate($0) }) else { continue }
      if commands.contains(where: { AptLists.programs.contains($0.name) && !AptLists.isUpdate($0) })
      {
        continue
      }
      // A script of its own may install.
      if commands.contains(where: { $0.name.hasSuffix(".sh") }) { continue }
      findings.add(
        update.span, "this layer is cached: a later apt-get install reads old package lists",
        hint: "write: apt-get update && apt-get install … in one RUN")
    }
  }
}
