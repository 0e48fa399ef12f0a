import Delivery
import Kubernetes
import Mapping
import Report
import Swarm
import TestSupport
import Testing
import Validation
import YAML

/// How the report shows who may connect to whom.
@Suite struct ReachabilityReportTests {
  private static let estate = """
    services:
      api: {image: "a:1", networks: [front, vault]}
      db: {image: "a:1", networks: [vault]}
      node: {image: "a:1", networks: [hostnet]}
      old: {image: "a:1", networks: [sealed]}
      web: {image: "a:1", networks: [front], ports: ["80:8080", "53:53/udp"]}
    networks:
      front:
      vault: {internal: true}
      hostnet: {external: true, name: host}
      sealed: {external: true, name: none}

    """

  @Test func aFewServicesMakeAMatrix() throws {
    #expect(
      try Self.section(migrated(Self.estate)) == """
        Who may connect to whom
          from ↓ to →  1  2  3     4  5     outside
           1  api         b  node  -  a     all
           2  db       b     -     -  -     DNS
           3  node     -  -        -  port  all
           4  old      -  -  -        -     -
           5  web      a  -  node  -        all
          a: network shop_front
          b: network shop_vault (internal)
          port: published ports only, as from outside: web 53/udp, 8080/tcp
          node: on the network of its node, where no policy applies: node

        """)
  }

  @Test func oneNetworkNeedsNoMatrix() throws {
    let stack = "services:\n  a: {image: x}\n  b: {image: x}\n"
    #expect(
      try Self.section(migrated(stack)) == """
        Who may connect to whom
          All 2 services are in network shop_default: each reaches each on every port.

        """)
  }

  @Test func oneServiceNeedsNothing() throws {
    #expect(try Self.section(migrated("services:\n  a: {image: x}\n")) == "")
  }

  @Test func manyServicesAreListedByNetwork() throws {
    var stack = "services:\n"
    for number in 1...30 {
      stack += "  s\(number): {image: x, networks: [\(number % 3 == 0 ? "back" : "front")]}\n"
    }
    stack += "networks:\n  front:\n  back: {internal: true}\n"
    let text = try Self.section(migrated(stack))
    #expect(!text.contains("from ↓ to →"))
    #expect(text.contains("network shop_back (internal): s3, s6, s9"))
    #expect(text.contains("s30\n"))
    #expect(text.contains("reach nothing outside their networks but DNS: s3, s6"))
    #expect(text.count < 600)
  }

  @Test func markdownHasTheSameMatrix() throws {
    let result = try migrated(Self.estate)
    let text = MarkdownReport(result.report).render()
    #expect(
      text.contains("## Who may connect to whom\n\n| from ↓ to → | 1 | 2 | 3 | 4 | 5 | outside |"))
    #expect(text.contains("| 3 `node` | - | - |  | - | port | all |"))
    #expect(text.contains("- a: network shop_front\n"))
  }

  /// The section of the report for a terminal.
  private static func section(_ result: Migrated) throws -> String {
    let lines = TextReport(result.report, verbose: true).render().split(
      separator: "\n", omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(of: "Who may connect to whom") else { return "" }
    let end = lines[start...].firstIndex(of: "") ?? lines.endIndex
    return lines[start..<end].joined(separator: "\n") + "\n"
  }
}
