import Images
import Swarm
import TestSupport
import Testing

@Suite struct DeclaredFactsTests {
  private func facts(
    _ text: String, target: String? = nil, _ arguments: [String: String] = [:]
  ) -> ImageFacts {
    Subject(
      Dockerfile(path: "Dockerfile", bytes: Array(text.utf8), arguments: arguments), target: target
    ).facts(path: "Dockerfile", file: 0, arguments: arguments)
  }

  private func ports(_ facts: ImageFacts) -> [String] {
    facts.ports.map { "\($0.value.number)/\($0.value.transport.rawValue)" }
  }

  @Test func portsInAllTheirForms() {
    let text = "FROM a\nEXPOSE 80 53/udp 8000-8002/TCP\nEXPOSE 127.0.0.1:9000:9001 80 0 70000 x\n"
    #expect(
      ports(facts(text)) == ["80/tcp", "53/udp", "8000/tcp", "8001/tcp", "8002/tcp", "9001/tcp"])
  }

  /// Parents of this file count, other stages do not.
  @Test func onlyTheStagesThatMakeTheImage() {
    let text = """
      FROM a AS base
      EXPOSE 1
      USER 5
      FROM base AS one
      EXPOSE 2
      FROM b AS two
      EXPOSE 3
      """
    #expect(ports(facts(text)) == ["3/tcp"])
    #expect(ports(facts(text, target: "one")) == ["1/tcp", "2/tcp"])
    #expect(facts(text, target: "one").user?.value == "5")
    #expect(facts(text).user == nil)
    #expect(facts(text, target: "one").base == "a")
  }

  @Test func variablesAsEachLineSeesThem() {
    let text = """
      ARG TAG=1
      FROM base:${TAG}
      ARG PORT=80
      EXPOSE $PORT
      ENV PORT=81
      ARG PORT=82
      EXPOSE ${PORT}
      ENV PORT=83 NEXT=$PORT
      EXPOSE $NEXT $UNKNOWN ${UNKNOWN:-84}
      """
    #expect(ports(facts(text)) == ["80/tcp", "81/tcp", "84/tcp"])
    #expect(ports(facts(text, ["PORT": "90"])) == ["90/tcp", "81/tcp", "84/tcp"])
    #expect(facts(text).base == "base:1")
    #expect(facts(text, ["TAG": "2"]).base == "base:2")
  }

  @Test(arguments: [
    ("USER 1000", User("1000")),
    ("USER 1000:2000", User("1000:2000")),
    ("RUN useradd -u 10001 app\nUSER app", User("10001")),
    ("RUN groupadd -g 7 staff && useradd -u 10001 app\nUSER app:staff", User("10001:7")),
    ("RUN useradd -u 10001 app\nUSER 10001:staff", User("10001")),
    ("USER root", User("0")),
    ("USER app", nil),
    ("ARG ID\nUSER $ID", nil),
    ("USER 5\nARG ID\nUSER $ID", nil),
  ])
  func usersByNumber(_ lines: String, _ identity: User?) {
    #expect(facts("FROM debian:12\n\(lines)\n").identity == identity)
  }

  @Test func aKnownUserOfAnOfficialImage() {
    #expect(facts("FROM node:24\nUSER node\n").identity == User("1000"))
  }

  @Test func healthChecks() throws {
    let text = """
      FROM a
      HEALTHCHECK --interval=90s --timeout=500ms --retries=0 \\
        CMD curl -f "http://localhost/$PATH_OF" || exit 1
      """
    let check = try #require(facts(text).check)
    #expect(check.value.test == .shell(#"curl -f "http://localhost/$PATH_OF" || exit 1"#))
    #expect(check.value.interval == .seconds(90))
    #expect(check.value.timeout == .milliseconds(500))
    #expect(check.value.retries == nil)
    #expect(check.value.startPeriod == nil)
    #expect(check.evidence.place == "Dockerfile:2")
    #expect(facts("FROM a\nHEALTHCHECK CMD [\"a\", \"b\"]").check?.value.test == .exec(["a", "b"]))
    #expect(facts("FROM a\nHEALTHCHECK NONE").check?.value.test == ImageFacts.Check.Test.none)
  }

  /// Neither a wide range nor many lines take more than their share of time.
  @Test func hostileFiles() {
    #expect(ports(facts("FROM a\nEXPOSE 1-65535\nEXPOSE 1-65535\n")).count == 65_535)
    let many = (0..<20_000).map { "ENV V\($0)=$V\($0 - 1)\nUSER u\($0)\nVOLUME /\($0)\n" }.joined()
    let facts = facts("FROM a\n" + many)
    #expect(facts.user?.value == "u19999")
    #expect(facts.volumes.count == 20_000)
    #expect(self.facts("FROM a\nUSER \u{1B}[31mred\n").user?.value.contains("\u{1B}") == false)
  }

  @Test func theRest() {
    let text = """
      FROM scratch
      VOLUME ["/data/", "/log"]
      STOPSIGNAL SIGINT
      CMD ["old"]
      ENTRYPOINT ["/app", "--port", "8080"]
      """
    let facts = facts(text)
    #expect(facts.isComplete)
    #expect(facts.volumes.map(\.value) == ["/data", "/log"])
    #expect(facts.stopSignal?.value == "SIGINT")
    #expect(facts.entrypoint == ["/app", "--port", "8080"])
    #expect(facts.command == [])
    let shell = self.facts("FROM a\nENTRYPOINT exec app --port 81\nCMD x\n")
    #expect(shell.entrypoint == ["exec", "app", "--port", "81"])
    #expect(shell.command == ["x"])
  }
}
