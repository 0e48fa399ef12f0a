import Delivery
import Ledger
import Mapping
import Report
import TestSupport
import Testing
import Validation

@Suite struct TextReportTests {
  private let text = try! TextReport(report(shop)).render()

  @Test func beginsWithTheVerdict() {
    #expect(text.hasPrefix("Moves with work: "))
    #expect(text.contains("3 services, "))
    #expect(text.contains("Readiness "))
  }

  @Test func quotesTheLineWithACaret() {
    #expect(
      text.contains(
        """
                   11 |     logging: {driver: syslog}
                      |     ^~~~~~~
        """), "\(text)")
  }

  /// What is lost in `api` comes before the `manual` of `user_db`, and a service with nothing to do comes last.
  @Test func theWorstComesFirst() throws {
    let api = try #require(text.firstRange(of: "\napi → "))
    let database = try #require(text.firstRange(of: "\nuser_db → "))
    #expect(api.lowerBound < database.lowerBound)
  }

  @Test func saysWhatOnlyInformsInOneLine() {
    #expect(text.contains("deploy.update_config.delay"))
    #expect(!text.contains("Instead of waiting"))
    let verbose = try? TextReport(report(shop), verbose: true).render()
    #expect(verbose?.contains("Instead of waiting") == true)
  }

  @Test func ordersTheMove() {
    #expect(text.contains("order    1 user_db; 2 api; 3 web"))
  }

  @Test func hasColourOnlyWhereAsked() throws {
    #expect(!text.contains("\u{1B}"))
    #expect(try TextReport(report(shop), color: true).render().contains("\u{1B}[31mlost"))
  }

  /// A secret in the stack file is in no report.
  @Test func quotesNoSecret() throws {
    let report = try report(shop)
    let texts = [
      TextReport(report, verbose: true).render(), MarkdownReport(report).render(),
      String(decoding: ReportDocument(report, toolVersion: "1").json.bytes, as: UTF8.self),
      String(decoding: SARIFReport(report, toolVersion: "1").json.bytes, as: UTF8.self),
      JUnitReport(report).render(),
    ]
    for text in texts {
      #expect(text.contains("API_TOKEN"))
      #expect(!text.contains("hunter2"))
      #expect(!text.contains("sesame"))
    }
  }
}
