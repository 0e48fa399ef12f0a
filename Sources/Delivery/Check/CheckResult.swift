import Basics
package import Diagnostics
import Kubernetes
import Ledger
import Mapping
package import Report
package import Validation
package import YAML

/// What became of a finding in a verdict: it counts, a baseline knows it, or the stack accepts it.
package enum FindingState: Sendable {
  case new
  case known
  case accepted(Acceptances.Acceptance)
}

extension Acceptances {
  /// What the stack accepts, by a finding's position in the ledger.
  package var states: [Int: FindingState] { byFinding.mapValues { .accepted(entries[$0]) } }
}

/// Something that `validate` found beside the findings of the migration: drift, or a manifest that Kubernetes would refuse.
package struct CheckResult: Sendable {
  package let slug: String
  package let severity: Diagnostic.Severity
  package let message: String
  package let hint: String?
  package let file: String
  /// From one; 0 for the file as a whole.
  package let line: Int
  package let column: Int
  package let length: Int
  /// The line as it may be quoted.
  package let quotation: String?
  /// `Deployment/web`, where an object is known.
  package let object: String
  /// Where in the object.
  package let path: String
  /// For a terminal, with excerpt or diff.
  package let text: String

  /// A heading for annotations and rules.
  package var title: String {
    if slug.hasPrefix("drift/") { return "drift" }
    return ManifestRule.allCases.first { $0.slug == slug }?.title ?? "A file that cannot be read"
  }

  package var about: String {
    if slug.hasPrefix("drift/") {
      return
        "The committed manifests are not what the stack gives today. `stackferry convert` writes them anew; commit the result. Fields that were added by hand on purpose are allowed with --allow-added."
    }
    return ManifestRule.allCases.first { $0.slug == slug }?.about
      ?? "The text is no YAML or JSON, so nothing can be said of its objects."
  }

  /// Stays the same while lines move.
  package var identity: String {
    let place = path.filter { !$0.isNumber }
    return ContentHash(of: "\(slug) \(file) \(object) \(place) \(line == 0 ? "" : message)")
      .digits(16)
  }

  package init(_ difference: Drift.Difference, folder: String) {
    slug = "drift/\(difference.kind.rawValue.replacingBlanks)"
    severity = .error
    message = difference.summary
    hint = "run stackferry convert and commit the result"
    file = "\(folder)/\(difference.file)"
    line = difference.line
    column = difference.line > 0 ? 1 : 0
    length = 0
    quotation = nil
    object = ""
    path = ""
    let diff = difference.diff.isEmpty ? "" : "\n" + difference.diff
    let text = "\(file): \(difference.summary)\(diff)"
    self.text = text.hasSuffix("\n") ? String(text.dropLast()) : text
  }

  package init(_ finding: ManifestCheck.Finding, color: Bool) {
    slug = finding.slug
    severity = finding.severity
    message = [finding.path, finding.message].filter { !$0.isEmpty }.joined(separator: ": ")
    hint = finding.hint
    file = finding.file
    line = finding.line
    column = finding.column
    length = finding.length
    quotation = finding.quotation
    object = finding.object
    path = finding.path
    let text = finding.render(color: color)
    self.text = text.hasSuffix("\n") ? String(text.dropLast()) : text
  }

  /// An object that the stack would give, and that Kubernetes would refuse.
  package init(_ problem: Problem, stack: String, file: String) {
    slug = problem.rule.slug
    severity = problem.severity == .error ? .error : .warning
    message = "refused by Kubernetes: \(problem)"
    hint = nil
    self.file = file
    line = 0
    column = 0
    length = 0
    quotation = nil
    object = problem.object.description
    path = problem.path
    text = "\(stack): refused by Kubernetes: \(problem)"
  }

  package var json: JSON {
    .object { result in
      result.set("id", identity)
      result.set("rule", slug)
      result.set("severity", severity.rawValue)
      result.set("message", message)
      result.set("hint", hint)
      result.set("object", object.isEmpty ? nil : object)
      result.set("path", path.isEmpty ? nil : path)
      result.set(
        "location",
        .object { location in
          location.set("file", file)
          location.set("line", line > 0 ? line : nil)
          location.set("column", line > 0 ? column : nil)
        })
    }
  }
}

extension String {
  fileprivate var replacingBlanks: String { String(map { $0 == " " ? "-" : $0 }) }
}
