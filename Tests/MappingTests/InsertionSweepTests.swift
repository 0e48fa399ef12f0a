import Diagnostics
import Stack
import Delivery
import Images
import Kubernetes
import Ledger
import Mapping
import Report
import Swarm
import TestSupport
import Testing
import Validation
import YAML

/// Each key of the schema, alone in a small stack, is named by the report.
@Suite struct InsertionSweepTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let layout: Spread.Layout
    let key: SchemaKey
    var testDescription: String { "\(layout): \(key.path)" }
  }

  static let all = Spread.Layout.allCases.flatMap { layout in
    SchemaKey.all(layout.dialect).map { Case(layout: layout, key: $0) }
  }

  @Test(arguments: all)
  func isNamedByTheReport(_ item: Case) throws {
    let texts = item.key.path == "version" ? [SchemaKey.base] : [SchemaKey.base, item.key.document]
    let result = try Spread(texts.map { try Node(parsing: $0) }, item.layout)
      .migrate(files: SchemaKey.files)
    let ledger = result.migration.ledger
    #expect(ledger.unsettled.map(result.keys.path) == [])
    #expect(ledger.conflicts.map(result.keys.path) == [])
    let pattern = item.key.concrete
    #expect(
      ledger.entries.contains { result.keys.path($0.key).hasPrefix(pattern) },
      "no entry for \(pattern)")
  }
}
