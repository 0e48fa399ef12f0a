import TestSupport
import Testing

@Suite struct NetworksTests {
  @Test func serviceNetworks() {
    #expect(service("networks", "[n, m]") == "{m: null, n: null}")
    #expect(
      service("networks", "{n: {aliases: [a], driver_opts: {x: 1.50}}, m: , o: {}}")
        == "{m: null, n: {aliases: ['a'], driver_opts: {x: '1.5'}}, o: {}}")
  }

  @Test func topLevel() {
    #expect(Loaded("networks: {n: , m: {}}")["networks"] == "{m: {}, n: {}}")
    #expect(
      Loaded("networks: {n: {external: true, internal: true}}")["networks.n"]
        == "{name: 'n', external: true, internal: true}")
    #expect(
      Loaded("networks: {n: {ipam: {config: [{subnet: 10.0.0.0/8}]}}}")["networks.n"]
        == "{ipam: {config: [{subnet: '10.0.0.0/8'}]}}")
    #expect(Loaded("networks: {\"my net\": }")["networks"] == "{my net: {}}")
  }

  @Test func extraHosts() {
    #expect(
      service("extra_hosts", "[\"a:1.2.3.4\", \"b=[::1]\"]") == "['a:1.2.3.4', 'b:::1']")
    #expect(service("extra_hosts", "{b: 1.2.3.4, a: 5}") == "['a:%!s(int=5)', 'b:1.2.3.4']")
  }

  @Test func ulimits() {
    #expect(
      service("ulimits", "{nofile: 5, nproc: {soft: 0, hard: 2}, x: 0, NOFILE: }")
        == "{NOFILE: null, nofile: 5, nproc: {hard: 2}, x: {}}")
    #expect(service("ulimits", "{nofile: {soft: 1}}").contains("must have the key `hard`"))
    #expect(service("ulimits", "{nofile: }").contains("must be an integer or a mapping"))
  }
}
