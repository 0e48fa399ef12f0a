import Diagnostics
import Ledger
import Mapping
package import Report
import YAML

/// What became of one part of a stack, leaf by leaf: what `explain` says when it is given the stack.
package struct KeyAccount {
  private let report: Report
  private let keys: [Range<Int>]

  /// nil where the stack has no such key. `word` is a path (`services.web.deploy`), a service's name, or a key that services have
  /// (`ports`, `deploy.replicas`, or `replicas` alone).
  package init?(_ report: Report, _ word: String) {
    self.report = report
    let rows = report.keys.rows
    // What was asked for to the letter goes before what only ends that way.
    var ranges: [[Range<Int>]] = [[], [], []]
    for (position, row) in rows.enumerated() where row.parent >= 0 {
      guard row.name.isEmpty || word.contains(row.name) else { continue }
      let path = report.keys.path(KeyID(Int32(position)))
      let range = position..<Int(row.end)
      if path == word || path == "services.\(word)" {
        ranges[0].append(range)
      } else if let inner = Self.withinService(path), inner == word {
        ranges[1].append(range)
      } else if row.name == word, path.hasSuffix(".\(word)") {
        ranges[2].append(range)
      }
    }
    guard let found = ranges.first(where: { !$0.isEmpty }) else { return nil }
    keys = found
  }

  /// What stands behind `services.NAME.`; nil for other paths.
  private static func withinService(_ path: String) -> Substring? {
    let parts = path.split(separator: ".", maxSplits: 2)
    return parts.count == 3 && parts[0] == "services" ? parts[2] : nil
  }

  /// The findings of a slug in a stack, with their places; nil where it has none.
  package static func findings(_ report: Report, slug: String, width: Int) -> String? {
    var text = ""
    for finding in report.ledger.findings where finding.message.slug == slug {
      let path = report.keys.path(finding.key)
      let place = report.place(finding.key)
      text += "\(finding.disposition.name)  \(path.isEmpty ? "Swarm's default" : path)"
      text += place.isEmpty ? "" : "  \(place)"
      text += finding.field.isEmpty ? "" : "  → \(finding.field)"
      text += "\n" + said(finding, indent: "    ", width: width)
    }
    return text.isEmpty ? nil : text
  }

  /// The longest part of a path that the stack has, and the name behind it that it has not; nil where not even the first is there.
  package static func missing(_ report: Report, _ word: String) -> (parent: String, name: String)? {
    let paths = Set(
      report.keys.rows.indices.lazy.filter { report.keys.rows[$0].parent >= 0 }
        .map { report.keys.path(KeyID(Int32($0))) })
    let parts = word.split(separator: ".").map(String.init)
    for prefix in [[], ["services"]] where parts.count > 1 {
      for length in (1..<parts.count).reversed() {
        let parent = (prefix + parts[..<length]).joined(separator: ".")
        if paths.contains(parent), parent != "services" { return (parent, parts[length]) }
      }
    }
    return nil
  }

  package func render(width: Int) -> String {
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
          append(report.ledger.findings[Int(entry.finding)], width, to: &text)
        }
      }
      // What settles no key: remarks, and what Swarm does where the stack is silent.
      for (number, finding) in report.ledger.findings.enumerated()
      where range.contains(Int(finding.key.rawValue)) && shown.insert(Int32(number)).inserted {
        text += "  \(finding.disposition.name)  \(report.keys.path(finding.key))\n"
        append(finding, width, to: &text)
      }
    }
    return text
  }

  private func append(_ finding: Finding, _ width: Int, to text: inout String) {
    let indent = String(repeating: " ", count: 11)
    text += Self.said(finding, indent: indent, width: width)
    text += "\(indent)stackferry explain \(finding.message.slug)\n"
  }

  private static func said(_ finding: Finding, indent: String, width: Int) -> String {
    var text = wrapped(finding.message.text, first: indent, rest: indent, width: width)
    for line in finding.message.remedy?.split(separator: "\n", omittingEmptySubsequences: false)
      ?? []
    { text += "\(indent)→ \(line)\n" }
    return text
  }
}
