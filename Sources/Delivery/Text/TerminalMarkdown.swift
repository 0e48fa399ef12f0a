/// The Markdown of the documentation, as text for a terminal: paragraphs filled to its width, tables in columns, and no marks but
/// the backquotes around what is literal.
struct TerminalMarkdown {
  enum Block {
    case paragraph(String)
    case item(String)
    case table([[String]])
    case code([String])
  }

  private(set) var blocks: [Block] = []

  init(_ markdown: String) {
    var code: [String]?
    var isOpen = false
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      let text = line.drop { $0 == " " }
      if text.hasPrefix("```") {
        if let lines = code { blocks.append(.code(lines)) }
        code = code == nil ? [] : nil
        isOpen = false
      } else if code != nil {
        code?.append(String(line))
      } else if text.isEmpty {
        isOpen = false
      } else if text.hasPrefix("|") {
        addRow(text, isOpen: isOpen)
        isOpen = true
      } else if text.hasPrefix("- ") {
        blocks.append(.item(String(text.dropFirst(2))))
        isOpen = true
      } else if isOpen, let last = blocks.popLast() {
        switch last {
        case .paragraph(let before): blocks.append(.paragraph("\(before) \(text)"))
        case .item(let before): blocks.append(.item("\(before) \(text)"))
        default: blocks += [last, .paragraph(String(text))]
        }
      } else {
        blocks.append(.paragraph(String(text)))
        isOpen = true
      }
    }
  }

  private mutating func addRow(_ text: Substring, isOpen: Bool) {
    let cells = text.split(separator: "|", omittingEmptySubsequences: true)
      .map { String($0).trimmedBlanks }
    if cells.allSatisfy({ $0.allSatisfy { $0 == "-" || $0 == ":" } }) { return }
    if isOpen, case .table(var rows) = blocks.last {
      rows.append(cells)
      blocks[blocks.count - 1] = .table(rows)
    } else {
      blocks.append(.table([cells]))
    }
  }

  /// The blocks that hold a name within backquotes.
  func naming(_ name: String) -> TerminalMarkdown {
    var result = self
    result.blocks = blocks.compactMap { block in
      switch block {
      case .paragraph(let text), .item(let text):
        return Self.quotes(text, name) ? block : nil
      case .table(let rows):
        let named = rows.filter { row in row.contains { Self.quotes($0, name) } }
        return named.isEmpty ? nil : .table(named)
      case .code: return nil
      }
    }
    return result
  }

  /// Whether a text has a name as a whole word within backquotes.
  private static func quotes(_ text: String, _ name: String) -> Bool {
    var isCode = false
    for part in text.split(separator: "`", omittingEmptySubsequences: false) {
      if isCode, words(part).contains(where: { $0 == name }) { return true }
      isCode.toggle()
    }
    return false
  }

  /// The names in a text: letters, digits and underscores.
  static func words(_ text: some StringProtocol) -> [String] {
    text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map { String($0) }
  }

  func render(width: Int) -> String {
    var text = ""
    var wasItem = false
    for block in blocks {
      var isItem = false
      if case .item = block { isItem = true }
      if !text.isEmpty, !(isItem && wasItem) { text += "\n" }
      wasItem = isItem
      switch block {
      case .paragraph(let content):
        text += wrapped(Self.plain(content), first: "  ", rest: "  ", width: width)
      case .item(let content):
        text += wrapped(Self.plain(content), first: "  - ", rest: "    ", width: width)
      case .table(let rows): text += Self.columns(rows, width: width)
      case .code(let lines):
        for line in lines { text += line.isEmpty ? "\n" : "    \(line)\n" }
      }
    }
    return text
  }

  /// Two columns: a table's first, and all others.
  private static func columns(_ rows: [[String]], width: Int) -> String {
    let rows = rows.map { row in
      (
        head: plain(row.first ?? ""),
        rest: row.dropFirst().map(plain).filter { !$0.isEmpty }.joined(separator: "; ")
      )
    }
    let widest = min(rows.map(\.head.count).max() ?? 0, width * 2 / 5)
    let indent = String(repeating: " ", count: 4 + widest)
    var text = ""
    for row in rows {
      if row.head.count > widest {
        text += wrapped(row.head, first: "  ", rest: "    ", width: width)
        text += wrapped(row.rest, first: indent, rest: indent, width: width)
      } else {
        let padding = String(repeating: " ", count: widest - row.head.count + 2)
        text += wrapped(row.rest, first: "  \(row.head)\(padding)", rest: indent, width: width)
      }
    }
    return text
  }

  /// Without the marks of bold text, and with links as their texts.
  static func plain(_ text: String) -> String {
    var result = ""
    var isCode = false
    for part in unlinked(text).split(separator: "`", omittingEmptySubsequences: false) {
      if isCode { result += "`\(part)`" } else { result += part.replacing("**", with: "") }
      isCode.toggle()
    }
    return result
  }

  /// `[configs](configs.md)` as `configs`, and an address elsewhere behind its text.
  private static func unlinked(_ text: String) -> String {
    text.replacing(/\[([^\[\]]+)\]\(([^()\s]+\.md(?:#[^()\s]*)?|#[^()\s]*|https?:[^()\s]+)\)/) {
      match in
      match.2.hasPrefix("http") ? "\(match.1) (\(match.2))" : String(match.1)
    }
  }
}

extension String {
  fileprivate var trimmedBlanks: String {
    var text = self[...].drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
