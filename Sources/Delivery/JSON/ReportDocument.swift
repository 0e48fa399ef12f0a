import Diagnostics
import Kubernetes
import Ledger
import Mapping
package import Report
import Swarm
package import YAML

/// The report as one JSON value: what `--format json` prints, and what templates are given.
///
/// `docs/report.schema.json` describes it. Within one version members may be added; none is removed or changes its
/// meaning.
package struct ReportDocument {
  /// Counts up when a member goes away or changes its meaning.
  package static let version = 1

  private let report: Report
  private let identities: [String]
  private let acceptances: Acceptances
  private let quotations: Quotations
  private let toolVersion: String

  package init(_ report: Report, toolVersion: String) {
    self.report = report
    self.toolVersion = toolVersion
    identities = report.identities
    acceptances = Acceptances(report)
    quotations = Quotations(report.sources, report.keys)
  }

  package var json: JSON {
    let estate = report.estate
    let runbook = report.runbook(estate)
    return .object { root in
      root.set("format", "stackferry/report")
      root.set("version", Self.version)
      root.set(
        "tool",
        .object { tool in
          tool.set("name", "stackferry")
          tool.set("version", toolVersion)
        })
      root.set("verdict", report.verdict)
      root.set(
        "readiness",
        .object { readiness in
          readiness.set("percent", report.counts.percent)
          readiness.set("formula", Report.formula)
        })
      root.set("counts", Self.counts(report.counts))
      root.set("serviceCount", report.serviceCount)
      root.set("keyCount", report.counts.total)
      root.set("objectCount", report.objectCount)
      root.set("namespaces", .strings(report.namespaces))
      root.set("firstThings", .array(firstThings))
      root.set("services", services)
      root.set("findings", .array(findings))
      root.set("estate", EstateDocument(estate, report.reachability).json)
      root.set("runbook", EstateDocument.runbook(runbook))
      root.set("keys", .array(report.ledger.entries.map(key)))
    }
  }

  /// All findings, in the order of the ledger.
  var findings: [JSON] { report.ledger.findings.indices.map(finding) }

  static func counts(_ counts: Report.Counts) -> JSON {
    .object { object in
      for disposition in [Disposition.kept, .adapted, .decide, .manual, .lost, .inert] {
        object.set(disposition.name, counts[disposition])
      }
    }
  }

  /// What to see to first.
  var firstThings: [JSON] {
    report.firstThings.prefix(5).compactMap { thing in
      report.ledger.findings.firstIndex {
        $0.message.slug == thing.message.slug && $0.key == thing.key && $0.subject == thing.subject
      }.map(finding)
    }
  }

  private var services: JSON {
    var counts: [Subject: Report.Counts] = [:]
    for section in report.sections {
      counts[Subject(stack: section.subject.stack, service: section.subject.service)] =
        section.counts
    }
    return .array(
      report.glances.map { glance in
        .object { service in
          service.set("stack", glance.stack)
          service.set("name", glance.service)
          service.set("namespace", glance.namespace)
          service.set("object", glance.object.isEmpty ? nil : glance.object)
          service.set("pods", glance.pods)
          let subject = Subject(stack: glance.stack, service: glance.service)
          if let counts = counts[subject] { service.set("counts", Self.counts(counts)) }
          service.set("rows", Self.rows(glance))
        }
      })
  }

  static func rows(_ glance: Glance) -> JSON {
    .array(
      glance.rows.map { row in
        .object { object in
          object.set("topic", row.topic)
          object.set("before", .strings(row.before))
          object.set("after", .strings(row.after))
        }
      })
  }

  private func finding(_ index: Int) -> JSON {
    let finding = report.ledger.findings[index]
    return .object { object in
      object.set("id", identities[index])
      object.set("rule", finding.message.slug)
      object.set("disposition", finding.disposition.name)
      object.set("stack", finding.subject.stack)
      object.set("service", finding.subject.service)
      object.set("object", finding.subject.object.isEmpty ? nil : finding.subject.object)
      let path = report.keys.path(finding.key)
      object.set("key", path.isEmpty ? nil : path)
      object.set("location", location(finding.key))
      object.set("field", finding.field.isEmpty ? nil : finding.field)
      object.set("text", finding.message.text)
      object.set("remedy", finding.message.remedy)
      if !finding.message.remedies.isEmpty {
        object.set("remedies", .array(finding.message.remedies.map(\.json)))
      }
      if let entry = acceptances.byFinding[index] {
        object.set("accepted", acceptances.entries[entry].json(report))
      }
      if finding.disposition == .decide { object.set("answer", finding.question?.name) }
      if let quotation = quotations.quotation(finding.key) {
        object.set(
          "excerpt",
          .object { excerpt in
            excerpt.set("line", quotation.line)
            excerpt.set("caret", quotation.caret)
          })
      }
      if let evidence = finding.message.evidence {
        object.set("evidence", self.evidence(evidence))
      }
    }
  }

  private func evidence(_ evidence: ImageFacts.Evidence) -> JSON {
    .object { object in
      object.set("place", evidence.place)
      object.set("text", evidence.text)
      guard let quotation = quotations.quotation(evidence) else { return }
      object.set("line", quotation.line)
      object.set("caret", quotation.caret)
    }
  }

  private func key(_ entry: Ledger.Closed.Entry) -> JSON {
    .object { object in
      object.set("key", report.keys.path(entry.key))
      object.set("location", location(entry.key))
      object.set("disposition", entry.disposition.name)
      let field = report.ledger.fields[Int(entry.field)]
      object.set("field", field.isEmpty ? nil : field)
      object.set("finding", entry.finding >= 0 ? identities[Int(entry.finding)] : nil)
    }
  }

  private func location(_ key: KeyID) -> JSON? {
    let mark = report.keys.mark(key)
    guard let file = report.sources.file(of: mark), mark.line > 0 else { return nil }
    return .object { object in
      object.set("file", file.path)
      object.set("line", Int(mark.line))
      object.set("column", Int(mark.column))
    }
  }
}

extension Remedy {
  /// Its kind, its text, and whether that is to be copied rather than read.
  package var json: JSON {
    .object { object in
      let kind =
        switch self {
        case .option: "option"
        case .commands: "commands"
        case .edit: "edit"
        case .fragment: "fragment"
        case .sentence: "sentence"
        }
      object.set("kind", kind)
      object.set("text", text)
      if isCode { object.set("code", true) }
      if case .option(let name, let value, _) = self {
        object.set("option", name.rawValue)
        object.set("value", value)
      }
    }
  }
}
