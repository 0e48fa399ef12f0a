import Diagnostics
package import Migration
import YAML

/// The report for a terminal.
package struct TextReport {
  private let report: Report
  private let color: Bool
  /// Also what is only for information: adapted findings in full and inert keys one by one.
  private let verbose: Bool

  package init(_ report: Report, color: Bool = false, verbose: Bool = false) {
    self.report = report
    self.color = color
    self.verbose = verbose
  }

  /// The whole report.
  package func render() -> String {
    var text = summary()
    text += firstThings()
    for section in report.sections where section.subject.service == nil {
      append(section, to: &text)
    }
    if !report.shared.isEmpty {
      text += "\n" + heading("Several services") + "\n"
      for shared in report.shared { append(shared, to: &text) }
    }
    for section in report.sections where section.subject.service != nil {
      append(section, to: &text)
    }
    return text
  }

  /// The verdict in a few lines, as `convert` prints it.
  package func summary() -> String {
    let counts = report.counts
    var text = heading(
      "\(plural(report.serviceCount, "service")), \(plural(counts.total, "key")) → "
        + "\(plural(report.objectCount, "object")) in \(namespaces)")
    text += "\nReadiness \(counts.percent) %"
    for disposition in [Disposition.kept, .adapted, .decide, .manual, .lost, .inert] {
      text += "  \(paint("\(counts[disposition]) \(disposition.name)", disposition))"
    }
    return text + "\n"
  }

  private var namespaces: String {
    (report.namespaces.count == 1 ? "namespace " : "namespaces ")
      + report.namespaces.joined(separator: ", ")
  }

  private func firstThings() -> String {
    let things = report.firstThings.prefix(5)
    guard !things.isEmpty else { return "" }
    var text = "\n" + heading("First things to do") + "\n"
    for (number, finding) in things.enumerated() {
      let who = finding.subject.service.map { "\($0): " } ?? ""
      text += wrapped(
        "\(paint(finding.disposition.name, finding.disposition))  \(who)\(finding.message.text)",
        first: "  \(number + 1). ", rest: "     ")
    }
    return text
  }

  private func append(_ section: Report.Section, to text: inout String) {
    let shown = section.findings.filter { $0.disposition != .inert }
    let inert = section.findings.filter { $0.disposition == .inert }
    guard !shown.isEmpty || !inert.isEmpty else { return }
    text += "\n" + heading(title(section)) + "\n"
    for finding in shown { append(finding, to: &text) }
    if verbose {
      for finding in inert { append(finding, to: &text) }
    } else if !inert.isEmpty {
      let names = inert.map { shortPath($0.key) }
      text += wrapped(
        "\(paint("inert", .inert))  Swarm ignored these too: \(names.joined(separator: ", "))",
        first: "  ", rest: "         ")
    }
  }

  private func title(_ section: Report.Section) -> String {
    guard let service = section.subject.service else { return "Stack \(section.subject.stack)" }
    let object = section.findings.first?.subject.object ?? section.title
    return object.isEmpty ? service : "\(service) → \(object)"
  }

  private func append(_ finding: Finding, to text: inout String) {
    let label = finding.disposition.name
    let padding = String(repeating: " ", count: max(1, 9 - label.count))
    text += "  \(paint(label, finding.disposition))\(padding)"
    let path = shortPath(finding.key)
    let place = report.place(finding.key)
    let head = path.isEmpty ? "Swarm's default" : path
    text += bold(head)
    if !place.isEmpty { text += "  \(dim(place))" }
    if !finding.field.isEmpty { text += "  \(dim("→ " + finding.field))" }
    text += "\n"
    text += wrapped(finding.message.text, first: "           ", rest: "           ")
    append(remedy: finding.message.remedy, to: &text)
    text += "           \(dim(finding.message.slug))\n"
  }

  private func append(_ shared: Report.Shared, to text: inout String) {
    let finding = shared.finding
    let label = finding.disposition.name
    let padding = String(repeating: " ", count: max(1, 9 - label.count))
    text += "  \(paint(label, finding.disposition))\(padding)"
    let path = shortPath(finding.key)
    text += bold(path.isEmpty ? "Swarm's default" : path) + "\n"
    text += wrapped(finding.message.text, first: "           ", rest: "           ")
    append(remedy: finding.message.remedy, to: &text)
    var places: [String] = []
    var seen = Set<String>()
    for place in shared.places {
      let position = report.place(place.key)
      let entry = position.isEmpty ? place.service : "\(place.service) (\(position))"
      if seen.insert(entry).inserted { places.append(entry) }
    }
    let limit = verbose ? places.count : 12
    var list = places.prefix(limit).joined(separator: ", ")
    if places.count > limit { list += " and \(places.count - limit) more" }
    text += wrapped("in " + list, first: "           ", rest: "           ")
    text += "           \(dim(finding.message.slug))\n"
  }

  /// The first line after an arrow, the rest below it, all of them as they are: they are there to be copied.
  private func append(remedy: String?, to text: inout String) {
    guard let remedy else { return }
    var arrow = dim("→")
    for line in remedy.split(separator: "\n", omittingEmptySubsequences: false) {
      text += "           \(arrow) \(line)\n"
      arrow = " "
    }
  }

  /// The path without `services.NAME.`, which the section already says.
  private func shortPath(_ key: KeyID) -> String {
    let path = report.keys.path(key)
    guard path.hasPrefix("services.") else { return path }
    let parts = path.split(separator: ".", maxSplits: 2)
    return parts.count == 3 ? String(parts[2]) : path
  }

  private func heading(_ text: String) -> String { color ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
  private func bold(_ text: String) -> String { heading(text) }
  private func dim(_ text: String) -> String { color ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

  private func paint(_ text: String, _ disposition: Disposition) -> String {
    guard color else { return text }
    let code =
      switch disposition {
      case .kept: "32"
      case .adapted: "36"
      case .decide: "33"
      case .manual: "35"
      case .lost: "31"
      case .inert: "2"
      }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }
}

/// `1 service`, `2 services`.
func plural(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

/// Breaks a text at blanks so that lines stay under 100 columns where the words allow.
func wrapped(_ text: String, first: String, rest: String, width: Int = 100) -> String {
  var result = ""
  for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
    var line = result.isEmpty ? first : rest
    var length = line.count
    var isEmpty = true
    for word in paragraph.split(separator: " ") {
      if !isEmpty, length + 1 + word.count > width {
        result += line + "\n"
        line = rest
        length = rest.count
        isEmpty = true
      }
      if !isEmpty {
        line += " "
        length += 1
      }
      line += word
      length += word.count
      isEmpty = false
    }
    result += line + "\n"
  }
  return result
}
