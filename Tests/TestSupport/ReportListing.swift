package import Ledger
package import Mapping
package import Report
package import YAML

/// A report as plain text for the goldens: everything that it says, in a form that stays the same when the reports for
/// people change their looks.
package struct ReportListing {
  private let report: Report

  package init(_ report: Report) {
    self.report = report
  }

  package func render() -> String {
    var text = summary()
    for section in report.sections where section.subject.service == nil {
      append(section, to: &text)
    }
    if !report.shared.isEmpty {
      text += "\nSeveral services\n"
      for shared in report.shared { append(shared, to: &text) }
    }
    for section in report.sections where section.subject.service != nil {
      append(section, to: &text)
    }
    return text
  }

  private func summary() -> String {
    let counts = report.counts
    let namespaces =
      (report.namespaces.count == 1 ? "namespace " : "namespaces ")
      + report.namespaces.joined(separator: ", ")
    var text =
      "\(count(report.serviceCount, "service")), \(count(counts.total, "key")) → "
      + "\(count(report.objectCount, "object")) in \(namespaces)\nReadiness \(counts.percent) %"
    for disposition in [Disposition.kept, .adapted, .decide, .manual, .lost, .inert] {
      text += "  \(counts[disposition]) \(disposition.name)"
    }
    return text + "\n"
  }

  private func append(_ section: Report.Section, to text: inout String) {
    guard !section.findings.isEmpty else { return }
    text += "\n\(title(section))\n"
    for finding in section.findings where finding.disposition != .inert {
      append(finding, to: &text)
    }
    for finding in section.findings where finding.disposition == .inert {
      append(finding, to: &text)
    }
  }

  private func title(_ section: Report.Section) -> String {
    guard let service = section.subject.service else { return "Stack \(section.subject.stack)" }
    let object = section.title
    return object.isEmpty ? service : "\(service) → \(object)"
  }

  private func append(_ finding: Finding, to text: inout String) {
    text += label(finding)
    let place = report.place(finding.key)
    if !place.isEmpty { text += "  \(place)" }
    if !finding.field.isEmpty { text += "  → \(finding.field)" }
    text += "\n"
    appendMessage(finding, places: nil, to: &text)
  }

  private func append(_ shared: Report.Shared, to text: inout String) {
    text += label(shared.finding) + "\n"
    var places: [String] = []
    for place in shared.places {
      let position = report.place(place.key)
      let entry = position.isEmpty ? place.service : "\(place.service) (\(position))"
      if !places.contains(entry) { places.append(entry) }
    }
    appendMessage(shared.finding, places: places, to: &text)
  }

  private func label(_ finding: Finding) -> String {
    let name = finding.disposition.name
    let padding = String(repeating: " ", count: max(1, 9 - name.count))
    let path = shortPath(finding.key)
    return "  \(name)\(padding)\(path.isEmpty ? "Swarm's default" : path)"
  }

  private func appendMessage(_ finding: Finding, places: [String]?, to text: inout String) {
    let indent = String(repeating: " ", count: 11)
    text += wrap(finding.message.text, first: indent, rest: indent)
    var arrow = "→"
    for line in finding.message.remedy?.split(separator: "\n", omittingEmptySubsequences: false)
      ?? []
    {
      text += "\(indent)\(arrow) \(line)\n"
      arrow = " "
    }
    if let evidence = finding.message.evidence {
      let quotation = Quotations(report.sources, report.keys).quotation(evidence)
      text += "\(indent)\(evidence.place) | \(quotation?.line ?? "")\n"
    }
    if let places {
      text += wrap("in " + places.joined(separator: ", "), first: indent, rest: indent)
    }
    text += "\(indent)\(finding.message.slug)\n"
  }

  /// The path without `services.NAME.`, which the section already says.
  private func shortPath(_ key: KeyID) -> String {
    let path = report.keys.path(key)
    guard path.hasPrefix("services.") else { return path }
    let parts = path.split(separator: ".", maxSplits: 2)
    return parts.count == 3 ? String(parts[2]) : path
  }

  private func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  /// Lines of at most 100 columns where the words allow.
  private func wrap(_ text: String, first: String, rest: String) -> String {
    var result = ""
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var line = result.isEmpty ? first : rest
      var isEmpty = true
      for word in paragraph.split(separator: " ") {
        if !isEmpty, line.count + 1 + word.count > 100 {
          result += line + "\n"
          line = rest
          isEmpty = true
        }
        line += isEmpty ? String(word) : " \(word)"
        isEmpty = false
      }
      result += line + "\n"
    }
    return result
  }
}
