import Delivery
import Diagnostics
import Foundation
import Images
import Kubernetes
import Ledger
import Mapping
import Report
import Swarm
import TestSupport
import Testing
import Validation

/// The list of findings that `explain` goes by holds every finding there is, and says what they say.
@Suite struct FindingCatalogueTests {
  private static let file = Testdata.root.appending(path: "Sources/Delivery/findings.txt")

  @Test func isWhatTheFindingsSay() throws {
    var known: [String: KnownFinding] = [:]
    var own: Set<String> = []
    for slug in try Self.slugsInTheSources() { known[slug] = KnownFinding(slug: slug) }
    for fixture in Fixture.all {
      for finding in try fixture.migrate().findings {
        let slug = finding.message.slug
        let feature = slug.split(separator: "/")[0]
        // The feature's own fixtures first, so that the others change nothing here.
        let isOwn = fixture.path.hasPrefix("features/\(feature)/")
        let before = known[slug]
        guard before?.text.isEmpty ?? true || (isOwn && !own.contains(slug)) else { continue }
        known[slug] = KnownFinding(
          slug: slug, disposition: finding.disposition.name, text: finding.message.text,
          remedy: finding.message.remedy ?? "")
        if isOwn { own.insert(slug) }
      }
    }
    let text = known.values.sorted { $0.slug < $1.slug }.map(\.line).joined()
    let difference = try Golden.difference(
      text, Self.file, path: "../Sources/Delivery/findings.txt", recording: Golden.records)
    #expect(difference == nil)
  }

  @Test func readsWhatItWrites() throws {
    let text = try String(contentsOf: Self.file, encoding: .utf8)
    #expect(FindingCatalogue.all.map(\.line).joined() == text)
    #expect(FindingCatalogue.all.count > 300)
  }

  @Test(arguments: [
    ("logging/drvier", "logging/driver"), ("update-polcy/delay", "update-policy/delay"),
    ("stack/no-limit", "stack/no-limits"), ("image/latest-bsae", "image/latest-base"),
    ("manifest/unknown-feild", "manifest/unknown-field"),
  ])
  func suggests(_ word: String, _ slug: String) {
    #expect(FindingCatalogue.nearestSlug(word) == slug)
  }

  @Test func doesNotGuessWildly() {
    #expect(FindingCatalogue.nearestSlug("restart-policy/nonsense") == nil)
  }

  /// Every literal that reads `feature/word`.
  private static func slugsInTheSources() throws -> Set<String> {
    let folder = Testdata.root.appending(path: "Sources/Mapping")
    let names = Set(Features.all.map { $0.name })
    var slugs: Set<String> = []
    for path in Testdata.files(below: folder, endings: ["swift"]) {
      let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
      for match in text.matches(of: /"([a-z-]+)\/([a-z0-9-]+)"/)
      where names.contains(String(match.1)) {
        slugs.insert("\(match.1)/\(match.2)")
      }
    }
    return slugs
  }
}
