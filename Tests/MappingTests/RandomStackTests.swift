import Kubernetes
import Ledger
import Mapping
import Report
import Swarm
import TestSupport
import Testing
import Validation

/// Whatever Docker accepts is accounted for, and gives objects that the API server accepts.
@Suite struct RandomStackTests {
  private static let count = 600

  /// What is chosen on the command line, in turn.
  private static let options: [Options] = {
    var oldest = Options()
    oldest.kubernetes = .oldest
    oldest.publish = .nodePort
    oldest.secrets = .omit
    var other = Options()
    other.secrets = .externalSecrets
    other.serviceType = .headless
    other.publish = .ingress
    other.requestsFromLimits = 0.3
    other.nodes = 200_000
    var bare = Options()
    bare.publish = .none
    bare.routes = .none
    bare.rewriteHosts = false
    bare.secrets = .sealed
    bare.skipInfrastructure = true
    return [Options(), oldest, other, bare]
  }()

  @Test(arguments: 0..<20)
  func isAccountedForAndLegal(_ batch: Int) throws {
    let size = Self.count / 20
    for number in (batch * size)..<((batch + 1) * size) {
      var random = RandomStack(number)
      let text = random.text()
      let options = Self.options[number % Self.options.count]
      let result = try migrated(
        [(number % 3 == 0 ? "My_Shop.1" : "shop", text)], options,
        files: VirtualFolder(RandomStack.files), environment: [:])
      let ledger = result.migration.ledger
      let open = ledger.unsettled.map(result.keys.path)
      #expect(open == [], "stack \(number): \(text)")
      let conflicts = ledger.conflicts.map(result.keys.path)
      #expect(conflicts == [], "stack \(number): \(text)")
      let problems = result.objects.problems(minor: options.kubernetes.minor).map(\.description)
      #expect(problems == [], "stack \(number): \(text)")
      for finding in result.findings {
        #expect(!finding.message.text.contains("hunter2"), "stack \(number)")
        #expect(finding.message.remedy?.contains("hunter2") != true, "stack \(number)")
      }
    }
  }

  /// The same stack twice gives the same bytes.
  @Test func isDeterministic() throws {
    for number in 0..<20 {
      var first = RandomStack(number)
      var second = RandomStack(number)
      let (one, two) = (
        try Self.migrate(first.text()),
        try Self.migrate(second.text())
      )
      #expect(one.manifests == two.manifests)
      #expect(one.text == two.text)
    }
  }

  private static func migrate(_ text: String) throws -> Migrated {
    try migrated(
      [("shop", text)], Options(), files: VirtualFolder(RandomStack.files), environment: [:])
  }
}
