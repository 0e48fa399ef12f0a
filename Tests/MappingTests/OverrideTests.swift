import Delivery
import Kubernetes
import Diagnostics
import Swarm
import Ledger
import Mapping
import Report
import Stack
import TestSupport
import Testing
import YAML

/// Several files that say the same, and services that extend others: each key is accounted for, once.
@Suite struct OverrideTests {
  enum Layout: String, CaseIterable, CustomTestStringConvertible, Sendable {
    case swarm, compose, extendsService, extendsFile, includes
    var testDescription: String { rawValue }
  }

  /// A key of a service, and what three files say below it.
  struct Case: CustomTestStringConvertible, Sendable {
    let key: String
    let values: [String]
    var testDescription: String { "\(key): \(values.joined(separator: " + "))" }

    init(_ key: String, _ values: String...) {
      self.key = key
      self.values = values
    }
  }

  static let cases = [
    Case("healthcheck", "{test: [CMD, x], interval: 10s}", "{interval: 5s}", "{timeout: 3s}"),
    Case("healthcheck", "{test: x}", "{disable: true}", "{retries: 4}"),
    Case("logging", "{driver: json-file}", "{driver: syslog}", "{driver: json-file}"),
    Case(
      "logging", "{driver: syslog, options: {a: b}}", "{options: {a: c, d: e}}", "{driver: fluentd}"
    ),
    Case("expose", "[80]", "[81]", "[\"82-83/udp\"]"),
    Case("env_file", "a.env", "[b.env]", "c.env"),
    Case("depends_on", "[db]", "[cache]", "[queue]"), Case("links", "[db]", "[cache]", "[queue]"),
    Case("external_links", "[a]", "[b]", "[c]"),
    Case("extra_hosts", "[\"a:10.0.0.1\"]", "[\"b:10.0.0.2\"]", "{c: 10.0.0.3}"),
    Case("build", "{context: .}", "{args: {A: b}}", "{args: {A: c, B: d}, target: x}"),
    Case("cap_add", "[NET_ADMIN]", "[SYS_TIME]", "[ALL]"),
    Case("cap_drop", "[ALL]", "[KILL]", "[CHOWN]"),
    Case("dns", "10.0.0.1", "[10.0.0.2]", "10.0.0.3"), Case("dns_search", "a.b", "[c.d]", "e.f"),
    Case("tmpfs", "/a", "[/b]", "/c"),
    Case("devices", "[/dev/a]", "[/dev/b]", "[\"/dev/c:/dev/d\"]"),
    Case("security_opt", "[\"no-new-privileges:true\"]", "[a=b]", "[c]"),
    Case("x-note", "{a: [1], b: 2}", "{a: [3], b: {c: 4}}", "{a: 5}"),
    Case("labels", "{a: b, c: d}", "[a=e]", "{f: g}"),
    Case("environment", "{A: b}", "[A=c, D=e]", "{A: '', F: g}"),
    Case("ports", "[\"80:80\", 90]", "[\"80:81\"]", "[{target: 80, published: 80}]"),
    Case("volumes", "[/a, \"v:/b\"]", "[\"v:/b:ro\"]", "[{type: volume, source: v, target: /c}]"),
    Case("configs", "[c]", "[{source: c, mode: 0440}]", "[{source: c, target: /x}]"),
    Case("secrets", "[s]", "[{source: s, uid: '5'}]", "[{source: s, target: x}]"),
    Case("networks", "[n]", "{n: {aliases: [a]}}", "{n: {aliases: [b]}, m: {}}"),
    Case("ulimits", "{nofile: 5}", "{nofile: {soft: 1, hard: 2}}", "{nproc: 3}"),
    Case("sysctls", "{net.core.somaxconn: 1}", "[net.core.somaxconn=2]", "{kernel.x: 3}"),
    Case(
      "deploy", "{replicas: 2, labels: {a: b}, resources: {limits: {memory: 5M}}}",
      "{labels: {a: c}, resources: {limits: {cpus: '1'}}, placement: {constraints: [node.role==worker]}}",
      "{update_config: {order: start-first}, placement: {constraints: [node.labels.a==b]}}"),
    Case("annotations", "{a: b}", "{a: c, d: e}", "{f: g}"),
    Case("post_start", "[{command: a}]", "[{command: [b]}]", "[{command: c, user: d}]"),
    Case("blkio_config", "{weight: 1}", "{weight: 2, device: [{a: b}]}", "{c: d}"),
    Case("mem_limit", "5M", "6M", "7M"), Case("scale", "1", "2", "3"),
    Case("group_add", "[1]", "[2]", "[audio]"), Case("command", "a b", "[c]", "d"),
    Case("credential_spec", "{config: c}", "{file: x}", "{registry: y}"),
    Case("gpus", "all", "[{count: 1}]", "[{driver: nvidia}]"),
  ]

  /// Keys that only Docker Compose has.
  private static let composeOnly: Set<String> = [
    "annotations", "post_start", "blkio_config", "mem_limit", "scale", "group_add", "gpus",
  ]

  private static let rest = """
    volumes: {v: {}}
    networks: {n: {}, m: {}}
    configs: {c: {external: true}}
    secrets: {s: {external: true}}

    """

  private static let services = """
      db: {image: "postgres:16"}
      cache: {image: "redis:7"}
      queue: {image: "rabbitmq:4"}

    """

  private static func web(_ key: String, _ value: String, _ more: String = "") -> String {
    "services:\n  web: {\(more)\(key): \(value)}\n"
  }

  /// The files of a stack, and those that lie beside them.
  private static func files(
    _ values: [String], of key: String, _ layout: Layout
  ) -> (stack: [String], beside: [String: [UInt8]]) {
    let image = "image: \"web:1\", "
    var beside: [String: [UInt8]] = [
      "a.env": Array("A=1\nB=2\n".utf8), "b.env": Array("B=3\n".utf8), "c.env": [],
    ]
    switch layout {
    case .swarm, .compose:
      return (
        [web(key, values[0], image) + services + rest] + values.dropFirst().map { web(key, $0) },
        beside
      )
    case .extendsService:
      var text = "services:\n"
      for (number, value) in values.enumerated() {
        let name = number == values.count - 1 ? "web" : "web\(number)"
        let base = number == 0 ? image : "extends: web\(number - 1), "
        text += "  \(name): {\(base)\(key): \(value)}\n"
      }
      // One more takes all as it is.
      text += "  twin: {extends: web}\n"
      return ([text + services + rest], beside)
    case .extendsFile:
      for (number, value) in values.dropLast().enumerated() {
        let base =
          number == 0 ? image : "extends: {file: base\(number - 1).yml, service: web}, "
        beside["base\(number).yml"] = Array((web(key, value, base) + services + rest).utf8)
      }
      let base = "extends: {file: base\(values.count - 2).yml, service: web}, "
      return (
        [
          web(key, values[values.count - 1], base)
            + "  twin: {extends: {file: base0.yml, service: web}}\n" + services + rest
        ], beside
      )
    case .includes:
      var paths: [String] = []
      for (number, value) in values.enumerated() {
        let text = number == 0 ? web(key, value, image) + services + rest : web(key, value)
        beside["part\(number).yml"] = Array(text.utf8)
        paths.append("part\(number).yml")
      }
      return (["include: [{path: [\(paths.joined(separator: ", "))]}]\n"], beside)
    }
  }

  @Test(arguments: Layout.allCases, cases)
  func everyKeyIsAccountedForOnce(_ layout: Layout, _ item: Case) throws {
    if layout == .swarm, Self.composeOnly.contains(item.key) { return }
    for count in [2, 3] {
      let (stack, beside) = Self.files(Array(item.values.prefix(count)), of: item.key, layout)
      let result = try migrated(
        stack.map { ("shop", $0) }, Options(), files: VirtualFolder(beside), environment: [:],
        dialect: layout == .swarm ? .swarm : .compose)
      let ledger = result.migration.ledger
      #expect(ledger.unsettled.map(result.keys.path) == [])
      #expect(ledger.conflicts.map(result.keys.path) == [])
      // Every key is counted in some section of the report.
      let sections = result.report.sections.reduce(0) { $0 + $1.counts.total }
      #expect(sections == result.report.counts.total)
      #expect(result.report.counts.total == ledger.entries.count)
    }
  }

  /// The same file twice says nothing new.
  @Test(arguments: cases)
  func theSameFileTwice(_ item: Case) throws {
    if Self.composeOnly.contains(item.key) { return }
    let (stack, beside) = Self.files([item.values[0]], of: item.key, .swarm)
    let result = try migrated(
      [("shop", stack[0]), ("shop", stack[0])], Options(), files: VirtualFolder(beside),
      environment: [:])
    #expect(result.migration.ledger.unsettled.map(result.keys.path) == [])
    #expect(result.migration.ledger.conflicts.map(result.keys.path) == [])
  }

  /// What was replaced together with a list or mapping of several files is all replaced.
  @Test func whatWasMergedIsReplacedWhole() throws {
    let texts = [
      "services: {web: {image: a, logging: {driver: syslog, options: {a: '1'}}}}",
      "services: {web: {logging: {options: {b: '2'}}}}",
      "services: {web: {logging: {driver: fluentd}}}",
    ]
    let result = try migrated(
      texts.map { ("shop", $0) }, Options(), files: VirtualFolder([:]), environment: [:])
    let replaced = result.findings.filter { $0.message.slug == "loader/superseded" }
    #expect(
      replaced.map { result.keys.path($0.key) }
        == ["services.web.logging", "services.web.logging.options.b"])
    #expect(replaced.allSatisfy { $0.subject.service == "web" })
  }

  /// Services that extend another have its keys as their own: each gets what they become.
  @Test func whatIsExtendedIsMappedForEach() throws {
    let text = """
      services:
        base:
          image: web:1
          labels: {team: shop}
          deploy: {labels: {owner: us}}
          healthcheck: {test: [CMD, check], interval: 10s}
        web: {extends: base, healthcheck: {interval: 5s}, labels: {team: web}}
        twin: {extends: {service: base}}
      """
    let result = try migrated(
      [("shop", text)], Options(), files: VirtualFolder([:]), environment: [:], dialect: .compose)
    let manifests = result.manifests
    #expect(manifests.ranges(of: "team: shop").count == 2)
    #expect(manifests.ranges(of: "team: web").count == 1)
    #expect(manifests.ranges(of: "owner: us").count == 3)
    // It is replaced in one service, and counts in the others.
    #expect(result.disposition("services.base.healthcheck.interval") != .inert)
    #expect(!result.slugs.contains("loader/superseded"))
    #expect(result.migration.ledger.conflicts.map(result.keys.path) == [])
  }

  /// What extends a service of another file is that service's in the report, too.
  @Test func whatIsExtendedIsCountedWhereItStands() throws {
    let base = "services: {base: {image: \"web:1\", tty: true, labels: {a: b}}}"
    let text = "services: {web: {extends: {file: base.yml, service: base}, labels: {a: c}}}"
    let result = try migrated(
      [("shop", text)], Options(), files: VirtualFolder(["base.yml": Array(base.utf8)]),
      environment: [:], dialect: .compose)
    #expect(result.report.sections.compactMap(\.subject.service) == ["web"])
    let web = result.report.sections.first { $0.subject.service == "web" }
    // The image, the terminal, the label of its own, and what it extends: a file and a service.
    #expect(web?.counts.total == 5)
    #expect(web?.findings.contains { $0.message.slug == "loader/superseded" } == true)
  }

  /// What a stack file has no word for is lost in every file.
  @Test func whatOnlyComposeHasIsLostInEveryFile() throws {
    let result = try migrated(
      [
        ("shop", "services: {web: {image: a, annotations: {a: b}}}"),
        ("shop", "services: {web: {annotations: {c: d}}}"),
      ], Options(), files: VirtualFolder([:]), environment: [:], dialect: .compose)
    #expect(result.disposition("services.web.annotations.a") == .lost)
    #expect(result.disposition("services.web.annotations.c") == .lost)
  }

  @Test(arguments: ["configs", "secrets"])
  func aReferenceToNothingIsRefused(_ section: String) throws {
    for item in ["{target: /x}", "{uid: '5'}", "{source: '', target: /x}"] {
      let text = "services: {web: {image: a, \(section): [\(item)]}}"
      for dialect in [LoadOptions.Dialect.swarm, .compose] {
        #expect(throws: Migrated.Refused.self) {
          try migrated(
            [("shop", text)], Options(), files: VirtualFolder([:]), environment: [:],
            dialect: dialect)
        }
      }
    }
  }
}
