import Diagnostics
import Ledger
import Mapping
package import Report
package import YAML

/// The report in the Static Analysis Results Interchange Format 2.1.0, as code scanning services take it.
///
/// A finding is a result; a slug is a rule, whose help is the documentation of its feature. Keys that are kept and keys
/// that Swarm ignored as well raise no alert, so they are left to the other formats.
///
/// A finding that the stack accepts is suppressed, with the reason; one that a baseline knows is `unchanged`.
package struct SARIFReport {
  private let report: Report?
  private let toolVersion: String
  private let quotations: Quotations
  private let subjectKeys: [Subject: KeyID]
  private let states: [Int: FindingState]
  private let hasBaseline: Bool
  private let others: [CheckResult]

  /// - Parameters:
  ///   - report: nil where only manifests were checked.
  ///   - states: By a finding's position in the ledger; what is not there is new.
  ///   - hasBaseline: Whether every result says how it stands to the baseline.
  ///   - others: What was found in manifests.
  package init(
    _ report: Report?, toolVersion: String, states: [Int: FindingState] = [:],
    hasBaseline: Bool = false, others: [CheckResult] = []
  ) {
    self.report = report
    self.toolVersion = toolVersion
    quotations = Quotations(report?.sources ?? Sources(), report?.keys ?? KeyTable())
    subjectKeys = report?.subjectKeys ?? [:]
    self.states = states
    self.hasBaseline = hasBaseline
    self.others = others
  }

  package var json: JSON {
    var numbers: [String: Int] = [:]
    var rules: [JSON] = []
    var results: [JSON] = []
    if let report {
      let identities = report.identities
      for (index, finding) in report.ledger.findings.enumerated()
      where finding.disposition >= .adapted {
        let slug = finding.message.slug
        let number = numbers[slug] ?? rules.count
        if numbers.updateValue(number, forKey: slug) == nil { rules.append(rule(finding)) }
        results.append(
          result(
            finding, report, rule: number, identity: identities[index],
            state: states[index] ?? .new))
      }
    }
    for other in others {
      let number = numbers[other.slug] ?? rules.count
      if numbers.updateValue(number, forKey: other.slug) == nil {
        rules.append(SARIFCheck.rule(other))
      }
      results.append(SARIFCheck.result(other, rule: number, hasBaseline: hasBaseline))
    }
    return .object { log in
      log.set(
        "$schema",
        "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
      )
      log.set("version", "2.1.0")
      log.set(
        "runs",
        .array([
          .object { run in
            run.set("tool", .object { $0.set("driver", driver(rules)) })
            run.set("columnKind", "unicodeCodePoints")
            run.set("results", .array(results))
          }
        ]))
    }
  }

  private func driver(_ rules: [JSON]) -> JSON {
    .object { driver in
      driver.set("name", "stackferry")
      driver.set("semanticVersion", toolVersion)
      driver.set("rules", .array(rules))
    }
  }

  private func rule(_ finding: Finding) -> JSON {
    let slug = finding.message.slug
    let parts = slug.split(separator: "/", maxSplits: 1).map(String.init)
    let feature = Features.named(parts[0])
    let title = feature?.title ?? parts[0]
    let words = String((parts.last ?? slug).map { $0 == "-" ? " " : $0 })
    let about = feature?.about ?? finding.message.text
    return .object { rule in
      rule.set("id", slug)
      rule.set("name", Self.pascalCase(slug))
      rule.set("shortDescription", .object { $0.set("text", "\(title): \(words)") })
      rule.set("fullDescription", .object { $0.set("text", finding.message.text) })
      rule.set(
        "help",
        .object { help in
          help.set("text", about)
          help.set("markdown", about)
        })
      rule.set("defaultConfiguration", .object { $0.set("level", level(finding.disposition)) })
      rule.set(
        "properties",
        .object { properties in
          properties.set("tags", .strings(["migration", parts[0], finding.disposition.name]))
          properties.set("precision", "very-high")
          properties.set("problem.severity", severity(finding.disposition))
        })
    }
  }

  private func result(
    _ finding: Finding, _ report: Report, rule: Int, identity: String, state: FindingState
  ) -> JSON {
    .object { result in
      result.set("ruleId", finding.message.slug)
      result.set("ruleIndex", rule)
      result.set("level", level(finding.disposition))
      let remedy = finding.message.remedy.map { "\n\nRemedy:\n\($0)" } ?? ""
      result.set("message", .object { $0.set("text", finding.message.text + remedy) })
      result.set("locations", .array([location(finding, report)]))
      result.set(
        "partialFingerprints", .object { $0.set("stackferryFinding/v1", identity) })
      switch state {
      case .new: if hasBaseline { result.set("baselineState", "new") }
      case .known: result.set("baselineState", "unchanged")
      case .accepted(let acceptance):
        if hasBaseline { result.set("baselineState", "unchanged") }
        result.set("suppressions", .array([suppression(acceptance, report)]))
      }
      result.set(
        "properties",
        .object { properties in
          properties.set("disposition", finding.disposition.name)
          properties.set("stack", finding.subject.stack)
          properties.set("service", finding.subject.service)
          properties.set(
            "object", finding.subject.object.isEmpty ? nil : finding.subject.object)
          properties.set("field", finding.field.isEmpty ? nil : finding.field)
        })
    }
  }

  private func suppression(_ acceptance: Acceptances.Acceptance, _ report: Report) -> JSON {
    .object { suppression in
      suppression.set("kind", "inSource")
      suppression.set("status", "accepted")
      suppression.set("justification", acceptance.reason)
      guard let file = report.sources.file(of: acceptance.mark) else { return }
      suppression.set(
        "location",
        SARIFCheck.location(
          file.path, line: Int(acceptance.mark.line), column: Int(acceptance.mark.column)))
    }
  }

  /// The key's place; for one of Swarm's defaults, the place of the service or of the stack.
  private func location(_ finding: Finding, _ report: Report) -> JSON {
    let subject = Subject(stack: finding.subject.stack, service: finding.subject.service)
    let key = finding.key == .none ? subjectKeys[subject] ?? .none : finding.key
    let mark = report.keys.mark(key)
    let path = report.sources.file(of: mark)?.path ?? "stack.yml"
    return .object { location in
      location.set(
        "physicalLocation",
        .object { physical in
          physical.set("artifactLocation", .object { $0.set("uri", Self.uri(path)) })
          physical.set(
            "region",
            .object { region in
              region.set("startLine", max(1, Int(mark.line)))
              region.set("startColumn", max(1, Int(mark.column)))
              let length = key == .none ? 0 : report.keys[key].name.unicodeScalars.count
              if length > 0 { region.set("endColumn", max(1, Int(mark.column)) + length) }
              if let quotation = quotations.quotation(key) {
                region.set("snippet", .object { $0.set("text", quotation.line) })
              }
            })
        })
      let name = report.keys.path(key)
      if !name.isEmpty {
        location.set(
          "logicalLocations",
          .array([
            .object { logical in
              logical.set("fullyQualifiedName", name)
              logical.set("kind", "member")
            }
          ]))
      }
    }
  }

  private func level(_ disposition: Disposition) -> String {
    switch disposition {
    case .lost: "error"
    case .manual: "warning"
    default: "note"
    }
  }

  private func severity(_ disposition: Disposition) -> String {
    switch disposition {
    case .lost: "error"
    case .manual: "warning"
    default: "recommendation"
    }
  }

  static func pascalCase(_ slug: String) -> String {
    slug.split { $0 == "/" || $0 == "-" }
      .map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  /// A path as a URI reference (RFC 3986): relative where the path is.
  static func uri(_ path: String) -> String {
    var result = path.hasPrefix("/") ? "file://" : ""
    var rest = path[...]
    while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
    if rest == "-" { return "stdin" }
    for byte in rest.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return result
  }
}
