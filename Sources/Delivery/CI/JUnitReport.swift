import Basics
import Diagnostics
package import Ledger
import Mapping
package import Report
import YAML

/// The report as JUnit XML, as GitLab and Jenkins show it: a suite for each service, a case for each finding.
///
/// What is lost or manual fails, what Swarm ignored too is skipped. A service without findings has one case that passes,
/// so that it is not missing from the list. What the stack accepts or a baseline knows is skipped, with the reason.
package struct JUnitReport {
  private let report: Report?
  private let states: [Int: FindingState]
  private let failing: Set<Disposition>
  private let others: [CheckResult]
  private let files: [String]

  /// - Parameters:
  ///   - report: nil where only manifests were checked.
  ///   - states: By a finding's position in the ledger; what is not there is new.
  ///   - failing: The dispositions that fail.
  ///   - others: What was found in manifests.
  ///   - files: Every manifest that was looked at, so that sound ones are in the list.
  package init(
    _ report: Report?, states: [Int: FindingState] = [:],
    failing: Set<Disposition> = [.lost, .manual], others: [CheckResult] = [], files: [String] = []
  ) {
    self.report = report
    self.states = states
    self.failing = failing
    self.others = others
    self.files = files
  }

  package func render() -> String {
    var suites = ""
    var total = Total()
    if let report {
      var bySubject: [Subject: [Int]] = [:]
      for (position, finding) in report.ledger.findings.enumerated() {
        bySubject[
          Subject(stack: finding.subject.stack, service: finding.subject.service), default: []
        ].append(position)
      }
      for section in report.sections {
        let subject = Subject(stack: section.subject.stack, service: section.subject.service)
        let (text, counts) = suite(report, section, bySubject[subject] ?? [])
        suites += text
        total.add(counts)
      }
    }
    let (manifests, counts) = manifestSuite()
    suites += manifests
    total.add(counts)
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      + "<testsuites name=\"stackferry\" tests=\"\(total.tests)\" failures=\"\(total.failures)\" errors=\"0\">\n"
      + suites + "</testsuites>\n"
  }

  private struct Total {
    var tests = 0
    var failures = 0
    var skipped = 0

    mutating func add(_ other: Total) {
      tests += other.tests
      failures += other.failures
      skipped += other.skipped
    }
  }

  /// A case for each file, and for each problem in it.
  private func manifestSuite() -> (String, Total) {
    var total = Total()
    guard !others.isEmpty || !files.isEmpty else { return ("", total) }
    var cases = ""
    let broken = Set(others.map(\.file))
    for file in files where !broken.contains(file) {
      total.tests += 1
      cases += "    <testcase classname=\"manifests\" name=\"\(XML.attribute(file))\"/>\n"
    }
    for check in others {
      total.tests += 1
      let place = check.line > 0 ? "\(check.file):\(check.line):\(check.column)" : check.file
      let subject = check.object.isEmpty ? "" : "\(check.object): "
      let text = "\(place): \(check.severity.rawValue): \(subject)\(check.message)"
      let body = XML.text(text + (check.hint.map { "\n\nRemedy:\n\($0)" } ?? ""))
      cases +=
        "    <testcase classname=\"manifests\" name=\"\(XML.attribute("\(check.file) [\(check.slug)]"))\">\n"
      if check.severity == .error {
        total.failures += 1
        cases +=
          "      <failure type=\"\(XML.attribute(check.slug))\" message=\"\(XML.attribute(check.message))\">\(body)</failure>\n"
      } else {
        cases += "      <system-out>\(body)</system-out>\n"
      }
      cases += "    </testcase>\n"
    }
    return (Self.head("manifests", total) + cases + "  </testsuite>\n", total)
  }

  private static func head(_ name: String, _ total: Total) -> String {
    "  <testsuite name=\"\(XML.attribute(name))\" tests=\"\(total.tests)\" failures=\"\(total.failures)\" errors=\"0\" "
      + "skipped=\"\(total.skipped)\">\n"
  }

  private func suite(
    _ report: Report, _ section: Report.Section, _ findings: [Int]
  ) -> (String, Total) {
    let name = [section.subject.stack, section.subject.service].compactMap { $0 }
      .joined(separator: ".")
    var total = Total()
    var cases = ""
    let keys = section.counts.total
    if keys > 0 || findings.isEmpty {
      total.tests += 1
      cases +=
        "    <testcase classname=\"\(XML.attribute(name))\" name=\"\(plural(keys, "key")) accounted for\"/>\n"
    }
    for position in findings {
      total.tests += 1
      cases += testcase(
        report, report.ledger.findings[position], states[position] ?? .new, name, &total)
    }
    return (Self.head(name, total) + cases + "  </testsuite>\n", total)
  }

  private func testcase(
    _ report: Report, _ finding: Finding, _ state: FindingState, _ suite: String,
    _ total: inout Total
  ) -> String {
    let path = report.keys.path(finding.key)
    let title = "\(path.isEmpty ? "Swarm's default" : path) [\(finding.message.slug)]"
    var text =
      "    <testcase classname=\"\(XML.attribute(suite))\" name=\"\(XML.attribute(title))\">\n"
    let place = report.place(finding.key)
    var body = place.isEmpty ? "" : "\(place): "
    body += "\(finding.disposition.name): \(finding.message.text)"
    if let remedy = finding.message.remedy { body += "\n\nRemedy:\n\(remedy)" }
    switch state {
    case .accepted(let acceptance):
      total.skipped += 1
      text += skipped(
        "accepted", "accepted at \(report.sources.place(acceptance.mark)): \(acceptance.reason)")
    case .known:
      total.skipped += 1
      text += skipped("baseline", "known from the baseline: \(finding.message.text)")
    case .new where failing.contains(finding.disposition):
      total.failures += 1
      text +=
        "      <failure type=\"\(finding.disposition.name)\" message=\"\(XML.attribute(finding.message.text))\">"
        + "\(XML.text(body))</failure>\n"
    case .new where finding.disposition == .inert:
      total.skipped += 1
      text += skipped("inert", finding.message.text)
    case .new: text += "      <system-out>\(XML.text(body))</system-out>\n"
    }
    return text + "    </testcase>\n"
  }

  private func skipped(_ type: String, _ message: String) -> String {
    "      <skipped type=\"\(type)\" message=\"\(XML.attribute(message))\"/>\n"
  }
}

/// Text in XML 1.0 and in HTML: nothing in it is markup, and no character is one that XML forbids.
enum XML {
  static func text(_ text: String) -> String { escaped(text, isAttribute: false) }
  /// Inside double quotes. Line breaks are kept as such, which a reader of XML would else make blanks.
  static func attribute(_ text: String) -> String { escaped(text, isAttribute: true) }

  private static func escaped(_ text: String, isAttribute: Bool) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count + 16)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n": result += isAttribute ? "&#10;" : "\n"
      case "\t": result += isAttribute ? "&#9;" : "\t"
      case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      case _ where VisibleText.isHidden(scalar): result += VisibleText.shown(String(scalar))
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
