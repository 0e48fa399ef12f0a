import Delivery
import Images
import Kubernetes
import Ledger
import Mapping
import Report
import Swarm
import TestSupport
import Testing
import Validation

/// The images section of the report, and the runbook's first wave.
@Suite struct ImageStateTests {
  private let report = try! Fixture(path: "features/image-facts/with").migrate().report

  @Test func everyServiceHasItsImage() throws {
    let images = report.estate.images
    #expect(images.map(\.service) == ["api", "canary", "web", "worker"])
    #expect(images.allSatisfy { $0.pin == .version })
    #expect(
      images.map(\.evidence) == [
        "api/Dockerfile", "api/Dockerfile", "web/Dockerfile", "worker/Dockerfile",
      ])
    #expect(images.map(\.user) == ["api (10001)", "20002", "101:101", "worker, by name"])
    #expect(images.map(\.ports) == [["3000"], ["3000"], ["8443", "443"], []])
    #expect(images.map(\.check) == [.image, .none, .image, .stack])
    #expect(images.allSatisfy { $0.audit != nil })
  }

  @Test func whatIsKnownWithoutADockerfile() throws {
    let report = try migrated(
      """
      services:
        a: {image: "postgres:16@sha256:\(String(repeating: "a", count: 64))"}
        b: {image: nginx, user: "101"}
        c: {image: "shop/own:1", healthcheck: {test: up}}
        d: {image: "shop/gone:1", build: ./gone}
        e: {image: "Shop:1"}
      """
    ).report
    let images = report.estate.images
    #expect(images.map(\.pin) == [.digest, .moving, .version, .version, .refused])
    #expect(images.map(\.user) == ["root", "101", nil, nil, nil])
    #expect(images.map(\.ports) == [["5432"], ["80"], [], [], []])
    #expect(images.map(\.check) == [.unknown, .unknown, .stack, .unknown, .unknown])
    #expect(images[3].evidence == "gone/Dockerfile")
    #expect(images[3].problem != nil)
    #expect(images[2].evidence == nil)
  }

  private func wave(_ text: String, files: [String: [UInt8]] = [:]) throws -> Runbook.Step? {
    let report = try migrated(text, files: files).report
    let runbook = report.runbook(report.estate)
    let step = runbook.steps.first { $0.title == "Wave 0: images" }
    #expect(runbook.waves.contains(where: \.isOfImages) == (step != nil))
    #expect(step == nil || runbook.steps.first?.title == step?.title)
    return step
  }

  @Test func nothingToDoIsNoWave() throws {
    #expect(try wave("services: {web: {image: \"nginx:1.27\"}}") == nil)
    #expect(
      try wave("services: {web: {image: \"registry.example/shop/web:1\"}}") == nil)
  }

  @Test func pinsWhatMoves() throws {
    let step = try #require(
      try wave("services: {web: {image: nginx}, api: {image: nginx}, db: {image: \"postgres:16\"}}")
    )
    #expect(step.commands.map(\.annotated) == ["docker buildx imagetools inspect nginx"])
    #expect(step.text.contains("Pin api, web"))
  }

  @Test func movesWhatOnlyTheSwarmHas() throws {
    let step = try #require(
      try wave("services: {web: {image: \"127.0.0.1:5000/shop/web:1\"}}"))
    #expect(
      step.commands.map(\.annotated) == [
        "docker pull 127.0.0.1:5000/shop/web:1",
        "docker tag 127.0.0.1:5000/shop/web:1 \"${REGISTRY:?}\"/shop/web:1",
        "docker push \"${REGISTRY:?}\"/shop/web:1",
      ])
  }

  @Test func mendsBuildsAndPushes() throws {
    let dockerfile = Array("FROM node\nCMD node server.js\n".utf8)
    let step = try #require(
      try wave(
        """
        services:
          web: {image: "shop/web:1", build: ./web}
          api: {image: "registry.example/shop/api:1", build: ./web}
        """, files: ["web/Dockerfile": dockerfile]))
    #expect(
      step.commands.map(\.annotated) == [
        "stackferry audit -c stack.yml", "stackferry audit -c stack.yml --diff",
        "docker compose -f stack.yml build api web",
        "docker tag shop/web:1 \"${REGISTRY:?}\"/shop/web:1",
        "docker push \"${REGISTRY:?}\"/shop/web:1",
        "docker push registry.example/shop/api:1",
      ])
    #expect(step.text.contains("Push api under a new tag"))
  }

  @Test func namesWhatIsOnlyBuilt() throws {
    let step = try #require(try wave("services: {web: {build: ./web}}"))
    #expect(
      step.commands.map(\.annotated) == [
        "docker compose -p shop -f stack.yml build web",
        "docker tag shop-web \"${REGISTRY:?}\"/shop-web:1",
        "docker push \"${REGISTRY:?}\"/shop-web:1",
      ])
  }

  /// What Docker refuses can be neither built nor pushed, and a file's name is one word.
  @Test func commandsCanBePasted() throws {
    #expect(try wave("services: {web: {image: \"a;id:1\", build: ./web}}") == nil)
    let file = Array("FROM node\nCMD node server.js\n".utf8)
    let report = try migrated(
      [
        ("our shop", "services: {web: {image: \"registry.example/web:1\", build: ./web}}"),
        ("edge", "services: {web: {image: \"nginx:1.27\"}}"),
      ], Options(), files: VirtualFolder(["web/Dockerfile": file]), environment: [:]
    ).report
    let commands = report.runbook(report.estate).steps[0].commands.map(\.annotated)
    #expect(
      commands.first == "stackferry audit --stack 'our shop=our shop.yml' --stack edge=edge.yml")
    #expect(commands.contains("docker compose -f 'our shop.yml' build web"))
  }
}
