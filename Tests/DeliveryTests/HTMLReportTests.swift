import Delivery
import Ledger
import Mapping
import Report
import TestSupport
import Testing

@Suite struct HTMLReportTests {
  private func page(_ text: String) throws -> String {
    String(decoding: try HTMLReport(report(text), toolVersion: "1.2.3").render(), as: UTF8.self)
  }

  @Test func isOneFileThatFetchesNothing() throws {
    let page = try page(shop)
    for word in ["src=", "@import", "url(", "<link", "http-equiv=\"refresh\""] {
      #expect(!page.contains(word), "\(word)")
    }
    #expect(page.contains("default-src 'none'"))
    for tag in ["{{#", "{{/", "{{^", "{{{"] { #expect(!page.contains(tag), "\(tag) was left") }
  }

  @Test func holdsEveryPart() throws {
    let page = try page(shop)
    for part in [
      "First things to do", "<figcaption>Before: Swarm", "<figcaption>After: Kubernetes",
      "id=\"service-shop-user_db\"", "Deployment/user-db", "Label nodes: <code>disk=ssd</code>",
      "<h2 id=\"runbook\">", "services.api.logging", "data-d=\"lost\"",
    ] {
      #expect(page.contains(part), "\(part)")
    }
  }

  @Test func whatStandsInBackticksIsCode() throws {
    let page = try page(shop)
    #expect(page.contains("The data of the volume <code>shop_data</code> is not moved"))
  }

  /// Nothing from the input becomes markup, in the text, in an attribute, or in a drawing.
  @Test func everythingIsEscaped() throws {
    let page = try page(
      """
      services:
        web:
          image: 'nginx:1.27"><script>alert(1)</script>'
          environment: {"<script>alert(2)</script>": "x", "K": "`</code><script>alert(3)</script>`"}
          logging: {driver: "'\\"><img src=x onerror=alert(4)>"}
          volumes: ["/a</text><script>alert(5)</script>:/data"]
      """)
    #expect(!page.contains("<script>alert"))
    #expect(!page.contains("<img"))
    #expect(page.contains("&lt;script&gt;alert"))
    #expect(page.components(of: "<script>") == 1)
  }
}

extension String {
  fileprivate func components(of word: String) -> Int { ranges(of: word).count }
}
