package import Migration
import Templates
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
    let estate = report.estate
    root.set("sections", sections)
    let (before, after) = Topology.beforeAndAfter(report, estate)
    if let before = before.svg(), let after = after.svg() {
      root.set(
        "topology",
        .object { topology in
          topology.set("before", before)
          topology.set("after", after)
        })
    }
    root.set("matrix", matrix(estate))
    return .object(root)
  }

  private var sections: JSON {
    let findings = document.findings
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
          section.set("findings", .array(own.map { findings[$0] }))
        })
    }
    let isAlone = report.stackNames.count == 1
    var counts: [Subject: Report.Counts] = [:]
    for section in report.sections {
      let subject = Subject(stack: section.subject.stack, service: section.subject.service)
      counts[subject] = section.counts
    }
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
          section.set("badges", badges(counts[subject]))
          section.set("findings", .array(own.map { findings[$0] }))
        })
    }
    return .array(sections)
  }

  private func badges(_ counts: Report.Counts?) -> JSON {
    guard let counts else { return .array([]) }
    return .array(
      [Disposition.lost, .manual, .decide, .adapted].filter { counts[$0] > 0 }.map { disposition in
        .object { badge in
          badge.set("disposition", disposition.name)
          badge.set("count", counts[disposition])
        }
      })
  }

  /// Rows and columns are services; more than this is no table that anybody reads.
  private static let maximumMatrix = 40

  private func matrix(_ estate: Estate) -> JSON? {
    let names = estate.reachability.map(\.service)
    guard names.count > 1, names.count <= Self.maximumMatrix else { return nil }
    return .object { matrix in
      matrix.set("names", .strings(names))
      matrix.set(
        "rows",
        .array(
          estate.reachability.enumerated().map { number, row in
            let reached = Set(row.reaches)
            return .object { object in
              object.set("name", row.service)
              object.set(
                "cells",
                .array(
                  names.indices.map { column in
                    .object { cell in
                      cell.set("isSelf", column == number)
                      cell.set("isReached", column != number && reached.contains(column))
                    }
                  }))
              object.set("outside", row.isPublished)
            }
          }))
    }
  }
}
