package import Diagnostics
package import Ledger
import Mapping
package import Report
import YAML

/// Findings that are known and do not fail a check any more: a file that is committed beside the stack.
package struct Baseline: Sendable {
  private let ids: Set<String>

  package var count: Int { ids.count }

  /// Reads a baseline that `bytes(_:)` wrote.
  package init(_ file: Int32, in sources: Sources) throws(DiagnosticError) {
    let start = SourceMark(file: file, line: 0, column: 0)
    guard let root = try Document.read(file, in: sources),
      root["format"]?.text == "stackferry/baseline", let findings = root["findings"]?.items
    else {
      throw DiagnosticError([
        Diagnostic(
          "baseline/format", at: start, "this is no baseline",
          hint: "--write-baseline writes one to the place that --baseline names")
      ])
    }
    guard root["version"]?.int == 1 else {
      throw DiagnosticError([
        Diagnostic(
          "baseline/version", at: root["version"]?.mark ?? start,
          "this baseline is of a version that is not known here",
          hint: "--write-baseline writes it anew")
      ])
    }
    var ids = Set<String>()
    for finding in findings {
      guard let id = finding["id"]?.text else {
        throw DiagnosticError([
          Diagnostic("baseline/id", at: finding.mark, "a finding of the baseline has no id")
        ])
      }
      ids.insert(id)
    }
    self.ids = ids
  }

  package func contains(_ id: String) -> Bool { ids.contains(id) }

  /// How many of its findings are not there any more.
  package func stale(_ identities: [String]) -> Int { ids.subtracting(identities).count }

  /// The findings of some dispositions as a baseline: a line a finding, sorted, so that changes read well in a review.
  package static func bytes(_ report: Report, _ dispositions: Set<Disposition>) -> [UInt8] {
    var rows: [(order: String, value: JSON)] = []
    for (identity, finding) in zip(report.identities, report.ledger.findings)
    where dispositions.contains(finding.disposition) {
      let service = finding.subject.service ?? ""
      let key = report.keys.path(finding.key)
      rows.append(
        (
          "\(finding.subject.stack)/\(service)/\(finding.message.slug)/\(key)/\(identity)",
          .object { row in
            row.set("id", identity)
            row.set("rule", finding.message.slug)
            row.set("disposition", finding.disposition.name)
            row.set("stack", finding.subject.stack)
            row.set("service", finding.subject.service)
            row.set("key", key.isEmpty ? nil : key)
          }
        ))
    }
    rows.sort { $0.order < $1.order }
    return JSON.object { root in
      root.set("format", "stackferry/baseline")
      root.set("version", 1)
      root.set("findings", .array(rows.map(\.value)))
    }.bytes
  }
}
