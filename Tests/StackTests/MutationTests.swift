import TestSupport
import Testing

/// Thousands of small changes to stacks that use many keys: nothing crashes, every error has a place in the text, and
/// what is printed reads back. The same changes in every run; `make fuzz` looks further.
@Suite struct MutationTests {
  private struct Random {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
  }

  private static let seeds = [
    """
    x-a: &a {A: a, B: "$FOO"}
    services:
      web:
        image: ${FOO:-a}
        command: sh -c 'a "b"'
        environment: {<<: *a, C: , D: 1.5e3}
        env_file: [a.env]
        ports: ["8080-8081:80-81/udp", 53, {target: 80, published: 81}]
        volumes: ["./a:/b:ro", data:/d, {type: tmpfs, target: /t, tmpfs: {size: 5}}]
        deploy: {replicas: $N, resources: {limits: {memory: 1.5g, cpus: '0.5'}}}
        healthcheck: {test: a b, interval: 1m30s, disable: false}
    #!env
    A=a
    N
    """,
    """
    version: "3.8"
    services:
      web:
        image: a
        extra_hosts: ["a:::1", b=c]
        ulimits: {nofile: {soft: 1, hard: 2}, nproc: 5}
        networks: {n: {aliases: [x]}}
        secrets: [s, {source: t, mode: 0440}]
        logging: {driver: a, options: {b: c}}
        labels: [a=b, "c"]
    networks: {n: {driver_opts: {a: 1}, ipam: {config: [{subnet: a}]}}}
    secrets: {s: {file: ./s}, t: {external: {name: u}}}
    volumes: {v: {external: true}, w: {x-cluster-spec: {group: a}}}
    #!next
    version: "3.8"
    services: {web: {ports: [80], logging: {options: {}}, labels: {c: d}, x-b: [1]}}
    """,
  ]

  private static let pieces = [
    ":", ": ", "- ", "\n", "  ", "[", "]", "{", "}", ",", "\"", "'", "#", "&a ", "*a", "!!str ",
    "|\n", "~", "$", "${", "$$",
    "${N:-", "${SECRET}", "-", "0", "-1", "1e30", "9223372036854775808", "0x", "5s", "1M", ":/",
    "é", "😀", "\r", "\t", "true", "a.b",
    "x-", "#!next\n", "#!env\n", "null", ".inf", "2001-01-01", "<<: ", "\u{0}", "\u{85}",
    "\u{FEFF}",
  ].map { Array($0.utf8) }

  @Test(arguments: 1...6) func mutations(_ seed: Int) {
    var random = Random(state: UInt64(seed))
    for round in 0..<300 {
      var bytes = Array(Self.seeds[random.next(Self.seeds.count)].utf8)
      for _ in 0...random.next(3) {
        let at = random.next(bytes.count + 1)
        switch random.next(4) {
        case 0: bytes.insert(contentsOf: Self.pieces[random.next(Self.pieces.count)], at: at)
        case 1: bytes.removeSubrange(at..<min(bytes.count, at + 1 + random.next(6)))
        case 2 where at < bytes.count: bytes[at] = UInt8(random.next(256))
        default:
          let end = min(bytes.count, at + random.next(40))
          bytes.insert(contentsOf: bytes[at..<end], at: random.next(bytes.count + 1))
        }
      }
      let complaint = exercise(bytes)
      #expect(
        complaint == nil, "seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self))")
    }
  }

  /// What once crashed, or broke one of the promises.
  @Test func crashers() throws {
    let files = Testdata.names(in: "crashers")

    #expect(!files.isEmpty)
    for file in files {
      #expect(exercise(try Testdata.bytes("crashers/\(file)")) == nil, "\(file)")
    }
  }
}
