import Delivery
import Kubernetes
import Diagnostics
import Swarm
import Stack
import TestSupport
import Ledger
import Mapping
import Report
import Testing
import YAML

/// What several files say together becomes what one file becomes that has it all, and every key of them is accounted for.
@Suite struct SpreadTests {
  @Test(arguments: Spread.Layout.allCases, 0..<10)
  func randomStacks(_ layout: Spread.Layout, _ batch: Int) throws {
    var accepted = 0
    for number in (batch * 10)..<((batch + 1) * 10) {
      let documents = try (0..<2 + number % 2).map { part in
        var random = RandomStack(number + 1_000 * (part + 1))
        return try Node(parsing: random.text())
      }
      let isAccepted = try Self.isLikeOne(
        Spread(documents, layout), files: RandomStack.files, "stack \(number)")
      if isAccepted { accepted += 1 }
    }
    // Docker Compose refuses services that depend on themselves.
    #expect(accepted > 2)
  }

  /// Keys whose other value is refused beside what stands there.
  private static let refused: Set<String> = [
    "configs.*.external", "secrets.*.external", "services.*.credential_spec.config",
  ]

  /// Each key of the schema in one file and again in the next, with another value and, in `make test-mutations`, the same.
  @Test(arguments: InsertionSweepTests.all)
  func everyKeyTwice(_ item: InsertionSweepTests.Case) throws {
    let key = item.key
    if key.path == "version" { return }
    for later in LongRun.isAskedFor ? [key.other, key.sample] : [key.other] {
      let texts = [SchemaKey.base, key.document, key.document(later)]
      let isAccepted = try Self.isLikeOne(
        Spread(texts.map { try Node(parsing: $0) }, item.layout), files: SchemaKey.files, "\(later)"
      )
      #expect(isAccepted || later != key.sample && Self.refused.contains(key.path))
    }
  }

  /// Each key in one file, and in the next another that stands beside it. Some of the pairs; `make test-mutations` takes all.
  @Test(arguments: InsertionSweepTests.all)
  func everyPair(_ item: InsertionSweepTests.Case) throws {
    let family = item.key.parts.prefix(3)
    if family.count < 3 { return }
    let others = SchemaKey.all(item.layout.dialect).filter { $0.parts.prefix(3) == family }
    for (number, other) in others.enumerated() {
      if !LongRun.isAskedFor, (item.key.path.utf8.count + number) % 10 > 0 { continue }
      let texts = [SchemaKey.base, item.key.document, other.document]
      let isAccepted = try Self.isLikeOne(
        Spread(texts.map { try Node(parsing: $0) }, item.layout), files: SchemaKey.files,
        "\(other.path)")
      #expect(isAccepted, "\(other.path)")
    }
  }

  /// - Returns: Whether Docker takes the files.
  private static func isLikeOne(
    _ spread: Spread, files: [String: [UInt8]], _ comment: Comment
  ) throws -> Bool {
    let result: Migrated
    do {
      result = try spread.migrate(files: files)
    } catch is Migrated.Refused {
      return false
    }
    let ledger = result.migration.ledger
    #expect(ledger.unsettled.map(result.keys.path) == [], comment)
    #expect(ledger.conflicts.map(result.keys.path) == [], comment)
    let one = try spread.asOne(files: files).migrate(files: files)
    let difference = zip(lines(result), lines(one)).first { $0 != $1 }
    #expect(difference == nil, comment)
    #expect(lines(result).count == lines(one).count, comment)
    return true
  }

  private static func lines(_ result: Migrated) -> [Substring] {
    result.manifests.split(separator: "\n")
  }
}
