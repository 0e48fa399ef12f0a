import Delivery
import Images
import Kubernetes
import Ledger
import Mapping
import Proxies
import Report
import Stack
import Swarm
import TestSupport
import Testing
import Validation
import YAML

/// What an image declares makes better manifests, and every use of it is a finding.
@Suite struct ImageFactsTests {
  private let with = try! Fixture(path: "features/image-facts/with").migrate()
  private let without = try! Fixture(path: "features/image-facts/without").migrate()

  private func container(_ migrated: Migrated, _ name: String) throws -> Container {
    try #require(migrated.object(Deployment.self, name)?.template.spec.containers.first)
  }

  private func command(_ probe: Probe?) -> [String] {
    guard case .exec(let words)? = probe?.handler else { return [] }
    return words
  }

  @Test func theImagesHealthCheckBecomesTheProbes() throws {
    let api = try container(with, "api")
    let probe = try #require(api.livenessProbe)
    #expect(
      command(probe) == ["/bin/sh", "-c", "curl -fsS http://localhost:3000/health || exit 1"])
    #expect(probe.periodSeconds == 15)
    #expect(probe.timeoutSeconds == 2)
    #expect(probe.failureThreshold == 4)
    // 20 s to start and four failures 15 s apart, looked at each 5 s.
    #expect(api.startupProbe?.periodSeconds == 5)
    #expect(api.startupProbe?.failureThreshold == 16)
    #expect(try container(without, "api").livenessProbe == nil)
  }

  /// The stack's interval, the image's test and timeout.
  @Test func timingsAreMergedFieldByField() throws {
    let web = try #require(try container(with, "web").livenessProbe)
    #expect(command(web) == ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8443/"])
    #expect(web.periodSeconds == 10)
    #expect(web.timeoutSeconds == 5)
    #expect(web.failureThreshold == 3)
    // The stack's test, the image's interval and retries.
    let worker = try #require(try container(with, "worker").livenessProbe)
    #expect(command(worker) == ["/worker", "--check"])
    #expect(worker.periodSeconds == 45)
    #expect(worker.failureThreshold == 2)
    #expect(try container(without, "worker").livenessProbe?.periodSeconds == 30)
    #expect(try container(with, "canary").livenessProbe == nil)
    #expect(with.slugs.contains("healthcheck/timings-of-image"))
    #expect(without.slugs.contains("healthcheck/test-in-image"))
    #expect(!with.slugs.contains("healthcheck/test-in-image"))
  }

  @Test func portsMakeAVirtualAddress() throws {
    func ports(_ migrated: Migrated, _ name: String) throws -> [Int] {
      try #require(migrated.object(Kubernetes.Service.self, name)).ports.map {
        Int($0.port.rawValue)
      }
    }
    // EXPOSE, and what ENV tells it to listen on.
    #expect(try ports(with, "api") == [3000, 9464])
    // A build argument, and the base image's own port.
    #expect(try ports(with, "web") == [80, 443, 8443])
    #expect(try ports(without, "web") == [])
    #expect(try ports(with, "canary") == [3000, 9000, 9464])
  }

  @Test func theUserIsWrittenOut() throws {
    let api = try #require(with.object(Deployment.self, "api")).template.spec
    #expect(api.containers[0].securityContext.runAsUser == 10001)
    #expect(api.containers[0].securityContext.runAsNonRoot == true)
    #expect(api.containers[0].securityContext.runAsGroup == nil)
    #expect(api.securityContext.fsGroup == 10001)
    #expect(api.securityContext.sysctls.isEmpty)
    let web = try #require(with.object(Deployment.self, "web")).template.spec
    #expect(web.containers[0].securityContext.runAsUser == 101)
    #expect(web.containers[0].securityContext.runAsGroup == 101)
    #expect(
      web.securityContext.sysctls.map(\.name) == ["net.ipv4.ip_unprivileged_port_start"])
    // The stack's user goes before the image's.
    #expect(try container(with, "canary").securityContext.runAsUser == 20002)
    #expect(try container(with, "canary").securityContext.runAsNonRoot == nil)
    #expect(try container(with, "worker").securityContext.runAsUser == nil)
    #expect(with.slugs.contains("security/user-of-image-by-name"))
  }

  /// The image sends it by itself: no feature gate is needed.
  @Test func anEqualStopSignalIsTheImages() throws {
    #expect(try container(with, "web").lifecycle.stopSignal == nil)
    #expect(with.slugs.contains("stop-grace/signal-of-image"))
    #expect(try container(without, "web").lifecycle.stopSignal == "SIGQUIT")
  }

  @Test func everyUseNamesItsLine() throws {
    func place(_ slug: String) -> String? { with.finding(slug)?.message.evidence?.place }
    #expect(place("healthcheck/of-image") == "api/Dockerfile:14")
    #expect(place("security/user-of-image") == "api/Dockerfile:16")
    #expect(place("volumes/of-image") == "api/Dockerfile:12")
    #expect(place("stop-grace/signal-of-image") == "web/Dockerfile:6")
    #expect(
      with.finding("discovery/cluster-ip")?.message.text.contains(
        "`EXPOSE 3000` in api/Dockerfile:13")
        == true)
  }

  // MARK: Small stacks

  private func migratedWith(
    _ dockerfile: String, _ keys: String = "", _ options: Options = Options()
  ) throws -> Migrated {
    try migrated(
      "services:\n  web:\n    image: shop/web:1\n    build: ./web\n" + indented(keys, by: 4),
      options, files: ["web/Dockerfile": Array(dockerfile.utf8)])
  }

  @Test func noneInTheImageBeatsTimingsOfTheStack() throws {
    let result = try migratedWith(
      "FROM debian:12\nHEALTHCHECK NONE\n", "healthcheck: {interval: 5s}")
    #expect(try container(result, "web").livenessProbe == nil)
    #expect(result.disposition("services.web.healthcheck.interval") == .kept)
    #expect(!result.slugs.contains("healthcheck/test-in-image"))
  }

  @Test func theShellOfTheImageRunsTheTest() throws {
    let result = try migratedWith(
      "FROM debian:12\nSHELL [\"/bin/bash\", \"-eo\", \"pipefail\", \"-c\"]\n",
      "healthcheck: {test: check | grep ok}")
    #expect(
      command(try container(result, "web").livenessProbe)
        == ["/bin/bash", "-eo", "pipefail", "-c", "check | grep ok"])
  }

  @Test func rootIsSaid() throws {
    let result = try migratedWith("FROM node:24\nUSER root\n")
    #expect(
      result.finding("security/root-by-image")?.message.text.contains(
        "`USER root` in web/Dockerfile:2")
        == true)
    #expect(try container(result, "web").securityContext.runAsNonRoot == nil)
    // No USER: of an official base it is known, of any other it is not.
    #expect(try migratedWith("FROM node:24\n").slugs.contains("security/root-by-image"))
    #expect(!(try migratedWith("FROM shop/base:3\n").slugs.contains("security/root-by-image")))
  }

  @Test func hardeningHeedsTheImage() throws {
    var options = Options()
    options.harden = true
    let root = try migratedWith("FROM node:24\n", "", options)
    #expect(try container(root, "web").securityContext.runAsNonRoot == nil)
    let name = try migratedWith("FROM debian:12\nUSER app\n", "", options)
    #expect(try container(name, "web").securityContext.runAsNonRoot == nil)
    #expect(try container(name, "web").securityContext.droppedCapabilities == ["ALL"])
    let number = try migratedWith("FROM debian:12\nUSER 1000\n", "", options)
    #expect(try container(number, "web").securityContext.runAsNonRoot == true)
    #expect(!number.slugs.contains("hardening/user-of-image"))
  }

  @Test func anotherSignalOfTheImageWins() throws {
    var options = Options()
    options.kubernetes = .init("1.31")!
    let result = try migratedWith(
      "FROM debian:12\nSTOPSIGNAL SIGINT\n", "stop_signal: SIGTERM", options)
    #expect(result.disposition("services.web.stop_signal") == .lost)
    #expect(result.slugs.contains("stop-grace/signal-of-image-wins"))
  }

  /// A port below 1024 is everybody's in Docker, whoever names the user.
  @Test func lowPortsNeedASysctl() throws {
    let stack = try migrated(service: "image: web:1\nuser: \"1000\"\nports: [\"8080:80\"]")
    let pod = try #require(stack.object(Deployment.self)).template.spec
    #expect(pod.securityContext.sysctls.map(\.value) == ["0"])
    let own = try migrated(
      service: "image: web:1\nuser: \"1000\"\nexpose: [80]\n"
        + "sysctls: {net.ipv4.ip_unprivileged_port_start: \"80\"}")
    #expect(
      try #require(own.object(Deployment.self)).template.spec.securityContext.sysctls.map(\.value)
        == ["80"])
    let root = try migrated(service: "image: web:1\nports: [\"8080:80\"]")
    #expect(
      try #require(root.object(Deployment.self)).template.spec.securityContext.sysctls.isEmpty)
  }

  @Test(arguments: [
    ("build: ./web", "web/Dockerfile", "no such file"),
    ("build: ../web", "../web/Dockerfile", "not in the stack's folder"),
    ("build: {context: ., dockerfile: /etc/passwd}", "etc/passwd", "not in the stack's folder"),
    ("build: https://me:hunter2@git.example/web.git", "https://git.example/web.git", "not in"),
  ])
  func whatIsNotReadIsSaid(_ keys: String, _ path: String, _ reason: String) throws {
    let result = try migrated(service: "image: web:1\n" + keys)
    let text = try #require(result.finding("image/dockerfile-unread")?.message.text)
    #expect(text.contains("names \(path)") || text.contains("/\(path)"), "\(text)")
    #expect(text.contains(reason), "\(text)")
    #expect(!result.text.contains("hunter2"))
    #expect(!result.slugs.contains("image/dockerfile-as-evidence"))
  }

  @Test func whatTheBuilderRefusesIsNoEvidence() throws {
    let result = try migratedWith("FROM debian:12\nEXPOSE\nUSER 1000\n")
    #expect(result.finding("image/dockerfile-unread")?.message.text.contains("line 2") == true)
    #expect(try container(result, "web").securityContext.runAsUser == nil)
  }
}
