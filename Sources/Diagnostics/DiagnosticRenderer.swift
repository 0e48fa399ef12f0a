/// Writes diagnostics for a terminal: place, message, the line with a caret, hint and notes.
///
/// ```
/// stack.yml:12:5: error: unknown key "replcas" in services.web.deploy
///    12 |     replcas: 3
///       |     ^~~~~~~
///       = hint: did you mean "replicas"?
/// ```
package struct DiagnosticRenderer: Sendable {
  private let color: Bool

  /// - Parameter color: Whether to use ANSI colours.
  package init(color: Bool) {
    self.color = color
  }

  /// All diagnostics in the order of their places, each followed by its excerpt, hint and notes.
  ///
  /// Control characters in the input are replaced, so that no text can steer the terminal.
  package func render(_ diagnostics: [Diagnostic], in sources: Sources) -> String {
    var texts: [Int32: SourceText] = [:]
    var output = ""
    for diagnostic in diagnostics.sorted(by: Self.precedes) {
      let mark = diagnostic.mark
      var line: String?
      if let file = sources.file(of: mark), mark.line > 0 {
        let text = texts[mark.file] ?? SourceText(file.bytes)
        texts[mark.file] = text
        line = text.line(Int(mark.line)).map { String(decoding: $0, as: UTF8.self) }
      }
      output += render(diagnostic, line: line, in: sources)
    }
    return output
  }

  /// One diagnostic with the line that it is about; nil shows none.
  package func render(_ diagnostic: Diagnostic, line: String?, in sources: Sources) -> String {
    let mark = diagnostic.mark
    var output = headline(
      diagnostic.severity.rawValue, style(diagnostic.severity), at: mark, diagnostic.summary,
      sources)
    if let line {
      let excerpt = Excerpt(line, column: Int(mark.column), length: diagnostic.length)
      let number = String(mark.line)
      let gutter = String(repeating: " ", count: max(0, 5 - number.utf8.count)) + number
      let blank = String(repeating: " ", count: max(5, number.utf8.count))
      output += paint("\(gutter) |", .faint) + excerpt.line + "\n"
      output += paint("\(blank) |", .faint) + excerpt.indent + paint(excerpt.caret, .caret) + "\n"
    }
    if let hint = diagnostic.hint {
      output += paint("      = ", .faint) + paint("hint:", .bold) + " \(Self.visible(hint))\n"
    }
    for note in diagnostic.notes {
      output += headline("note", .note, at: note.mark, note.text, sources)
    }
    return output
  }

  /// By place; what has the same place by slug and text, so that the order never depends on the caller's.
  private static func precedes(_ left: Diagnostic, _ right: Diagnostic) -> Bool {
    if left.mark != right.mark { return left.mark < right.mark }
    if left.slug != right.slug { return left.slug < right.slug }
    return left.summary < right.summary
  }

  private func headline(
    _ label: String, _ style: Style, at mark: SourceMark, _ text: String, _ sources: Sources
  ) -> String {
    let place = sources.place(mark)
    return (place.isEmpty ? "" : paint(Self.visible(place) + ":", .bold) + " ")
      + paint(label + ":", style) + " " + Self.visible(text) + "\n"
  }

  private enum Style: String {
    case bold = "1"
    case faint = "2"
    case error = "1;31"
    case warning = "1;33"
    case note = "1;36"
    case caret = "1;32"
  }

  private func style(_ severity: Diagnostic.Severity) -> Style {
    switch severity {
    case .error: .error
    case .warning: .warning
    case .note: .note
    }
  }

  private func paint(_ text: String, _ style: Style) -> String {
    color && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// A text in which nothing can steer a terminal.
  private static func visible(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
    var result = ""
    for scalar in text.unicodeScalars { result.unicodeScalars.append(Glyph(scalar).scalar) }
    return result
  }
}
