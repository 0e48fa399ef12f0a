import Delivery
import Ledger
import Mapping
import Proxies
import Report
import Swarm
import TestSupport
import Testing
import Validation

/// Nothing disappears, in any of the stacks that we have.
@Suite struct LedgerTests {
  @Test(arguments: Fixture.all)
  func accountsForEveryKeyOnce(_ fixture: Fixture) throws {
    let result = try fixture.migrate()
    let ledger = result.migration.ledger
    #expect(ledger.unsettled.map(result.keys.path) == [])
    #expect(ledger.conflicts.map(result.keys.path) == [])
  }

  /// The texts of findings hold what they promise.
  @Test(arguments: Fixture.all)
  func findingsAreSentences(_ fixture: Fixture) throws {
    for finding in try fixture.migrate().findings {
      let message = finding.message
      let parts = message.slug.split(separator: "/")
      // What the loader has settled is `loader/…`.
      let isFeature =
        parts.count == 2
        && (parts[0] == "loader" || Features.all.contains { $0.name == parts[0] })
      #expect(isFeature, "\(message.slug)")
      let ends = message.text.last == "." || message.text.last == ":"
      #expect(ends, "\(message.slug): \(message.text)")
      for word in ["not supported", "unsupported", "not implemented", "TODO", "Optional("] {
        #expect(!message.text.contains(word), "\(message.slug): \(message.text)")
      }
      if finding.disposition == .decide {
        #expect(message.remedy != nil, "\(message.slug) leaves open what changes the decision")
      }
    }
  }
}
