import ArgumentParser
import Delivery
import Disk
import Migration
import Swarm
import Templates
import YAML

/// `stackferry init-ci`: ready files for continuous integration.
struct InitCI: ParsableCommand {
  enum Place: String, ExpressibleByArgument, CaseIterable {
    case github, gitlab
    case preCommit = "pre-commit"
  }

  static let configuration = CommandConfiguration(
    commandName: "init-ci",
    abstract: "Write a CI job, or a git hook, that runs `validate` on every change.",
    discussion: """
      github      .github/workflows/stackferry.yml: validate, alerts in code scanning, the report as artifact
      gitlab      .gitlab-ci.yml, or .gitlab/stackferry.yml to include where there is one already
      pre-commit  .githooks/pre-commit

      Examples:
        stackferry init-ci github -c stack.yml shop
        stackferry init-ci gitlab -c stack.yml shop --manifests k8s --baseline known.json
        stackferry init-ci github -c stack.yml shop --answers stackferry.yaml --secrets omit

      All options of `validate` that are given here stand in the file. A stackferry.yaml in the working directory is taken for \
      the answers where --answers names no other.
      """)

  @Argument(help: "Where the checks run.")
  var place: Place

  @OptionGroup(title: "Input Options") var input: StackArguments
  @OptionGroup(title: "Mapping Options") var choices: MigrationArguments

  @Argument(help: "The stack's name, as with `docker stack deploy`. Default: the folder's name.")
  var stack: String?

  @Option(
    help: ArgumentHelp(
      "The folder of the committed manifests. Default: kubernetes/STACK.", valueName: "dir"),
    completion: .directory)
  var manifests: String?

  @Option(
    help: ArgumentHelp(
      "Dispositions that fail the check, as `validate` takes them.", valueName: "list"))
  var failOn: String?

  @Option(
    help: ArgumentHelp("A file of known findings, which do not fail.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var baseline: String?

  @Option(
    help: ArgumentHelp(
      "A field that may have been added to the manifests by hand. Repeat.",
      valueName: "[object:]path"))
  var allowAdded: [String] = []

  @Flag(help: "Write the file even if it is there already.")
  var force = false

  func run() throws {
    try requireFiles()
    let names = try input.stackNames(name: stack)
    let folder = manifests ?? "kubernetes/\(names.count == 1 ? names[0] : "stacks")"
    let stackArguments = try words(names)
    var arguments = "\(stackArguments) --manifests \(try quoted(folder))"
    if let failOn { arguments += " --fail-on \(try quoted(failOn))" }
    if let baseline { arguments += " --baseline \(try quoted(baseline))" }
    for path in allowAdded { arguments += " --allow-added \(try quoted(path))" }
    let document = JSON.object { object in
      object.set("stackArguments", stackArguments)
      object.set("arguments", arguments)
    }
    let (path, template, isExecutable) = target
    let bytes: [UInt8]
    do throws(MustacheTemplate.Problem) {
      bytes = try MustacheTemplate(template).render(document)
    } catch {
      preconditionFailure("templates/ci/\(place.rawValue):\(error.line): \(error.message)")
    }
    if !force, FileSystem.kind(path) != .missing {
      Terminal.note(
        "stackferry: error: \(path) is there already\n  = hint: --force writes it anew")
      throw ExitCode(Status.input)
    }
    if let problem = FileSystem.write(
      bytes, to: path, mode: isExecutable ? 0o777 : 0o666, isNew: !force, makesFolders: true)
    {
      throw Terminal.failure(problem)
    }
    if !input.quiet { Terminal.note("\(path) written\n\(next(path))") }
  }

  /// The file of answers: the one that is named, or one of the usual name.
  private var answers: String? {
    choices.answers ?? (FileSystem.kind("stackferry.yaml") == .file ? "stackferry.yaml" : nil)
  }

  /// A job about files that are not there would fail on its first day.
  private func requireFiles() throws {
    let files =
      input.composeFiles + input.envFiles
      + [input.from, choices.answers, baseline].compactMap { $0 }
    for file in files where file != "-" && FileSystem.kind(file) == .missing {
      Terminal.note("stackferry: error: \(file): no such file")
      throw ExitCode(Status.input)
    }
  }

  private var target: (path: String, template: String, isExecutable: Bool) {
    switch place {
    case .github: (".github/workflows/stackferry.yml", Templates.githubWorkflow, false)
    case .gitlab:
      (
        FileSystem.kind(".gitlab-ci.yml") == .missing
          ? ".gitlab-ci.yml" : ".gitlab/stackferry.yml", Templates.gitlabJob, false
      )
    case .preCommit: (".githooks/pre-commit", Templates.preCommitHook, true)
    }
  }

  /// What is left to do by hand.
  private func next(_ path: String) -> String {
    switch place {
    case .github:
      "next: commit it, and set the repository variable STACKFERRY_URL to where your copy of stackferry is"
    case .gitlab where path == ".gitlab-ci.yml":
      "next: commit it, and set the CI/CD variable STACKFERRY_URL to where your copy of stackferry is"
    case .gitlab:
      "next: add this to .gitlab-ci.yml, and set the CI/CD variable STACKFERRY_URL:\n\n  include:\n    - local: \(path)\n"
    case .preCommit: "next: git config core.hooksPath .githooks"
    }
  }

  /// The arguments that name the stack, for a shell.
  private func words(_ names: [String]) throws -> String {
    var words: [String] = []
    for file in input.composeFiles { words += ["-c", try quoted(file)] }
    for stack in input.stacks { words += ["--stack", try quoted(stack)] }
    for file in input.envFiles { words += ["--env-file", try quoted(file)] }
    if let from = input.from { words += ["--from", try quoted(from)] }
    if input.dialect != .swarm { words += ["--dialect", input.dialect.rawValue] }
    for profile in input.profiles { words += ["--profile", try quoted(profile)] }
    for archive in choices.image { words += ["--image", try quoted(archive)] }
    if let answers { words += ["--answers", try quoted(answers)] }
    for (name, value) in MigrationArguments.given(CommandLine.arguments.dropFirst()).sorted(by: {
      $0.key < $1.key
    }) {
      words.append("--\(name)")
      if Question.named(name)?.isFlag != true { words.append(try quoted(value)) }
    }
    if input.stacks.isEmpty { words.append(names[0]) }
    return words.joined(separator: " ")
  }

  private func quoted(_ word: String) throws -> String {
    if word.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
      throw ValidationError("A path with control characters cannot stand in a CI file.")
    }
    if word == "-" {
      throw ValidationError("Standard input (-) is of no use in CI; name the file.")
    }
    let isPlain = word.utf8.allSatisfy {
      0x30...0x39 ~= $0 || 0x41...0x5A ~= $0 || 0x61...0x7A ~= $0 || "=._-/+,".utf8.contains($0)
    }
    return isPlain && !word.isEmpty
      ? word
      : "'"
        + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
        + "'"
  }
}
