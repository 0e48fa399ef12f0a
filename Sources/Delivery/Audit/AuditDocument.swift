import Diagnostics
import Images
package import YAML

extension AuditReport {
  /// For other programs.
  package func json(version: String) -> JSON {
    .object { document in
      document.set("schema", "stackferry/audit/v1")
      document.set("version", version)
      document.set(
        "summary",
        .object { summary in
          summary.set("files", files.count)
          summary.set("errors", count(.error))
          summary.set("warnings", count(.warning))
          summary.set("notes", count(.note))
          summary.set("fixable", fixable)
        })
      document.set(
        "files",
        .array(
          files.map { file in
            .object { entry in
              entry.set("path", file.path)
              if !file.services.isEmpty { entry.set("services", .strings(file.services)) }
              entry.set("fixable", file.fixable)
              entry.set("findings", .array(file.diagnostics.map(Self.json)))
            }
          }))
      if !images.isEmpty { document.set("images", .array(images.map(\.json))) }
      if !scans.isEmpty { document.set("scans", .array(scans.map(\.json))) }
      if !unscanned.isEmpty { document.set("unscanned", .strings(unscanned)) }
    }
  }

  private static func json(_ diagnostic: Diagnostic) -> JSON {
    .object { finding in
      finding.set("slug", diagnostic.slug)
      finding.set("severity", diagnostic.severity.rawValue)
      if diagnostic.mark.line > 0 {
        finding.set("line", Int(diagnostic.mark.line))
        finding.set("column", Int(diagnostic.mark.column))
        if diagnostic.length > 0 { finding.set("length", diagnostic.length) }
      }
      finding.set("text", diagnostic.summary)
      finding.set("remedy", diagnostic.hint)
    }
  }

  /// In the Static Analysis Results Interchange Format 2.1.0.
  package func sarif(version: String) -> JSON {
    var numbers: [String: Int] = [:]
    var rules: [JSON] = []
    var results: [JSON] = []
    for file in files {
      for diagnostic in file.diagnostics {
        let number = numbers[diagnostic.slug] ?? rules.count
        if numbers.updateValue(number, forKey: diagnostic.slug) == nil {
          rules.append(Self.rule(diagnostic))
        }
        results.append(Self.result(diagnostic, rule: number, path: file.path))
      }
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
            run.set(
              "tool",
              .object { tool in
                tool.set(
                  "driver",
                  .object { driver in
                    driver.set("name", "stackferry")
                    driver.set("semanticVersion", version)
                    driver.set("rules", .array(rules))
                  })
              })
            run.set("columnKind", "unicodeCodePoints")
            run.set("results", .array(results))
            if !images.isEmpty || !scans.isEmpty {
              run.set(
                "properties",
                .object { bag in
                  if !images.isEmpty { bag.set("images", .array(images.map(\.json))) }
                  if !scans.isEmpty { bag.set("scans", .array(scans.map(\.json))) }
                })
            }
          }
        ]))
    }
  }

  private static func rule(_ diagnostic: Diagnostic) -> JSON {
    let (title, about) = documentation(diagnostic.slug) ?? (diagnostic.slug, diagnostic.summary)
    return .object { rule in
      rule.set("id", diagnostic.slug)
      rule.set("shortDescription", .object { $0.set("text", title) })
      rule.set(
        "help",
        .object { help in
          help.set("text", about)
          help.set("markdown", about)
        })
      rule.set("defaultConfiguration", .object { $0.set("level", diagnostic.severity.rawValue) })
    }
  }

  private static func documentation(_ slug: String) -> (String, String)? {
    if let rule = Rules.named(slug) { return (rule.title, rule.about) }
    if let check = ImageChecks.all.first(where: { $0.slug == slug }) {
      return (check.title, check.about)
    }
    if let practice = Practices.all.first(where: { $0.slug == slug }) {
      return (practice.title, practice.about)
    }
    return nil
  }

  private static func result(_ diagnostic: Diagnostic, rule: Int, path: String) -> JSON {
    .object { result in
      result.set("ruleId", diagnostic.slug)
      result.set("ruleIndex", rule)
      result.set("level", diagnostic.severity.rawValue)
      let remedy = diagnostic.hint.map { "\n\nRemedy: \($0)" } ?? ""
      result.set("message", .object { $0.set("text", diagnostic.summary + remedy) })
      result.set(
        "locations",
        .array([
          .object { location in
            location.set(
              "physicalLocation",
              .object { physical in
                physical.set("artifactLocation", .object { $0.set("uri", uri(path)) })
                physical.set(
                  "region",
                  .object { region in
                    region.set("startLine", max(1, Int(diagnostic.mark.line)))
                    region.set("startColumn", max(1, Int(diagnostic.mark.column)))
                    if diagnostic.length > 0 {
                      region.set("endColumn", Int(diagnostic.mark.column) + diagnostic.length)
                    }
                  })
              })
          }
        ]))
    }
  }

  /// A path as a URI reference.
  private static func uri(_ path: String) -> String {
    var result = path.hasPrefix("/") ? "file://" : ""
    for byte in path.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F, 0x7E:
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.utf8.count < 2 ? "0" : "") + digits
      }
    }
    return result
  }
}
