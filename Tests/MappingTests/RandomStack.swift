import Delivery
import Foundation
import Images
import Kubernetes
import Ledger
import Mapping
import Report
import Swarm
import TestSupport
import Validation
import YAML

/// Stacks that Docker accepts, put together by chance: legal values of every key, with names and combinations that nobody
/// would think of. The same number gives the same stack, always.
struct RandomStack {
  var random: SplitMix64
  private let number: Int

  init(_ number: Int) {
    self.number = number
    random = SplitMix64(seed: UInt64(number) &* 0x9E37_79B9 &+ 17)
  }

  static let files: [String: [UInt8]] = [
    "site.conf": Array("listen 80;\n".utf8), "blob.bin": [0, 255, 10], "empty": [],
    "app.tmpl": Array(#"{{.Service.Name}} {{env "A"}} {{if .Service.Labels}}x{{end}}"#.utf8),
    "task.tmpl": Array("{{.Task.Slot}}".utf8),
    "große Datei.txt": Array("x".utf8), "conf/a.conf": Array("a".utf8),
    "conf/deep/er/b.conf": Array("b".utf8), "tls/key.pem": Array("not a key".utf8),
    "variables.env": Array("A=1\nB=$HOME and 'quotes'\n".utf8),
  ]

  mutating func text() -> String {
    let volumes = names(upTo: 4, distinct: ["data", "Data_1", "my.vol", long, "1", "a-"])
    let networks = names(upTo: 3, distinct: ["front", "Back_End", "n.e.t", long, "0"])
    let configs = names(upTo: 3, distinct: ["site", "Site.Conf", "_", long, "9x"])
    let secrets = names(upTo: 3, distinct: ["password", "TLS_KEY", "s.e.c", long, "0x1"])
    let services = names(
      upTo: 4, distinct: ["web", "Web", "web_api", "web.api", "1st", long, "-", "a_.-b", "db"])
    var document: [(String, YAMLValue)] = [("version", .text("3.13"))]
    document.append(
      (
        "services",
        .map(
          services.map { ($0, service(volumes, networks, configs, secrets, of: services)) })
      ))
    document.append(("volumes", .map(volumes.map { ($0, volume()) })))
    document.append(("networks", .map(networks.map { ($0, network()) })))
    document.append(
      (
        "configs",
        .map(
          configs.map {
            ($0, file(["site.conf", "blob.bin", "empty", "app.tmpl", "große Datei.txt"]))
          })
      ))
    document.append(
      ("secrets", .map(secrets.map { ($0, file(["tls/key.pem", "blob.bin", "app.tmpl"])) })))
    if chance(4) { document.append(("x-note", .map([("a", .list([.int(1)]))]))) }
    return YAMLValue.map(document).json + "\n"
  }

  var long: String { String(repeating: "Very_long.name-", count: 6) + "end" }

  /// Whether some feature settles a key of services; `OwnershipTests` says which ones nobody does.
  static func isOwned(_ key: String) -> Bool {
    let path = ["services", "*"] + key.split(separator: ".").map(String.init)
    return Features.all.contains { $0.owns.contains { $0.matches(path) } }
  }

  // MARK: Chance

  mutating func chance(_ one: Int) -> Bool { Int(random.next() % UInt64(one)) == 0 }

  mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int(random.next() % UInt64(values.count))]
  }

  mutating func some<Value>(_ values: [Value], upTo most: Int) -> [Value] {
    var rest = values
    var result: [Value] = []
    for _ in 0..<Int(random.next() % UInt64(most + 1)) where !rest.isEmpty {
      result.append(rest.remove(at: Int(random.next() % UInt64(rest.count))))
    }
    return result
  }

  private mutating func names(upTo most: Int, distinct: [String]) -> [String] {
    let names = some(distinct, upTo: most)
    return names.isEmpty ? [distinct[0]] : names
  }

  mutating func text(_ values: [String]) -> YAMLValue { .text(pick(values)) }

  // MARK: Sections

  private mutating func volume() -> YAMLValue {
    var keys: [(String, YAMLValue)] = []
    switch Int(random.next() % 8) {
    case 0: return .map([("external", .bool(true)), ("name", text(["Out.Side_1", "plain"]))])
    case 1:
      keys = [
        ("driver", text(["rexray/ebs", "vieux/sshfs:latest", "reg.example.com/x/y:1", "nfs"])),
        (
          "driver_opts", .map([("size", text(["20", "10Gi", "x"])), ("share", .text("nas:/e/x"))])
        ),
      ]
    case 2:
      keys = [
        (
          "driver_opts",
          .map([
            ("type", text(["nfs", "nfs4", "cifs", "none", "tmpfs", "ext4"])),
            ("o", text(["addr=10.0.0.1,ro", "bind", "username=a,password=b", "size=10m", ""])),
            (
              "device",
              text([
                ":/export", "//nas/share", "/srv/x", "tmpfs", ":/e/{{.Task.Slot}}/{{.Task.ID}}",
              ])
            ),
          ])
        )
      ]
    case 3: keys = [("name", text(["v-{{.Task.Slot}}", "{{.Service.Name}}_x", "UP.per", long]))]
    case 4: return .null
    default: break
    }
    if chance(3) {
      keys.append(
        (
          "labels",
          .map([
            ("kubernetes.volume.size", text(["5Gi", "-1", "lots"])),
            ("kubernetes.volume.storage-class", text(["fast", "Very Fast"])),
            ("bad key", .text("x")), ("com.docker.x", .text("y")),
          ])
        ))
    }
    return .map(keys)
  }

  private mutating func network() -> YAMLValue {
    if chance(6) {
      return .map([("external", .bool(true)), ("name", text(["host", "shared", "Ext_1"]))])
    }
    var keys: [(String, YAMLValue)] = []
    if chance(3) { keys.append(("internal", .bool(true))) }
    if chance(3) { keys.append(("attachable", .bool(true))) }
    if chance(3) { keys.append(("driver", text(["overlay", "weave", "macvlan"]))) }
    if chance(4) { keys.append(("driver_opts", .map([("encrypted", .text(""))]))) }
    if chance(4) {
      keys.append(("ipam", .map([("config", .list([.map([("subnet", .text("10.9.0.0/16"))])]))])))
    }
    if chance(5) { keys.append(("labels", .map([("a b", .text("c"))]))) }
    return .map(keys)
  }

  private mutating func file(_ files: [String]) -> YAMLValue {
    switch Int(random.next() % 4) {
    case 0: return .map([("external", .bool(true))])
    case 1: return .map([("external", .bool(true)), ("name", text(["Out.Side_2", "plain"]))])
    default:
      var keys: [(String, YAMLValue)] = [("file", text(files.map { "./" + $0 }))]
      if chance(3) { keys.append(("template_driver", .text("golang"))) }
      if chance(3) { keys.append(("labels", .map([("ok", .text("1")), ("not ok", .text("2"))]))) }
      return .map(keys)
    }
  }

  private mutating func service(
    _ volumes: [String], _ networks: [String], _ configs: [String], _ secrets: [String],
    of services: [String]
  ) -> YAMLValue {
    var keys: [(String, YAMLValue)] = [
      (
        "image",
        text([
          "nginx", "nginx:1.27", "127.0.0.1:5000/a:1", "registry.example.com/team/app:2",
          "portainer/agent:2", "busybox@sha256:" + String(repeating: "a", count: 64),
        ])
      )
    ]
    func add(_ key: String, _ value: YAMLValue) { keys.append((key, value)) }
    if chance(2) { add("environment", environment()) }
    if chance(6) { add("env_file", .list([.text("variables.env")])) }
    if chance(3) { add("command", text(["sh -c 'echo $$(x) $$HOME'", "", "a \"b c\" d"])) }
    if chance(4) { add("entrypoint", .list([.text("/bin/{{.Task.Slot}}"), .text("$$(A)")])) }
    if chance(3) { add("healthcheck", healthcheck()) }
    if chance(2) { add("deploy", deploy()) }
    if chance(3) { add("volumes", mounts(volumes)) }
    if chance(2) {
      add("networks", .map(some(networks, upTo: 3).map { ($0, attachment()) }))
    }
    if chance(3) { add("configs", .list(references(configs, base: "/etc"))) }
    if chance(3) { add("secrets", .list(references(secrets, base: "/run/secrets"))) }
    if chance(3), Self.isOwned("ports.[]") { add("ports", ports()) }
    if chance(5), Self.isOwned("expose.[]") {
      add("expose", .list([.text("8080"), .text("9000/udp")]))
    }
    if chance(4) { add("labels", labels()) }
    if chance(4) {
      add(
        "hostname", text(["a", "A_b.example.com", "x-{{.Task.Slot}}", "{{.Node.Hostname}}", long]))
    }
    if chance(4) {
      add("user", text(["0", "1000", "1000:50", "root", "app:app", ":7", "4294967295"]))
    }
    if chance(4) {
      add("cap_add", .list([.text("CAP_net_admin"), text(["ALL", "NONSENSE", "KILL"])]))
    }
    if chance(5) { add("cap_drop", .list([text(["ALL", "KILL", "MKNOD"])])) }
    if chance(5) {
      add(
        "sysctls",
        .map([
          ("net.core.somaxconn", .int(1)), ("net/core/somaxconn", .int(2)),
          ("kernel.shmmax", .int(3)), ("Bad Name", .int(4)), ("vm.swappiness", .int(5)),
        ]))
    }
    if chance(4) { add("stop_signal", text(["SIGTERM", "9", "sigquit", "36", "NOPE", "RTMIN+3"])) }
    if chance(4) { add("stop_grace_period", text(["0s", "1ms", "90s", "100000h", "1h2m3.5s"])) }
    if chance(5) {
      add(
        "extra_hosts",
        .list([
          .text("a:10.0.0.1"), .text("B_c:10.0.0.1"), .text("c:::ffff:10.0.0.2"),
          .text("h:host-gateway"),
        ]))
    }
    if chance(5) {
      add("dns", .list(["8.8.8.8", "10.0.0.2", "::1", "9.9.9.9", "1.1.1.1"].map { .text($0) }))
    }
    if chance(6) { add("dns_search", .list((0..<40).map { .text("s\($0).example.com") })) }
    if chance(6) { add("credential_spec", .map([("file", .text("Web_1.json"))])) }
    if chance(6) { add("isolation", text(["default", "process", "hyperv"])) }
    for key in ["init", "read_only", "tty", "stdin_open", "privileged"] where chance(5) {
      add(key, .bool(chance(2)))
    }
    if chance(6) { add("working_dir", text(["/srv", "", "relative"])) }
    if chance(6) { add("restart", text(["no", "always", "on-failure:3", "unless-stopped"])) }
    if chance(6) {
      add(
        "ulimits",
        .map([("nofile", .int(1)), ("nproc", .map([("soft", .int(1)), ("hard", .int(2))]))]))
    }
    if chance(6) {
      add(
        "logging",
        .map([
          ("driver", text(["gelf", "none", "json-file"])),
          ("options", .map([("token", .text("x"))])),
        ]))
    }
    if chance(6) { add("depends_on", .list([.text(pick(services))])) }
    if chance(6) { add("tmpfs", .list([.text("/run")])) }
    if chance(8) { add("x-own", .list([.null])) }
    return .map(keys)
  }
}
