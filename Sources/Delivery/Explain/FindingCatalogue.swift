import Basics
import Diagnostics
import Ledger
import Mapping
import Report

/// A finding that a report can hold, with what it said of a stack of the project's own.
package struct KnownFinding: Sendable {
  package let slug: String
  /// What became of the key in that stack.
  package let disposition: String
  /// The finding's text there.
  package let text: String
  /// Empty for none.
  package let remedy: String

  package init(slug: String, disposition: String, text: String, remedy: String) {
    self.slug = slug
    self.disposition = disposition
    self.text = text
    self.remedy = remedy
  }

  /// A line of `findings.txt`: fields with tabs between them, line breaks written as `\n`.
  package var line: String {
    [slug, disposition, text, remedy].map(Self.escaped).joined(separator: "\t") + "\n"
  }

  fileprivate init(line: Substring) {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(Self.unescaped)
    func field(_ index: Int) -> String { index < fields.count ? fields[index] : "" }
    self.init(slug: field(0), disposition: field(1), text: field(2), remedy: field(3))
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n").replacing("\t", with: " ")
  }

  private static func unescaped(_ text: Substring) -> String {
    var result = ""
    var isEscaped = false
    for character in text {
      if isEscaped {
        result.append(character == "n" ? "\n" : character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        result.append(character)
      }
    }
    return result
  }
}

/// All findings that the features can make, from `findings.txt`.
///
/// Texts are made while a stack is mapped, so that there is nowhere to read them from beforehand. The file holds what they are for
/// the stacks under `testdata`; `FindingCatalogueTests` records it, and fails while none of these stacks has a finding of the sources.
package enum FindingCatalogue {
  package static let all: [KnownFinding] = String(
    decoding: PackageResources.findings_txt, as: UTF8.self
  ).split(separator: "\n").map { KnownFinding(line: $0) }

  package static func named(_ slug: String) -> KnownFinding? { all.first { $0.slug == slug } }

  /// The findings of a feature.
  static func of(_ feature: String) -> [KnownFinding] {
    all.filter { $0.slug.hasPrefix(feature + "/") }
  }

  /// The slug, of features, of the audit and of the checks of manifests, that a mistyped one was most likely meant to be.
  package static func nearestSlug(_ word: String) -> String? {
    let slugs = all.map(\.slug) + AuditPage.slugs + ManifestPage.slugs
    guard let slash = word.firstIndex(of: "/") else { return nil }
    // Where the feature is right, only the rest is compared: `logging/drvier` is near `logging/driver`, `a/b` is not near `c/b`.
    let prefix = word[...slash]
    let names = slugs.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    if let name = nearest(String(word[word.index(after: slash)...]), among: names) {
      return prefix + name
    }
    return names.isEmpty ? nearest(word, among: slugs) : nil
  }
}
