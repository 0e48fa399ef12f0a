import Ledger
import Mapping
package import Report
import Templates
import Validation
package import YAML

/// The report as one HTML file that needs nothing else: `templates/report.html` filled in.
package struct HTMLReport {
  private let report: Report
  private let toolVersion: String

  package init(_ report: Report, toolVersion: String) {
    self.report = report
    self.toolVersion = toolVersion
  }

  package func render() -> [UInt8] {
    do throws(MustacheTemplate.Problem) {
      return try MustacheTemplate(Templates.html).render(
        TemplateDocument(report, toolVersion: toolVersion).json)
    } catch {
      // The template is compiled in, and a test parses it.
      preconditionFailure("templates/report.html:\(error.line): \(error.message)")
    }
  }
}

/// What a template is given: the report's JSON, and what a template without logic cannot work out for itself.
///
/// - `sections`: what `findings` holds, by service: the stacks first, then what several services have in common, then each
///   service with its rows before and after.
/// - `topology`: drawings `before` and `after` as SVG text, where the estate is small enough to draw.
/// - `first`: `firstThings`; they and the findings of `sections` have a member `html`, their text as HTML.
/// - `matrix`: who reaches whom, where it is small enough to show.
package struct TemplateDocument {
  private let report: Report
  private let document: ReportDocument

  package init(_ report: Report, toolVersion: String) {
    self.report = report
    document = ReportDocument(report, toolVersion: toolVersion)
  }

  package var json: JSON {
    guard case .object(var root) = document.json else { return .null }
    root.set("sections", sections)
    root.set(
      "scale",
      "\(plural(report.serviceCount, "service")), \(plural(report.counts.total, "key")) → "
        + plural(report.objectCount, "object"))
    root.set("first", .array(document.firstThings.map { $0.withHTML(of: beginning) }))
    let (before, after) = Topology.beforeAndAfter(report)
    if let before = before.svg(), let after = after.svg() {
      root.set(
        "topology",
        .object { topology in
          topology.set("before", before)
          topology.set("after", after)
        })
    }
    root.set("matrix", matrix)
    return .object(root)
  }

  private var sections: JSON {
    let findings = document.findings.map { $0.withHTML { $0 } }
    var indices: [Subject: [Int]] = [:]
    for (index, finding) in report.ledger.findings.enumerated() {
      indices[
        Subject(stack: finding.subject.stack, service: finding.subject.service), default: []
      ].append(index)
    }
    func ordered(_ subject: Subject) -> [Int] {
      (indices[subject] ?? []).enumerated().sorted { left, right in
        let (first, second) = (
          report.ledger.findings[left.element].disposition,
          report.ledger.findings[right.element].disposition
        )
        return (second, left.offset) < (first, right.offset)
      }.map(\.element)
    }
    var sections: [JSON] = []
    for stack in report.stackNames {
      let own = ordered(Subject(stack: stack))
      guard !own.isEmpty else { continue }
      sections.append(
        .object { section in
          section.set("title", "Stack \(stack)")
          section.set("id", "stack-\(stack)")
          section.set("badges", badges(own))
          section.set("findings", .array(own.map { findings[$0] }))
        })
    }
    let isAlone = report.stackNames.count == 1
    for glance in report.glances {
      let subject = Subject(stack: glance.stack, service: glance.service)
      let own = ordered(subject)
      let worst = own.map { report.ledger.findings[$0].disposition }.max() ?? .kept
      sections.append(
        .object { section in
          section.set("title", isAlone ? glance.service : "\(glance.stack)_\(glance.service)")
          section.set("id", "service-\(glance.stack)-\(glance.service)")
          section.set("isService", true)
          section.set("object", glance.object.isEmpty ? nil : glance.object)
          section.set("worst", worst == .inert ? "kept" : worst.name)
          section.set("rows", ReportDocument.rows(glance))
          section.set("badges", badges(own))
          section.set("findings", .array(own.map { findings[$0] }))
        })
    }
    return .array(sections)
  }

  /// How many findings of each disposition, the worst first.
  private func badges(_ findings: [Int]) -> JSON {
    var counts: [Disposition: Int] = [:]
    for finding in findings { counts[report.ledger.findings[finding].disposition, default: 0] += 1 }
    return .array(
      [.lost, .manual, .decide, .adapted].filter { counts[$0] != nil }.map { disposition in
        .object { badge in
          badge.set("disposition", disposition.name)
          badge.set("count", counts[disposition])
        }
      })
  }

  /// Rows and columns are services; more than this is no table that anybody reads.
  private static let maximumMatrix = 40

  private var matrix: JSON? {
    let reachability = report.reachability
    let numbers = reachability.services.indices
    guard numbers.count > 1, numbers.count <= Self.maximumMatrix else { return nil }
    return .object { matrix in
      matrix.set("names", .strings(numbers.map(reachability.name)))
      matrix.set(
        "rows",
        .array(
          numbers.map { number in
            .object { object in
              object.set("name", reachability.name(number))
              object.set(
                "cells", .array(numbers.map { cell(reachability, from: number, to: $0) }))
              object.set("outside", !reachability.services[number].ports.isEmpty)
            }
          }))
    }
  }

  private func cell(_ reachability: Reachability, from source: Int, to target: Int) -> JSON {
    .object { cell in
      cell.set("isSelf", source == target)
      guard source != target else { return }
      switch reachability.way(from: source, to: target) {
      case .networks(let networks):
        let names = networks.map { reachability.networks[$0].name }.joined(separator: ", ")
        cell.set("sign", "●")
        cell.set("why", "on every port, over \(names)")
      case .node:
        cell.set("sign", "◍")
        cell.set("why", "at the address of its node")
      case .published:
        let ports = reachability.services[target].ports.map(\.description)
        cell.set("sign", "○")
        cell.set("why", "on published ports: \(ports.joined(separator: ", "))")
      case nil: break
      }
    }
  }
}

extension JSON {
  /// A finding with its text as HTML, in which what stands between backticks is code.
  fileprivate func withHTML(of part: (String) -> String) -> JSON {
    guard case .object(var object) = self else { return self }
    for member in object.members where member.key == "text" {
      guard case .string(let text) = member.value else { continue }
      let parts = XML.text(part(text)).split(separator: "`", omittingEmptySubsequences: false)
      var html = ""
      for (number, part) in parts.enumerated() {
        let isCode = number % 2 == 1 && number < parts.count - 1
        if number > 0, number % 2 == 1, !isCode { html += "`" }
        html += isCode ? "<code>\(part)</code>" : String(part)
      }
      object.set("html", html)
    }
    return .object(object)
  }
}
