package import Migration
import YAML

/// The report as JUnit XML, as GitLab and Jenkins show it: a suite for each service, a case for each finding.
///
/// What is lost or manual fails, what Swarm ignored too is skipped. A service without findings has one case that passes,
/// so that it is not missing from the list.
package struct JUnitReport {
  private let report: Report

  package init(_ report: Report) {
    self.report = report
  }

  package func render() -> String {
    var bySubject: [Subject: [Finding]] = [:]
    for finding in report.ledger.findings {
      bySubject[
        Subject(stack: finding.subject.stack, service: finding.subject.service), default: []
      ].append(finding)
    }
    var suites = ""
    var total = Total()
    for section in report.sections {
      let subject = Subject(stack: section.subject.stack, service: section.subject.service)
      let (text, counts) = suite(section, bySubject[subject] ?? [])
      suites += text
      total.add(counts)
    }
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

  private func suite(_ section: Report.Section, _ findings: [Finding]) -> (String, Total) {
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
    for finding in findings {
      total.tests += 1
      cases += testcase(finding, name, &total)
    }
    let head =
      "  <testsuite name=\"\(XML.attribute(name))\" tests=\"\(total.tests)\" failures=\"\(total.failures)\" errors=\"0\" "
      + "skipped=\"\(total.skipped)\">\n"
    return (head + cases + "  </testsuite>\n", total)
  }

  private func testcase(_ finding: Finding, _ suite: String, _ total: inout Total) -> String {
    let path = report.keys.path(finding.key)
    let title = "\(path.isEmpty ? "Swarm's default" : path) [\(finding.message.slug)]"
    var text =
      "    <testcase classname=\"\(XML.attribute(suite))\" name=\"\(XML.attribute(title))\">\n"
    let place = report.place(finding.key)
    var body = place.isEmpty ? "" : "\(place): "
    body += "\(finding.disposition.name): \(finding.message.text)"
    if let remedy = finding.message.remedy { body += "\n\nRemedy:\n\(remedy)" }
    switch finding.disposition {
    case .lost, .manual:
      total.failures += 1
      text +=
        "      <failure type=\"\(finding.disposition.name)\" message=\"\(XML.attribute(finding.message.text))\">"
        + "\(XML.text(body))</failure>\n"
    case .inert:
      total.skipped += 1
      text +=
        "      <skipped type=\"inert\" message=\"\(XML.attribute(finding.message.text))\"/>\n"
    case .decide, .adapted, .kept: text += "      <system-out>\(XML.text(body))</system-out>\n"
    }
    return text + "    </testcase>\n"
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
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
