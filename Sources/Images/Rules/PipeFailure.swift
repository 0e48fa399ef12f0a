package import Diagnostics

package enum PipeFailure: Rule {
  package static let name = "pipe-failure"
  package static let title = "A failure within a pipe goes unnoticed"
  package static let about = """
    The shell of a `RUN` takes the exit status of a pipe's last command: `curl … | tar x` succeeds with half a file where the
    shell of the base has no better idea. The image is built, pushed, and fails where it runs. Put
    `SHELL ["/bin/bash", "-o", "pipefail", "-c"]` ahead of it (`/bin/ash` on Alpine), or `set -o pipefail` into the script.
    """
  package static let severity = Diagnostic.Severity.note
  package static let hadolint = ["DL4006"]
  package static let examples = [
    RuleExample(
      bad: "FROM debian:12\nRUN curl -fsS https://example.com/a.tgz | tar -xz\n",
      good: """
        FROM debian:12
        SHELL ["/bin/bash", "-o", "pipefail", "-c"]
        RUN curl -fsS https://example.com/a.tgz | tar -xz

        """)
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for run in subject.runs where run.script.hasPipe && !run.isTrigger {
      let sets = run.script.commands.contains {
        ["set", "bash", "ash"].contains($0.name) && $0.arguments.contains("pipefail")
      }
      if sets || shellSets(subject, before: run) { continue }
      let pipe = run.script.commands.first { $0.joint == .pipe }
      findings.add(
        pipe?.span ?? run.instruction.keywordSpan,
        "what fails ahead of this pipe does not fail the build",
        hint: "put ahead of it: SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]")
    }
  }

  private static func shellSets(_ subject: borrowing Subject, before run: Subject.Run) -> Bool {
    guard run.stage >= 0 else { return false }
    var result = false
    for stage in subject.dockerfile.lineage(run.stage) {
      for index in subject.dockerfile.stages[stage].body where index < run.index {
        let instruction = subject.dockerfile.instructions[index]
        if instruction.keyword == .shell {
          result = instruction.json?.contains { $0.text.contains("pipefail") } ?? false
        }
      }
    }
    return result
  }
}
