import Delivery
import Foundation
import Ledger
import Mapping
import Report
import TestSupport
import Testing
import Validation

/// JSON, SARIF and JUnit. `make test-report` checks them against their schemas; here is what the schemas do not say.
@Suite struct InterchangeTests {
  private func object(_ bytes: [UInt8]) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  }

  @Test func jsonHasEveryKeyOnce() throws {
    let report = try report(shop)
    let json = try object(ReportDocument(report, toolVersion: "1.2.3").json.bytes)
    let keys = try #require(json["keys"] as? [[String: Any]])
    #expect(keys.count == report.ledger.entries.count)
    #expect(Set(keys.compactMap { $0["key"] as? String }).count == keys.count)
    let findings = try #require(json["findings"] as? [[String: Any]])
    let ids = Set(findings.compactMap { $0["id"] as? String })
    #expect(ids.count == findings.count)
    #expect(keys.compactMap { $0["finding"] as? String }.allSatisfy(ids.contains))
  }

  /// Lines move when a comment is added, and a constraint moves when another one is put before it.
  @Test func identitiesStayWhenLinesMove() throws {
    let moved =
      "# A comment\n"
      + shop.replacing("[node.labels.disk", with: "[node.role == worker, node.labels.disk")
    #expect(try Set(report(shop).identities).isSubset(of: Set(report(moved).identities)))
  }

  @Test func sarifPointsAtTheKey() throws {
    let log = try object(SARIFReport(report(shop), toolVersion: "1.2.3").json.bytes)
    let run = try #require((log["runs"] as? [[String: Any]])?.first)
    let results = try #require(run["results"] as? [[String: Any]])
    let result = try #require(results.first { $0["ruleId"] as? String == "logging/driver" })
    #expect(result["level"] as? String == "error")
    let location = try #require((result["locations"] as? [[String: Any]])?.first)
    let physical = try #require(location["physicalLocation"] as? [String: Any])
    let region = try #require(physical["region"] as? [String: Any])
    #expect(region["startLine"] as? Int == 11)
    #expect(region["startColumn"] as? Int == 5)
    #expect(region["endColumn"] as? Int == 12)
    // Swarm's defaults are nobody's line, so they point at the service.
    let defaults = results.filter {
      ($0["ruleId"] as? String)?.hasSuffix("/default") == true
    }
    #expect(!defaults.isEmpty)
    for result in defaults {
      let location = try #require((result["locations"] as? [[String: Any]])?.first)
      let logical = try #require((location["logicalLocations"] as? [[String: Any]])?.first)
      #expect((logical["fullyQualifiedName"] as? String)?.hasPrefix("services.") == true)
    }
  }

  @Test func sarifAndJUnitHideNothingBehindMarkup() throws {
    let hostile = try report(
      """
      services:
        web:
          image: nginx:1.27
          logging: {driver: '<script>alert("&")</script>', options: {"]]>": "\\x07"}}
      """)
    let xml = JUnitReport(hostile).render()
    #expect(!xml.contains("<script>"))
    #expect(xml.contains("&lt;script&gt;alert(&quot;&amp;&quot;)"))
    #expect(!xml.contains("]]>"))
    #expect(!xml.utf8.contains(7))
    #expect(XMLChecker.isWellFormed(xml))
    _ = try object(SARIFReport(hostile, toolVersion: "1").json.bytes)
  }

  @Test func junitFailsWhatNeedsWork() throws {
    let xml = try JUnitReport(report(shop)).render()
    #expect(xml.contains("<testsuite name=\"shop.api\""))
    #expect(
      xml.contains("name=\"services.api.logging [logging/driver]\">\n      <failure type=\"lost\""))
    #expect(xml.contains("[update-policy/delay]\">\n      <system-out>"))
  }
}

/// Tags that match, attributes that are quoted; enough for what the program itself writes.
enum XMLChecker {
  static func isWellFormed(_ text: String) -> Bool {
    var open: [Substring] = []
    var rest = text[...]
    while let start = rest.firstIndex(of: "<") {
      guard let end = rest[start...].firstIndex(of: ">") else { return false }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("?") || tag.hasSuffix("/") { continue }
      if tag.hasPrefix("/") {
        guard open.popLast() == tag.dropFirst() else { return false }
      } else {
        open.append(tag.prefix { $0 != " " })
      }
    }
    return open.isEmpty
  }
}
