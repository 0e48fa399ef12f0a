import ArgumentParser
import Delivery
import Kubernetes
import Ledger
import Mapping
import Report

/// `stackferry convert`: manifests and report.
struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write Kubernetes manifests, and the migration report beside them.",
    discussion: """
      Writes one file an object and report.md into the output folder; `kubectl apply -R -f DIR` applies them in the right \
      order. Files that an earlier run wrote are written anew, whatever was changed in them, and removed where the stack gives \
      them no more; nothing else in the folder is touched. With `-o -` one YAML stream goes to standard output.

      Examples:
        stackferry convert -c stack.yml shop
        stackferry convert -c stack.yml -c stack.prod.yml --env-file prod.env shop -o k8s
        stackferry convert -c stack.yml shop -o - | kubectl apply -f -
      """)

  @OptionGroup(title: "Input Options") var input: StackArguments
  @OptionGroup(title: "Mapping Options") var choices: MigrationArguments

  @Argument(help: "The stack's name, as with `docker stack deploy`. Default: the folder's name.")
  var stack: String?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The folder to write, or `-` for standard output. Default: kubernetes/STACK.",
      valueName: "dir"),
    completion: .directory)
  var output: String?

  func run() throws {
    let migrated = try Migrated(input, choices, name: stack)
    if output == "-" {
      try writeManifests(migrated.migration) { try Terminal.out($0) }
    } else {
      let names = migrated.migration.stacks.map(\.stack)
      let path = output ?? "kubernetes/\(names.count == 1 ? names[0] : "stacks")"
      var files = manifestFiles(migrated.migration)
      files.append(
        OutputFile(
          name: "report.md",
          bytes: Array(MarkdownReport(migrated.report, folder: path).render().utf8)))
      if let problem = OutputFolder(path: path).write(files) {
        throw Terminal.failure(problem)
      }
      if !input.quiet {
        Terminal.note("\(files.count - 1) manifests and report.md in \(path)")
        noteSecrets(migrated.migration)
      }
    }
    if !input.quiet {
      Terminal.note(
        TextReport(migrated.report, color: Terminal.hasColor(2)).summary().droppingLastLineBreak)
    }
    // All is said and written: the system takes the memory back faster than it can be handed back value by value.
    withExtendedLifetime(migrated) { Terminal.leave() }
  }

  /// Base64 hides nothing: a folder with values in it is not for a repository.
  private func noteSecrets(_ migration: Migration) {
    let count = migration.stacks.reduce(0) { sum, stack in
      sum + stack.objects.count { ($0 as? Secret).map { !$0.data.isEmpty } ?? false }
    }
    guard count > 0 else { return }
    Terminal.note(
      "\(count == 1 ? "One of them holds a secret value" : "\(count) of them hold secret values") (*-secret-*.yaml): "
        + "keep \(count == 1 ? "it" : "them") out of the repository, or use --secrets sealed, external-secrets or omit"
    )
  }
}
