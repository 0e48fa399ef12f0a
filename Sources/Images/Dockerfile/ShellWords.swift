/// Words, quotes, expansions and redirections.
extension ShellLexer {
  /// One word: its text without quotes, whether the shell replaces anything in it, whether it is quoted.
  mutating func readValue() -> (value: String, isExpanded: Bool, isQuoted: Bool) {
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

  mutating func redirect() {
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
  mutating func skipHeredocs() {
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
