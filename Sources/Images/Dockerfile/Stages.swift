import Diagnostics

extension Dockerfile {
  /// Finds the stages, and checks what the builder checks across instructions.
  mutating func findStages(_ arguments: [String: String]) {
    var globals = Variables()
    for (name, value) in Self.platformArguments { globals.set(name, value) }
    for index in instructions.indices {
      let instruction = instructions[index]
      if instruction.keyword == .from {
        startStage(index, globals)
      } else if stages.isEmpty {
        if instruction.keyword == .arg {
          for pair in instruction.pairs {
            let value = arguments[pair.name.text] ?? pair.value.flatMap { globals.expand($0.text) }
            globals.set(pair.name.text, value)
          }
        } else if !problems.contains(where: { $0.slug == "dockerfile/no-stage" }) {
          problem(
            "dockerfile/no-stage", instruction.keywordSpan,
            "\(instruction.keyword.rawValue) stands ahead of the first FROM",
            hint: "only ARG may: begin with FROM")
        }
      } else {
        stages[stages.count - 1].body = stages[stages.count - 1].body.lowerBound..<(index + 1)
      }
      instructions[index].stage = stages.count - 1
    }
    checkCopies()
  }

  private mutating func startStage(_ index: Int, _ globals: Variables) {
    let instruction = instructions[index]
    let words = instruction.words
    let name = words.count == 3 ? words[2].text.lowercased() : nil
    let base = words.first.flatMap { globals.expand($0.text) }
    if let name {
      if let first = stages.first(where: { $0.name == name }) {
        problem(
          "dockerfile/stage-twice", words[2].span,
          "a stage named \"\(name)\" stands above: COPY --from finds only this later one",
          severity: .warning,
          note: Diagnostic.Note(
            "the first one", at: mark(instructions[first.from].keywordSpan.lowerBound)))
      }
    }
    if let base, base.isEmpty, let word = words.first {
      problem(
        "dockerfile/empty-base", word.span, "the base image \"\(word.text)\" is empty",
        hint: "give the ARG a default ahead of FROM")
    }
    let parent = base.flatMap { base in
      stages.lastIndex { $0.name == base.lowercased() }
    }
    stages.append(
      Stage(
        from: index, body: (index + 1)..<(index + 1), name: name, written: words.first, base: base,
        parent: parent, platform: instruction.flag("platform")))
  }

  private mutating func checkCopies() {
    for index in instructions.indices {
      let instruction = instructions[index]
      guard instruction.keyword == .copy, let source = instruction.flag("from") else { continue }
      if let number = Int(source), number >= instruction.stage || number < 0 {
        problem(
          "dockerfile/copy-from", instruction.flags.first { $0.name == "from" }!.span,
          "there is no stage number \(source) above this one")
      }
    }
  }

  private mutating func problem(
    _ slug: String, _ span: Range<Int>, _ text: String, severity: Diagnostic.Severity = .error,
    hint: String? = nil, note: Diagnostic.Note? = nil
  ) {
    problems.append(
      Diagnostic(
        slug, severity, at: mark(span.lowerBound), length: length(span), text, hint: hint,
        notes: note.map { [$0] } ?? []))
  }

  /// What BuildKit gives every build; the architecture is that of most clusters.
  private static let platformArguments = [
    ("TARGETPLATFORM", "linux/amd64"), ("TARGETOS", "linux"), ("TARGETARCH", "amd64"),
    ("TARGETVARIANT", ""), ("BUILDPLATFORM", "linux/amd64"), ("BUILDOS", "linux"),
    ("BUILDARCH", "amd64"), ("BUILDVARIANT", ""),
  ]
}
