import Validation
import ArgumentParser
import Basics
import Delivery
import Diagnostics
import Disk
import Kubernetes
import Ledger
import Mapping
import Report
import Stack
import Swarm
import YAML

/// `stackferry validate`: the verdict for CI.
struct Validate: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, sarif, junit
  }

  static let configuration = CommandConfiguration(
    abstract:
      "Check a stack, its manifests, or any manifests: a verdict and an exit status for CI.",
    discussion: """
      Asks three questions, and fails (exit status 1) when one is answered with no:

        1. Can the stack be migrated? No, when a key ends in one of the dispositions of --fail-on.
        2. Are the manifests of --manifests what the stack gives today? `stackferry convert` mends it.
        3. Would Kubernetes (--kubernetes) accept the manifests? Fields, types, names and the rules of the API server \
      are checked offline, in any YAML or JSON of --manifests, whoever wrote it.

      Without a stack, only the third is asked. Exit status 2: something could not be read.

      A finding does not fail when a baseline knows it, or when the stack file accepts it and says why:

        x-stackferry:
          accept: {logging/driver: "Loki collects on every node"}

        # stackferry: accept logging/driver: Loki collects on every node
        logging: {driver: syslog}

      Examples:
        stackferry validate -c stack.yml shop
        stackferry validate shop --manifests kubernetes/shop
        stackferry validate --manifests-only --manifests deploy/ --kubernetes 1.32
        helm template ./chart | stackferry validate --manifests -
        stackferry validate shop --baseline known.json --write-baseline
        stackferry validate shop --manifests kubernetes/shop --format sarif > stackferry.sarif
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
      "A folder of manifests, or one file; `-` is standard input. Repeat.",
      discussion: """
        All are checked against the API of --kubernetes. With a stack, the first must be the folder that `convert` wrote, and \
        fails when it is out of date.
        """,
      valueName: "path"),
    completion: .directory)
  var manifests: [String] = []

  @Flag(help: "Read no stack, also where a stack file of a usual name is here.")
  var manifestsOnly = false

  @Flag(help: "Warnings about manifests fail, too.")
  var strict = false

  @Option(help: "How to print it.")
  var format = Format.text

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
    if !allowAdded.isEmpty, manifests.isEmpty {
      throw ValidationError("--allow-added is about the manifests of --manifests DIR.")
    }
    if manifestsOnly, manifests.isEmpty {
      throw ValidationError("--manifests-only needs --manifests PATH, which says what to check.")
    }
    if manifestsOnly, stack != nil || input.isNamed {
      throw ValidationError("Give either --manifests-only or a stack, not both.")
    }
    if manifests.filter({ $0 == "-" }).count > 1 {
      throw ValidationError("Standard input (-) can be read only once.")
    }
    if manifestsOnly, writeBaseline {
      throw ValidationError("A baseline is of a stack's findings; --manifests-only reads no stack.")
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

  func run() throws {
    if manifestsOnly || !manifests.isEmpty && stack == nil && !input.hasStack {
      return try end(Verdict(minor: choices.kubernetes.minor))
    }
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
    var verdict = Verdict(minor: migrated.choices.all.kubernetes.minor)
    verdict.report = report
    verdict.failing = failing
    verdict.hasBaseline = known != nil
    let identities = report.identities
    verdict.states = acceptances.states
    for position in report.ledger.findings.indices where verdict.states[position] == nil {
      if known?.contains(identities[position]) == true { verdict.states[position] = .known }
    }
    for stack in migrated.migration.stacks {
      for problem in stack.objects.problems(minor: verdict.minor) where problem.severity == .error {
        verdict.checks.append(
          CheckResult(
            problem, stack: stack.namespace.rawValue, file: report.sources.files.first?.path ?? "-")
        )
      }
    }
    if let folder = manifests.first {
      verdict.checks += try drift(migrated.migration, in: folder)
    }
    if !input.quiet {
      Terminal.note(
        TextReport(report, color: Terminal.hasColor(2)).summary().droppingLastLineBreak)
      noteTheRest(report, acceptances, known, verdict.knownCount, identities)
    }
    noteDrift(verdict.checks, report)
    try end(verdict)
  }

  /// What to do about manifests that are not what the stack gives.
  private func noteDrift(_ checks: [CheckResult], _ report: Report) {
    guard let folder = manifests.first, checks.contains(where: { $0.slug.hasPrefix("drift/") })
    else {
      return
    }
    // What was made of a file that is elsewhere today looks as if the stack gave it no more.
    let missing = report.ledger.findings.filter { $0.message.slug.hasSuffix("/missing-file") }
    for finding in missing {
      Terminal.note(
        "note: \(report.place(finding.key)): \(finding.message.text) What convert made of it elsewhere cannot be compared"
          + (finding.message.slug.hasPrefix("secrets/")
            ? "; with --secrets omit, sealed or external-secrets no manifest holds it." : "."))
    }
    Terminal.note(
      "note: `stackferry convert` with the same options and -o \(folder) writes the manifests anew; commit the result"
    )
  }

  /// Asks the third question, shows everything, and ends with the verdict.
  private func end(_ verdict: Verdict) throws {
    var verdict = verdict
    var check = ManifestCheck(minor: verdict.minor)
    var isReadable = true
    for path in manifests {
      for problem in read(path, &check) {
        _ = Terminal.failure(problem)
        isReadable = false
      }
    }
    check.finish()
    isReadable = isReadable && !check.findings.contains(where: \.isUnreadable)
    verdict.add(check, color: Terminal.hasColor(1))
    verdict.isStrict = strict
    switch format {
    case .text: try Terminal.out(verdict.text(isVerbose: input.verbose))
    case .json: try Terminal.out(verdict.json(toolVersion: Stackferry.number).bytes)
    case .sarif: try Terminal.out(verdict.sarif(toolVersion: Stackferry.number).bytes)
    case .junit: try Terminal.out(verdict.junit)
    }
    if FileSystem.environment["GITHUB_ACTIONS"] == "true" {
      // A format's document goes to standard output alone.
      let lines = verdict.annotations
      if format == .text { try Terminal.out(lines) } else { Terminal.note(lines) }
    }
    if !input.quiet, !manifests.isEmpty { Terminal.note(verdict.account(isVerbose: input.verbose)) }
    let count = verdict.failureCount
    Terminal.note(count == 0 ? "pass" : "fail: \(count) finding\(count == 1 ? "" : "s")")
    if !isReadable { throw ExitCode(Status.input) }
    if count > 0 { throw ExitCode(Status.fail) }
  }

  /// How the files of a folder of manifests are read: nothing outside of the working folder or, where that does not hold the
  /// folder, of the folder itself.
  private func files(below folder: String) -> Files {
    let working = Enclosure(".", as: "the working folder")
    return FileSystem.files(within: [
      working.holds(folder) ? working : Enclosure(folder, as: "its folder")
    ])
  }

  private func read(_ path: String, _ check: inout ManifestCheck) -> [FileProblem] {
    if FileSystem.kind(path) == .directory { return check.check(at: path, files(below: path)) }
    switch FileSystem.read(path) {
    case .success(let bytes):
      check.check(path, bytes)
      return []
    case .failure(let problem): return [problem]
    }
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
    _ report: Report, _ acceptances: Acceptances, _ known: Baseline?, _ knownCount: Int,
    _ identities: [String]
  ) {
    if !acceptances.byFinding.isEmpty {
      let count = acceptances.byFinding.count
      Terminal.note("\(count) finding\(count == 1 ? " is" : "s are") accepted in the stack file")
    }
    for entry in acceptances.unused {
      let near = nearest(
        entry.rule, among: Set(report.ledger.findings.map(\.message.slug)).sorted())
      let hint = near.map { $0 == entry.rule ? "" : "; did you mean \($0)?" } ?? ""
      Terminal.note(
        "warning: \(report.sources.place(entry.mark)): nothing to accept any more: \(entry.rule) (\(entry.reason))\(hint)"
      )
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

  private func drift(_ migration: Migration, in folder: String) throws -> [CheckResult] {
    guard FileSystem.kind(folder) == .directory else {
      throw Terminal.failure(
        FileProblem(path: folder, reason: "is no folder; `stackferry convert -o` writes it"))
    }
    let files = files(below: folder)
    let drift = Drift(
      manifestFiles(migration),
      committed: { name in try? files.read("\(folder)/\(name)").get() },
      names: files.entries(folder).map(\.name), written: OutputFolder(path: folder).listed(),
      allowed: try patterns(), folder: folder)
    if !input.quiet {
      for (file, path) in drift.additions {
        Terminal.note("\(folder)/\(file): added by hand, and allowed: \(path)")
      }
      for pattern in drift.unused {
        Terminal.note("warning: --allow-added \(pattern) allows nothing that is there")
      }
    }
    return drift.differences.map { CheckResult($0, folder: folder) }
  }
}
