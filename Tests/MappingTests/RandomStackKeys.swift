import Delivery
import Images
import Kubernetes
import Mapping
import Proxies
import Report
import Swarm
import TestSupport
import YAML

/// Values of the keys of a service.
extension RandomStack {
  mutating func environment() -> YAMLValue {
    var entries: [(String, YAMLValue)] = [
      (
        "A",
        text(["1", "$$(B) $$$$ {{.Task.Slot}}", "{{.Service.Name}}:5432", "x{{.Node.Hostname}}y"])
      ),
      ("1 ODD", .text("x")), ("größe", .text("y")), ("NULL", .null),
      ("DB_PASSWORD", .text("hunter2")),
      ("URL", text(["http://web:80/web", "postgres://u:p@web_api:5432", "Web"])),
      ("IF", text(["{{if eq .Task.Slot \"1\"}}a{{else}}b{{end}}", "{{.Nope}}", "{{range .X}}"])),
    ]
    if chance(20) {
      entries += (0..<200).map { ("V\($0)", .text(String(repeating: "x", count: 50))) }
    }
    return .map(some(entries, upTo: 7))
  }

  mutating func healthcheck() -> YAMLValue {
    if chance(5) { return .map([("disable", .bool(true))]) }
    var keys: [(String, YAMLValue)] = []
    if !chance(4) {
      keys.append(
        (
          "test",
          pick([
            .text("curl -f http://localhost:8080/ || exit 1"),
            .list([.text("CMD"), .text("true")]),
            .list([.text("CMD-SHELL"), .text("nc -z $$(hostname) 5432")]), .list([.text("NONE")]),
            .list([.text("CMD")]), .list([.text("odd"), .text("word")]),
          ])
        ))
    }
    for key in ["interval", "timeout", "start_period", "start_interval"] where chance(2) {
      keys.append((key, text(["0s", "1s", "1500ms", "1m30s", "100000h", "1ms"])))
    }
    if chance(2) { keys.append(("retries", pick([.int(0), .int(1), .int(4_000_000_000)]))) }
    return .map(keys)
  }

  mutating func labels() -> YAMLValue {
    .map(
      some(
        [
          ("traefik.enable", .text("true")),
          ("traefik.http.routers.a.rule", .text("Host(`a.example.com`)")),
          ("a b", .text("c")), ("-x", .text("")), (String(repeating: "k", count: 90), .text("v")),
          ("com.docker.stack.image", .text("i")), ("emoji", .text("🚀 \"quoted\"\n\tlines")),
          ("container.apparmor.security.beta.kubernetes.io/x", .text("runtime/default")),
          ("swarm.cronjob.enable", .text("true")),
          (
            "swarm.cronjob.schedule",
            text(["0 3 * * *", "*/5 * * * * *", "@every 10s", "TZ=Mars/X 1 1 1 1 1", "bad"])
          ),
          ("swarm.cronjob.replicas", text(["3", "-1", "x"])),
        ], upTo: 6))
  }

  mutating func ports() -> YAMLValue {
    let items: [YAMLValue] = some(
      [
        .text("8080:80"), .text("80"), .text("53:53/udp"), .text("53:53"),
        .text("9000-9002:9000-9002"),
        .text("31000:80"), .text("127.0.0.1:8081:81"), .text("10250:1"),
        .text("36412:36412/sctp"),
        .map([("target", .int(9100)), ("published", .int(9100)), ("mode", .text("host"))]),
        .map([("target", .int(80)), ("mode", .text("host"))]),
        .map([("target", .int(80)), ("published", .int(82)), ("protocol", .text("udp"))]),
      ], upTo: 4)
    return .list(items)
  }

  mutating func attachment() -> YAMLValue {
    if chance(2) || !Self.isOwned("networks.*.aliases.[]") { return .null }
    return .map([("aliases", .list([text(["db", "DB_1", "x.y.z", "-"])]))])
  }

  mutating func references(_ names: [String], base: String) -> [YAMLValue] {
    var result: [YAMLValue] = []
    for name in some(names + names, upTo: 3) {
      if chance(3) {
        result.append(.text(name))
        continue
      }
      var keys: [(String, YAMLValue)] = [("source", .text(name))]
      if chance(2) {
        keys.append(
          ("target", text(["x", "\(base)/y", "a/b/c", "/srv/../etc/z", base, "/a:b", "/"])))
      }
      if chance(3) { keys.append(("uid", text(["0", "1000", "999999999999"]))) }
      if chance(3) { keys.append(("gid", text(["0", "50"]))) }
      if chance(2) {
        keys.append(("mode", pick([.int(0o400), .int(0o444), .int(0o4755), .int(0)])))
      }
      result.append(.map(keys))
    }
    return result
  }

  mutating func mounts(_ volumes: [String]) -> YAMLValue {
    var items: [YAMLValue] = []
    for _ in 0..<(1 + Int(random.next() % 4)) {
      let volume = pick(volumes)
      let target = text([
        "/data", "/data/sub", "/var/lib/x", "/run/secrets", "/a b", "/t/{{.Service.Name}}",
        "/t/{{.Task.ID}}",
      ])
      items.append(
        pick([
          .text("\(volume):/data"), .text("\(volume):/other:ro"), .text("/anonymous"),
          .text("/var/run/docker.sock:/var/run/docker.sock"), .text("/:/host:ro"),
          .text("./site.conf:/etc/site.conf"), .text("./conf:/etc/conf:ro"),
          .text("./tls:/etc/tls"),
          .text("./missing:/missing"), .text("/srv/x:/srv/x:rshared"),
          .map([
            ("type", .text("volume")), ("source", .text(volume)), ("target", target),
            (
              "volume", .map([("nocopy", .bool(true)), ("subpath", text(["a", "/a/../b", ".."]))])
            ),
          ]),
          .map([
            ("type", .text("tmpfs")), ("target", target),
            ("tmpfs", .map([("size", pick([.int(0), .int(1000)])), ("mode", .int(0o1777))])),
          ]),
          .map([
            ("type", .text("bind")),
            ("source", text(["/srv/{{.Task.Slot}}", "/x/{{.Node.Hostname}}/y", "/proc"])),
            ("target", target),
          ]),
        ]))
    }
    return .list(items)
  }

  mutating func deploy() -> YAMLValue {
    var keys: [(String, YAMLValue)] = []
    if chance(2) {
      keys.append(("mode", text(["replicated", "global", "replicated-job", "global-job"])))
    }
    if chance(2) {
      keys.append(("replicas", pick([.int(0), .int(1), .int(3), .int(5_000_000_000)])))
    }
    if chance(2) { keys.append(("labels", labels())) }
    if chance(4), Self.isOwned("deploy.endpoint_mode") {
      keys.append(("endpoint_mode", text(["vip", "dnsrr"])))
    }
    for key in ["update_config", "rollback_config"] where chance(2) {
      keys.append(
        (
          key,
          .map(
            some(
              [
                ("parallelism", pick([.int(0), .int(1), .int(7), .int(6_000_000_000)])),
                ("order", text(["start-first", "stop-first"])),
                ("delay", text(["0s", "10s", "1500ms", "20m", "1000000h"])),
                ("monitor", text(["0s", "5s", "2m", "1000000h"])),
                ("failure_action", text(["pause", "continue", "rollback"])),
                ("max_failure_ratio", pick([.plain("0"), .plain("0.5"), .plain("1e-1")])),
              ], upTo: 6))
        ))
    }
    if chance(2) {
      keys.append(
        (
          "restart_policy",
          .map(
            some(
              [
                ("condition", text(["any", "none", "on-failure"])), ("delay", text(["0s", "5s"])),
                ("max_attempts", pick([.int(0), .int(3), .int(9_000_000_000)])),
                ("window", text(["0s", "2m"])),
              ], upTo: 4))
        ))
    }
    if chance(2) { keys.append(("resources", resources())) }
    if chance(2) { keys.append(("placement", placement())) }
    return .map(keys)
  }

  private mutating func resources() -> YAMLValue {
    var reservations: [(String, YAMLValue)] = some(
      [
        ("cpus", text(["0.25", "4", ".001", "0"])),
        ("memory", text(["1b", "20M", "9000000000000000"])),
      ],
      upTo: 2)
    if chance(3) {
      reservations.append(
        (
          "generic_resources",
          .list(
            ["gpu", "NVIDIA-GPU", "My Card", "-"].map {
              .map([("discrete_resource_spec", .map([("kind", .text($0)), ("value", .int(2))]))])
            })
        ))
    }
    return .map([
      (
        "limits",
        .map(
          some(
            [
              ("cpus", text(["0.5", "1.5", "0.0000001", "0"])),
              ("memory", text(["50M", "1g", "1b"])),
              ("pids", .int(100)),
            ], upTo: 3))
      ), ("reservations", .map(reservations)),
    ])
  }

  private mutating func placement() -> YAMLValue {
    .map(
      some(
        [
          (
            "constraints",
            .list(
              some(
                [
                  "node.role==manager", "node.role != worker", "node.Labels.x==RED",
                  "node.labels.a b==c",
                  "node.hostname == Host_1.example.com", "node.platform.arch==x86_64",
                  "node.platform.os == windows", "node.id==abc", "node.ip!=10.0.0.0/8", "nonsense",
                  "engine.labels.os==Ubuntu 22.04 (LTS)", "node.labels." + long + "==" + long,
                ], upTo: 5
              ).map { .text($0) })
          ),
          (
            "preferences",
            .list(
              some(
                ["node.labels.zone", "node.labels.zone", "engine.labels.rack", "node.role"], upTo: 4
              )
              .map { .map([("spread", .text($0))]) })
          ),
          ("max_replicas_per_node", pick([.int(0), .int(1), .int(2), .int(5_000_000_000)])),
        ], upTo: 3))
  }
}
