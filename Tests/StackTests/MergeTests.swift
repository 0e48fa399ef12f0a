import TestSupport
import Testing

/// Each pair was compared with what `docker stack config` prints for two files.
@Suite struct MergeTests {
  func merged(_ key: String, _ first: String, _ second: String) -> String {
    Loaded("services: {web: {\(key): \(first)}}", "services: {web: {\(key): \(second)}}")[
      "services.web.\(key)"]
  }

  @Test(arguments: [
    ("image", "a", "b", "'b'"), ("image", "a", "''", "'a'"), ("tty", "true", "false", "true"),
    ("init", "true", "false", "true"), ("init", "false", "true", "true"),
    ("stop_grace_period", "5s", "0s", "'5s'"),
    ("environment", "{A: a, B: }", "{A: '', B: '', C: }", "{A: 'a', B: '', C: null}"),
    ("labels", "{A: a}", "{A: ''}", "{A: ''}"),
    ("command", "a b", "c", "['c']"), ("command", "a b", "[]", "['a', 'b']"),
    ("cap_add", "[A]", "[A, B]", "['A', 'A', 'B']"),
    (
      "healthcheck", "{test: a, retries: 3}", "{test: [CMD, b], retries: 0}",
      "{test: ['CMD-SHELL', 'a', 'CMD', 'b'], retries: 0}"
    ),
    (
      "ports", "[\"80\", \"53:53/udp\"]", "[81, \"53:54\"]",
      "[{mode: 'ingress', target: 81, protocol: 'tcp'}, "
        + "{mode: 'ingress', target: 54, published: 53, protocol: 'tcp'}]"
    ),
    ("secrets", "[b, a]", "[{source: b, mode: 1}]", "[{source: 'a'}, {source: 'b', mode: 1}]"),
    ("secrets", "[]", "[b, a]", "[{source: 'a'}, {source: 'b'}]"),
    (
      "volumes", "[\"xx:/b\", /a]", "[\"yy:/b\"]",
      "[{type: 'volume', target: '/a'}, {type: 'volume', source: 'yy', target: '/b'}]"
    ),
    (
      "networks", "{n: {aliases: [a], ipv4_address: i, driver_opts: {a: b}}}",
      "{n: {driver_opts: {c: d}}}",
      "{n: {driver_opts: {a: 'b'}, ipv4_address: 'i'}}"
    ),
    ("ulimits", "{a: 5}", "{a: {soft: 1, hard: 2}}", "{a: {soft: 1, hard: 2}}"),
    (
      "logging", "{driver: a, options: {x: y}}", "{options: {z: w}}",
      "{driver: 'a', options: {x: 'y', z: 'w'}}"
    ),
    ("logging", "{driver: a}", "{options: {z: w}}", "{driver: 'a'}"),
    ("logging", "{driver: a, options: {x: y}}", "{driver: b}", "{driver: 'b'}"),
    (
      "deploy", "{replicas: 3, labels: {a: b}}", "{replicas: 0, placement: {constraints: [x]}}",
      "{replicas: 0, labels: {a: 'b'}, placement: {constraints: ['x']}}"
    ),
    ("x-a", "{a: {b: 1, c: [1]}}", "{a: {b: 2, c: [2]}}", "{a: {b: 2, c: [1, 2]}}"),
  ])
  func services(key: String, first: String, second: String, result: String) {
    #expect(merged(key, first, second) == result)
  }

  @Test func otherSectionsAreReplacedByName() {
    let loaded = Loaded(
      "{networks: {n: {driver: a}, m: {}}, x-a: 1}", "{networks: {n: {attachable: true}}, x-a: 2}")
    #expect(loaded["networks"] == "{m: {}, n: {attachable: true}}")
    #expect(loaded["x-a"] == "1")
    #expect(loaded.omitted(.laterFile) == ["x-a"])
    #expect(
      loaded.stack?.superseded.map { loaded.keys.path($0.key) } == ["networks.n"])
  }

  @Test func lostPortsAreNamed() {
    let loaded = Loaded(
      "services: {web: {ports: [80, 443]}}", "services: {web: {image: a}}")
    #expect(loaded["services.web.ports"] == "[{mode: 'ingress', target: 443, protocol: 'tcp'}]")
    #expect(loaded.warnings.first?.contains("services.web.ports[0]") == true)
  }

  @Test func whatCannotBeJoined() {
    let loaded = Loaded("services: {web: {x-a: 1}}", "services: {web: {x-a: [1]}}")
    #expect(loaded.errors.count == 1)
    #expect(loaded.diagnostics.first?.mark.file == 1)
  }

  @Test func versionsMustAgree() {
    #expect(
      Loaded("services: {}", "version: \"3.8\"").errors.first?
        .contains("this file has version 3.8, the first one 3.13") == true)
  }
}
