package import Diagnostics
import Images
import Mapping
import Validation

/// What an audit found, file by file, ready to be written out.
package struct AuditReport: Sendable {
  /// A file that was looked at.
  package struct File: Sendable {
    package let path: String
    /// The services that run what is built from it; empty for a stack file.
    package let services: [String]
    /// The file with every secret's value replaced by stars.
    package let sources: Sources
    /// With marks into `sources`, in the order of their places.
    package let diagnostics: [Diagnostic]
    /// How many of them `--fix` mends.
    package let fixable: Int

    package init(
      path: String, services: [String], sources: Sources, diagnostics: [Diagnostic], fixable: Int
    ) {
      self.path = path
      self.services = services
      self.sources = sources
      self.diagnostics = diagnostics.enumerated().sorted {
        ($0.element.mark, $0.offset) < ($1.element.mark, $1.offset)
      }.map(\.element)
      self.fixable = fixable
    }
  }

  package let files: [File]
  package let images: [ImageSummary]
  package let scans: [ScanSummary]
  /// The services that no scan report is about, and their images; empty where none was given.
  package let unscanned: [String]

  package init(
    files: [File], images: [ImageSummary] = [], scans: [ScanSummary] = [], unscanned: [String] = []
  ) {
    self.unscanned = unscanned
    self.files = files
    self.images = images
    self.scans = scans
  }

  package func count(_ severity: Diagnostic.Severity) -> Int {
    files.reduce(0) { $0 + $1.diagnostics.count { $0.severity == severity } }
  }

  package var fixable: Int { files.reduce(0) { $0 + $1.fixable } }

  /// `3 files: 1 error, 2 warnings, 4 notes; --fix mends 3 of them`.
  package var summary: String {
    let total = count(.error) + count(.warning) + count(.note)
    var text = plural(files.count, "file")
    text +=
      total == 0
      ? ": nothing to mend"
      : ": \(plural(count(.error), "error")), \(plural(count(.warning), "warning")), \(plural(count(.note), "note"))"
    if fixable > 0 { text += "; --fix mends \(fixable) of them" }
    return text
  }

  /// For a terminal: each finding with the line that it is about.
  package func text(color: Bool) -> String {
    let renderer = DiagnosticRenderer(color: color)
    var text = ""
    for file in files where !file.diagnostics.isEmpty {
      let diagnostics = file.diagnostics.map { diagnostic in
        var shown = diagnostic
        shown.summary += " [\(diagnostic.slug)]"
        return shown
      }
      text += renderer.render(diagnostics, in: file.sources)
    }
    let figures = images.map(\.text) + vulnerabilities
    for part in figures { text += text.isEmpty ? part : "\n\(part)" }
    return text
  }

  private var vulnerabilities: [String] {
    scans.map(\.text)
      + (unscanned.isEmpty ? [] : ["no scan report: \(unscanned.joined(separator: ", "))\n"])
  }

  /// For a repository or a merge request.
  package var markdown: String {
    var text = "# Image audit\n\n\(summary)\n"
    for file in files where !file.diagnostics.isEmpty {
      text += "\n## \(Markdown.escaped(file.path))"
      if !file.services.isEmpty {
        text += " (\(file.services.map(Markdown.escaped).joined(separator: ", ")))"
      }
      text += "\n\n| line | | finding | remedy |\n|---|---|---|---|\n"
      for diagnostic in file.diagnostics {
        let line = diagnostic.mark.line > 0 ? String(diagnostic.mark.line) : ""
        text +=
          "| \(line) | \(diagnostic.severity.rawValue) | \(Markdown.escaped(diagnostic.summary)) "
        text += "[\(diagnostic.slug)] | \(Markdown.escaped(diagnostic.hint ?? "")) |\n"
      }
    }
    for (title, parts) in [("Images", images.map(\.text)), ("Vulnerabilities", vulnerabilities)]
    where !parts.isEmpty {
      text += "\n## \(title)\n"
      for part in parts { text += Markdown.block(part.dropLastLineBreak, "text") }
    }
    return text
  }
}

extension String {
  fileprivate var dropLastLineBreak: String { hasSuffix("\n") ? String(dropLast()) : self }
}
