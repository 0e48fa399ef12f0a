/// One thing to tell the user about the input: what, where, and what to do about it.
package struct Diagnostic: Sendable, Hashable {
  package enum Severity: String, Sendable, Hashable {
    case error, warning, note
  }

  /// A further place that explains the diagnostic, such as the first of two duplicate keys.
  package struct Note: Sendable, Hashable {
    package var mark: SourceMark
    package var text: String

    package init(_ text: String, at mark: SourceMark) {
      self.mark = mark
      self.text = text
    }
  }

  /// Stable identifier for filters and tests, such as `yaml/duplicate-key`.
  package var slug: String
  package var severity: Severity
  package var mark: SourceMark
  /// Length of the underlined text in Unicode scalars; 0 draws a single caret.
  package var length: Int
  /// One line, no full stop, in the words of the field.
  package var summary: String
  /// What would mend it, if known.
  package var hint: String?
  package var notes: [Note]

  package init(
    _ slug: String, _ severity: Severity = .error, at mark: SourceMark, length: Int = 0,
    _ summary: String, hint: String? = nil, notes: [Note] = []
  ) {
    self.slug = slug
    self.severity = severity
    self.mark = mark
    self.length = length
    self.summary = summary
    self.hint = hint
    self.notes = notes
  }
}

/// The error that a stage throws when its input cannot be used: every reason, not only the first.
package struct DiagnosticError: Error, Sendable {
  package var diagnostics: [Diagnostic]

  package init(_ diagnostics: [Diagnostic]) {
    self.diagnostics = diagnostics
  }
}
