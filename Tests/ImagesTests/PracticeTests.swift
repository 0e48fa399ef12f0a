import Diagnostics
import Foundation
import Images
import Report
import Stack
import Swarm
import TestSupport
import Testing
import Validation
import YAML

/// Every practice finds its bad examples, and not its good ones.
@Suite struct PracticeTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let practice: any Practice.Type
    let example: PracticeExample
    var testDescription: String { "\(practice.name): \(example.bad)" }
  }

  static let all: [Case] = Practices.all.flatMap { practice in
    practice.examples.map { Case(practice: practice, example: $0) }
  }

  @Test(arguments: all)
  func findsTheBadOneOnly(_ entry: Case) throws {
    let slug = entry.practice.slug
    let bad = try Self.findings(entry.example.bad).filter { $0.slug == slug }
    #expect(bad.count == 1)
    #expect(bad.allSatisfy { $0.hint != nil && !$0.text.hasSuffix(".") })
    let good = try Self.findings(entry.example.good).filter { $0.slug == slug }
    #expect(good.map(\.text) == [])
  }

  @Test func listIsTheFolder() {
    let folder = Testdata.root.appending(path: "Sources/Images/Practices")
    let files = Testdata.files(below: folder, endings: ["swift"])
      .map { String($0.dropLast(".swift".count)) }
      .filter { $0 != "Practice" && $0 != "Practices" }
    #expect(Practices.all.map { "\($0)" }.sorted() == files.sorted())
  }

  @Test func valuesAreNotQuoted() throws {
    for finding in try Self.findings("image: a:1\nenvironment: {DB_PASSWORD: hunter2}") {
      #expect(!finding.text.contains("hunter2"))
      #expect(finding.hint?.contains("hunter2") != true)
    }
  }

  @Test func buildsOfAStack() throws {
    let stack = try Self.stack(
      """
      services:
        api: {image: a:1, build: ./api, healthcheck: {test: "true"}}
        worker: {image: a:1, build: ./api, user: "1000", volumes: ["data:/data"]}
        web:
          image: w:1
          build: {context: web/., dockerfile: ../Dockerfile.web, target: run, args: {V: "1"}}
        other: {image: o:1, build: "https://example.com/x.git"}
      volumes: {data: {}}
      """)
    let found = builds(of: stack, folder: "deploy/")
    #expect(found.map(\.path) == ["deploy/api/Dockerfile", "deploy/Dockerfile.web"])
    #expect(found.map(\.context) == ["deploy/api", "deploy/web"])
    #expect(found[0].uses.map(\.name) == ["api", "worker"])
    #expect(found[0].uses.map(\.hasHealthcheck) == [true, false])
    #expect(found[0].uses[1].mounts == ["/data"])
    #expect(found[1].target == "run")
    #expect(found[1].arguments == ["V": "1"])
  }

  private static func findings(_ service: String) throws -> [PracticeFinding] {
    let lines = service.split(separator: "\n").map { "    \($0)\n" }.joined()
    return Practices.check(
      StackFacts(
        try stack("services:\n  app:\n\(lines)volumes: {database: {}, certificates: {}}\n")))
  }

  private static func stack(_ text: String) throws -> Swarm.Stack {
    var sources = Sources()
    var keys = KeyTable()
    let loaded = try loadStack(
      [InputFile(path: "stack.yml", bytes: Array(text.utf8))],
      LoadOptions(environment: [:], workingDirectory: "/"), into: &sources, keys: &keys,
      reading: { .failure(FileProblem(path: $0, reason: "no such file")) })
    return Swarm.Stack(name: "shop", loaded, files: .none)
  }
}
