import Basics
import Diagnostics

/// How each instruction reads what stands behind its name. Source: moby/buildkit `parser/line_parsers.go`.
extension DockerfileParser {
  private static let knownFlags: [Instruction.Keyword: [String]] = [
    .add: ["checksum", "chmod", "chown", "exclude", "keep-git-dir", "link", "unpack"],
    .copy: ["chmod", "chown", "exclude", "from", "link", "parents"],
    .from: ["platform"],
    .healthcheck: ["interval", "retries", "start-interval", "start-period", "timeout"],
    .run: ["device", "mount", "network", "security"],
  ]

  func suggestion(_ name: String) -> String? {
    nearest(name.uppercased(), among: Instruction.Keyword.allCases.map(\.rawValue))
      .map { "did you mean \($0)?" }
  }

  /// Takes `--name=value` words off the front of the arguments.
  mutating func readFlags(_ instruction: inout Instruction) {
    guard let known = Self.knownFlags[instruction.keyword] else { return }
    let line = instruction.text.bytes
    var start = instruction.arguments.lowerBound
    while start + 1 < line.count, line[start] == 0x2D, line[start + 1] == 0x2D {
      let end = wordEnd(line, from: start, to: line.count)
      let span = instruction.text.span(start..<end)
      var next = end
      while next < line.count, isBlank(line[next]) { next += 1 }
      if end - start == 2 {
        start = next
        break
      }
      let equals = line[start..<end].firstIndex(of: UInt8(ascii: "=")) ?? end
      let name = String(decoding: line[(start + 2)..<equals], as: UTF8.self)
      if !known.contains(name) {
        problems.append(
          Problem(
            slug: "dockerfile/unknown-flag", span: span,
            text: "\(instruction.keyword.rawValue) has no flag --\(name)",
            hint: nearest(name, among: known).map { "did you mean --\($0)?" }))
      }
      instruction.flags.append(
        Instruction.Flag(
          name: name, value: equals < end ? unquoted(line, (equals + 1)..<end) : "", span: span))
      start = next
    }
    instruction.arguments = start..<line.count
  }

  mutating func readArguments(_ instruction: inout Instruction) {
    let range = instruction.arguments
    switch instruction.keyword {
    case .run, .cmd, .entrypoint:
      readCommand(&instruction, range)
      if instruction.keyword == .run { require(instruction, !range.isEmpty, "a command") }
    case .shell:
      instruction.json = readJSON(&instruction, range)
      require(
        instruction, instruction.json?.isEmpty == false,
        "a list in JSON form, such as [\"/bin/bash\", \"-c\"]")
    case .healthcheck: readHealthcheck(&instruction, range)
    case .add, .copy, .volume:
      instruction.json = readJSON(&instruction, range)
      instruction.words = instruction.json ?? plainWords(instruction, range)
      let least = instruction.keyword == .volume ? 1 : 2
      require(
        instruction, instruction.words.count >= least,
        least == 1 ? "a path" : "at least one source, and the destination")
    case .env, .label: readPairs(&instruction, range)
    case .arg:
      for word in splitWords(instruction.text.bytes, range) {
        instruction.pairs.append(pair(instruction, word))
      }
      require(instruction, !range.isEmpty, "a name")
    case .expose:
      instruction.words = plainWords(instruction, range)
      require(instruction, !range.isEmpty, "a port")
    case .from:
      instruction.words = plainWords(instruction, range)
      let words = instruction.words
      require(
        instruction, words.count == 1 || words.count == 3 && words[1].text.lowercased() == "as",
        "an image, or an image AS a name")
    case .user, .workdir, .stopsignal, .maintainer:
      if !range.isEmpty { instruction.words = [word(instruction, range)] }
      require(instruction, !range.isEmpty, "an argument")
    case .onbuild:
      require(instruction, !range.isEmpty, "an instruction")
      if !range.isEmpty,
        let trigger = makeInstruction(instruction.text, isTrigger: true, from: range.lowerBound)
      {
        instruction.trigger = [trigger]
      }
    }
  }

  /// A list in JSON form, or a script for the shell.
  private mutating func readCommand(_ instruction: inout Instruction, _ range: Range<Int>) {
    instruction.json = readJSON(&instruction, range)
    instruction.words = instruction.json ?? []
    instruction.script = scripts(instruction)
  }

  private mutating func readHealthcheck(_ instruction: inout Instruction, _ range: Range<Int>) {
    let line = instruction.text.bytes
    let end = wordEnd(line, from: range.lowerBound, to: range.upperBound)
    let kind = word(instruction, range.lowerBound..<end)
    var start = end
    while start < range.upperBound, isBlank(line[start]) { start += 1 }
    let rest = start..<range.upperBound
    switch kind.text.uppercased() {
    case "NONE":
      require(instruction, rest.isEmpty, "nothing behind NONE")
      instruction.words = [kind]
    case "CMD":
      require(instruction, !rest.isEmpty, "a command behind CMD")
      instruction.arguments = rest
      readCommand(&instruction, rest)
      instruction.words = [kind] + instruction.words
    default: require(instruction, false, "CMD and a command, or NONE")
    }
  }

  /// `name=value …`, or the old `name value with blanks`.
  private mutating func readPairs(_ instruction: inout Instruction, _ range: Range<Int>) {
    let line = instruction.text.bytes
    let words = splitWords(line, range)
    guard let first = words.first else {
      return require(instruction, false, "a name and a value")
    }
    if line[first].contains(UInt8(ascii: "=")) {
      for word in words {
        let pair = pair(instruction, word)
        if pair.value == nil {
          problems.append(
            Problem(
              slug: "dockerfile/arguments", span: pair.name.span,
              text: "\(instruction.keyword.rawValue) wants name=value, and this has no =",
              hint: "put a value with blanks into quotes"))
        }
        instruction.pairs.append(pair)
      }
      return
    }
    // The name ends at the first blank, quotes or not.
    var end = range.lowerBound
    while end < range.upperBound, !isBlank(line[end]) { end += 1 }
    var start = end
    while start < range.upperBound, isBlank(line[start]) { start += 1 }
    guard start < range.upperBound else {
      return require(instruction, false, "a name and a value")
    }
    instruction.pairs = [
      Instruction.Pair(
        name: word(instruction, range.lowerBound..<end),
        value: word(instruction, start..<range.upperBound))
    ]
  }

  private func pair(_ instruction: Instruction, _ range: Range<Int>) -> Instruction.Pair {
    let line = instruction.text.bytes
    guard let equals = line[range].firstIndex(of: UInt8(ascii: "=")) else {
      return Instruction.Pair(name: word(instruction, range), value: nil)
    }
    return Instruction.Pair(
      name: word(instruction, range.lowerBound..<equals),
      value: word(instruction, (equals + 1)..<range.upperBound))
  }

  private mutating func require(_ instruction: Instruction, _ isMet: Bool, _ what: String) {
    if isMet { return }
    problems.append(
      Problem(
        slug: "dockerfile/arguments", span: instruction.keywordSpan,
        text: "\(instruction.keyword.rawValue) needs \(what)"))
  }

  // MARK: Words

  private func word(_ instruction: Instruction, _ range: Range<Int>) -> Instruction.Word {
    Instruction.Word(
      text: unquoted(instruction.text.bytes, range), span: instruction.text.span(range))
  }

  /// Words that blanks part, quotes or not, as `FROM`, `EXPOSE` and `COPY` read them.
  private func plainWords(_ instruction: Instruction, _ range: Range<Int>) -> [Instruction.Word] {
    let line = instruction.text.bytes
    var words: [Instruction.Word] = []
    var index = range.lowerBound
    while index < range.upperBound {
      if isBlank(line[index]) {
        index += 1
        continue
      }
      let start = index
      while index < range.upperBound, !isBlank(line[index]) { index += 1 }
      words.append(word(instruction, start..<index))
    }
    return words
  }

  /// Words that blanks part outside of quotes.
  func splitWords(_ line: [UInt8], _ range: Range<Int>) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var index = range.lowerBound
    while index < range.upperBound {
      if isBlank(line[index]) {
        index += 1
        continue
      }
      let end = wordEnd(line, from: index, to: range.upperBound)
      words.append(index..<end)
      index = end
    }
    return words
  }

  private func wordEnd(_ line: [UInt8], from start: Int, to limit: Int) -> Int {
    var quote: UInt8 = 0
    var index = start
    while index < limit {
      let byte = line[index]
      if byte == escape, quote != 0x27, index + 1 < limit {
        index += 2
        continue
      }
      if quote != 0 {
        if byte == quote { quote = 0 }
      } else if byte == 0x22 || byte == 0x27 {
        quote = byte
      } else if isBlank(byte) {
        return index
      }
      index += 1
    }
    return limit
  }

  /// The text that quotes and escapes stand for. Variables stay as they are written.
  func unquoted(_ line: [UInt8], _ range: Range<Int>) -> String {
    var result: [UInt8] = []
    var quote: UInt8 = 0
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = line[index]
      index += 1
      if quote == 0x27 {
        if byte == quote { quote = 0 } else { result.append(byte) }
      } else if byte == escape, index < range.upperBound {
        let next = line[index]
        // Within double quotes only these are escaped; elsewhere an escaped dollar stays no variable.
        if quote == 0x22, next != 0x22, next != UInt8(ascii: "$"), next != escape {
          result.append(byte)
        }
        result.append(next)
        index += 1
      } else if quote == 0x22 {
        if byte == quote { quote = 0 } else { result.append(byte) }
      } else if byte == 0x22 || byte == 0x27 {
        quote = byte
      } else {
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  // MARK: JSON

  /// A JSON list of texts; nil for anything else, which is then the shell form, as for Docker.
  private mutating func readJSON(_ instruction: inout Instruction, _ range: Range<Int>)
    -> [Instruction.Word]?
  {
    let line = instruction.text.bytes
    guard range.lowerBound < range.upperBound, line[range.lowerBound] == UInt8(ascii: "[") else {
      return nil
    }
    var reader = JSONList(line, range)
    guard let items = reader.read() else {
      if reader.hasOtherItems {
        problems.append(
          Problem(
            slug: "dockerfile/json", span: instruction.text.span(range),
            text: "only texts can stand in this list",
            hint: "put each item into double quotes"))
      }
      return nil
    }
    return items.map { item in
      Instruction.Word(text: item.text, span: instruction.text.span(item.range))
    }
  }
}
