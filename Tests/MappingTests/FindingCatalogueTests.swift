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
    let slugs = try Self.slugsInTheSources()
    for fixture in Fixture.all {
      for finding in try fixture.migrate().findings {
        let slug = finding.message.slug
        let feature = slug.split(separator: "/")[0]
        // The feature's own fixtures first, so that the others change nothing here.
        let isOwn = fixture.path.hasPrefix("features/\(feature)/")
        let before = known[slug]
        guard before == nil || (isOwn && !own.contains(slug)) else { continue }
        known[slug] = KnownFinding(
          slug: slug, disposition: finding.disposition.name, text: finding.message.text,
          remedy: finding.message.remedy ?? "")
        if isOwn { own.insert(slug) }
      }
    }
    #expect(slugs.subtracting(known.keys).sorted() == [], "no fixture produces these")
    #expect(Set(known.keys).subtracting(slugs).sorted() == [], "these are not found in the sources")
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

  /// Whatever a report says can be asked about.
  @Test(arguments: FindingCatalogue.all.map(\.slug))
  func isExplained(_ slug: String) throws {
    guard case .text(let text) = Explanation(slug, width: 80) else {
      Issue.record("nothing is known of \(slug)")
      return
    }
    #expect(text.hasPrefix("\(slug) ("))
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

  /// Every literal that reads `feature/word`, and those that are put together.
  private static func slugsInTheSources() throws -> Set<String> {
    let folder = Testdata.root.appending(path: "Sources/Mapping")
    let names = Set(Features.all.map { $0.name } + ["loader"])
    var slugs: Set<String> = []
    for path in Testdata.files(below: folder, endings: ["swift"]) {
      let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
      for match in text.matches(of: /"([a-z-]+)\/([a-z0-9.-]+)"/)
      where names.contains(String(match.1)) {
        slugs.insert("\(match.1)/\(match.2)")
      }
      for match in text.matches(of: /"\\\(kind\)s\/([a-z-]+)"/) {
        slugs.formUnion(["configs/\(match.1)", "secrets/\(match.1)"])
      }
      for match in text.matches(of: /"\\\(feature\)\/([a-z-]+)"/) {
        let features = try #require(sharedBy[String(match.1)], "who has \(match.1)?")
        slugs.formUnion(features.map { "\($0)/\(match.1)" })
      }
    }
    for key in IgnoredBySwarm.owns {
      slugs.insert("ignored-by-swarm/\(key.parts[2].replacing("_", with: "-"))")
    }
    return slugs
  }

  /// The features that have a finding of the same words: those whose values are searched for host names, and for Docker's own
  /// addresses. Only the name of a variable or label leaves open whether its value is a host.
  private static let sharedBy: [String: [String]] = {
    let hosts = ["command", "configs", "environment", "healthcheck", "labels", "volumes"]
    return [
      "host-rewritten": hosts, "host-not-rewritten": hosts, "host-elsewhere": hosts,
      "host-is-domain": hosts, "host-or-not": ["environment", "labels"],
      "docker-bridge": ["command", "environment"],
    ]
  }()
}
