import Basics
import Diagnostics
package import Ledger
import Mapping
package import Report
package import YAML

/// Everything that `validate` has to say, and in which forms.
package struct Verdict: Sendable {
  /// nil where only manifests were checked.
  package var report: Report?
  /// The dispositions that fail.
  package var failing: Set<Disposition> = []
  /// By a finding's position in the ledger; what is not there is new.
  package var states: [Int: FindingState] = [:]
  package var hasBaseline = false
  /// Drift, and what Kubernetes would refuse.
  package var checks: [CheckResult] = []
  /// Whether warnings about manifests fail.
  package var isStrict = false
  /// The minor version of the API server that is asked.
  package let minor: Int
  private var manifests: ManifestCheck?

  package init(minor: Int) {
    self.minor = minor
  }

  package mutating func add(_ check: ManifestCheck, color: Bool) {
    manifests = check
    checks += check.findings.map { CheckResult($0, color: color) }
  }

  /// The findings of the migration that fail, by their positions.
  private var failures: [Int] {
    guard let report else { return [] }
    return report.ledger.findings.indices.filter { position in
      states[position] == nil && failing.contains(report.ledger.findings[position].disposition)
    }
  }

  package var knownCount: Int {
    guard let report else { return 0 }
    return states.count { position, state in
      guard case .known = state else { return false }
      return failing.contains(report.ledger.findings[position].disposition)
    }
  }

  private func isFailing(_ check: CheckResult) -> Bool {
    check.severity == .error || isStrict && check.severity == .warning
  }

  package var failureCount: Int { failures.count + checks.count(where: isFailing) }

  // MARK: For people

  /// What fails, and what Kubernetes would warn of; notes only where asked for.
  package func text(isVerbose: Bool) -> String {
    var text = ""
    for position in failures { text += VisibleText.shown(line(position)) + "\n" }
    text = TextStyle.finished(text, color: false)
    for check in checks where isVerbose || check.severity != .note { text += check.text + "\n" }
    return text
  }

  private func line(_ position: Int) -> String {
    guard let report else { return "" }
    let finding = report.ledger.findings[position]
    let place = report.place(finding.key)
    return
      "\(place.isEmpty ? Self.who(finding) : place): \(finding.disposition.name): \(finding.message.text) "
      + "[\(finding.message.slug)]"
  }

  private static func who(_ finding: Finding) -> String {
    finding.subject.service.map { "services.\($0)" } ?? finding.subject.stack
  }

  /// What was looked at and what was not.
  package func account(isVerbose: Bool) -> String {
    guard let manifests else { return "" }
    func count(_ number: Int, _ noun: String) -> String {
      "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
    var lines = [
      "\(count(manifests.checked, "object")) in \(count(manifests.fileCount, "file")) checked against Kubernetes 1.\(minor)"
        + ": \(count(manifests.count(.error), "error")), \(count(manifests.count(.warning), "warning")), "
        + count(manifests.count(.note), "note")
        + (manifests.count(.note) > 0 && !isVerbose ? " (--verbose shows notes)" : "")
    ]
    for (name, number) in manifests.partlyKnown.sorted(by: { $0.key < $1.key }) {
      lines.append("\(name): checked in part, its definition is not Kubernetes' own (\(number))")
    }
    for (name, number) in manifests.unknownKinds.sorted(by: { $0.key < $1.key }) {
      lines.append("\(name): not checked, the kind is not known here (\(number))")
    }
    for (file, reason) in manifests.leftAlone { lines.append("\(file): left alone: \(reason)") }
    return lines.joined(separator: "\n")
  }

  /// Lines that GitHub Actions shows beside the code.
  package var annotations: String {
    var text = ""
    for position in failures { text += annotation(position) + "\n" }
    for check in checks where check.severity != .note {
      let subject = check.object.isEmpty ? "" : "\(check.object): "
      text +=
        gitHubAnnotation(
          isFailing(check) ? "error" : "warning", file: check.file,
          line: check.line > 0 ? check.line : nil, column: check.line > 0 ? check.column : nil,
          title: check.slug, subject + check.message + (check.hint.map { "; \($0)" } ?? "")) + "\n"
    }
    return text
  }

  private func annotation(_ position: Int) -> String {
    guard let report else { return "" }
    let finding = report.ledger.findings[position]
    let mark = report.keys.mark(finding.key)
    let isPlaced = mark.line > 0
    let remedy = finding.message.remedy.map { "\n\($0)" } ?? ""
    return gitHubAnnotation(
      "error", file: report.sources.file(of: mark)?.path, line: isPlaced ? Int(mark.line) : nil,
      column: isPlaced ? Int(mark.column) : nil,
      title: "\(finding.disposition.name): \(finding.message.slug)",
      (isPlaced ? "" : "\(Self.who(finding)): ") + finding.message.text + remedy)
  }

  // MARK: For programs

  package func sarif(toolVersion: String) -> JSON {
    SARIFReport(
      report, toolVersion: toolVersion, states: states, hasBaseline: hasBaseline, others: checks
    ).json
  }

  package var junit: String {
    JUnitReport(
      report, states: states, failing: failing, others: checks, files: manifests?.files ?? []
    ).render()
  }

  /// `docs/validation.schema.json` describes it.
  package func json(toolVersion: String) -> JSON {
    .object { root in
      root.set("format", "stackferry/validation")
      root.set("version", 1)
      root.set(
        "tool",
        .object { tool in
          tool.set("name", "stackferry")
          tool.set("version", toolVersion)
        })
      root.set("verdict", failureCount == 0 ? "pass" : "fail")
      root.set("failures", failureCount)
      root.set("kubernetes", "1.\(minor)")
      root.set("findings", .array(findings))
      root.set("checks", .array(checks.map(\.json)))
      root.set("manifests", coverage)
    }
  }

  /// The findings of the migration that are more than kept or inert, each with what became of it.
  private var findings: [JSON] {
    guard let report else { return [] }
    let identities = report.identities
    return report.ledger.findings.enumerated().filter { $1.disposition >= .adapted }.map {
      position, finding in
      .object { row in
        row.set("id", identities[position])
        row.set("rule", finding.message.slug)
        row.set("disposition", finding.disposition.name)
        row.set("stack", finding.subject.stack)
        row.set("service", finding.subject.service)
        row.set("message", finding.message.text)
        row.set("remedy", finding.message.remedy)
        let mark = report.keys.mark(finding.key)
        if let file = report.sources.file(of: mark), mark.line > 0 {
          row.set(
            "location",
            .object { location in
              location.set("file", file.path)
              location.set("line", Int(mark.line))
              location.set("column", Int(mark.column))
            })
        }
        switch states[position] {
        case .accepted(let acceptance):
          row.set("state", "accepted")
          row.set("acceptance", acceptance.json(report))
        case .known: row.set("state", "known")
        default:
          row.set("state", failing.contains(finding.disposition) ? "failing" : "passing")
        }
      }
    }
  }

  private var coverage: JSON? {
    guard let manifests else { return nil }
    func counts(_ kinds: [String: Int]) -> JSON {
      .object { object in
        for (name, number) in kinds.sorted(by: { $0.key < $1.key }) { object.set(name, number) }
      }
    }
    return .object { root in
      root.set("files", manifests.fileCount)
      root.set("checked", manifests.checked)
      root.set("checkedInPart", counts(manifests.partlyKnown))
      root.set("notChecked", counts(manifests.unknownKinds))
      root.set(
        "leftAlone",
        .array(
          manifests.leftAlone.map { entry in
            .object { row in
              row.set("file", entry.file)
              row.set("reason", entry.reason)
            }
          }))
    }
  }
}

extension Acceptances.Acceptance {
  /// The reason and where it is written.
  package func json(_ report: Report) -> JSON {
    .object { acceptance in
      acceptance.set("rule", rule)
      acceptance.set("reason", reason)
      if let file = report.sources.file(of: mark) {
        acceptance.set("file", file.path)
        acceptance.set("line", Int(mark.line))
      }
    }
  }
}
