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
import YAML

/// Each key of the schema, alone in a small stack, is named by the report.
@Suite struct InsertionSweepTests {
  /// What the keys refer to.
  private static let base = """
    version: "3.13"
    services:
      web:
        image: nginx:1.27
        networks: {net: {}}
        volumes: ["vol:/data"]
        configs: [cfg]
        secrets: [sec]
    networks: {net: {}, probe: {}}
    volumes: {vol: {}}
    configs: {cfg: {external: true}, probe: {external: true}}
    secrets: {sec: {external: true}}

    """

  /// Keys without which Docker refuses the one that is tried.
  private static let company: [String: String] = [
    "services.*": "image: nginx:1.27",
    "services.*.ports.[]": "target: 80",
    "services.*.configs.[]": "source: cfg",
    "services.*.secrets.[]": "source: sec",
    "services.*.volumes.[]": "type: volume, source: vol, target: /data",
    "services.*.ulimits.*": "soft: 1, hard: 2",
    "services.*.deploy.resources.reservations.generic_resources.[].discrete_resource_spec":
      "kind: probe, value: 2",
    "services.*.build": "context: .",
    "configs.*": "external: true",
    "secrets.*": "external: true",
  ]

  /// Keys beside which the usual company is refused.
  private static let alone: [String: String] = [
    "configs.*.file": "", "secrets.*.file": "", "configs.*.external": "", "secrets.*.external": "",
    "configs.*.template_driver": "file: probe.txt", "secrets.*.template_driver": "file: probe.txt",
    "secrets.*.driver": "name: probe", "secrets.*.driver_opts": "driver: probe",
    "configs.*.labels": "file: probe.txt", "secrets.*.labels": "file: probe.txt",
    "services.*.volumes.[].type": "target: /data",
    "services.*.volumes.[].bind": "type: bind, source: /srv, target: /data",
    "services.*.volumes.[].tmpfs": "type: tmpfs, target: /data",
    "services.*.image": "",
  ]

  @Test(arguments: OwnershipTests.inventory)
  func isNamedByTheReport(_ key: OwnershipTests.Key) throws {
    let files = VirtualFolder(["probe.txt": Array("probe\n".utf8), "probe.env": []])
    let texts = key.path == "version" ? [Self.base] : [Self.base, Self.document(key)]
    let result = try migrated(
      texts.map { ("shop", $0) }, Options(), files: files, environment: [:])
    let ledger = result.migration.ledger
    #expect(ledger.unsettled.map(result.keys.path) == [])
    #expect(ledger.conflicts.map(result.keys.path) == [])
    let pattern = Self.concrete(key).joined(separator: ".").replacing(".[0]", with: "[0]")
    #expect(
      ledger.entries.contains { result.keys.path($0.key).hasPrefix(pattern) },
      "no entry for \(pattern)")
  }

  /// The path with names in place of the wildcards.
  private static func concrete(_ key: OwnershipTests.Key) -> [String] {
    key.parts.map { $0 == "*" ? "probe" : $0 == "[]" ? "[0]" : $0 == "x-*" ? "x-probe" : $0 }
  }

  /// A second file, with the key alone.
  private static func document(_ key: OwnershipTests.Key) -> String {
    let parts = key.parts
    var value = key.sample
    for depth in parts.indices.reversed() {
      let part = parts[depth]
      if part == "[]" {
        value = "[\(value)]"
        continue
      }
      let name = part == "*" ? "probe" : part == "x-*" ? "x-probe" : part
      let parent = parts[..<depth].joined(separator: ".")
      let here = parts[...depth].joined(separator: ".")
      var others = company[parent] ?? ""
      if let exception = alone[here] { others = exception }
      let rest = others.split(separator: ",").map { $0.trimmingPrefix(" ") }
        .filter { !$0.hasPrefix("\(name):") }.joined(separator: ", ")
      value = "{\(rest.isEmpty ? "" : "\(rest), ")\(name): \(value)}"
    }
    return value + "\n"
  }
}
