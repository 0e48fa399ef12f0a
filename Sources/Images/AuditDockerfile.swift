package import Diagnostics

/// What the rules found in one Dockerfile.
package struct DockerfileAudit: Sendable {
  package let subject: Subject
  /// In the order of their places; those about the file as a whole first.
  package let findings: [AuditFinding]
  /// Where values stand that must not be shown.
  package let hidden: [Range<Int>]

  /// Runs rules over a Dockerfile. What the builder refuses is in `subject.dockerfile.problems`.
  ///
  /// - Parameter ignoring: Slugs to leave out, beside those that a comment right above an instruction names.
  package init(
    _ subject: Subject, rules: [any Rule.Type] = Rules.all, ignoring ignored: Set<String> = []
  ) {
    self.subject = subject
    let switches = IgnoreComments(subject.dockerfile)
    var findings: [AuditFinding] = []
    var hidden: [Range<Int>] = []
    for rule in rules {
      var found = RuleFindings(rule)
      rule.check(subject, &found)
      if !ignored.contains(rule.slug) {
        findings += found.all.filter { !switches.switchOff(rule, $0) }
      }
      hidden += found.hidden
    }
    self.hidden = hidden
    // Of equal places the order of the rules stays.
    self.findings = findings.enumerated().sorted { left, right in
      let (first, second) = (
        left.element.span?.lowerBound ?? -1, right.element.span?.lowerBound ?? -1
      )
      return (first, left.offset) < (second, right.offset)
    }.map(\.element)
  }

  /// The findings as messages, with the problems of the file itself.
  package var diagnostics: [Diagnostic] {
    let dockerfile = subject.dockerfile
    return dockerfile.problems
      + findings.map { finding in
        guard let span = finding.span else {
          return Diagnostic(
            finding.slug, finding.severity, at: SourceMark(file: 0, line: 0, column: 0),
            finding.text, hint: finding.hint)
        }
        return Diagnostic(
          finding.slug, finding.severity, at: dockerfile.mark(span.lowerBound),
          length: dockerfile.length(span), finding.text, hint: finding.hint)
      }
  }

  /// The file for excerpts: secret values are stars.
  package var source: SourceFile {
    SourceFile(path: subject.dockerfile.path, bytes: masked(subject.dockerfile.bytes, hidden))
  }
}

/// A text in which parts are stars, a star a character, so that lines and columns stay.
package func masked(_ bytes: [UInt8], _ hidden: [Range<Int>]) -> [UInt8] {
  if hidden.isEmpty { return bytes }
  var result: [UInt8] = []
  result.reserveCapacity(bytes.count)
  var start = 0
  for range in hidden.sorted(by: { $0.lowerBound < $1.lowerBound }) {
    if range.lowerBound < start { continue }
    result += bytes[start..<range.lowerBound]
    for byte in bytes[range] {
      if byte == 0x0A || byte == 0x0D {
        result.append(byte)
      } else if byte & 0xC0 != 0x80 {
        result.append(UInt8(ascii: "*"))
      }
    }
    start = range.upperBound
  }
  return result + bytes[start...]
}
