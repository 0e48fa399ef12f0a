import ArgumentParser
import Delivery
import Kubernetes
import Migration

/// `stackferry validate`: the verdict for CI.
struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Check that a stack is valid and can be migrated: a verdict and an exit status for CI.",
    discussion: """
      Fails (exit status 1) when a key ends in one of the dispositions of --fail-on, when a manifest would be refused by \
      the Kubernetes API server, or, with --manifests, when the manifests in that folder are not what the stack gives today.

      Examples:
        stackferry validate -c stack.yml shop
        stackferry validate -c stack.yml shop --fail-on lost,manual
        stackferry validate -c stack.yml shop --manifests kubernetes/shop
      """)

  @OptionGroup var input: StackArguments
  @OptionGroup var choices: MigrationArguments

  @Argument(help: "The stack's name, as with `docker stack deploy`. Default: the folder's name.")
  var stack: String?

  @Option(
    help: ArgumentHelp(
      "Dispositions that fail the check, separated by commas: lost, manual, decide, adapted; or none.",
      valueName: "list"))
  var failOn = "lost"

  @Option(
    help: ArgumentHelp(
      "A folder that `convert` wrote: fail when it is out of date.", valueName: "dir"),
    completion: .directory)
  var manifests: String?

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

  func validate() throws { _ = try failing() }

  func run() throws {
    let failing = try failing()
    let migrated = try Migrated(input, choices, name: stack)
    let report = migrated.report
    var failures: [String] = []
    for finding in report.ledger.findings where failing.contains(finding.disposition) {
      let place = report.place(finding.key)
      let who = finding.subject.service.map { "services.\($0)" } ?? finding.subject.stack
      failures.append(
        "\(place.isEmpty ? who : place): \(finding.disposition.name): \(finding.message.text) "
          + "[\(finding.message.slug)]")
    }
    for stack in migrated.migration.stacks {
      for problem in stack.objects.problems(minor: choices.kubernetes.minor) {
        failures.append("\(stack.namespace): refused by Kubernetes: \(problem)")
      }
    }
    if let manifests { failures += drift(migrated.migration, in: manifests) }
    if !failures.isEmpty {
      try Terminal.out(failures.joined(separator: "\n") + "\n")
    }
    if !input.quiet {
      Terminal.note(
        TextReport(report, color: Terminal.hasColor(2)).summary().droppingLastLineBreak)
    }
    Terminal.note(
      failures.isEmpty ? "pass" : "fail: \(failures.count) finding\(failures.count == 1 ? "" : "s")"
    )
    if !failures.isEmpty { throw ExitCode(Status.fail) }
  }

  /// What differs between a folder and what the stack gives today, a line a file.
  private func drift(_ migration: Migration, in folder: String) -> [String] {
    var differences: [String] = []
    let files = manifestFiles(migration)
    for file in files {
      let path = "\(folder)/\(file.name)"
      switch FileSystem.read(path) {
      case .success(let bytes):
        if bytes != file.bytes {
          differences.append("\(path): out of date: the stack now gives another content")
        }
      case .failure: differences.append("\(path): missing: the stack now gives this object")
      }
    }
    let names = Set(files.map(\.name))
    for name in FileSystem.list(folder)
    where (name.hasSuffix(".yaml") || name.hasSuffix(".yml")) && !names.contains(name) {
      differences.append("\(folder)/\(name): left over: the stack no longer gives this object")
    }
    return differences
  }
}
