package import Diagnostics
package import Swarm
package import YAML

/// Something that a stack should say, or should not, of each of its services. One practice is one file.
package protocol Practice: SendableMetatype {
  /// The file's base name in words joined by dashes; the slug is `stack/` and this.
  static var name: String { get }
  static var title: String { get }
  /// Markdown: what is wrong with it, and why it matters on Swarm and on Kubernetes.
  static var about: String { get }
  static var severity: Diagnostic.Severity { get }
  static var examples: [PracticeExample] { get }

  static func check(
    _ service: Service, _ stack: borrowing StackFacts, _ findings: inout PracticeFindings)
}

extension Practice {
  package static var slug: String { "stack/\(name)" }
}

/// The keys of a service that a practice finds fault with, and the same without the fault.
package struct PracticeExample: Sendable {
  package let bad: String
  package let good: String

  package init(bad: String, good: String) {
    self.bad = bad
    self.good = good
  }
}

/// What is known of a stack beyond the service at hand.
package struct StackFacts: Sendable {
  package let stack: Swarm.Stack
  /// The services whose image brings a health check.
  package let checkedByImage: Set<String>
  /// Every service must have limits of its own; nothing else gives it any.
  package init(_ stack: Swarm.Stack, checkedByImage: Set<String> = []) {
    self.stack = stack
    self.checkedByImage = checkedByImage
  }
}

/// A fault in a stack file.
package struct PracticeFinding: Sendable {
  package let slug: String
  package let severity: Diagnostic.Severity
  package let service: String
  /// The key that it is about; the service's own where something is missing.
  package let key: KeyID
  package let text: String
  package let hint: String?
  /// The line holds a secret's value, behind this name.
  package let secretName: String?
}

/// What one practice found.
package struct PracticeFindings {
  package internal(set) var all: [PracticeFinding] = []
  private let slug: String
  private let severity: Diagnostic.Severity

  init(_ practice: any Practice.Type) {
    slug = practice.slug
    severity = practice.severity
  }

  mutating func add(
    _ service: Service, _ key: KeyID, _ text: String, hint: String? = nil,
    severity: Diagnostic.Severity? = nil, secretName: String? = nil
  ) {
    all.append(
      PracticeFinding(
        slug: slug, severity: severity ?? self.severity, service: service.name, key: key,
        text: text, hint: hint, secretName: secretName))
  }
}
