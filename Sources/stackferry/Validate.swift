import ArgumentParser
import Delivery
import Diagnostics
import Kubernetes
import Migration
import Stack
import Swarm
import YAML

/// `stackferry validate`: the verdict for CI.
struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Check that a stack is valid and can be migrated: a verdict and an exit status for CI.",
    discussion: """
      Fails (exit status 1) when a key ends in one of the dispositions of --fail-on, when a manifest would be refused by \
      the Kubernetes API server, or, with --manifests, when the manifests in that folder are not what the stack gives today.

      A finding does not fail when a baseline knows it, or when the stack file accepts it and says why:

        x-stackferry:
          accept: {logging/driver: "Loki collects on every node"}

        # stackferry: accept logging/driver: Loki collects on every node
        logging: {driver: syslog}

      Examples:
        stackferry validate -c stack.yml shop
        stackferry validate shop --baseline known.json --write-baseline
        stackferry validate shop --baseline known.json --fail-on lost,manual
        stackferry validate shop --manifests kubernetes/shop
      """)

  @OptionGroup(title: "Input Options") var input: StackArguments
  @OptionGroup(title: "Mapping Options") var choices: MigrationArguments

  @Argument(help: "The stack's name, as with `docker stack deploy`. Default: the folder's name.")
  var stack: String?

  @Option(
    help: ArgumentHelp(
      "Dispositions that fail the check, separated by commas: lost, manual, decide, adapted; or none.",
      valueName: "list"))
  var failOn = "lost"

  @Option(
    help: ArgumentHelp(
      "A file of known findings, which do not fail; new ones do.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var baseline: String?

  @Flag(help: "Write today's findings into the file of --baseline.")
  var writeBaseline = false

  @Option(
    help: ArgumentHelp(
      "A folder that `convert` wrote: fail when it is out of date.", valueName: "dir"),
    completion: .directory)
  var manifests: String?

  @Option(
    help: ArgumentHelp(
      "A field that may have been added to the manifests by hand. Repeat.",
      discussion: """
        Such as spec.template.spec.nodeSelector, or of one object Deployment/web:metadata.annotations.*; `*` stands for one \
        name, `[]` behind a list's name for its items.
        """,
      valueName: "[object:]path"))
  var allowAdded: [String] = []

  func validate() throws {
    _ = try failing()
    _ = try patterns()
    if writeBaseline, baseline == nil {
      throw ValidationError("--write-baseline needs --baseline FILE, which names the file.")
    }
    if !allowAdded.isEmpty, manifests == nil {
      throw ValidationError("--allow-added is about the manifests of --manifests DIR.")
    }
  }

  private func failing() throws -> Set<Disposition> {
    if failOn == "none" { return [] }
    var result = Set<Disposition>()
    for name in failOn.split(separator: ",") {
      let word = name.filter { $0 != " " }
      guard let disposition = Disposition.allCases.first(where: { $0.name == word }),
        disposition >= .adapted
      else {
        throw ValidationError(
          "--fail-on takes lost, manual, decide and adapted, separated by commas, or none; not '\(word)'."
        )
      }
      result.insert(disposition)
    }
    return result
  }

  private func patterns() throws -> [FieldPattern] {
    try allowAdded.map { text in
      guard let pattern = FieldPattern(text) else {
        throw ValidationError(
          "--allow-added takes a path such as spec.template.spec.nodeSelector, not '\(text)'.")
      }
      return pattern
    }
  }

  /// One reason to fail.
  private struct Failure {
    var text: String
    var file: String?
    var line: Int?
    var column: Int?
    var title: String
    var message: String
  }

  func run() throws {
    let failing = try failing()
    let migrated = try Migrated(input, choices, name: stack)
    let report = migrated.report
    let acceptances = try accepted(report)
    if writeBaseline, let baseline {
      let bytes = Baseline.bytes(report, failing)
      if let problem = FileSystem.write(bytes, to: baseline, mode: 0o666) {
        throw Terminal.failure(problem)
      }
    }
    let known = try readBaseline()
    var failures: [Failure] = []
    var knownCount = 0
    let identities = report.identities
    for (position, finding) in report.ledger.findings.enumerated()
    where failing.contains(finding.disposition) {
      if acceptances.byFinding[position] != nil { continue }
      if known?.contains(identities[position]) == true {
        knownCount += 1
        continue
      }
      failures.append(failure(finding, report))
    }
    for stack in migrated.migration.stacks {
      for problem in stack.objects.problems(minor: migrated.choices.all.kubernetes.minor) {
        failures.append(
          Failure(
            text: "\(stack.namespace): refused by Kubernetes: \(problem)",
            title: "refused by Kubernetes", message: "\(stack.namespace): \(problem)"))
      }
    }
    if let manifests { failures += try drift(migrated.migration, in: manifests) }
    try show(failures)
    if !input.quiet {
      Terminal.note(
        TextReport(report, color: Terminal.hasColor(2)).summary().droppingLastLineBreak)
      noteTheRest(acceptances, known, knownCount, identities)
    }
    Terminal.note(
      failures.isEmpty ? "pass" : "fail: \(failures.count) finding\(failures.count == 1 ? "" : "s")"
    )
    if !failures.isEmpty { throw ExitCode(Status.fail) }
  }

  private func show(_ failures: [Failure]) throws {
    guard !failures.isEmpty else { return }
    var text = ""
    for failure in failures {
      text += failure.text + "\n"
    }
    if FileSystem.environment["GITHUB_ACTIONS"] == "true" {
      for failure in failures {
        text +=
          gitHubAnnotation(
            "error", file: failure.file, line: failure.line, column: failure.column,
            title: failure.title, failure.message) + "\n"
      }
    }
    try Terminal.out(text)
  }

  private func failure(_ finding: Finding, _ report: Report) -> Failure {
    let place = report.place(finding.key)
    let who = finding.subject.service.map { "services.\($0)" } ?? finding.subject.stack
    let mark = report.keys.mark(finding.key)
    let remedy = finding.message.remedy.map { "\n\($0)" } ?? ""
    return Failure(
      text:
        "\(place.isEmpty ? who : place): \(finding.disposition.name): \(finding.message.text) "
        + "[\(finding.message.slug)]",
      file: report.sources.file(of: mark)?.path, line: mark.line > 0 ? Int(mark.line) : nil,
      column: mark.line > 0 ? Int(mark.column) : nil,
      title: "\(finding.disposition.name): \(finding.message.slug)",
      message: (mark.line > 0 ? "" : "\(who): ") + finding.message.text + remedy)
  }

  // MARK: What does not fail

  private func accepted(_ report: Report) throws -> Acceptances {
    let acceptances = Acceptances(report)
    guard !acceptances.problems.isEmpty else { return acceptances }
    Terminal.note(
      DiagnosticRenderer(color: Terminal.hasColor(2))
        .render(acceptances.problems, in: report.sources).droppingLastLineBreak)
    throw ExitCode(Status.input)
  }

  private func readBaseline() throws -> Baseline? {
    guard let path = baseline else { return nil }
    switch FileSystem.read(path) {
    case .failure(let problem):
      Terminal.note(
        "stackferry: error: \(problem.path): \(problem.reason)\n"
          + "  = hint: --write-baseline writes it")
      throw ExitCode(Status.input)
    case .success(let bytes):
      var sources = Sources()
      let file = sources.add(SourceFile(path: path, bytes: bytes))
      do throws(DiagnosticError) {
        return try Baseline(file, in: sources)
      } catch {
        Terminal.note(
          DiagnosticRenderer(color: Terminal.hasColor(2)).render(error.diagnostics, in: sources)
            .droppingLastLineBreak)
        throw ExitCode(Status.input)
      }
    }
  }

  private func noteTheRest(
    _ acceptances: Acceptances, _ known: Baseline?, _ knownCount: Int, _ identities: [String]
  ) {
    if !acceptances.byFinding.isEmpty {
      let count = acceptances.byFinding.count
      Terminal.note("\(count) finding\(count == 1 ? " is" : "s are") accepted in the stack file")
    }
    for entry in acceptances.unused {
      Terminal.note("warning: nothing to accept any more: \(entry.rule) (\(entry.reason))")
    }
    if let known {
      let stale = known.stale(identities)
      Terminal.note(
        "\(knownCount) known from the baseline"
          + (stale == 0
            ? "" : "; \(stale) of it \(stale == 1 ? "is" : "are") gone, --write-baseline renews it")
      )
    }
  }

  // MARK: Drift

  private func drift(_ migration: Migration, in folder: String) throws -> [Failure] {
    guard FileSystem.kind(folder) == .directory else {
      throw Terminal.failure(
        FileProblem(path: folder, reason: "is no folder; `stackferry convert -o` writes it"))
    }
    var written: Set<String>?
    if case .success(let bytes) = FileSystem.read("\(folder)/\(OutputFolder.index)") {
      written = Set(String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init))
    }
    let drift = Drift(
      manifestFiles(migration),
      committed: { name in try? FileSystem.read("\(folder)/\(name)").get() },
      names: FileSystem.list(folder), written: written, allowed: try patterns(), folder: folder)
    if !input.quiet {
      for (file, path) in drift.additions {
        Terminal.note("\(folder)/\(file): added by hand, and allowed: \(path)")
      }
      for pattern in drift.unused {
        Terminal.note("warning: --allow-added \(pattern) allows nothing that is there")
      }
    }
    return drift.differences.map { difference in
      let path = "\(folder)/\(difference.file)"
      let diff = difference.diff.isEmpty ? "" : "\n\(difference.diff.droppingLastLineBreak)"
      return Failure(
        text: "\(path): \(difference.summary)\(diff)", file: path,
        line: difference.line > 0 ? difference.line : nil, column: nil, title: "drift",
        message: "\(difference.summary); run stackferry convert and commit the result")
    }
  }
}
