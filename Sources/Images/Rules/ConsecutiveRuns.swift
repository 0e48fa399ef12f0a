package import Diagnostics

package enum ConsecutiveRuns: Rule {
  package static let name = "consecutive-runs"
  package static let title = "RUNs that could be one"
  package static let about = """
    Every `RUN` is a layer, and what one leaves a later one cannot take away. A row of single commands gives a dozen layers to
    pull. Whoever joins several commands in one `RUN` has drawn the line on purpose, as between what rarely and what often
    changes, so those are left alone. The fix joins with `&&` where neither changes the shell's folder or variables for the
    other.
    """
  package static let severity = Diagnostic.Severity.note
  package static let hadolint = ["DL3059"]
  package static let examples = [
    RuleExample(
      bad: "FROM alpine:3.22\nRUN mkdir /data\n# For the service.\nRUN chown 10001 /data\n",
      good: "FROM alpine:3.22\nRUN mkdir /data \\\n# For the service.\n    && chown 10001 /data\n",
      isFixed: true),
    RuleExample(
      bad: "FROM alpine:3.22\nRUN mkdir /a\nRUN touch /a/b\n",
      good: "FROM alpine:3.22\nRUN mkdir /a \\\n    && touch /a/b\n", isFixed: true),
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    var before: (index: Int, count: Int)?
    for index in subject.dockerfile.instructions.indices {
      let instruction = subject.dockerfile.instructions[index]
      guard instruction.keyword == .run else {
        before = nil
        continue
      }
      let count = instruction.script.commands.count { !$0.words.isEmpty }
      guard let last = before,
        sameFlags(subject.dockerfile.instructions[last.index], instruction), count <= 1,
        last.count <= 1
      else {
        before = (index, count)
        continue
      }
      findings.add(
        instruction.keywordSpan, "this could be one RUN with the one above",
        hint: "join them with &&", edits: join(subject, last.index, index))
      // The first of a row is what the others are compared with; a fix joins two at a time.
    }
  }

  private static func sameFlags(_ left: Instruction, _ right: Instruction) -> Bool {
    left.flags.map { "\($0.name)=\($0.value)" }.sorted()
      == right.flags.map { "\($0.name)=\($0.value)" }.sorted()
  }

  /// Joins an instruction to the one right above it, where that is certain to do the same.
  private static func join(_ subject: borrowing Subject, _ first: Int, _ second: Int) -> [Edit] {
    let dockerfile = subject.dockerfile
    let (above, below) = (dockerfile.instructions[second - 1], dockerfile.instructions[second])
    guard first <= second - 1, above.keyword == .run, subject.isPosix(second),
      dockerfile.escape == UInt8(ascii: "\\"), above.json == nil, below.json == nil,
      above.heredocs.isEmpty, below.heredocs.isEmpty, above.script.isChain, below.script.isChain,
      below.flags.isEmpty, !CleanUp.hasShellComment(above), !CleanUp.hasShellComment(below),
      !above.argumentText.hasSuffix("\\"), !below.argumentText.hasPrefix("-"),
      !changesShell(above.script)
    else { return [] }
    // Only comments and empty lines may lie between; empty ones do not go into a continued line.
    let end = above.text.span(above.arguments).upperBound
    let start = below.keywordSpan.lowerBound
    let between = dockerfile.string(end..<start)
    var comments = ""
    for line in between.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
      .dropLast()
    {
      let text = line.drop { $0 == " " || $0 == "\t" }
      if text.hasPrefix("#") {
        comments += line + "\n"
      } else if !text.allSatisfy({ $0 == "\r" }) {
        return []
      }
    }
    let arguments = below.text.offset(below.arguments.lowerBound)
    return [
      Edit(end..<arguments, " \\\(dockerfile.lineBreak)\(comments)    && ")
    ]
  }

  /// Whether something at the top of a script lasts to its end: folder, variables, options, redirections.
  private static func changesShell(_ script: ShellScript) -> Bool {
    let builtins: Set<String> = [
      "cd", "pushd", "popd", "export", "unset", "set", "shopt", "source", ".", "umask", "alias",
      "exec", "exit", "trap", "ulimit", "eval", "local", "declare", "readonly", "return", "shift",
    ]
    return script.commands.contains { command in
      command.depth == 0 && (builtins.contains(command.name) || command.words.isEmpty)
        || command.depth > 0 && ["cd", "exec", "exit", "export", "set"].contains(command.name)
    }
  }
}
