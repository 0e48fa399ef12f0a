extension DockerfileParser {
  /// Reads the here-documents that `RUN`, `COPY` and `ADD` name in their line.
  ///
  /// Source: moby/buildkit `parser.heredocsFromLine`: a word of its own that begins with `<<`, a file descriptor before it.
  mutating func readHeredocs(_ instruction: inout Instruction) {
    let holder = instruction.trigger.first ?? instruction
    guard [.run, .copy, .add].contains(holder.keyword), holder.json == nil else { return }
    let line = instruction.text.bytes
    guard line.containsPair(UInt8(ascii: "<")) else { return }
    var heredocs: [Instruction.Heredoc] = []
    for range in splitWords(line, holder.arguments) {
      guard let opening = opening(Array(line[range])) else { continue }
      let start = position
      var end = start
      var isClosed = false
      while let row = takeLine() {
        var content = row
        while content.upperBound > content.lowerBound,
          bytes[content.upperBound - 1] == 0x0A || bytes[content.upperBound - 1] == 0x0D
        {
          content = content.lowerBound..<(content.upperBound - 1)
        }
        var name = bytes[content]
        if opening.chomps { name = name.drop { $0 == 0x09 } }
        if name.elementsEqual(opening.name.utf8) {
          isClosed = true
          break
        }
        end = row.upperBound
      }
      if !isClosed {
        problems.append(
          Problem(
            slug: "dockerfile/heredoc", span: instruction.text.span(range),
            text: "no line \"\(opening.name)\" ends this here-document",
            hint: "the closing line holds the name alone"))
        end = bytes.count
      }
      heredocs.append(
        Instruction.Heredoc(
          name: opening.name, isExpanded: opening.isExpanded, chomps: opening.chomps,
          content: start..<end))
    }
    if heredocs.isEmpty { return }
    instruction.heredocs = heredocs
    if !instruction.trigger.isEmpty {
      instruction.trigger[0].heredocs = heredocs
      instruction.trigger[0].script = scripts(instruction.trigger[0])
    } else {
      instruction.script = scripts(instruction)
    }
  }

  /// `<<EOF`, `<<-"EOF"`, `3<<EOF`; nil for any other word.
  private func opening(_ word: [UInt8]) -> (name: String, isExpanded: Bool, chomps: Bool)? {
    var rest = word[...]
    rest = rest.drop { 0x30...0x39 ~= $0 }
    guard rest.starts(with: [0x3C, 0x3C]) else { return nil }
    rest = rest.dropFirst(2)
    var chomps = false
    if rest.first == UInt8(ascii: "-") {
      chomps = true
      rest = rest.dropFirst()
    }
    guard !rest.isEmpty, !rest.contains(UInt8(ascii: "<")) else { return nil }
    let raw = Array(rest)
    let name = unquoted(raw, 0..<raw.count)
    if name.isEmpty { return nil }
    let isQuoted = raw.contains { $0 == 0x22 || $0 == 0x27 || $0 == escape }
    return (name, !isQuoted, chomps)
  }
}

extension [UInt8] {
  /// Whether a byte stands twice in a row.
  fileprivate func containsPair(_ byte: UInt8) -> Bool {
    var before = false
    for other in self {
      if other == byte, before { return true }
      before = other == byte
    }
    return false
  }
}
