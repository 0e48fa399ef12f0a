import Ledger
import Mapping
import Report
import Swarm
import TestSupport
import Testing
import Validation

@Suite struct QuotationTests {
  @Test(arguments: [
    ("  DB_PASSWORD: hunter2", "  DB_PASSWORD: …"),
    ("  - API_TOKEN=hunter2", "  - API_TOKEN=…"),
    ("  environment: {KEY: hunter2, B: c}", "  environment: {KEY: …"),
    (
      #"  command: ["redis", "--requirepass", "hunter2"]"#,
      #"  command: ["redis", "--requirepass", "…"#
    ),
    ("  URL: postgres://app:hunter2@db:5432/x", "  URL: postgres://app:…@db:5432/x"),
    ("  secrets:", "  secrets:"),
    ("  - source: database_password", "  - source: database_password"),
    ("  image: nginx:1.27 # plain", "  image: nginx:1.27 # plain"),
    ("  URL: http://db:5432/path@x", "  URL: http://db:5432/path@x"),
  ])
  func cutsWhatMayBeASecret(_ line: String, _ shown: String) {
    #expect(Quotations.withoutSecrets(line) == shown)
  }
}
