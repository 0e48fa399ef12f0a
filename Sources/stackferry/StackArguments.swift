import ArgumentParser
import Diagnostics
import Mapping
import Disk
import Stack
import Swarm
import YAML

/// The arguments that say what to read; the same for every command.
struct StackArguments: ParsableArguments {
  @Option(
    name: [.customShort("c"), .customLong("compose-file")],
    help: ArgumentHelp(
      "A stack file; `-` is standard input. Repeat to merge, as Docker merges.",
      discussion: """
        Without it, the first of docker-stack.yml, docker-stack.yaml, stack.yml, stack.yaml, compose.yaml, compose.yml, \
        docker-compose.yaml, docker-compose.yml in the working directory.
        """,
      valueName: "file"),
    completion: .file(extensions: ["yml", "yaml"]))
  var composeFiles: [String] = []

  @Option(
    name: .customLong("stack"),
    help: ArgumentHelp(
      "One of several stacks that share networks, as NAME=FILE. Repeat; a name may come twice to merge.",
      valueName: "name=file"),
    completion: .file(extensions: ["yml", "yaml"]))
  var stacks: [String] = []

  @Option(
    help: ArgumentHelp(
      "A snapshot of a running Swarm (see `stackferry capture`) in place of stack files; `-` is standard input.",
      discussion: "All its stacks are read, or the one that STACK names.",
      valueName: "snapshot"),
    completion: .file(extensions: ["json"]))
  var from: String?

  @Option(
    name: .customLong("env-file"),
    help: ArgumentHelp(
      "A file of variables for interpolation. Repeat; the process environment wins.",
      valueName: "file"),
    completion: .file())
  var envFiles: [String] = []

  /// Whose reading of the file is followed.
  enum Dialect: String, ExpressibleByArgument, CaseIterable {
    case swarm, compose
  }

  @Option(
    help: ArgumentHelp(
      "Read the file as `docker stack deploy` does (swarm), or as `docker compose up` does (compose).",
      discussion: """
        Compose's dialect knows `extends`, `include`, `profiles` and `.env`.
        """))
  var dialect = Dialect.swarm

  @Option(
    name: .customLong("profile"),
    help: ArgumentHelp(
      "A profile to enable, with --dialect compose; `*` for all. Repeat.", valueName: "name"))
  var profiles: [String] = []

  @Flag(name: [.short, .long], help: "Print nothing but errors and what was asked for.")
  var quiet = false

  @Flag(name: [.short, .long], help: "Print more: every key that Swarm ignored, and every place.")
  var verbose = false

  func validate() throws {
    if !stacks.isEmpty, !composeFiles.isEmpty {
      throw ValidationError("Give either -c FILE or --stack NAME=FILE, not both.")
    }
    if from != nil, !stacks.isEmpty || !composeFiles.isEmpty {
      throw ValidationError("Give either --from SNAPSHOT or stack files, not both.")
    }
    for stack in stacks {
      let parts = stack.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw ValidationError("--stack takes NAME=FILE, not '\(stack)'.")
      }
    }
    if !profiles.isEmpty, dialect == .swarm {
      throw ValidationError("--profile goes with --dialect compose; Swarm has no profiles.")
    }
    if composeFiles.filter({ $0 == "-" }).count > 1 {
      throw ValidationError("Standard input (-) can be read only once.")
    }
  }

  /// The stacks to read, by name and in the order given. `name` is the command's STACK argument.
  private func plan(name: String?) throws -> [(name: String, files: [String])] {
    if !stacks.isEmpty {
      var plan: [(name: String, files: [String])] = []
      for stack in stacks {
        let parts = stack.split(separator: "=", maxSplits: 1).map(String.init)
        if let index = plan.firstIndex(where: { $0.name == parts[0] }) {
          plan[index].files.append(parts[1])
        } else {
          plan.append((parts[0], [parts[1]]))
        }
      }
      return plan
    }
    var files = try composeFiles.map(stackFile)
    if files.isEmpty {
      guard let file = defaultFile(in: "") else {
        Terminal.note(
          "stackferry: error: no stack file given, and none of the usual names is here\n"
            + "  = hint: name one with -c FILE; looked for \(Self.defaultFiles.joined(separator: ", "))"
        )
        throw ExitCode(Status.input)
      }
      files = [file]
    }
    return [(name ?? folderName(of: files[0]), files)]
  }

  /// Whether an option says what to read.
  var isNamed: Bool { !composeFiles.isEmpty || !stacks.isEmpty || from != nil }

  /// Whether there is a stack to read: one that is named, or a file of a usual name.
  var hasStack: Bool {
    isNamed || defaultFile(in: "") != nil
  }

  /// The names of the stacks that would be read.
  func stackNames(name: String?) throws -> [String] { try plan(name: name).map(\.name) }

  /// The folder that a file is in, as `docker compose` names a project by it.
  private func folderName(of file: String) -> String {
    let working = FileSystem.workingDirectory
    let path = file.hasPrefix("/") ? file : "\(working)/\(file)"
    var parts: [Substring] = []
    for part in path.split(separator: "/").dropLast() where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    let folder = parts.last.map(String.init) ?? "stack"
    if dialect == .swarm { return folder }
    // Compose makes a legal name of any folder's.
    let legal = folder.lowercased().utf8.filter {
      Self.isAlphanumeric($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
    }.drop { !Self.isAlphanumeric($0) }
    return legal.isEmpty ? "stack" : String(decoding: legal, as: UTF8.self)
  }

  /// Reads every stack. Errors are printed, all of them, and end the command with status 2.
  func load(name: String? = nil, strictReferences: Bool = true) throws -> Loaded {
    if let from { return try loadSnapshot(from, name: name) }
    var loaded = Loaded()
    var problems: [Diagnostic] = []
    var variables = try environment()
    variables.merge(FileSystem.environment) { _, process in process }
    for (name, paths) in try plan(name: name) {
      // What deploys nothing needs no name, and a folder may be called anything.
      guard !strictReferences || Self.isLegal(stack: name) else { throw illegal(stack: name) }
      var inputs: [InputFile] = []
      let folder = directory(of: paths[0])
      let files = Self.files(in: folder)
      for path in paths {
        // A file that was only found may be no link to another place; one that was named is what the caller wants.
        let isNamed = !stacks.isEmpty || composeFiles.contains(path)
        switch isNamed ? FileSystem.read(path) : files.read(path) {
        case .success(let bytes): inputs.append(InputFile(path: path, bytes: bytes))
        case .failure(let problem): throw failure(problem)
        }
      }
      let options = try loadOptions(variables, folder)
      do {
        let stack = try loadStack(
          inputs, options, into: &loaded.sources, keys: &loaded.keys, reading: files.read)
        var references = dialect == .swarm ? deployProblems(stack) : []
        if !strictReferences {
          for index in references.indices { references[index].severity = .warning }
        }
        problems += references
        loaded.warnings += stack.warnings
        loaded.stacks.append((name, stack, folder))
      } catch {
        problems += error.diagnostics
        if isForCompose(inputs, variables, folder) {
          problems[problems.count - 1].notes.append(
            Diagnostic.Note(
              "Docker Compose takes this file: --dialect compose reads it as `docker compose up` does",
              at: .none))
        }
      }
    }
    let renderer = DiagnosticRenderer(color: Terminal.hasColor(2))
    let shown = quiet ? problems.filter { $0.severity == .error } : loaded.warnings + problems
    if !shown.isEmpty {
      Terminal.note(renderer.render(shown, in: loaded.sources).droppingLastLineBreak)
    }
    let errors = problems.count { $0.severity == .error }
    if errors > 0 {
      Terminal.note("stackferry: \(errors) error\(errors == 1 ? "" : "s")")
      throw ExitCode(Status.input)
    }
    return loaded
  }

  /// Whether files that Swarm refuses are fine for Docker Compose.
  private func isForCompose(
    _ inputs: [InputFile], _ variables: [String: String], _ folder: String
  ) -> Bool {
    guard dialect == .swarm else { return false }
    var sources = Sources()
    var keys = KeyTable()
    let options = LoadOptions(
      dialect: .compose, environment: variables, workingDirectory: folder)
    let stack = try? loadStack(
      inputs, options, into: &sources, keys: &keys, reading: Self.files(in: folder).read)
    return stack != nil
  }

  private func loadOptions(_ variables: [String: String], _ folder: String) throws -> LoadOptions {
    guard dialect == .compose else {
      return LoadOptions(environment: variables, workingDirectory: folder)
    }
    var variables = variables
    let files = Self.files(in: folder)
    if envFiles.isEmpty, files.kind("\(folder)/.env") != .missing {
      let bytes: [UInt8]
      switch files.read("\(folder)/.env") {
      case .success(let content): bytes = content
      case .failure(let problem): throw Terminal.failure(problem)
      }
      do {
        for (name, value) in try parseDotEnv(bytes, environment: variables)
        where variables[name] == nil {
          variables[name] = value
        }
      } catch {
        Terminal.note("stackferry: error: \(folder)/.env: \(error)")
        throw ExitCode(Status.input)
      }
    }
    var options = LoadOptions(
      dialect: .compose, environment: variables, workingDirectory: folder)
    options.profiles = profiles
    if profiles.isEmpty, let named = variables["COMPOSE_PROFILES"] {
      options.profiles = named.split(separator: ",").map { String($0.filter { $0 != " " }) }
    }
    return options
  }

  private func environment() throws -> [String: String] {
    var variables: [String: String] = [:]
    for path in envFiles {
      switch FileSystem.read(path) {
      case .success(let bytes):
        do {
          for (name, value) in try readVariables(bytes) {
            variables[name] = value
          }
        } catch {
          Terminal.note("stackferry: error: \(path): \(error)")
          throw ExitCode(Status.input)
        }
      case .failure(let problem):
        throw Terminal.failure(problem)
      }
    }
    return variables
  }

  /// Compose's environment files have quotes and variables.
  private func readVariables(_ bytes: [UInt8]) throws -> [EnvironmentLine] {
    dialect == .compose
      ? try parseDotEnv(bytes, environment: FileSystem.environment)
      : try parseEnvFile(bytes, environment: FileSystem.environment)
  }

  /// How the files beside a stack are read: those of its folder as far as they stay in it.
  static func files(in folder: String) -> Files {
    FileSystem.files(within: folder.isEmpty ? [] : [Enclosure(folder, as: "the stack's folder")])
  }

  private func directory(of path: String) -> String {
    let working = FileSystem.workingDirectory
    if path == "-" { return working }
    let absolute = path.hasPrefix("/") ? path : "\(working)/\(path)"
    guard let slash = absolute.lastIndex(of: "/") else { return working }
    return slash == absolute.startIndex ? "/" : String(absolute[..<slash])
  }
}

/// What was read.
struct Loaded {
  var sources = Sources()
  var keys = KeyTable()
  var stacks: [(name: String, stack: LoadedStack, folder: String)] = []
  var warnings: [Diagnostic] = []
  /// The stacks of a snapshot; none where they come from files.
  var captured: [CapturedStack] = []

  /// What the engine would hold, or holds, of each stack.
  var models: [Swarm.Stack] {
    if !captured.isEmpty { return captured.map(\.stack) }
    return stacks.map {
      Swarm.Stack(
        name: $0.name, $0.stack, files: StackArguments.files(in: $0.folder), folder: $0.folder)
    }
  }
}

extension String {
  var droppingLastLineBreak: String { hasSuffix("\n") ? String(dropLast()) : self }
}
