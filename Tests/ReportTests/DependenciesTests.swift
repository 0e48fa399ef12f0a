import Delivery
import Kubernetes
import Ledger
import Mapping
import Report
import Stack
import Swarm
import TestSupport
import Testing
import Validation

@Suite struct DependenciesTests {
  private func waves(_ text: String) throws -> [[String]] {
    let report = try migrated(text).report
    return report.runbook(report.estate).waves.map(\.services)
  }

  @Test func namesInValuesGiveTheOrder() throws {
    let waves = try waves(
      """
      services:
        web: {image: "nginx:1", environment: {API: "http://api:8080/x"}}
        worker: {image: "worker:1", command: [run, --redis=cache:6379]}
        api: {image: "api:1", environment: {DB_HOST: db, NAME: web}}
        db: {image: "postgres:16"}
        cache: {image: "redis:7"}
      """)
    #expect(waves == [["cache", "db"], ["api", "worker"], ["web"]])
  }

  @Test func fullNamesAliasesAndDependsOnCount() throws {
    let waves = try waves(
      """
      services:
        a: {image: "a:1", environment: {URL: "amqp://u@shop_b:5672"}}
        b: {image: "b:1", depends_on: [c]}
        c: {image: "c:1", environment: {PEERS: "store:80,other"}}
        d: {image: "d:1", networks: {default: {aliases: [store]}}}
      networks:
        default: {}
      """)
    #expect(waves == [["d"], ["c"], ["b"], ["a"]])
  }

  /// Two that need each other move together, and what needs them comes after both.
  @Test func circlesMoveTogether() throws {
    let waves = try waves(
      """
      services:
        top: {image: "t:1", environment: {X_URL: "http://one"}}
        one: {image: "o:1", environment: {X_URL: "http://two"}}
        two: {image: "w:1", environment: {X_URL: "http://one"}}
      """)
    #expect(waves == [["one", "two"], ["top"]])
  }

  /// A database that calls back to a web hook does not wait for it.
  @Test func dataStoresNeverWaitForOthers() throws {
    let waves = try waves(
      """
      services:
        hook: {image: "hook:1", environment: {DB_HOST: kafka}}
        kafka: {image: "bitnami/kafka:3", environment: {ZOO_SERVER: "zookeeper:2181", HOOK_URL: "http://hook"}}
        zookeeper: {image: "zookeeper:3"}
        exporter: {image: "oliver006/redis-exporter:1"}
      """)
    #expect(waves.first == ["zookeeper"])
    #expect(waves[1].contains("kafka"))
    #expect(waves.last?.contains("hook") == true)
    #expect(waves.flatMap { $0 }.count == 4)
  }
}
