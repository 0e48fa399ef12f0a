internal import Diagnostics

/// Says in the user's words what libyaml found wrong with a text, and where to look.
struct SyntaxError {
  let problem: EventReader.Problem
  private let file: Int32
  private let raw: [UInt8]
  let text: SourceText

  init(_ problem: EventReader.Problem, file: Int32, bytes: [UInt8]) {
    self.problem = problem
    self.file = file
    raw = bytes
    text = SourceText(bytes)
  }

  func diagnostic() -> Diagnostic {
    if problem.isReaderError { return unreadable() }
    switch (problem.context ?? "", problem.text) {
    case (_, let text) where text.contains("tab character"):
      return tab()
    case (_, "found unexpected ':'"):
      return make(
        "yaml/missing-space", "there is no space after the colon",
        hint: "write \"key: \", or Docker takes the colon for a part of the key")
    case ("while scanning for the next token", _):
      return character(at: here) == UInt8(ascii: "\t") ? tab() : reserved()
    case ("while scanning a quoted scalar", _):
      return unclosedQuote()
    case ("while parsing a quoted scalar", _):
      return make(
        "yaml/escape", "this \\ sequence means nothing between double quotes",
        hint: "use single quotes, or write \\\\ for a backslash")
    case ("while parsing a flow sequence", _): return unclosedBracket("[", "]")
    case ("while parsing a flow mapping", _): return unclosedBracket("{", "}")
    case ("while scanning a simple key", _):
      return Diagnostic("yaml/missing-colon", at: context, "this key is not followed by a colon")
    case ("while parsing a block mapping", _): return noKey()
    case ("while parsing a block collection", _):
      return make(
        "yaml/missing-dash", "a list item starts with \"- \"",
        hint: "indent the line to what it belongs to", note: "the list starts here")
    case ("while scanning an alias", _), ("while scanning an anchor", _):
      let sign = (problem.context ?? "").hasSuffix("alias") ? "*" : "&"
      return Diagnostic(
        "yaml/anchor-name", at: context, "\(sign) is not followed by an anchor's name",
        hint: "quote the value if it is meant to start with \(sign)")
    case ("while scanning a block scalar", let text) where text.contains("expected comment"):
      return make(
        "yaml/block-header", "only a digit, + or - and a comment may follow | or >",
        hint: "start the text on the next line")
    case ("while scanning a block scalar", _):
      return make("yaml/block-header", "the indentation after | or > is a digit from 1 to 9")
    case (let context, let text) where context.contains("directive") || text.contains("irective"):
      return make(
        "yaml/directive", "a line that starts with % is a directive, and this is none",
        hint: "quote the key or value if it is meant to start with %")
    case (let context, _) where context.contains("tag") || problem.text.contains("tag handle"):
      return make(
        "yaml/tag", "! starts a tag, and this is none",
        hint: "quote the value if it is meant to start with !")
    default: return misplaced()
    }
  }

  private func misplaced() -> Diagnostic {
    let text = problem.text
    if text.hasPrefix("mapping values") { return mappingValue() }
    if text.hasPrefix("block sequence entries") {
      return make(
        "yaml/misplaced-list", "a list cannot start on this line",
        hint: "put each \"- \" on a line of its own, or quote the value")
    }
    if text.hasPrefix("mapping keys") {
      return make(
        "yaml/misplaced-key", "\"? \" cannot start a value", hint: "quote the value")
    }
    if text.contains("node content"), let found = character(at: here) {
      let shown = Character(Unicode.Scalar(found))
      return make(
        "yaml/unexpected-character", "there is no value before \"\(shown)\"",
        hint: "quote the value if it is meant to start with \(shown)")
    }
    return make("yaml/syntax", "this is no YAML: \(text)")
  }

  private func unclosedQuote() -> Diagnostic {
    let quote = character(at: context) == UInt8(ascii: "'") ? "'" : "\""
    return Diagnostic(
      "yaml/unclosed-quote", at: context, length: 1,
      "the text that starts with \(quote) here is never closed",
      hint: "add the closing \(quote)")
  }

  private func unclosedBracket(_ open: String, _ close: String) -> Diagnostic {
    let isEnd = problem.line >= text.lineCount
    return Diagnostic(
      "yaml/unclosed-bracket", at: context, length: 1,
      "the \(open) here is not closed" + (isEnd ? "" : " before line \(here.line) goes on"),
      hint: "add \(close), or quote the value if the \(open) is meant as text",
      notes: isEnd ? [] : [.init("a comma or \(close) was expected here", at: here)])
  }

  private func reserved() -> Diagnostic {
    guard let found = character(at: here) else { return make("yaml/syntax", problem.text) }
    let shown = Character(Unicode.Scalar(found))
    if shown == "|" || shown == ">" {
      return make(
        "yaml/misplaced-block", "a text block cannot stand between brackets",
        hint: "quote the value")
    }
    return make(
      "yaml/reserved-character", "a value cannot start with \(shown)",
      hint: "put the value in quotes")
  }

  private func tab() -> Diagnostic {
    let line = text.line(Int(here.line)) ?? []
    let blank = line.prefix { $0 == 0x20 || $0 == 0x09 }
    let place = blank.firstIndex(of: 0x09).map { $0 - line.startIndex + 1 }
    let end = blank.lastIndex(of: 0x09).map { $0 - line.startIndex + 1 }
    return Diagnostic(
      "yaml/tab", at: place.map { mark(problem.line, $0 - 1) } ?? here,
      length: (end ?? 1) - (place ?? 1) + 1, "a tab is used for indentation",
      hint: "YAML is indented with spaces only")
  }

  private func unreadable() -> Diagnostic {
    let (line, column) = text.position(ofByte: problem.offset, in: raw)
    let place = mark(line - 1, column - 1)
    if problem.text.contains("control characters") {
      return Diagnostic(
        "yaml/control-character", at: place, "control characters are not allowed in YAML",
        hint: "write it as an escape such as \"\\x1b\", or check that the file is text")
    }
    return Diagnostic(
      "yaml/encoding", at: place, "the file is neither valid UTF-8 nor valid UTF-16",
      hint: "save it as UTF-8")
  }
}

extension SyntaxError {
  /// Where libyaml gave up.
  var here: SourceMark { mark(problem.line, problem.column) }

  /// Where what it was reading began.
  var context: SourceMark { mark(problem.contextLine, problem.contextColumn) }

  func make(
    _ slug: String, _ summary: String, hint: String? = nil, note: String? = nil
  ) -> Diagnostic {
    Diagnostic(
      slug, at: here, summary, hint: hint, notes: note.map { [.init($0, at: context)] } ?? [])
  }

  /// A place counted from zero; behind the end of the text it is the end of the last line.
  func mark(_ line: Int, _ column: Int) -> SourceMark {
    guard line >= text.lineCount else {
      return SourceMark(
        file: file, line: Int32(clamping: line + 1), column: Int32(clamping: column + 1))
    }
    let last = text.line(text.lineCount) ?? []
    return SourceMark(
      file: file, line: Int32(clamping: text.lineCount),
      column: Int32(clamping: String(decoding: last, as: UTF8.self).unicodeScalars.count + 1))
  }

  /// The ASCII character at a place.
  func character(at mark: SourceMark) -> UInt8? {
    guard let line = text.line(Int(mark.line)) else { return nil }
    let scalars = String(decoding: line, as: UTF8.self).unicodeScalars
    guard let scalar = scalars.dropFirst(Int(mark.column) - 1).first, scalar.isASCII else {
      return nil
    }
    return UInt8(scalar.value)
  }
}
