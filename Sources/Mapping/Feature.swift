import Kubernetes
package import Ledger
import Swarm

/// A thing that a Swarm operator would name, and what becomes of it.
///
/// One feature is one file: its documentation, the keys that it owns, examples that are documentation and tests, the
/// mapping, and its messages at the bottom. `docs/adding-a-feature.md` walks through one.
package protocol Feature: SendableMetatype {
  /// The file's base name in words joined by dashes: `healthcheck`, `update-policy`.
  static var name: String { get }
  /// A heading: "Health checks".
  static var title: String { get }
  /// Markdown: what Swarm does, what Kubernetes does, what becomes of it and why. It is the feature's documentation page
  /// and what `stackferry explain` prints.
  static var about: String { get }
  /// The keys that this feature, and no other, settles.
  static var owns: [KeyPattern] { get }
  static var examples: [Example] { get }

  /// Everything that the feature can say.
  static var kinds: [FindingKind] { get }

  /// Maps the feature's part of one service.
  static func map(_ context: inout ServiceContext)

  /// Maps the feature's part of a stack's top level: networks, volumes, configs, secrets. Called before the services.
  static func map(_ context: inout StackContext)
}

extension Feature {
  package static func map(_ context: inout ServiceContext) {}
  package static func map(_ context: inout StackContext) {}
}

/// An example of a feature: documentation and test at once.
package struct Example: Sendable {
  /// What the example shows, in a few words.
  package let title: String
  /// The keys of a service, or a whole stack if it begins with `services:` or another top-level key.
  package let stack: String
  /// Lines that the manifests must contain, in this order and with these relative indentations.
  package let kubernetes: String
  /// Slugs of the findings that the report must hold.
  package let findings: [String]

  package init(_ title: String, stack: String, kubernetes: String, findings: [String] = []) {
    self.title = title
    self.stack = stack
    self.kubernetes = kubernetes
    self.findings = findings
  }
}

/// A pattern over key paths: `services.*.healthcheck.**`. `*` stands for one name or list item, `x-*` for an extension field
/// (but not `x-cluster-spec`, which Docker reads), a final `**` for the key itself and everything below it.
package struct KeyPattern: Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  package let description: String
  package let parts: [String]

  package init(stringLiteral text: String) {
    description = text
    parts = text.split(separator: ".").map(String.init)
  }

  private static func isExtension(_ name: String) -> Bool {
    name.hasPrefix("x-") && name != "x-cluster-spec"
  }

  /// Whether the pattern covers a path given in names; list items are `[]` or `[N]`.
  package func matches(_ path: [String]) -> Bool {
    for (position, part) in parts.enumerated() {
      if part == "**" {
        // Extension fields have an owner of their own, wherever they stand.
        return parts.contains("x-*")
          || !path[min(position, path.count)...].contains(where: Self.isExtension)
      }
      guard position < path.count else { return false }
      if part == "x-*" {
        guard Self.isExtension(path[position]) else { return false }
      } else if part != "*" && part != path[position] {
        return false
      }
    }
    return path.count == parts.count
  }
}
