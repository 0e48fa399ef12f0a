/// Reads a shell script into commands. It never fails; what it cannot follow makes the script `isUncertain`.
struct ShellLexer {
  static let shells: Set<String> = ["sh", "bash", "ash", "dash", "zsh"]

  private let text: LogicalText
  private let end: Int
  private var index: Int
  private var script = ShellScript()
  private var command: ShellScript.Command
  private var depth = 0
  /// Open `case` words, by depth: in them a `)` ends a pattern.
  private var cases: [Int] = []
  /// Between `in` or `;;` and the `)` that ends a pattern.
  private var isInPattern = false
  private var pendingHeredocs: [(name: [UInt8], chomps: Bool)] = []
  private let nesting: Int

  private static let maximumNesting = 24

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

  private var byte: UInt8 { text.bytes[index] }

  private func peek(_ distance: Int = 1) -> UInt8 {
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

  /// One word: its text without quotes, whether the shell replaces anything in it, whether it is quoted.
  private mutating func readValue() -> (value: String, isExpanded: Bool, isQuoted: Bool) {
    var value: [UInt8] = []
    var isExpanded = false
    var isQuoted = false
    loop: while index < end {
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "|"),
        UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "("), UInt8(ascii: ")"):
        break loop
      case UInt8(ascii: "\\"):
        isQuoted = true
        if peek() != 0x0A, index + 1 < end { value.append(peek()) }
        index = min(end, index + 2)
      case UInt8(ascii: "'"):
        isQuoted = true
        index += 1
        while index < end, byte != UInt8(ascii: "'") {
          value.append(byte)
          index += 1
        }
        closeQuote()
      case UInt8(ascii: "\""):
        isQuoted = true
        if readDoubleQuoted(into: &value) { isExpanded = true }
      case UInt8(ascii: "$"), UInt8(ascii: "`"):
        if readExpansion(into: &value) { isExpanded = true }
      case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "~"):
        isExpanded = true
        value.append(byte)
        index += 1
      default:
        value.append(byte)
        index += 1
      }
    }
    return (String(decoding: value, as: UTF8.self), isExpanded, isQuoted)
  }

  private mutating func closeQuote() {
    if index < end { index += 1 } else { script.isUncertain = true }
  }

  private mutating func readDoubleQuoted(into value: inout [UInt8]) -> Bool {
    var isExpanded = false
    index += 1
    while index < end, byte != UInt8(ascii: "\"") {
      switch byte {
      case UInt8(ascii: "\\"):
        let next = peek()
        if next != 0x0A {
          let isEscape =
            next == UInt8(ascii: "\"") || next == UInt8(ascii: "$") || next == UInt8(ascii: "\\")
            || next == UInt8(ascii: "`")
          if !isEscape { value.append(byte) }
          if index + 1 < end { value.append(next) }
        }
        index = min(end, index + 2)
      case UInt8(ascii: "$"), UInt8(ascii: "`"):
        if readExpansion(into: &value) { isExpanded = true }
      default:
        value.append(byte)
        index += 1
      }
    }
    closeQuote()
    return isExpanded
  }

  /// `$name`, `${…}`, `$(…)`, `$((…))`, backticks: kept as written; the commands in a substitution are found too.
  private mutating func readExpansion(into value: inout [UInt8]) -> Bool {
    let start = index
    if byte == UInt8(ascii: "`") {
      index += 1
      let inner = index
      while index < end, byte != UInt8(ascii: "`") { index += byte == UInt8(ascii: "\\") ? 2 : 1 }
      index = min(index, end)
      nest(inner..<index)
      closeQuote()
    } else if peek() == UInt8(ascii: "(") {
      let isArithmetic = peek(2) == UInt8(ascii: "(")
      index += 2
      let inner = index
      skipParentheses()
      if !isArithmetic { nest(inner..<index) }
      closeQuote()
    } else if peek() == UInt8(ascii: "{") {
      var open = 0
      while index < end {
        if byte == UInt8(ascii: "{") { open += 1 }
        if byte == UInt8(ascii: "}") {
          open -= 1
          if open == 0 { break }
        }
        index += 1
      }
      closeQuote()
    } else {
      index += 1
      while index < end, isAlphanumeric(byte) || byte == 0x5F { index += 1 }
      if index == start + 1 {
        // `$@`, `$?`, `$$`; a lone dollar stands for itself.
        if index < end, [0x40, 0x3F, 0x24, 0x2A, 0x23, 0x21, 0x2D].contains(byte) {
          index += 1
        } else {
          value.append(UInt8(ascii: "$"))
          return false
        }
      }
    }
    index = min(index, end)
    value.append(contentsOf: text.bytes[start..<index])
    return true
  }

  /// To the parenthesis that closes, quotes minded.
  private mutating func skipParentheses() {
    var open = 1
    while index < end {
      switch byte {
      case UInt8(ascii: "("): open += 1
      case UInt8(ascii: ")"):
        open -= 1
        if open == 0 { return }
      case UInt8(ascii: "\\"): index += 1
      case UInt8(ascii: "'"):
        index += 1
        while index < end, byte != UInt8(ascii: "'") { index += 1 }
      case UInt8(ascii: "\""):
        index += 1
        while index < end, byte != UInt8(ascii: "\"") {
          index += byte == UInt8(ascii: "\\") ? 2 : 1
        }
      default: break
      }
      index += 1
    }
    index = min(index, end)
  }

  private mutating func nest(_ range: Range<Int>) {
    guard nesting < Self.maximumNesting, !range.isEmpty else {
      if !range.isEmpty { script.isUncertain = true }
      return
    }
    var inner = ShellLexer(text, range, nesting: nesting + 1, depth: depth + 1)
    let found = inner.run()
    script.commands += found.commands
    script.hasPipe = script.hasPipe || found.hasPipe
    script.isUncertain = script.isUncertain || found.isUncertain
  }

  // MARK: Redirections

  private mutating func redirect() {
    let start = index
    while index < end,
      byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
        || byte == UInt8(ascii: "&") || byte == UInt8(ascii: "|") && index > start
    {
      index += 1
    }
    let sign = Array(text.bytes[start..<index])
    if sign.last != UInt8(ascii: "&"), index < end, byte == UInt8(ascii: "(") {
      // `<(…)` of bash.
      index += 1
      let inner = index
      skipParentheses()
      nest(inner..<index)
      if index < end { index += 1 }
      return
    }
    var chomps = false
    if sign == [0x3C, 0x3C], index < end, byte == UInt8(ascii: "-") {
      chomps = true
      index += 1
    }
    while index < end, byte == 0x20 || byte == 0x09 { index += 1 }
    let wordStart = index
    let (value, isExpanded, isQuoted) = readValue()
    if sign == [0x3C, 0x3C] {
      pendingHeredocs.append((Array(value.utf8), chomps))
    }
    command.redirections.append(
      ShellScript.Word(
        text: value, span: text.span(start..<max(index, wordStart)), isExpanded: isExpanded,
        isQuoted: isQuoted))
  }

  /// Skips the bodies of the here-documents that the line named.
  private mutating func skipHeredocs() {
    for heredoc in pendingHeredocs {
      while index < end {
        let start = index
        while index < end, byte != 0x0A { index += 1 }
        var line = text.bytes[start..<index]
        if index < end { index += 1 }
        if heredoc.chomps { line = line.drop { $0 == 0x09 } }
        if line.last == 0x0D { line = line.dropLast() }
        if line.elementsEqual(heredoc.name) { break }
      }
    }
    pendingHeredocs = []
  }
}
