import Delivery
import Kubernetes
import Diagnostics
import Swarm
import Report
import Mapping
import Ledger
import TestSupport
import Testing
import YAML

@testable import Stack

/// A key of the schema, with a value to try it with and a small stack to try it in.
struct SchemaKey: CustomTestStringConvertible, Sendable {
  /// `services.*.ports.[].target`.
  let path: String
  /// The value, in flow style.
  let sample: String

  var parts: [String] { path.split(separator: ".").map(String.init) }
  var testDescription: String { path }

  /// All keys of a dialect.
  static func all(_ dialect: LoadOptions.Dialect) -> [SchemaKey] {
    dialect == .swarm ? swarm : compose
  }

  private static let swarm = OwnershipTests.inventory.map {
    SchemaKey(path: $0.path, sample: $0.sample)
  }

  // MARK: Docker Compose

  private static let compose: [SchemaKey] = keys(of: .mapping(ComposeSchema.root), at: [])
    .filter { !$0.path.hasPrefix("include") && !$0.path.hasSuffix(".extends") }

  private static func keys(of form: ComposeForm, at path: [String]) -> [SchemaKey] {
    func key(_ more: String..., as sample: String) -> [SchemaKey] {
      let path = (path + more).joined(separator: ".")
      return [SchemaKey(path: path, sample: samples[path] ?? sample)]
    }
    func below(_ step: String, _ form: ComposeForm) -> [SchemaKey] {
      keys(of: form, at: path + [step])
    }
    switch form {
    case .any, .text, .containerName: return key(as: "probe")
    case .textOrNumber: return key(as: "80")
    case .flag, .external: return key(as: "true")
    case .integer: return key(as: "1")
    case .decimal: return key(as: "0.5")
    case .size: return key(as: "5M")
    case .duration: return key(as: "5s")
    case .mode: return key(as: "\"0440\"")
    case .path: return key(as: "./probe.txt")
    case .strings, .keys: return key("[]", as: "probe")
    case .oneOrMany: return key(as: "probe") + key("[]", as: "probe")
    case .words, .test: return key(as: "probe") + key("[]", as: "probe")
    case .pairs: return key("*", as: "probe") + key("[]", as: "probe=on")
    case .hosts: return key("*", as: "10.0.0.3") + key("[]", as: "other=10.0.0.3")
    case .exposed: return key("[]", as: "80")
    case .ports: return key("[]", as: "\"90:80\"") + below("[]", .mapping(ComposeSchema.port))
    case .mounts: return key("[]", as: "vol:/probe") + below("[]", .mapping(ComposeSchema.mount))
    case .references: return below("[]", .mapping(ComposeSchema.reference))
    case .dependencies:
      return key("[]", as: "web") + key("*", "condition", as: "service_healthy")
        + key("*", "required", as: "false") + key("*", "restart", as: "true")
    case .networks: return key("[]", as: "net") + below("*", .mapping(ComposeSchema.serviceNetwork))
    case .ulimits: return key("*", as: "5") + key("*", "soft", as: "1") + key("*", "hard", as: "3")
    case .build: return key(as: ".") + keys(of: .mapping(ComposeSchema.build), at: path)
    case .environmentFiles:
      return key(as: "probe.env") + key("[]", as: "probe.env") + key("[]", "path", as: "probe.env")
        + key("[]", "required", as: "false") + key("[]", "format", as: "raw")
    case .devices:
      return key("[]", as: "/dev/probe") + key("[]", "source", as: "/dev/other")
        + key("[]", "target", as: "/dev/other") + key("[]", "permissions", as: "r")
    case .gpus: return key(as: "all") + key("[]", "count", as: "1")
    case .optionLists: return key("*", as: "[a, b]")
    case .models: return key("[]", as: "llm") + key("*", "endpoint_var", as: "PROBE")
    case .extends: return key(as: "web")
    case .list(let form): return below("[]", form)
    case .named(let form): return below("*", form)
    case .mapping(let keys):
      let fields = keys.sorted { $0.key < $1.key }.flatMap { below($0.key, $0.value) }
      let isOpen = path.isEmpty || path.count == 2 && path[1] == "*"
      return isOpen ? fields + key("x-*", as: "{a: [1]}") : fields
    }
  }

  /// What a key of Docker Compose takes where not any text will do.
  private static let samples: [String: String] = [
    "version": "\"3.8\"",
    "services.*.build.secrets.[].source": "sec", "services.*.build.secrets.[].target": "probe",
    "services.*.configs.[].source": "cfg", "services.*.secrets.[].source": "sec",
    "services.*.network_mode": "host", "services.*.deploy.mode": "global",
    "services.*.deploy.endpoint_mode": "dnsrr", "services.*.cap_add.[]": "NET_ADMIN",
    "services.*.deploy.update_config.order": "start-first",
    "services.*.deploy.rollback_config.order": "start-first",
    "services.*.deploy.update_config.failure_action": "continue",
    "services.*.deploy.rollback_config.failure_action": "continue",
    "services.*.deploy.restart_policy.condition": "on-failure",
    "services.*.deploy.placement.constraints.[]": "node.role==worker",
    "services.*.deploy.placement.preferences.[].spread": "node.labels.zone",
    "services.*.deploy.resources.reservations.generic_resources":
      "[{discrete_resource_spec: {kind: gpu, value: 2}}]",
    "services.*.deploy.resources.reservations.devices": "[{capabilities: [gpu], count: 1}]",
    "services.*.volumes.[].type": "volume", "services.*.volumes.[].source": "vol",
    "services.*.volumes.[].target": "/probe", "services.*.ports.[].mode": "host",
    "services.*.ports.[].protocol": "udp", "services.*.ports.[].host_ip": "10.0.0.1",
    "services.*.links.[]": "web", "services.*.depends_on.*": "{condition: service_healthy}",
    "services.*.restart": "always", "services.*.user": "\"1000\"",
    "services.*.volumes_from.[]": "web",
    "services.*.working_dir": "/probe", "services.*.tmpfs": "/probe",
    "services.*.tmpfs.[]": "/probe", "services.*.logging.driver": "json-file",
    "networks.*.driver": "overlay", "networks.*.ipam.config.[].subnet": "10.2.0.0/16",
    "volumes.*.driver": "local",
  ]

  // MARK: Documents

  /// What the keys refer to.
  static let base = """
    version: "3.13"
    services:
      web:
        image: nginx:1.27
        networks: {net: {}, probe: {}}
        volumes: ["vol:/data", "probe:/used"]
        configs: [cfg, probe]
        secrets: [sec, probe]
    networks: {net: {}, probe: {}}
    volumes: {vol: {}, probe: {}}
    configs: {cfg: {external: true}, probe: {external: true}}
    secrets: {sec: {external: true}, probe: {external: true}}

    """

  /// What lies beside them.
  static let files: [String: [UInt8]] = [
    "probe.txt": Array("probe\n".utf8), "other.txt": [],
    "probe.env": Array("PROBE=1\n".utf8), "other.env": Array("PROBE=2\nOTHER=3\n".utf8),
  ]

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
    "services.*.env_file.[]": "path: probe.env",
    "services.*.devices.[]": "source: /dev/probe, target: /dev/probe",
    "services.*.build.secrets.[]": "source: sec",
    "configs.*": "external: true",
    "secrets.*": "external: true",
    "models.*": "model: ai/probe",
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

  /// The name of a step: wildcards stand for `probe`, or for what the base has where something must be there.
  private func name(at depth: Int) -> String {
    switch parts[depth] {
    case "*":
      ["services.*.depends_on", "services.*.models"].contains(
        parts[..<depth].joined(separator: "."))
        ? "web" : "probe"
    case "x-*": "x-probe"
    default: parts[depth]
    }
  }

  /// The path with names in place of the wildcards.
  var concrete: String {
    parts.indices.map { parts[$0] == "[]" ? "[0]" : name(at: $0) }
      .joined(separator: ".").replacing(".[0]", with: "[0]")
  }

  /// A document with the key alone.
  var document: String { document(sample) }

  /// As above, with another value.
  func document(_ sample: String) -> String {
    var value = sample
    for depth in parts.indices.reversed() {
      if parts[depth] == "[]" {
        value = "[\(value)]"
        continue
      }
      let parent = parts[..<depth].joined(separator: ".")
      let name = name(at: depth)
      let here = parts[...depth].joined(separator: ".")
      let others = Self.alone[here] ?? Self.company[parent] ?? ""
      let rest = others.split(separator: ",").map { $0.trimmingPrefix(" ") }
        .filter { !$0.hasPrefix("\(name):") }.joined(separator: ", ")
      value = "{\(rest.isEmpty ? "" : "\(rest), ")\(name): \(value)}"
    }
    return value + "\n"
  }

  /// Another value of the same kind: other digits, or another word.
  var other: String {
    switch sample {
    case "true": return "false"
    case "false": return "true"
    default: break
    }
    if let last = sample.lastIndex(where: \.isNumber), let digit = sample[last].wholeNumberValue {
      return sample.replacingCharacters(in: last, with: String((digit + 1) % 10))
    }
    return sample.replacing("probe", with: "other").replacing("/dev/", with: "/dev/x")
  }
}

extension String {
  fileprivate func replacingCharacters(in index: Index, with text: String) -> String {
    self[..<index] + text + self[self.index(after: index)...]
  }
}
