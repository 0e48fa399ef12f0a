import Diagnostics
package import Migration
import YAML

/// What became of one part of a stack, leaf by leaf: what `explain` says when it is given the stack.
package struct KeyAccount {
  private let report: Report
  private let keys: [Range<Int>]

  /// nil where the stack has no such key. `word` is a path (`services.web.deploy`), or a service's name.
  package init?(_ report: Report, _ word: String) {
    self.report = report
    var paths = [word, "services.\(word)"]
    // `web.deploy` as well.
    if !word.contains("."), let hit = word.split(separator: "[").first {
      paths.append("services.\(hit)")
    }
    var ranges: [Range<Int>] = []
    for (position, row) in report.keys.rows.enumerated() where row.parent >= 0 {
      guard row.name.isEmpty || word.contains(row.name) else { continue }
      if paths.contains(report.keys.path(KeyID(Int32(position)))) {
        ranges.append(position..<Int(row.end))
      }
    }
    guard !ranges.isEmpty else { return nil }
    keys = ranges
  }

  package func render() -> String {
    var text = ""
    var shown = Set<Int32>()
    for range in keys {
      let top = KeyID(Int32(range.lowerBound))
      text += "\(report.keys.path(top))  \(report.place(top))\n"
      for entry in report.ledger.entries where range.contains(Int(entry.key.rawValue)) {
        let field = report.ledger.fields[Int(entry.field)]
        let name = entry.disposition.name
        let padding = String(repeating: " ", count: max(1, 9 - name.count))
        text += "  \(name)\(padding)\(report.keys.path(entry.key))"
        text += field.isEmpty ? "\n" : "  → \(field)\n"
        if entry.finding >= 0, shown.insert(entry.finding).inserted {
          append(report.ledger.findings[Int(entry.finding)], to: &text)
        }
      }
      // What settles no key: remarks, and what Swarm does where the stack is silent.
      for (number, finding) in report.ledger.findings.enumerated()
      where range.contains(Int(finding.key.rawValue)) && shown.insert(Int32(number)).inserted {
        text += "  \(finding.disposition.name)  \(report.keys.path(finding.key))\n"
        append(finding, to: &text)
      }
    }
    return text
  }

  private func append(_ finding: Finding, to text: inout String) {
    let indent = String(repeating: " ", count: 11)
    text += wrapped(finding.message.text, first: indent, rest: indent)
    for line in finding.message.remedy?.split(separator: "\n", omittingEmptySubsequences: false)
      ?? []
    { text += "\(indent)→ \(line)\n" }
    text += "\(indent)stackferry explain \(finding.message.slug)\n"
  }
}
