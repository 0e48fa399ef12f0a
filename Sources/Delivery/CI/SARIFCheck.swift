import Diagnostics
import YAML

/// Drift and problems of manifests as rules and results of SARIF.
enum SARIFCheck {
  static func rule(_ check: CheckResult) -> JSON {
    .object { rule in
      rule.set("id", check.slug)
      rule.set("name", SARIFReport.pascalCase(check.slug))
      rule.set("shortDescription", .object { $0.set("text", check.title) })
      rule.set("fullDescription", .object { $0.set("text", check.about) })
      rule.set(
        "help",
        .object { help in
          help.set("text", check.about)
          help.set("markdown", check.about)
        })
      rule.set("defaultConfiguration", .object { $0.set("level", check.severity.rawValue) })
      let tag = check.slug.hasPrefix("drift/") ? "drift" : "kubernetes"
      rule.set(
        "properties",
        .object { properties in
          properties.set("tags", .strings([tag]))
          properties.set("precision", "very-high")
          properties.set(
            "problem.severity",
            check.severity == .note ? "recommendation" : check.severity.rawValue)
        })
    }
  }

  static func result(_ check: CheckResult, rule: Int, hasBaseline: Bool) -> JSON {
    .object { result in
      result.set("ruleId", check.slug)
      result.set("ruleIndex", rule)
      result.set("level", check.severity.rawValue)
      let subject = check.object.isEmpty ? "" : "\(check.object): "
      let hint = check.hint.map { "\n\nRemedy:\n\($0)" } ?? ""
      result.set("message", .object { $0.set("text", subject + check.message + hint) })
      result.set(
        "locations",
        .array([
          location(
            check.file, line: check.line, column: check.column, length: check.length,
            snippet: check.quotation, name: check.path)
        ]))
      result.set(
        "partialFingerprints", .object { $0.set("stackferryFinding/v1", check.identity) })
      if hasBaseline { result.set("baselineState", "new") }
    }
  }

  static func location(
    _ path: String, line: Int, column: Int, length: Int = 0, snippet: String? = nil,
    name: String = ""
  ) -> JSON {
    .object { location in
      location.set(
        "physicalLocation",
        .object { physical in
          physical.set("artifactLocation", .object { $0.set("uri", SARIFReport.uri(path)) })
          physical.set(
            "region",
            .object { region in
              region.set("startLine", max(1, line))
              region.set("startColumn", max(1, column))
              if length > 0 { region.set("endColumn", max(1, column) + length) }
              if let snippet { region.set("snippet", .object { $0.set("text", snippet) }) }
            })
        })
      guard !name.isEmpty else { return }
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
