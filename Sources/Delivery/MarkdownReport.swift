import Diagnostics
package import Migration
import Templates
import YAML

/// The report as Markdown, for a repository or a merge request: everything, ending with a table of every key.
package struct MarkdownReport {
  private let report: Report

  package init(_ report: Report) {
    self.report = report
  }

  package func render() -> String {
    let counts = report.counts
    var text = "# Migration report\n\n"
    text +=
      "\(plural(report.serviceCount, "service")), \(plural(counts.total, "key")) → "
      + "\(plural(report.objectCount, "object")) in "
      + report.namespaces.map { "namespace `\($0)`" }.joined(separator: ", ") + "\n\n"
    text += "**Readiness \(counts.percent) %**\n\n"
    text += "| kept | adapted | decide | manual | lost | inert |\n|---|---|---|---|---|---|\n|"
    for disposition in [Disposition.kept, .adapted, .decide, .manual, .lost, .inert] {
      text += " \(counts[disposition]) |"
    }
    text += "\n"
    let things = report.firstThings.prefix(5)
    if !things.isEmpty {
      text += "\n## First things to do\n\n"
      for (number, finding) in things.enumerated() {
        let who = finding.subject.service.map { "`\($0)`: " } ?? ""
        text +=
          "\(number + 1). **\(finding.disposition.name)** \(who)\(escaped(finding.message.text))\n"
      }
    }
    for section in report.sections where section.subject.service == nil {
      append(section, to: &text)
    }
    if !report.shared.isEmpty {
      text += "\n## Several services\n"
      for shared in report.shared {
        append(shared.finding, places: shared.places, to: &text)
      }
    }
    for section in report.sections where section.subject.service != nil {
      append(section, to: &text)
    }
    appendKeys(to: &text)
    text += "\n" + Templates.legend
    return text
  }

  private func append(_ section: Report.Section, to text: inout String) {
    guard !section.findings.isEmpty else { return }
    let object = section.findings.first?.subject.object ?? ""
    if let service = section.subject.service {
      text += "\n## \(escaped(service))\(object.isEmpty ? "" : " → \(object)")\n"
    } else {
      text += "\n## Stack \(escaped(section.subject.stack))\n"
    }
    for finding in section.findings { append(finding, places: [], to: &text) }
  }

  private func append(
    _ finding: Finding, places: [(service: String, key: KeyID)], to text: inout String
  ) {
    let path = report.keys.path(finding.key)
    text += "\n- **\(finding.disposition.name)** "
    text += places.isEmpty ? (path.isEmpty ? "Swarm's default" : code(path)) : ""
    let place = report.place(finding.key)
    if places.isEmpty, !place.isEmpty { text += " (\(escaped(place)))" }
    if !finding.field.isEmpty { text += " → \(code(finding.field))" }
    text += " [\(finding.message.slug)]  \n  \(escaped(finding.message.text))\n"
    if let remedy = finding.message.remedy {
      text += "\n  ```sh\n"
      for line in remedy.split(separator: "\n", omittingEmptySubsequences: false) {
        text += "  \(line)\n"
      }
      text += "  ```\n"
    }
    if !places.isEmpty {
      var seen = Set<String>()
      var list: [String] = []
      for place in places {
        let position = report.place(place.key)
        let entry =
          position.isEmpty ? code(place.service) : "\(code(place.service)) (\(escaped(position)))"
        if seen.insert(entry).inserted { list.append(entry) }
      }
      text += "\n  In \(list.joined(separator: ", "))\n"
    }
  }

  private func appendKeys(to text: inout String) {
    text += "\n## Every key\n\n| key | place | | became |\n|---|---|---|---|\n"
    for entry in report.ledger.entries {
      let field = report.ledger.fields[Int(entry.field)]
      text += "| \(code(report.keys.path(entry.key))) | \(escaped(report.place(entry.key))) | "
      text += "\(entry.disposition.name) | "
      if !field.isEmpty {
        text += code(field)
      } else if entry.finding >= 0 {
        text += report.ledger.findings[Int(entry.finding)].message.slug
      }
      text += " |\n"
    }
  }

  /// Text from the input as Markdown text: nothing in it is markup.
  private func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { Self.markup.contains($0) }) else { return text }
    var result: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "<"): result += Array("&lt;".utf8)
      case UInt8(ascii: "\n"): result.append(UInt8(ascii: " "))
      case UInt8(ascii: "|"), UInt8(ascii: "*"), UInt8(ascii: "["), UInt8(ascii: "]"),
        UInt8(ascii: "\\"):
        result += [UInt8(ascii: "\\"), byte]
      default: result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static let markup = Set("<\n|*[]\\".utf8)

  /// An inline code span that holds whatever the input holds.
  private func code(_ text: String) -> String {
    let plain = text.replacingLineBreaksAndBars
    return plain.contains("`") ? "`` \(plain) ``" : "`\(plain)`"
  }
}

extension String {
  fileprivate var replacingLineBreaksAndBars: String {
    guard utf8.contains(where: { $0 == 0x0A || $0 == UInt8(ascii: "|") }) else { return self }
    return String(flatMap { $0 == "\n" ? " " : ($0 == "|" ? "\\|" : String($0)) })
  }
}
