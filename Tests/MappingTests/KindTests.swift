import Ledger
import Mapping
import Report
import TestSupport
import Testing

/// What the features say of themselves, before any stack is read, is what they say of stacks.
@Suite struct KindTests {
  @Test func eachIsListedOnce() {
    let slugs = Features.kinds.map(\.slug)
    let repeated = Dictionary(grouping: slugs, by: { $0 }).filter { $0.value.count > 1 }.keys
    #expect(repeated.sorted() == [])
  }

  @Test func eachIsItsFeatures() {
    for feature in Features.all {
      for kind in feature.kinds { #expect(kind.feature == feature.name, "\(kind)") }
    }
  }

  @Test func whatFixturesGiveIsListed() throws {
    let listed = Set(Features.kinds)
    let features = Set(listed.map(\.feature))
    var missing: Set<String> = []
    for fixture in Fixture.all {
      for finding in try fixture.migrate().findings {
        let kind = finding.message.kind
        if features.contains(kind.feature), !listed.contains(kind) { missing.insert(kind.slug) }
      }
    }
    #expect(missing.sorted() == [])
  }
}
