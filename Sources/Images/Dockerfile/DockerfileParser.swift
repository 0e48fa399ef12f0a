/// Splits a Dockerfile into instructions: directives, comments, continuation lines, here-documents.
struct DockerfileParser {
  /// Why the builder refuses a line.
  struct Problem {
    var slug: String
    var span: Range<Int>
    var text: String
    var hint: String?
  }

  let bytes: [UInt8]
  var escape = UInt8(ascii: "\\")
  var syntax: String?
  var instructions: [Instruction] = []
  var problems: [Problem] = []
  /// Where the next line begins.
  private(set) var position = 0
  private var mayBeDirective = true

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  mutating func run() {
    while let line = takeLine() {
      let content = trimmed(line)
      if content.isEmpty || bytes[content.lowerBound] == UInt8(ascii: "#") {
        if !content.isEmpty { readDirective(content) } else { mayBeDirective = false }
        continue
      }
      mayBeDirective = false
      readInstruction(line, from: content.lowerBound)
    }
    if instructions.isEmpty, problems.isEmpty {
      problems.append(
        Problem(slug: "dockerfile/empty", span: 0..<0, text: "the file has no instructions"))
    }
  }

  // MARK: Lines

  /// The next line with its line break.
  mutating func takeLine() -> Range<Int>? {
    guard position < bytes.count else { return nil }
    let start = position
    let feed = bytes[start...].firstIndex(of: 0x0A)
    position = feed.map { $0 + 1 } ?? bytes.count
    return start..<position
  }

  /// Without its line break.
  private func content(_ line: Range<Int>) -> Range<Int> {
    var end = line.upperBound
    while end > line.lowerBound, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    return line.lowerBound..<end
  }

  /// Without its line break and the blanks in front.
  private func trimmed(_ line: Range<Int>) -> Range<Int> {
    let content = content(line)
    var start = content.lowerBound
    while start < content.upperBound, isBlank(bytes[start]) { start += 1 }
    return start..<content.upperBound
  }

  /// The line without what continues it; nil where it ends the instruction.
  private func continued(_ line: Range<Int>) -> Range<Int>? {
    var end = line.upperBound
    while end > line.lowerBound, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
    guard end > line.lowerBound, bytes[end - 1] == escape else { return nil }
    // Two of them are an escaped one.
    if end - 1 > line.lowerBound, bytes[end - 2] == escape { return nil }
    return line.lowerBound..<(end - 1)
  }

  // MARK: Directives

  /// `# escape=` and `# syntax=`, in the comments at the very top, each once.
  private mutating func readDirective(_ line: Range<Int>) {
    guard mayBeDirective else { return }
    let text = String(decoding: bytes[line].dropFirst(), as: UTF8.self)
    guard let equals = text.firstIndex(of: "=") else {
      mayBeDirective = false
      return
    }
    let name = trimmedText(text[..<equals]).lowercased()
    let value = trimmedText(text[text.index(after: equals)...])
    guard !name.isEmpty, name.utf8.allSatisfy({ isAlphanumeric($0) }), !value.isEmpty else {
      mayBeDirective = false
      return
    }
    switch name {
    case "escape":
      if value == "`" || value == "\\" {
        escape = value.utf8.first!
      } else {
        problems.append(
          Problem(
            slug: "dockerfile/escape", span: line,
            text: "the escape directive takes \\ or `, not \"\(value)\"",
            hint: "write: # escape=\\"))
      }
    case "syntax": if syntax == nil { syntax = value }
    case "check": break
    default: mayBeDirective = false
    }
  }

  private func trimmedText(_ text: Substring) -> String {
    var rest = text
    while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
    return String(rest.drop(while: \.isWhitespace))
  }

  // MARK: Instructions

  private mutating func readInstruction(_ first: Range<Int>, from start: Int) {
    var text = LogicalText()
    var current = start..<content(first).upperBound
    while let open = continued(current) {
      text.append(bytes, open)
      var follower: Range<Int>?
      while follower == nil, let line = takeLine() {
        let content = trimmed(line)
        // Comments and empty lines do not end an instruction.
        if content.isEmpty || bytes[content.lowerBound] == UInt8(ascii: "#") { continue }
        follower = self.content(line)
      }
      guard let line = follower else {
        current = position..<position
        break
      }
      current = line
    }
    text.append(bytes, current)
    guard var instruction = makeInstruction(text, isTrigger: false) else { return }
    readHeredocs(&instruction)
    instruction.span = first.lowerBound..<position
    instructions.append(instruction)
  }

  /// An instruction of joined lines; nil, with a problem, where the builder knows none.
  mutating func makeInstruction(_ text: LogicalText, isTrigger: Bool, from: Int = 0) -> Instruction?
  {
    let line = text.bytes
    var end = from
    while end < line.count, !isBlank(line[end]) { end += 1 }
    let span = text.span(from..<end)
    let name = text.string(from..<end)
    guard let keyword = Instruction.Keyword(rawValue: name.uppercased()) else {
      problems.append(
        Problem(
          slug: "dockerfile/unknown-instruction", span: span,
          text: "unknown instruction \"\(name)\"",
          hint: suggestion(name)))
      return nil
    }
    if isTrigger, keyword == .from || keyword == .maintainer || keyword == .onbuild {
      problems.append(
        Problem(
          slug: "dockerfile/onbuild", span: span,
          text: "ONBUILD cannot hold \(keyword.rawValue)"))
      return nil
    }
    var start = end
    while start < line.count, isBlank(line[start]) { start += 1 }
    var instruction = Instruction(
      keyword: keyword, keywordSpan: span, text: text, arguments: start..<line.count,
      span: text.span(from..<line.count))
    readFlags(&instruction)
    var last = instruction.arguments.upperBound
    while last > instruction.arguments.lowerBound, isBlank(line[last - 1]) { last -= 1 }
    instruction.arguments = instruction.arguments.lowerBound..<last
    readArguments(&instruction)
    return instruction
  }
}

func isBlank(_ byte: UInt8) -> Bool {
  byte == 0x20 || byte == 0x09 || byte == 0x0B || byte == 0x0C || byte == 0x0D
}

func isAlphanumeric(_ byte: UInt8) -> Bool {
  0x30...0x39 ~= byte || 0x41...0x5A ~= byte || 0x61...0x7A ~= byte
}
