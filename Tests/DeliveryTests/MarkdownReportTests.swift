import Delivery
import Ledger
import Mapping
import Report
import TestSupport
import Testing

@Suite struct MarkdownReportTests {
  @Test func showsEveryServiceBeforeAndAfter() throws {
    let text = try MarkdownReport(report(shop)).render()
    #expect(text.contains("| Workload | `replicated, 2 tasks` | `Deployment/web, 2 pods` |"))
    #expect(text.contains("| Workload | `replicated, 1 task` | `Deployment/user-db, 1 pod` |"))
    #expect(text.contains("`volume data → /var/lib/postgresql/data`"))
  }

  @Test func listsTheEstate() throws {
    let text = try MarkdownReport(report(shop)).render()
    #expect(text.contains("## Node labels to set"))
    #expect(text.contains("| `disk=ssd` | `user_db` |"))
    #expect(text.contains("| `data` | 1Gi | default | ReadWriteOnce | `user_db` |"))
    #expect(text.contains("| `nginx` | `web` |"))
    #expect(text.contains("| memory reserved | 256Mi | 768Mi |"))
  }

  @Test func theRunbookGoesFromDataToEdge() throws {
    let text = try MarkdownReport(report(shop)).render()
    let parts = [
      "Prepare the cluster", "Lay the foundation", "Stop the Swarm's services",
      "docker service scale shop_web=0", "docker service scale shop_user_db=0", "Copy the data",
      "Wave 1: data stores", "Wave 2", "Wave 3", "The way back",
      "docker service scale shop_user_db=1", "docker service scale shop_web=2",
    ]
    var rest = text[...]
    for part in parts {
      let range = try #require(rest.firstRange(of: part), "\(part) is not there, or too early")
      rest = rest[range.upperBound...]
    }
  }

  /// Whatever the input holds is text: no tag, no table cell, no end of a code block.
  @Test func escapesTheInput() throws {
    let text = try MarkdownReport(
      report(
        """
        services:
          web:
            image: nginx:1.27
            environment: {"A|B": "```x"}
            logging: {driver: "<img src=x>|`*[y](z)"}
        """)
    ).render()
    // In a fenced block nothing is markup.
    var fence: Substring?
    for line in text.split(separator: "\n") {
      let mark = line.drop { $0 == " " }.prefix { $0 == "`" }
      if let open = fence {
        if mark == open { fence = nil }
      } else if mark.count > 2 {
        fence = mark
      } else {
        // Nor is anything within a span of code, which no value can end.
        #expect(!line.replacing(/`[^`]+`/, with: "").contains("<img"))
      }
    }
    #expect(text.contains(#"A\|B"#))
    #expect(text.contains("````text"))
  }
}
