import Basics
import Diagnostics
import Kubernetes
import Ledger
import Mapping
package import Report
import Swarm
import YAML

/// The report for a terminal: short, the worst first.
package struct TextReport {
  let report: Report
  let color: Bool
  /// Also what is only for information: the texts of adapted keys, inert keys one by one, and the runbook.
  let verbose: Bool
  private let quotations: Quotations

  package init(_ report: Report, color: Bool = false, verbose: Bool = false) {
    self.report = report
    self.color = color
    self.verbose = verbose
    quotations = Quotations(report.sources, report.keys)
  }

  /// The whole report.
  package func render() -> String {
    var text = head
    text += firstThings()
    text += accepted()
    let sections = report.sections
    for section in sections where section.subject.service == nil {
      append(section, to: &text)
    }
    if !report.shared.isEmpty { appendShared(to: &text) }
    // Stable: services with the worst findings first.
    let services = sections.filter { $0.subject.service != nil }.enumerated().sorted {
      ($1.element.worst, $0.offset) < ($0.element.worst, $1.offset)
    }
    for (_, section) in services { append(section, to: &text) }
    if verbose, let table = ReachabilityTable(report.reachability) {
      text += table.text(heading: heading)
    }
    appendEstate(to: &text)
    return TextStyle.finished(text, color: color)
  }

  private func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

  /// The verdict in a few lines, as `convert` prints it.
  package func summary() -> String { TextStyle.finished(head, color: color) }

  private var head: String {
    let counts = report.counts
    var text = heading(report.verdict) + "\n"
    text +=
      "\(plural(report.serviceCount, "service")), \(plural(counts.total, "key")) → "
      + "\(plural(report.objectCount, "object")) in \(namespaces)\n"
    text += "Readiness \(counts.percent) %  keys:"
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
        "\(paint(finding.disposition.name, finding.disposition))  \(who)\(beginning(of: finding.message.text))",
        first: "  \(number + 1). ", rest: "     ")
    }
    return text
  }

  /// What the stack file accepts, and why.
  private func accepted() -> String {
    let used = Acceptances(report).used
    guard !used.isEmpty else { return "" }
    var text = "\n" + heading("Accepted in the stack file") + "\n"
    for (entry, findings) in used {
      text += wrapped(
        "\(entry.rule) (\(plural(findings.count, "finding")))  "
          + "\(dim(report.sources.place(entry.mark)))  \(entry.reason)", first: "  ", rest: "    ")
    }
    return text
  }

  // MARK: Findings

  private func append(_ section: Report.Section, to text: inout String) {
    let urgent = section.findings.filter { verbose || $0.disposition >= .decide }
    let adapted = verbose ? [] : section.findings.filter { $0.disposition == .adapted }
    let inert = verbose ? [] : section.findings.filter { $0.disposition == .inert }
    guard !urgent.isEmpty || !adapted.isEmpty || !inert.isEmpty else { return }
    text += "\n" + heading(title(section)) + "\n"
    for finding in urgent { append(finding, to: &text) }
    appendBrief(adapted, .adapted, to: &text)
    appendBrief(inert, .inert, to: &text)
  }

  private func title(_ section: Report.Section) -> String {
    guard let service = section.subject.service else { return "Stack \(section.subject.stack)" }
    let object = section.title
    return object.isEmpty ? service : "\(service) → \(object)"
  }

  private func append(_ finding: Finding, to text: inout String) {
    text += "  \(label(finding.disposition))"
    let path = shortPath(finding.key)
    text += bold(path.isEmpty ? "Swarm's default" : path)
    let place = report.place(finding.key)
    if !place.isEmpty { text += "  \(dim(place))" }
    if !finding.field.isEmpty { text += "  \(dim("→ " + finding.field))" }
    text += "\n"
    if let quotation = quotations.quotation(finding.key) {
      let number = String(quotation.number)
      let blank = String(repeating: " ", count: number.utf8.count)
      text += "\(Self.indent)\(dim("\(number) |")) \(quotation.line)\n"
      text += "\(Self.indent)\(dim("\(blank) |")) \(paint(quotation.caret, finding.disposition))\n"
    }
    appendEvidence(finding, to: &text)
    appendMessage(finding, to: &text)
    text += "\(Self.indent)\(dim(finding.message.slug))\n"
  }

  /// The line of a Dockerfile that the finding is known from.
  private func appendEvidence(_ finding: Finding, to text: inout String) {
    guard let evidence = finding.message.evidence, let quotation = quotations.quotation(evidence)
    else { return }
    let number = String(quotation.number)
    let blank = String(repeating: " ", count: number.utf8.count)
    text += "\(Self.indent)\(dim(evidence.place))\n"
    text += "\(Self.indent)\(dim("\(number) |")) \(quotation.line)\n"
    text += "\(Self.indent)\(dim("\(blank) |")) \(paint(quotation.caret, finding.disposition))\n"
  }

  /// Findings that ask for nothing: keys alone, since their texts are long and change nobody's plan.
  private func appendBrief(
    _ findings: [Finding], _ disposition: Disposition, to text: inout String
  ) {
    guard !findings.isEmpty else { return }
    var names: [String] = []
    for finding in findings {
      let path = shortPath(finding.key)
      // Where a finding is about the service as a whole, its slug says more than the service's key, and
      // so it does where the image says it.
      let isOfImage = finding.message.evidence != nil || path == "build"
      let name =
        path.isEmpty || path.hasPrefix("services.") || isOfImage && disposition != .inert
        ? finding.message.slug : path
      if !names.contains(name) { names.append(name) }
    }
    let introduction = disposition == .inert ? "Swarm ignored these too: " : ""
    text += wrapped(
      "\(label(disposition))\(introduction)\(names.joined(separator: ", "))",
      first: "  ", rest: Self.indent)
  }

  private func appendShared(to text: inout String) {
    let urgent = report.shared.filter { verbose || $0.finding.disposition >= .decide }
    let rest = verbose ? [] : report.shared.filter { $0.finding.disposition < .decide }
    text += "\n" + heading("Several services") + "\n"
    for shared in urgent { append(shared, to: &text) }
    for disposition in [Disposition.adapted, .inert] {
      appendBrief(
        rest.map(\.finding).filter { $0.disposition == disposition }, disposition, to: &text)
    }
  }

  private func append(_ shared: Report.Shared, to text: inout String) {
    let finding = shared.finding
    let path = shortPath(finding.key)
    text += "  \(label(finding.disposition))\(bold(path.isEmpty ? "Swarm's default" : path))\n"
    appendEvidence(finding, to: &text)
    appendMessage(finding, to: &text)
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
    text += wrapped("in " + list, first: Self.indent, rest: Self.indent)
    text += "\(Self.indent)\(dim(finding.message.slug))\n"
  }

  /// The text; then the remedy behind an arrow, its lines as they are: they are there to be copied.
  private func appendMessage(_ finding: Finding, to text: inout String) {
    text += wrapped(finding.message.text, first: Self.indent, rest: Self.indent)
    var arrow = dim("→")
    for line in finding.message.remedies.flatMap(\.lines) {
      text += "\(Self.indent)\(arrow) \(line)\n"
      arrow = " "
    }
  }

  // MARK: Looks

  static let indent = String(repeating: " ", count: 11)

  /// The path without `services.NAME.`, which the section already says.
  private func shortPath(_ key: KeyID) -> String {
    let path = report.keys.path(key)
    guard path.hasPrefix("services.") else { return path }
    let parts = path.split(separator: ".", maxSplits: 2)
    return parts.count == 3 ? String(parts[2]) : path
  }

  private func label(_ disposition: Disposition) -> String {
    let name = disposition.name
    return paint(name, disposition) + String(repeating: " ", count: max(1, 9 - name.count))
  }

  func heading(_ text: String) -> String { styled(text, .bold) }
  func bold(_ text: String) -> String { styled(text, .bold) }
  func dim(_ text: String) -> String { styled(text, .dim) }

  private func styled(_ text: String, _ style: TextStyle) -> String {
    color ? style(VisibleText.shown(text)) : VisibleText.shown(text)
  }

  private func paint(_ text: String, _ disposition: Disposition) -> String {
    switch disposition {
    case .kept: styled(text, .green)
    case .adapted: styled(text, .cyan)
    case .decide: styled(text, .yellow)
    case .manual: styled(text, .magenta)
    case .lost: styled(text, .red)
    case .inert: styled(text, .dim)
    }
  }
}

extension Report.Section {
  /// The worst of its findings; inert without any.
  var worst: Disposition { findings.map(\.disposition).max() ?? .inert }
}
