import Diagnostics
import Ledger
import Mapping
import Report
import Stack

/// What `stackferry explain` answers when no stack is asked about: first what was asked for, then the page that it belongs to.
package enum Explanation {
  case text(String)
  /// A word that means nothing, and what it may have been meant to be, the likeliest first.
  case unknown(suggestions: [String])

  package init(_ word: String, width: Int) {
    if word.allSatisfy({ $0 == "." || $0 == " " }) {
      self = .unknown(suggestions: [])
    } else if let slash = word.firstIndex(of: "/") {
      self = Self.finding(word, feature: String(word[..<slash]), width: width)
    } else if let feature = Features.named(word) {
      self = .text(FeatureDocument.text(feature, width: width))
    } else if let features = FeatureDocument.find(word) {
      self = .text(Self.key(word, features, width: width))
    } else {
      let paths = KnownKeys.endingIn(word).map(FeatureDocument.shown)
        .filter { FeatureDocument.find($0) != nil }
      if paths.count == 1, let features = FeatureDocument.find(paths[0]) {
        self = .text(Self.key(paths[0], features, width: width))
      } else if paths.isEmpty {
        self = .unknown(suggestions: FeatureDocument.suggestion(word).map { [$0] } ?? [])
      } else {
        self = .unknown(suggestions: paths)
      }
    }
  }

  /// All words that have an answer, for completion.
  package static var vocabulary: [String] {
    let words =
      FeatureDocument.vocabulary.filter { !$0.contains("*") && !$0.isEmpty }
      + FindingCatalogue.all.map(\.slug) + AuditPage.slugs + ManifestPage.slugs
    return Set(words).sorted()
  }

  private static func finding(_ slug: String, feature: String, width: Int) -> Self {
    if let page = AuditPage.explanation(slug) ?? ManifestPage.explanation(slug) {
      return .text(page)
    }
    guard let known = FindingCatalogue.named(slug) else {
      return .unknown(suggestions: FindingCatalogue.nearestSlug(slug).map { [$0] } ?? [])
    }
    var text =
      "\(slug) (\(known.disposition))\n\n  What it says, for example:\n\n"
      + said(known, width: width)
    // What is settled as the files are read belongs to no feature.
    guard let feature = Features.named(feature) else { return .text(text) }
    let examples = feature.examples.filter { $0.findings.contains(slug) }
    for example in examples { text += FeatureDocument.text(example) }
    text += "\n" + FeatureDocument.text(feature, width: width, without: examples.map(\.title))
    return .text(text)
  }

  private static func said(_ finding: KnownFinding, width: Int) -> String {
    var text = wrapped(finding.text, first: "    ", rest: "    ", width: width)
    var arrow = "→"
    for line in finding.remedy.split(separator: "\n", omittingEmptySubsequences: false)
    where !finding.remedy.isEmpty {
      text += "    \(arrow) \(line)\n"
      arrow = " "
    }
    return text
  }

  private static func key(_ word: String, _ features: [any Feature.Type], width: Int) -> String {
    // `deploy`: all their pages would be a book.
    if features.count > 4 {
      return "\(word) is a matter of several features (stackferry explain NAME):\n"
        + FeatureDocument.lines(features)
    }
    var text = ""
    let name = FeatureDocument.lastName(word)
    let answers = features.map { TerminalMarkdown($0.about).naming(name).render(width: width) }
      .filter { !$0.isEmpty }
    let findings = features.flatMap { FindingCatalogue.of($0.name) }
      .filter { TerminalMarkdown.words($0.text).contains(name) }
    if !answers.isEmpty || !findings.isEmpty {
      text += "\(word) (\(features.map { $0.name }.joined(separator: ", ")))\n"
      for answer in answers { text += "\n" + answer }
      if !findings.isEmpty { text += "\n  What the report may say of it, for example:\n" }
      for (number, finding) in findings.enumerated() {
        text += number < 5 ? "\n" : ""
        text += "  \(finding.slug) (\(finding.disposition))\n"
        if number < 5 { text += said(finding, width: width) }
      }
      text += "\n"
    }
    return text
      + features.map { FeatureDocument.text($0, width: width) }.joined(separator: "\n")
  }
}
