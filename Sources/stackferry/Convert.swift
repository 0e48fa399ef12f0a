import ArgumentParser
import Delivery
import Disk
import Kubernetes
import Ledger
import Mapping
import Report
import Stack

/// `stackferry convert`: manifests and report.
struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write Kubernetes manifests, and the migration report beside them.",
    discussion: """
      Writes one file an object and report.md into the output folder; `kubectl apply -R -f DIR` applies them in the right \
      order. Files that an earlier run wrote are written anew, whatever was changed in them, and removed where the stack gives \
      them no more and nobody changed them; nothing else in the folder is touched. A run that fails or is killed leaves the \
      folder as it was, at the latest when the next one begins. With `-o -` one YAML stream goes to standard output.

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
          name: reportName,
          bytes: Array(MarkdownReport(migrated.report, folder: path).render().utf8)))
      let kept: [String]
      do throws(FileProblem) { kept = try OutputFolder(path: path).write(files) } catch {
        throw Terminal.failure(error)
      }
      for name in kept where !input.quiet {
        Terminal.note(
          "warning: \(path)/\(name): the stack gives it no more, and it stays, for it is not as stackferry wrote it; "
            + "remove it where it is not needed")
      }
      if !input.quiet {
        Terminal.note("\(files.count - 1) manifests and \(reportName) in \(path)")
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
