import Diagnostics
import Ledger
import Mapping
package import Report
import Swarm
import Templates
import YAML

/// The report as Markdown, for a repository or a merge request: everything, ending with a table of every key.
package struct MarkdownReport {
  private let report: Report
  private let folder: String?
  private let quotations: Quotations

  /// - Parameter folder: Where the manifests are; nil stands for the default of `convert`.
  package init(_ report: Report, folder: String? = nil) {
    self.report = report
    self.folder = folder
    quotations = Quotations(report.sources, report.keys)
  }

  package func render() -> String {
    let estate = report.estate
    var text = summary()
    appendFirstThings(to: &text)
    appendAccepted(to: &text)
    for section in report.sections where section.subject.service == nil {
      append(section, nil, to: &text)
    }
    if !report.shared.isEmpty {
      text += "\n## Several services\n"
      for shared in report.shared {
        append(shared.finding, places: shared.places, to: &text)
      }
    }
    var sections: [Subject: Report.Section] = [:]
    for section in report.sections {
      sections[Subject(stack: section.subject.stack, service: section.subject.service)] = section
    }
    for glance in report.glances {
      let subject = Subject(stack: glance.stack, service: glance.service)
      append(sections[subject], glance, to: &text)
    }
    text += ReachabilityTable(report.reachability)?.markdown ?? ""
    text += MarkdownEstate(estate, report.runbook(estate, folder: folder)).render()
    appendKeys(to: &text)
    text += "\n" + Templates.legend
    return text
  }

  private func summary() -> String {
    let counts = report.counts
    var text = "# Migration report\n\n**\(report.verdict)**\n\n"
    text +=
      "\(plural(report.serviceCount, "service")), \(plural(counts.total, "key")) → "
      + "\(plural(report.objectCount, "object")) in "
      + report.namespaces.map { "namespace `\($0)`" }.joined(separator: ", ") + "\n\n"
    text += "Readiness **\(counts.percent) %** (\(Report.formula))\n\n"
    text +=
      "| | kept | adapted | decide | manual | lost | inert |\n|---|---|---|---|---|---|---|\n| keys |"
    for disposition in [Disposition.kept, .adapted, .decide, .manual, .lost, .inert] {
      text += " \(counts[disposition]) |"
    }
    return text + "\n"
  }

  private func appendFirstThings(to text: inout String) {
    let things = report.firstThings.prefix(5)
    guard !things.isEmpty else { return }
    text += "\n## First things to do\n\n"
    for (number, finding) in things.enumerated() {
      let who = finding.subject.service.map { "\(Markdown.code($0)): " } ?? ""
      text +=
        "\(number + 1). **\(finding.disposition.name)** \(who)"
        + "\(Markdown.escaped(beginning(of: finding.message.text)))\n"
    }
  }

  /// What the stack file accepts, and why.
  private func appendAccepted(to text: inout String) {
    let used = Acceptances(report).used
    guard !used.isEmpty else { return }
    text +=
      "\n## Accepted in the stack file\n\n| finding | place | of | reason |\n|---|---|---|---|\n"
    for (entry, findings) in used {
      text +=
        "| \(Markdown.code(entry.rule)) | \(Markdown.escaped(report.sources.place(entry.mark))) | "
        + "\(plural(findings.count, "finding")) | \(Markdown.escaped(entry.reason)) |\n"
    }
  }

  private func append(_ section: Report.Section?, _ glance: Glance?, to text: inout String) {
    if let glance {
      let object = glance.object.isEmpty ? "" : " → \(glance.object)"
      text += "\n## \(Markdown.escaped(glance.service))\(object)\n"
      appendGlance(glance, to: &text)
    } else if let section, !section.findings.isEmpty {
      text += "\n## Stack \(Markdown.escaped(section.subject.stack))\n"
    }
    for finding in section?.findings ?? [] { append(finding, places: [], to: &text) }
  }

  private func appendGlance(_ glance: Glance, to text: inout String) {
    text += "\n| | Swarm | Kubernetes |\n|---|---|---|\n"
    for row in glance.rows {
      let before = row.before.map(Markdown.code).joined(separator: "<br>")
      let after = row.after.map(Markdown.code).joined(separator: "<br>")
      text += "| \(row.topic) | \(before) | \(after) |\n"
    }
  }

  private func append(
    _ finding: Finding, places: [(service: String, key: KeyID)], to text: inout String
  ) {
    let path = report.keys.path(finding.key)
    text += "\n- **\(finding.disposition.name)** "
    text += places.isEmpty ? (path.isEmpty ? "Swarm's default" : Markdown.code(path)) : ""
    let place = report.place(finding.key)
    if places.isEmpty, !place.isEmpty { text += " (\(Markdown.escaped(place)))" }
    if !finding.field.isEmpty { text += " → \(Markdown.code(finding.field))" }
    text += " [\(finding.message.slug)]  \n  \(Markdown.escaped(finding.message.text))\n"
    if places.isEmpty, let quotation = quotations.quotation(finding.key) {
      let number = String(quotation.number)
      let blank = String(repeating: " ", count: number.utf8.count)
      text += Markdown.block(
        "\(number) | \(quotation.line)\n\(blank) | \(quotation.caret)", "text", indent: "  ")
    }
    if let evidence = finding.message.evidence, let quotation = quotations.quotation(evidence) {
      let number = String(quotation.number)
      let blank = String(repeating: " ", count: number.utf8.count)
      text += Markdown.block(
        "\(evidence.place)\n\(number) | \(quotation.line)\n\(blank) | \(quotation.caret)", "text",
        indent: "  ")
    }
    for remedy in finding.message.remedies {
      text +=
        remedy.isCode
        ? Markdown.block(remedy.text, remedy.language, indent: "  ")
        : "\n  \(Markdown.escaped(remedy.text))\n"
    }
    if !places.isEmpty {
      var seen = Set<String>()
      var list: [String] = []
      for place in places {
        let position = report.place(place.key)
        let entry =
          position.isEmpty
          ? Markdown.code(place.service)
          : "\(Markdown.code(place.service)) (\(Markdown.escaped(position)))"
        if seen.insert(entry).inserted { list.append(entry) }
      }
      text += "\n  In \(list.joined(separator: ", "))\n"
    }
  }

  private func appendKeys(to text: inout String) {
    text += "\n## Every key\n\n| key | place | | became |\n|---|---|---|---|\n"
    for entry in report.ledger.entries {
      let field = report.ledger.fields[Int(entry.field)]
      text +=
        "| \(Markdown.code(report.keys.path(entry.key))) | "
        + "\(Markdown.escaped(report.place(entry.key))) | \(entry.disposition.name) | "
      if !field.isEmpty {
        text += Markdown.code(field)
      } else if entry.finding >= 0 {
        text += report.ledger.findings[Int(entry.finding)].message.slug
      }
      text += " |\n"
    }
  }
}
