import Basics
package import Diagnostics
import Kubernetes
package import Ledger
import Mapping
package import Swarm
import YAML

/// An answers file: the choices of a migration, written down so that the next run makes the same ones.
package struct Answers: Sendable {
  package struct Answer: Sendable {
    package let question: Question
    package let value: String
    package let mark: SourceMark
  }

  package struct Part: Sendable {
    package fileprivate(set) var stack: String?
    package fileprivate(set) var service: String?
    package fileprivate(set) var answers: [Answer]
  }

  /// First the answers for all, then each stack with its services behind it.
  package private(set) var parts: [Part] = []
  private var problems: [Diagnostic] = []

  /// Reads a file and compares it with the stacks that it is for.
  ///
  /// - Throws: Every unknown question, and every answer for a stack or service that is not there: such an answer may have
  ///   been meant for something that was renamed, and would be lost in silence.
  package init(
    _ file: Int32, in sources: Sources, for stacks: [Swarm.Stack]
  ) throws(DiagnosticError) {
    guard let root = try Document.read(file, in: sources), !root.isNull else { return }
    let start = SourceMark(file: file, line: 1, column: 1)
    guard let entries = root.entries else {
      throw DiagnosticError([Self.formProblem(start)])
    }
    for entry in entries {
      switch entry.key {
      case "all": add(entry.value, .all, Part(stack: nil, service: nil, answers: []))
      case "stacks":
        if entry.value.isNull { continue }
        guard let named = entry.value.entries else {
          problems.append(Self.formProblem(entry.value.mark))
          continue
        }
        for stack in named { add(stack, stacks) }
      default:
        problems.append(
          Diagnostic(
            "answers/unknown-key", at: entry.keyMark, "unknown key \"\(entry.key)\"",
            hint: "an answers file has `all` and `stacks`"))
      }
    }
    if !problems.isEmpty { throw DiagnosticError(problems) }
  }

  private static func formProblem(_ mark: SourceMark) -> Diagnostic {
    Diagnostic(
      "answers/form", at: mark, "an answers file is a mapping with `all` and `stacks`",
      hint: "stackferry report --write-answers writes one")
  }

  private mutating func add(_ entry: Entry, _ stacks: [Swarm.Stack]) {
    guard let stack = stacks.first(where: { $0.name == entry.key }) else {
      problems.append(
        Self.stale("stack", entry, nearest(entry.key, among: stacks.map(\.name))))
      return
    }
    add(entry.value, .stack, Part(stack: stack.name, service: nil, answers: []), stack)
  }

  private static func stale(_ what: String, _ entry: Entry, _ near: String?) -> Diagnostic {
    Diagnostic(
      "answers/stale", at: entry.keyMark, length: entry.key.unicodeScalars.count,
      "there is no \(what) \"\(entry.key)\"",
      hint: near.map { "did you mean \"\($0)\"? Else remove these answers" }
        ?? "remove these answers, or move them to where they belong")
  }

  private mutating func add(
    _ node: Node, _ scope: Question.Scope, _ empty: Part, _ stack: Swarm.Stack? = nil
  ) {
    if node.isNull { return }
    guard let entries = node.entries else {
      problems.append(Self.formProblem(node.mark))
      return
    }
    var part = empty
    var services: [Entry] = []
    for entry in entries {
      if entry.key == "services", scope == .stack {
        services = entry.value.entries ?? []
        if entry.value.entries == nil, !entry.value.isNull {
          problems.append(Self.formProblem(entry.value.mark))
        }
        continue
      }
      guard let question = Question.named(entry.key) else {
        let near = nearest(entry.key, among: Question.all.map(\.name))
        problems.append(
          Diagnostic(
            "answers/unknown-question", at: entry.keyMark,
            length: entry.key.unicodeScalars.count, "unknown question \"\(entry.key)\"",
            hint: near.map { "did you mean \"\($0)\"?" }
              ?? "the questions are \(Question.all.map(\.name).joined(separator: ", "))"))
        continue
      }
      guard question.scope >= scope else {
        problems.append(
          Diagnostic(
            "answers/scope", at: entry.keyMark, length: entry.key.unicodeScalars.count,
            "\"\(entry.key)\" has one answer for "
              + (question.scope == .all ? "the whole estate" : "a whole stack"),
            hint: "move it to \(question.scope == .all ? "`all`" : "the stack, or to `all`")"))
        continue
      }
      guard let value = entry.value.text, !question.isFlag || entry.value.bool != nil else {
        problems.append(
          Diagnostic(
            "answers/value", at: entry.value.mark,
            question.isFlag
              ? "\"\(entry.key)\" is true or false" : "\"\(entry.key)\" needs a value",
            hint: question.about))
        continue
      }
      part.answers.append(
        Answer(
          question: question,
          value: question.isFlag ? (entry.value.bool == true ? "true" : "false") : value,
          mark: entry.value.mark))
    }
    parts.append(part)
    for entry in services {
      guard let stack, stack.services.contains(where: { $0.name == entry.key }) else {
        problems.append(
          Self.stale("service", entry, nearest(entry.key, among: stack?.services.map(\.name) ?? []))
        )
        continue
      }
      add(entry.value, .service, Part(stack: stack.name, service: entry.key, answers: []))
    }
  }
}

extension Answers {
  /// A file with today's answers, for editing: what was answered, the defaults as comments, and below each service what it
  /// lets decide.
  package static func template(_ report: Report) -> String {
    let options = report.migration.facts.choices.all
    var text = """
      # The answers of a migration. Use them with --answers, in every command that migrates. A service's answers come before
      # its stack's, those before the ones for all, and options on the command line before everything.
      #
      # A line that is a comment shows the default. Without its # it is your answer, be it the default: what asks for a decision
      # is confirmed then, and stays as it is should the default ever change.

      all:

      """
    for question in Question.all {
      let scope =
        switch question.scope {
        case .all: ""
        case .stack: " For single stacks, too."
        case .service: " For single stacks and services, too."
        }
      text += "  # \(question.about)\(scope)\n"
      let answer = question.answer(options).map(scalar)
      let mark = answer == nil || !options.answered.contains(question.name) ? "# " : ""
      text += "  \(mark)\(question.name): \(answer ?? "…")\n"
    }
    text += "\nstacks:\n"
    var decisions: [Subject: [(Question, Finding)]] = [:]
    for finding in report.ledger.findings where finding.disposition == .decide {
      guard let question = finding.question else { continue }
      let subject = Subject(stack: finding.subject.stack, service: finding.subject.service)
      decisions[subject, default: []].append((question, finding))
    }
    for stack in report.migration.facts.stacks {
      text += "  \(scalar(stack.name)):\n"
      text += comments(decisions[Subject(stack: stack.name)] ?? [], options, "    ")
      text += "    services:\n"
      for service in stack.services {
        let own = decisions[Subject(stack: stack.name, service: service.name)] ?? []
        guard !own.isEmpty else { continue }
        text += "      \(scalar(service.name)):\n" + comments(own, options, "        ")
      }
    }
    return text
  }

  private static func comments(
    _ decisions: [(Question, Finding)], _ options: Options, _ indent: String
  ) -> String {
    var text = ""
    var seen = Set<String>()
    var said = Set<String>()
    for (question, finding) in decisions where said.insert(finding.message.text).inserted {
      var line = "\(indent)# \(finding.message.slug):"
      for word in finding.message.text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
        if line.count + word.count > 110 {
          text += line + "\n"
          line = "\(indent)#  "
        }
        line += " \(word)"
      }
      text += line + "\n"
      if seen.insert(question.name).inserted {
        text += "\(indent)# \(question.name): \(question.answer(options) ?? "…")\n"
      }
    }
    return text
  }

  /// Numbers and flags as they are; what a reader could take for something else in quotes.
  private static func scalar(_ text: String) -> String {
    if Scalar.goInt(text) != nil || Double(text) != nil || ["true", "false"].contains(text) {
      return text
    }
    var writer = Writer()
    writer.entry("k", text)
    return String(decoding: writer.bytes.dropFirst(3).dropLast(), as: UTF8.self)
  }
}
