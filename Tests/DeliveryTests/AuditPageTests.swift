import Delivery
import Foundation
import TestSupport
import Testing

/// The documentation of the audit.
@Suite struct AuditPageTests {
  @Test func pageIsUpToDate() throws {
    let file = Testdata.root.appending(path: "docs/audit.md")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    let isSame = text == AuditPage.markdown
    #expect(isSame, "docs/audit.md is out of date, run make docs")
  }

  @Test func findingsAreExplained() {
    #expect(AuditPage.explanation("image/apk-cache")?.contains("--no-cache") == true)
    #expect(AuditPage.explanation("stack/no-limits")?.contains("limits") == true)
    #expect(AuditPage.explanation("image/no-such-thing") == nil)
    #expect(AuditPage.explanation("image") == nil)
  }
}
