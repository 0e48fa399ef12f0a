import Basics
import ArgumentParser
import Delivery
import Ledger
import Mapping
import Report
import Disk
import Stack
import Swarm
import Templates
import Validation
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
    let names =
      try input.from == nil
      ? input.stackNames(name: stack) : input.load(name: stack).stacks.map(\.name)
    for name in names where !StackArguments.isLegal(stack: name) {
      throw input.illegal(stack: name)
    }
    let folder = manifests ?? "kubernetes/\(names.count == 1 ? names[0] : "stacks")"
    let stackArguments = try words(names)
    var words = [stackArguments] + (try option("--manifests", folder))
    if let failOn { words += try option("--fail-on", failOn) }
    if let baseline { words += try option("--baseline", baseline) }
    for path in allowAdded { words += try option("--allow-added", path) }
    let arguments = words.joined(separator: " ")
    let document = JSON.object { object in
      object.set("stackArguments", stackArguments)
      object.set("arguments", arguments)
      object.set("validate", Writer.scalar("stackferry validate " + arguments))
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
    for file in input.composeFiles { words += try option("-c", file) }
    for stack in input.stacks { words += try option("--stack", stack) }
    for file in input.envFiles { words += try option("--env-file", file) }
    if let from = input.from { words += try option("--from", from) }
    if input.dialect != .swarm { words += ["--dialect", input.dialect.rawValue] }
    for profile in input.profiles { words += try option("--profile", profile) }
    for archive in choices.image { words += try option("--image", archive) }
    if let answers { words += try option("--answers", answers) }
    for (name, value) in MigrationArguments.given(CommandLine.arguments.dropFirst()).sorted(by: {
      $0.key < $1.key
    }) {
      if Question.named(name)?.isFlag == true {
        words.append("--\(name)")
      } else {
        words += try option("--\(name)", value)
      }
    }
    // A snapshot may hold several stacks, which are all meant where none is named.
    if input.stacks.isEmpty, input.from == nil || stack != nil { words.append(names[0]) }
    return words.joined(separator: " ")
  }

  /// An option with its value, as words of a shell in a CI file.
  private func option(_ name: String, _ value: String) throws -> [String] {
    if value == "-" {
      throw ValidationError("Standard input (-) is of no use in CI; name the file.")
    }
    guard value.unicodeScalars.allSatisfy(isPrintable) else {
      throw ValidationError(
        "\(name): a text with control characters, line breaks or marks of direction cannot stand in a CI file."
      )
    }
    let word = withoutExpressions(ShellWord.quoted(value))
    if !value.hasPrefix("-") { return [name, word] }
    // It would be taken for an option itself.
    return ["\(name == "-c" ? "--compose-file" : name)=\(word)"]
  }
}

/// Whether a reader of a file sees the character, and sees it where it stands.
private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
  default: !scalar.properties.isBidiControl
  }
}

/// Words of a shell in which GitHub and GitLab find no expression of their own: they replace `${{ … }}` and `$[[ … ]]` before
/// any shell sees them. A `$` stands between single quotes always, so closing and opening them behind it changes nothing.
private func withoutExpressions(_ words: String) -> String {
  words.replacing("${{", with: "$''{{").replacing("$[[", with: "$''[[")
}
