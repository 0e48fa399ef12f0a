import Delivery
import Images
import Kubernetes
@testable import Ledger
@testable import Mapping
@testable import Report
import Swarm
import TestSupport
import Testing
import Validation

/// Which ports are taken for all of a service's, and what its Service is then.
@Suite struct DiscoveryTests {
  private static func service(
    _ text: String, _ name: String = "web", _ options: Options = Options()
  ) throws -> Kubernetes.Service? {
    try migrated(text, options).object(Kubernetes.Service.self, name)
  }

  private static func ports(_ service: Kubernetes.Service?) -> [String]? {
    service?.ports.map { "\($0.port)\($0.protocol == .udp ? "/udp" : "")" }
  }

  @Test func aServiceNamedWithoutAPortIsHeadless() throws {
    let text = """
      services:
        web: {image: web:1, ports: ["8080:80"]}
        client: {image: client:1, environment: {WEB_HOST: web}}
      """
    let service = try #require(try Self.service(text))
    #expect(service.clusterIP == .headless)
    var options = Options()
    options.serviceType = .clusterIP
    let forced = try #require(try Self.service(text, "web", options))
    #expect(forced.clusterIP == nil)
    #expect(Self.ports(forced) == ["80"])
  }

  @Test func exposeIsTheWholeList() throws {
    let service = try Self.service(
      """
      services:
        web: {image: web:1, expose: ["80", "90"]}
        client: {image: client:1, environment: {WEB_HOST: web}}
      """)
    #expect(service?.clusterIP == nil)
    #expect(Self.ports(service) == ["80", "90"])
  }

  /// Who shares no network with a service cannot mean it.
  @Test func namesAreSeenInSharedNetworksOnly() throws {
    let result = try migrated(
      """
      services:
        db_main: {image: db:1, networks: [back]}
        near: {image: near:1, networks: [back], environment: {DB: "db_main:1000"}}
        far: {image: far:1, networks: [front], environment: {DB: "db_main:2000"}}
      networks: {back: {}, front: {}}
      """)
    #expect(result.manifests.contains("value: db-main:1000"))
    #expect(result.manifests.contains("value: db_main:2000"))
    #expect(Self.ports(result.object(Kubernetes.Service.self, "db-main")) == ["1000"])
  }

  /// The engine asks `extra_hosts` first.
  @Test func extraHostsComeFirst() throws {
    let result = try migrated(
      """
      services:
        db_main: {image: db:1}
        client:
          image: client:1
          extra_hosts: ["db_main:10.0.0.9"]
          environment: {DB: "db_main:1000"}
      """)
    #expect(result.manifests.contains("value: db_main:1000"))
  }

  @Test func forcedAddressWithoutPortsSaysSo() throws {
    var options = Options()
    options.serviceType = .clusterIP
    let result = try migrated("services: {web: {image: web:1}}", options)
    #expect(result.object(Kubernetes.Service.self)?.clusterIP == .headless)
    #expect(result.finding("discovery/no-port")?.disposition == .manual)
  }

  @Test func generatedNamesAvoidServicesAndAliases() throws {
    let result = try migrated(
      """
      services:
        web: {image: web:1, ports: ["80:80"]}
        web-published: {image: other:1}
        third: {image: other:1, networks: {default: {aliases: [web-published-2, web-tasks]}}}
        client: {image: client:1, environment: {X: "http://tasks.web:80"}}
      """)
    let names = result.objects.compactMap { ($0 as? Kubernetes.Service)?.metadata.name.rawValue }
    #expect(names.count == Set(names).count, "\(names)")
    #expect(names.contains("web-published-3"))
    #expect(result.manifests.contains("http://web-tasks-2:80"))
  }

  /// Ten thousand ports are more than a Service bears; a range before one target is one port.
  @Test func hugeRangesEnd() throws {
    let result = try migrated(
      "services: {web: {image: web:1, ports: [\"40000-50000:40000-50000/udp\"]}}")
    #expect(result.finding("published-ports/too-many")?.disposition == .manual)
    #expect(result.object(Kubernetes.Service.self)?.clusterIP == .headless)
    let published = result.object(Kubernetes.Service.self, "web-published")
    #expect(published?.ports.count == 500)
  }

  /// The table is data: no image twice, every row with ports and a source.
  @Test func everyKnownImageHasOneRow() {
    var seen = Set<String>()
    for row in WellKnownPorts.rows {
      #expect(!row.source.isEmpty && !row.ports.isEmpty, "\(row.images)")
      for image in row.images { #expect(seen.insert(image).inserted, "\(image) is there twice") }
    }
  }
}
