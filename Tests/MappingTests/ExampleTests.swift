import Delivery
import Kubernetes
import Ledger
import Mapping
import Report
import Swarm
import TestSupport
import Testing
import Validation

/// The examples in the documentation are true.
@Suite struct ExampleTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let feature: String
    let example: Example
    var testDescription: String { "\(feature): \(example.title)" }
  }

  static let all: [Case] = Features.all.flatMap { feature in
    feature.examples.map { Case(feature: feature.name, example: $0) }
  }

  @Test(arguments: all)
  func becomesWhatItSays(_ example: Case) throws {
    let result = try Self.migrate(example.example)
    let missing = Self.firstMissing(example.example.kubernetes, in: result.manifests)
    #expect(missing == nil, "not in this order in:\n\(result.manifests)")
    for slug in example.example.findings {
      #expect(result.slugs.contains(slug), "findings: \(result.slugs)")
    }
    #expect(result.migration.ledger.unsettled.map(result.keys.path) == [])
    for object in result.objects {
      #expect(object.problems.map(\.description) == [])
    }
  }

  @Test func everyFeatureHasOne() {
    for feature in Features.all {
      let count = feature.examples.count
      #expect(count > 0, "\(feature.name)")
    }
  }

  private static func migrate(_ example: Example) throws -> Migrated {
    let sections = ["version:", "services:", "networks:", "volumes:", "configs:", "secrets:", "x-"]
    return sections.contains { example.stack.hasPrefix($0) }
      ? try migrated(example.stack) : try migrated(service: example.stack)
  }

  /// The first line that does not follow the ones before it, all of them equally far to the right of where the
  /// manifest has them; nil when all do.
  static func firstMissing(_ wanted: String, in text: String) -> String? {
    let wanted = lines(wanted).filter { !$0.text.isEmpty }
    let lines = lines(text)
    guard let head = wanted.first else { return nil }
    var best = 0
    for start in lines.indices where lines[start].text == head.text {
      let shift = lines[start].indent - head.indent
      var found = 1
      for line in lines[(start + 1)...] {
        guard found < wanted.count else { break }
        if line.text == wanted[found].text, line.indent - wanted[found].indent == shift {
          found += 1
        }
      }
      best = max(best, found)
    }
    return best == wanted.count ? nil : wanted[best].text
  }

  private static func lines(_ text: String) -> [(indent: Int, text: String)] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let rest = line.drop { $0 == " " }
      return (line.count - rest.count, String(rest))
    }
  }
}
