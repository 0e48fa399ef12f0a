import Delivery
import Kubernetes
import Ledger
import Mapping
import Report
import Swarm
import TestSupport
import Testing
import Validation

@Suite struct FixtureTests {
  /// The manifests and the report of every fixture, byte for byte.
  @Test(arguments: Fixture.all)
  func matchesItsGoldens(_ fixture: Fixture) throws {
    let result = try fixture.migrate()
    let manifests = try Golden.difference(
      Self.shortened(result.manifests), "\(fixture.path)/expected.yaml")
    let report = try Golden.difference(
      Self.shortened(result.text), "\(fixture.path)/report.txt")
    #expect(manifests == nil)
    #expect(report == nil)
  }

  /// What is there for its length alone is not to be read.
  private static func shortened(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.utf8.count > 20_000 ? "\(line.prefix(60))… (\(line.utf8.count) bytes)" : String(line)
    }.joined(separator: "\n")
  }

  /// Nothing that is emitted has a problem that the validator knows.
  @Test(arguments: Fixture.all)
  func hasNoProblems(_ fixture: Fixture) throws {
    let problems = try fixture.migrate().objects.problems(minor: fixture.minor())
    #expect(problems.map(\.description) == [])
  }

  /// Same input, same bytes.
  @Test(arguments: Fixture.all)
  func isDeterministic(_ fixture: Fixture) throws {
    let (first, second) = (try fixture.migrate(), try fixture.migrate())
    #expect(first.manifests == second.manifests)
    #expect(first.text == second.text)
  }
}
