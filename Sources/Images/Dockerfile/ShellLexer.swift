/// Reads a shell script into commands. It never fails; what it cannot follow makes the script `isUncertain`.
struct ShellLexer {
  static let shells: Set<String> = ["sh", "bash", "ash", "dash", "zsh"]

  let text: LogicalText
  let end: Int
  var index: Int
  var script = ShellScript()
  var command: ShellScript.Command
  var depth = 0
  /// Open `case` words, by depth: in them a `)` ends a pattern.
  private var cases: [Int] = []
  /// Between `in` or `;;` and the `)` that ends a pattern.
  private var isInPattern = false
  var pendingHeredocs: [(name: [UInt8], chomps: Bool)] = []
  let nesting: Int

  static let maximumNesting = 24

  init(_ text: LogicalText, _ range: Range<Int>?, nesting: Int = 0, depth: Int = 0) {
    self.text = text
    index = range?.lowerBound ?? 0
    end = range?.upperBound ?? text.bytes.count
    self.nesting = nesting
    self.depth = depth
    command = ShellScript.Command(joint: .first, depth: depth)
  }

  mutating func run() -> ShellScript {
    while index < end { step() }
    finish(.sequence)
    if !cases.isEmpty || endsOpen { script.isUncertain = true }
    return script
  }

  /// Whether the text ends with what joins commands, so that nothing can simply follow.
  private var endsOpen: Bool {
    let last = text.bytes[..<end].last { !isBlank($0) && $0 != 0x0A }
    return last.map { [0x26, 0x3B, 0x7C].contains($0) } ?? false
  }

  var byte: UInt8 { text.bytes[index] }

  func peek(_ distance: Int = 1) -> UInt8 {
    index + distance < end ? text.bytes[index + distance] : 0
  }

  private mutating func step() {
    if isInPattern { return skipPattern() }
    switch byte {
    case 0x20, 0x09, 0x0D: index += 1
    case 0x0A:
      index += 1
      finish(.sequence)
      skipHeredocs()
    case UInt8(ascii: "#"):
      while index < end, byte != 0x0A { index += 1 }
    case UInt8(ascii: "\\") where peek() == 0x0A: index += 2
    case UInt8(ascii: "&"):
      if peek() == UInt8(ascii: "&") {
        index += 2
        finish(.and)
      } else if peek() == UInt8(ascii: ">") {
        redirect()
      } else {
        index += 1
        finish(.background)
      }
    case UInt8(ascii: "|"):
      if peek() == UInt8(ascii: "|") {
        index += 2
        finish(.or)
      } else {
        index += peek() == UInt8(ascii: "&") ? 2 : 1
        script.hasPipe = true
        finish(.pipe)
      }
    case UInt8(ascii: ";"):
      let isEndOfCase = peek() == UInt8(ascii: ";")
      index += isEndOfCase ? 2 : 1
      finish(.sequence)
      isInPattern = isEndOfCase && cases.last == depth
    case UInt8(ascii: "("):
      index += 1
      if !command.words.isEmpty {
        // `name()` defines a function.
        script.isUncertain = true
        command.words = []
      }
      open()
    case UInt8(ascii: ")"):
      index += 1
      finish(.sequence)
      close()
    case UInt8(ascii: "<"), UInt8(ascii: ">"): redirect()
    default: readWord()
    }
  }

  /// A pattern of `case`, or the `esac` that stands in place of one.
  private mutating func skipPattern() {
    skipBlanks()
    guard index < end else { return }
    let start = index
    let value = readValue().value
    if value == "esac" {
      isInPattern = false
      _ = keyword(value)
    } else if index < end, byte == UInt8(ascii: ")") {
      index += 1
      isInPattern = false
    } else if index == start {
      index += 1
    }
  }

  private mutating func open() {
    depth += 1
    command.depth = depth
  }

  private mutating func close() {
    depth = max(0, depth - 1)
    command.depth = depth
  }

  /// Ends the command; the next one is joined to it as given.
  private mutating func finish(_ joint: ShellScript.Joint) {
    let isEmpty =
      command.words.isEmpty && command.assignments.isEmpty && command.redirections.isEmpty
    if !isEmpty { script.commands.append(command) }
    // An empty line between, or behind `&&`, changes nothing.
    if isEmpty, joint == .sequence, command.joint != .first {
      command = ShellScript.Command(joint: command.joint, depth: depth)
    } else if isEmpty, command.joint == .first, joint == .sequence {
      command = ShellScript.Command(joint: .first, depth: depth)
    } else {
      command = ShellScript.Command(joint: joint, depth: depth)
    }
  }

  // MARK: Words

  private mutating func readWord() {
    let start = index
    let (value, isExpanded, isQuoted) = readValue()
    let raw = start..<index
    if raw.isEmpty {
      index += 1
      return
    }
    if command.words.isEmpty, !isQuoted, keyword(value) { return }
    let word = ShellScript.Word(
      text: value, span: text.span(raw), isExpanded: isExpanded, isQuoted: isQuoted)
    // `2>file`: digits right before a redirection belong to it.
    if index < end, byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">"),
      value.utf8.allSatisfy({ 0x30...0x39 ~= $0 })
    {
      return
    }
    if command.words.isEmpty, isAssignment(raw) {
      command.assignments.append(word)
    } else {
      command.words.append(word)
    }
  }

  /// Takes notice of a reserved word where a command begins.
  private mutating func keyword(_ word: String) -> Bool {
    switch word {
    case "if", "while", "until":
      open()
    case "then", "else", "elif", "do":
      command.depth = depth
    case "fi", "done":
      close()
    case "esac":
      if cases.last == depth { cases.removeLast() }
      close()
    case "{": open()
    case "}": close()
    case "!", "time": break
    case "for", "select":
      open()
      skip(until: [0x0A, UInt8(ascii: ";")])
    case "case":
      open()
      cases.append(depth)
      while index < end {
        skipBlanks()
        let start = index
        let value = readValue().value
        if value == "in" || index == start { break }
      }
      isInPattern = true
    case "function":
      script.isUncertain = true
      skip(until: [UInt8(ascii: "{"), UInt8(ascii: "(")])
    default: return false
    }
    return true
  }

  private mutating func skipBlanks() {
    while index < end, byte == 0x20 || byte == 0x09 || byte == 0x0A { index += 1 }
  }

  private mutating func skip(until stops: Set<UInt8>) {
    while index < end, !stops.contains(byte) {
      let start = index
      _ = readValue()
      if index == start { index += 1 }
    }
  }

  private func isAssignment(_ range: Range<Int>) -> Bool {
    let raw = text.bytes[range]
    guard let equals = raw.firstIndex(of: UInt8(ascii: "=")), equals > raw.startIndex else {
      return false
    }
    let name = raw[..<equals]
    return !(0x30...0x39 ~= name.first!) && name.allSatisfy { isAlphanumeric($0) || $0 == 0x5F }
  }
}
