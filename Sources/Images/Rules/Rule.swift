package import Diagnostics

/// Something that an image's Dockerfile should or should not do. One rule is one file: what it looks for, why, an example
/// of each, and the fix where there is one that cannot change what the image does.
package protocol Rule: SendableMetatype {
  /// The file's base name in words joined by dashes; the slug is `image/` and this.
  static var name: String { get }
  /// A heading.
  static var title: String { get }
  /// Markdown: what is wrong with it, and why it matters on Swarm and on Kubernetes.
  static var about: String { get }
  static var severity: Diagnostic.Severity { get }
  /// The rules of hadolint that look for the same.
  static var hadolint: [String] { get }
  static var examples: [RuleExample] { get }

  static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings)
}

extension Rule {
  package static var hadolint: [String] { [] }
  package static var slug: String { "image/\(name)" }
}

/// A Dockerfile that a rule finds fault with, and the same one without the fault.
package struct RuleExample: Sendable {
  package let bad: String
  package let good: String
  /// `good` is what the rule's own fix makes of `bad`.
  package let isFixed: Bool
  /// Files in the build context, by path.
  package let files: [String: String]
  /// What the services of the stack say that run the image.
  package let uses: [ServiceUse]
  /// What they say beside the good one.
  package let goodUses: [ServiceUse]

  package init(
    bad: String, good: String, isFixed: Bool = false, files: [String: String] = [:],
    uses: [ServiceUse] = [], goodUses: [ServiceUse]? = nil
  ) {
    self.bad = bad
    self.good = good
    self.isFixed = isFixed
    self.files = files
    self.uses = uses
    self.goodUses = goodUses ?? uses
  }
}

/// A change of a file: these bytes become that text.
package struct Edit: Sendable, Hashable {
  package let range: Range<Int>
  package let text: String

  package init(_ range: Range<Int>, _ text: String) {
    self.range = range
    self.text = text
  }

  /// Text put in at a place.
  package static func insert(_ text: String, at offset: Int) -> Edit {
    Edit(offset..<offset, text)
  }
}

/// A fault in a Dockerfile.
package struct AuditFinding: Sendable {
  package let slug: String
  package let severity: Diagnostic.Severity
  /// What is underlined; nil for the file as a whole.
  package let span: Range<Int>?
  /// One line in the words of the field, no full stop.
  package let text: String
  /// What would mend it.
  package let hint: String?
  /// The fix; empty where none is certain not to change what the image does.
  package let edits: [Edit]
  /// The whole new text of the context's ignore file, where that is the fix.
  package let ignoreFile: String?
}

/// What one rule found in one Dockerfile.
package struct RuleFindings {
  package internal(set) var all: [AuditFinding] = []
  /// Where values stand that must not be shown.
  private(set) var hidden: [Range<Int>] = []
  private let slug: String
  private let severity: Diagnostic.Severity

  init(_ rule: any Rule.Type) {
    slug = rule.slug
    severity = rule.severity
  }

  /// A secret value stands here: excerpts show stars in its place.
  mutating func hide(_ span: Range<Int>) { hidden.append(span) }

  mutating func add(
    _ span: Range<Int>?, _ text: String, hint: String? = nil,
    severity: Diagnostic.Severity? = nil, edits: [Edit] = [], ignoreFile: String? = nil
  ) {
    all.append(
      AuditFinding(
        slug: slug, severity: severity ?? self.severity, span: span, text: text, hint: hint,
        edits: edits, ignoreFile: ignoreFile))
  }
}
