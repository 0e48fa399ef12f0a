import ArgumentParser
import Diagnostics
import Ledger
import Mapping
import Report
import Disk
import Stack
import Swarm

extension MigrationArguments {
  /// The options of all stacks and services: those of the command line, and under them the answers of the file.
  ///
  /// An answer is read as the option of its name would be, so that both take the same values.
  func choices(for stacks: [Swarm.Stack]) throws -> Choices {
    // A snapshot knows how many nodes there are; whoever says a number knows better.
    let captured = stacks.first?.nodes.count ?? 0
    let given = Self.given(CommandLine.arguments.dropFirst())
    guard let path = answers else {
      var options = options
      options.answered = Set(given.keys)
      if nodes == nil, captured > 0 { options.nodes = captured }
      return Choices(options)
    }
    var sources = Sources()
    let bytes: [UInt8]
    switch FileSystem.read(path) {
    case .success(let content): bytes = content
    case .failure(let problem):
      Terminal.note(
        "stackferry: error: \(problem.path): \(problem.reason)\n"
          + "  = hint: stackferry report --answers \(path) --write-answers writes it")
      throw ExitCode(Status.input)
    }
    let file = sources.add(SourceFile(path: path, bytes: bytes))
    let read: Answers
    do throws(DiagnosticError) {
      read = try Answers(file, in: sources, for: stacks)
    } catch {
      throw refusal(error.diagnostics, sources)
    }
    let problems = read.parts.flatMap(\.answers).compactMap(problem)
    if !problems.isEmpty { throw refusal(problems, sources) }

    func merged(_ parts: [Answers.Part]) throws -> Options {
      var values: [String: String] = [:]
      for answer in parts.flatMap(\.answers) { values[answer.question.name] = answer.value }
      values.merge(given) { _, line in line }
      let words = values.sorted { $0.key < $1.key }.flatMap { Self.words($0.key, $0.value) }
      var options = try Self.parse(words).options
      options.answered = Set(values.keys)
      if values["nodes"] == nil, captured > 0 { options.nodes = captured }
      return options
    }
    let general = read.parts.filter { $0.stack == nil }
    var byStack: [String: Options] = [:]
    var byService: [Choices.ServiceName: Options] = [:]
    for stack in stacks {
      let own = general + read.parts.filter { $0.stack == stack.name && $0.service == nil }
      if own.count > general.count { byStack[stack.name] = try merged(own) }
      for part in read.parts where part.stack == stack.name {
        guard let service = part.service else { continue }
        byService[Choices.ServiceName(stack: stack.name, service: service)] = try merged(
          own + [part])
      }
    }
    return Choices(try merged(general), stacks: byStack, services: byService)
  }

  private func refusal(_ problems: [Diagnostic], _ sources: Sources) -> ExitCode {
    Terminal.note(
      DiagnosticRenderer(color: Terminal.hasColor(2)).render(problems, in: sources)
        .droppingLastLineBreak)
    Terminal.note("stackferry: \(problems.count) error\(problems.count == 1 ? "" : "s")")
    return ExitCode(Status.input)
  }

  /// What is wrong with an answer's value.
  private func problem(_ answer: Answers.Answer) -> Diagnostic? {
    do {
      _ = try Self.parse(Self.words(answer.question.name, answer.value))
      return nil
    } catch {
      return Diagnostic(
        "answers/value", at: answer.mark,
        "\"\(answer.value)\" is no answer to \"\(answer.question.name)\"",
        hint: answer.question.about)
    }
  }

  private static func words(_ name: String, _ value: String) -> [String] {
    if Question.named(name)?.isFlag == true { return value == "true" ? ["--\(name)"] : [] }
    return ["--\(name)=\(value)"]
  }

  /// The choices that stand on a command line, by the names of their options.
  static func given(_ arguments: some Sequence<String>) -> [String: String] {
    var given: [String: String] = [:]
    var open: String?
    for argument in arguments {
      if let name = open {
        given[name] = argument
        open = nil
        continue
      }
      if argument == "--" { break }
      guard argument.hasPrefix("--") else { continue }
      let parts = argument.dropFirst(2).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = parts.first.map(String.init), let question = Question.named(name) else {
        continue
      }
      if question.isFlag {
        given[name] = "true"
      } else if parts.count == 2 {
        given[name] = String(parts[1])
      } else {
        open = name
      }
    }
    return given
  }
}
