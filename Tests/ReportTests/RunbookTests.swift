import Delivery
import Images
import Kubernetes
import Ledger
import Mapping
import Proxies
import Report
import Swarm
import TestSupport
import Testing
import Validation
import YAML

@Suite struct RunbookTests {
  private func steps(_ text: String) throws -> [Runbook.Step] {
    let report = try migrated(text).report
    return report.runbook(report.estate).steps
  }

  /// Nothing is stopped before the traffic has turned where nothing is kept.
  @Test func withoutDataBothRunSideBySide() throws {
    let steps = try steps(
      """
      services:
        web: {image: "nginx:1.27", ports: ["80:80"], environment: {API: "http://api:8080/"}}
        api: {image: "api:1", tmpfs: /tmp}
      """)
    #expect(
      steps.map(\.title) == [
        "Prepare the cluster", "Lay the foundation", "Wave 1: services that need no other",
        "Wave 2: services on top of them", "Turn the traffic", "Stop the Swarm's services",
        "The way back",
      ])
    #expect(!steps.contains { $0.text.contains("outage") })
  }

  /// A writable mount of the node is data; one that is only read is not.
  @Test(arguments: [("/srv/files:/files", true), ("/etc/localtime:/etc/localtime:ro", false)])
  func whatIsWrittenTakesAnOutage(_ mount: String, _ isOutage: Bool) throws {
    let steps = try steps(
      """
      services:
        web: {image: "nginx:1.27", ports: ["80:80"], volumes: ["\(mount)"]}
      """)
    #expect(steps.contains { $0.text.contains("outage") } == isOutage)
  }

  /// The size is asked for ahead of time, and nothing that does not run yet is scaled down.
  @Test func dataIsMeasuredFirstAndCopiedBeforeTheStart() throws {
    let steps = try steps(
      """
      services:
        db: {image: "postgres:16", volumes: ["data:/var/lib/postgresql/data"]}
      volumes: {data: {}}
      """)
    let prepare = try #require(steps.first { $0.title == "Prepare the cluster" })
    #expect(
      prepare.commands.map(\.annotated).contains(
        "docker run --rm -v shop_data:/data:ro alpine du -sh /data"))
    let copy = try #require(steps.first { $0.title == "Copy the data" })
    #expect(copy.commands.count == 4)
    #expect(copy.commands.shell.contains(" -xf -"))
    #expect(!copy.commands.shell.contains("scale"))
    #expect(!copy.commands.shell.contains("du -sh"))
  }

  /// Each host is asked at the address that its route will have, before its name leads there.
  @Test func hostsAreAskedAtTheirNewAddress() throws {
    let steps = try steps(
      """
      services:
        web:
          image: nginx:1.27
          deploy:
            labels:
              traefik.enable: "true"
              traefik.http.routers.web.rule: Host(`a.example.com`) || Host(`b.example.com`)
              traefik.http.routers.web.tls: "true"
              traefik.http.services.web.loadbalancer.server.port: "80"
      """)
    let turn = try #require(steps.first { $0.title == "Turn the traffic" })
    #expect(turn.text.contains("Point a.example.com, b.example.com to"))
    #expect(turn.commands.map(\.annotated) == ["kubectl -n shop get ingress"])
    #expect(
      turn.checks.first?.annotated
        == "curl -sSk -o /dev/null -w '%{http_code}\\n' --connect-to \"::$(kubectl -n shop get ingress web "
        + "-o jsonpath='{.status.loadBalancer.ingress[0].ip}{.status.loadBalancer.ingress[0].hostname}'):\" https://a.example.com/"
    )
  }

  /// What keeps pods down is said before what is lost without harm.
  @Test func firstThingsAreThoseThatHurtFirst() throws {
    let report = try migrated(
      """
      services:
        a:
          image: "a:1"
          logging: {driver: syslog}
          networks: [secure]
          volumes: ["data:/data"]
          secrets: [key]
          deploy: {placement: {constraints: [node.labels.pool != batch]}}
      networks: {secure: {driver_opts: {encrypted: ""}}}
      volumes: {data: {}}
      secrets: {key: {external: true}}
      """
    ).report
    #expect(
      report.firstThings.prefix(4).map(\.message.slug) == [
        "secrets/external", "volumes/copy-data", "networks/encrypted", "placement/avoid-nodes",
      ])
  }

  /// What somebody has accepted needs nobody any more.
  @Test func firstThingsLeaveOutWhatIsAccepted() throws {
    let report = try migrated(
      """
      x-stackferry: {accept: {logging/driver: Loki collects}}
      services:
        a: {image: "a:1", logging: {driver: syslog}, secrets: [key]}
      secrets: {key: {external: true}}
      """
    ).report
    #expect(report.firstThings.map(\.message.slug) == ["secrets/external"])
  }

  /// What `kubectl apply -l` of all steps together reaches is everything, and what runs comes with its wave alone.
  @Test(arguments: Fixture.all)
  func everyObjectIsAppliedOnceAtItsTime(_ fixture: Fixture) throws {
    let result = try fixture.migrate()
    let report = result.report
    let steps = report.runbook(report.estate).steps
    func selectors(_ isMeant: (Runbook.Step) -> Bool) -> [Selector] {
      Set(steps.filter(isMeant).flatMap(\.commands).map(\.annotated)).compactMap(Selector.init)
    }
    let foundation = selectors { $0.title == "Lay the foundation" }
    let waves = selectors { $0.title.hasPrefix("Wave ") }
    #expect(foundation.count == 1)
    for object in result.migration.stacks.flatMap(\.objects) {
      let labels = object.metadata.labels
      let what = "\(fixture.path): \(object.reference)"
      let isEarly = foundation.contains { $0.matches(labels) }
      let number = waves.count { $0.matches(labels) }
      #expect(isEarly ? number == 0 : number == 1, "\(what)")
      // Copies go into claims before any pod is there.
      if object is PersistentVolumeClaim { #expect(isEarly, "\(what)") }
      if object is any PodOwner { #expect(!isEarly, "\(what)") }
    }
  }

  /// A selector as these commands have them: `!key`, `key=value` and `key in (a,b)`.
  private struct Selector {
    private var absent: [String] = []
    private var wanted: [(key: String, values: [String])] = []

    init?(_ command: String) {
      guard command.hasPrefix("kubectl apply"), let start = command.firstRange(of: "-l '") else {
        return nil
      }
      let text = command[start.upperBound...].prefix { $0 != "'" }
      // Commas inside brackets part values.
      var depth = 0
      let parts = text.split { character in
        depth += character == "(" ? 1 : character == ")" ? -1 : 0
        return character == "," && depth == 0
      }
      for part in parts {
        if part.hasPrefix("!") {
          absent.append(String(part.dropFirst()))
        } else if let list = part.firstRange(of: " in (") {
          let values = part[list.upperBound...].dropLast().split(separator: ",").map(String.init)
          wanted.append((String(part[..<list.lowerBound]), values))
        } else {
          let sides = part.split(separator: "=").map(String.init)
          wanted.append((sides[0], [sides[1]]))
        }
      }
    }

    func matches(_ labels: Labels) -> Bool {
      func value(_ key: String) -> String? { LabelKey(key).flatMap { labels[$0]?.rawValue } }
      return absent.allSatisfy { value($0) == nil }
        && wanted.allSatisfy { item in value(item.key).map(item.values.contains) ?? false }
    }
  }
}
