import Migration
import Testing

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
    #expect(prepare.commands.contains("docker run --rm -v shop_data:/data:ro alpine du -sh /data"))
    let copy = try #require(steps.first { $0.title == "Copy the data" })
    #expect(copy.commands.count == 1)
    #expect(copy.commands[0].contains(" -xf -"))
    #expect(!copy.commands[0].contains("scale"))
    #expect(!copy.commands[0].contains("du -sh"))
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
    #expect(turn.commands == ["kubectl -n shop get ingress"])
    #expect(
      turn.checks.first
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
}
