import ArgumentParser
import Basics
import Diagnostics
import Disk
import Glibc
import Mapping
import Swarm

/// The command line. Each command is a file of its own; this one only lists them.
@main
struct Stackferry: ParsableCommand {
  /// Of the program, by the rules of semver.org.
  static let number = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "stackferry",
    abstract: "Move a Docker Swarm stack to Kubernetes, with an account of every key.",
    usage: """
      stackferry convert  -c stack.yml shop            write manifests and a report to kubernetes/shop
      stackferry report   -c stack.yml shop            show the report, write nothing
      stackferry validate -c stack.yml shop            for CI: pass or fail
      stackferry audit    -c stack.yml                 what to mend in images and stack first
      stackferry init-ci  github -c stack.yml shop     write the CI job that does it
      stackferry explain  deploy.update_config.order   what becomes of a key, and why
      """,
    discussion: """
      stackferry reads what `docker stack deploy` reads, understands it as Swarm does, and writes Kubernetes manifests. \
      Every key of the stack ends in the report as one of:

        kept     means the same in Kubernetes
        adapted  same intent; the report says how the behaviour differs
        decide   there is a choice; a default was taken, an option changes it
        manual   needs a step outside the manifests; the report gives the command
        lost     has no counterpart; the report says what you lose
        inert    Swarm ignored it too

      Tab completion: put the output of `stackferry --generate-completion-script bash` (or zsh, or fish) where your shell \
      looks for completions.

      Exit status: 0 fine; 1 the verdict is "fail"; 2 the input cannot be used (every error is printed with its place); \
      64 wrong usage; 70 a fault of stackferry's own.
      """,
    version: "stackferry \(number)",
    subcommands: [
      Convert.self, ShowReport.self, Validate.self, Config.self, Model.self, Capture.self,
      Audit.self, Explain.self, InitCI.self, DocumentFeatures.self, DocumentManual.self,
    ]
  )

  /// Errors of ArgumentParser's begin as all others do.
  static let _errorPrefix = "stackferry: error: "

  static func main() {
    do {
      let words = try readable(Array(CommandLine.arguments.dropFirst()))
      var command = try parseAsRoot(words)
      try command.run()
    } catch {
      leave(error)
    }
  }

  /// The words of the command line, with `--help COMMAND` as `help COMMAND`, and a mistyped command answered. ArgumentParser would
  /// take it for an argument of the program, and complain of the first option behind it.
  private static func readable(_ words: [String]) throws -> [String] {
    var words = words
    if words.count > 1, ["-h", "--help"].contains(words[0]), !words[1].hasPrefix("-") {
      words[0] = "help"
    }
    let names = configuration.subcommands.map { $0._commandName }
    let position = words.first == "help" ? 1 : 0
    guard position < words.count, !words[position].hasPrefix("-"), words[position] != "help",
      !names.contains(words[position])
    else { return words }
    let word = words[position]
    let shown = configuration.subcommands.filter { $0.configuration.shouldDisplay }
      .map { $0._commandName }
    let hint =
      if let near = nearest(word, among: shown) {
        "did you mean \"\(near)\"?"
      } else if FileSystem.kind(word) == .file {
        "for a stack file: stackferry report -c \(word)"
      } else {
        "the commands are \(shown.joined(separator: ", "))"
      }
    throw Terminal.usage("there is no command \"\(word)\"", hint: hint)
  }

  /// Says what ended the command, help included, and ends the program.
  private static func leave(_ error: any Error) -> Never {
    let status = exitCode(for: error)
    if error is ExitCode { Glibc.exit(status.rawValue) }
    let message = fullMessage(for: error)
    if status == .success {
      let help = message.hasPrefix("OVERVIEW:") ? HelpText(message).ownFirst.text : message + "\n"
      try? Terminal.out(help)
      Glibc.exit(0)
    }
    var lines = message.split(separator: "\n", omittingEmptySubsequences: false)
    if let first = lines.first, first.hasSuffix("'-f'") || first.hasSuffix("'--file'") {
      lines.insert("  = hint: a stack file is given with -c FILE", at: 1)
    }
    Terminal.note(lines.joined(separator: "\n"))
    // What no command foresaw is a fault, and not the verdict "fail".
    Glibc.exit(status == .validationFailure ? Status.usage : Status.fault)
  }
}
