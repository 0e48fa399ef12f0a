import TestSupport
import Testing

@Suite struct PortsTests {
  @Test(arguments: [
    ("\"80\"", "{mode: 'ingress', target: 80, protocol: 'tcp'}"),
    ("80", "{mode: 'ingress', target: 80, protocol: 'tcp'}"),
    ("\"8080:80/UDP\"", "{mode: 'ingress', target: 80, published: 8080, protocol: 'udp'}"),
    (
      "\"80-81:90-91\"",
      "{mode: 'ingress', target: 90, published: 80, protocol: 'tcp'}, "
        + "{mode: 'ingress', target: 91, published: 81, protocol: 'tcp'}"
    ),
    (
      "\"5-6:7\"",
      "{mode: 'ingress', target: 7, published: 5, protocol: 'tcp'}, "
        + "{mode: 'ingress', target: 7, published: 6, protocol: 'tcp'}"
    ),
    // As texts, 100 comes before 99.
    (
      "\"99-100\"",
      "{mode: 'ingress', target: 100, protocol: 'tcp'}, {mode: 'ingress', target: 99, protocol: 'tcp'}"
    ),
    ("{target: 80, published: 80.0}", "{target: 80, published: 80}"),
    ("{target: 4294967297}", "{target: 1}"),
  ])
  func longForm(port: String, long: String) {
    #expect(service("ports", "[\(port)]") == "[\(long)]")
  }

  @Test(arguments: [
    ("80:", "the target port is missing"), (":", "the target port is missing"),
    ("x:80", "the published part is no port"), ("80:x", "the target is no port"),
    ("70000", "the target is no port"), ("82-80", "the target is no port"),
    ("80-82:90-91", "the two ranges differ"), ("80/foo", "tcp, udp or sctp"),
    ("1.2.3:80:80", "no IP address"), ("[::1:80:80", "no IP address"),
    ("01.2.3.4:80:80", "no IP address"),
  ])
  func refused(port: String, reason: String) {
    let error = service("ports", "[\"\(port)\"]")
    #expect(error.contains("1:26 services.web.ports[0]: \"\(port)\" is no port: "))
    #expect(error.contains(reason))
  }

  @Test(arguments: ["1.2.3.4:80:80", "[::1]:80:80", "::1:80:80"])
  func addressesAreIgnoredWithAWarning(port: String) {
    let loaded = Loaded("services: {web: {ports: [\"\(port)\"]}}")
    #expect(loaded.warnings.count == 1)
    #expect(loaded.warnings.first?.contains("ignores the address") == true)
  }

  @Test func allAddressesNeedNoWarning() {
    #expect(Loaded("services: {web: {ports: [\"0.0.0.0:80:80\"]}}").warnings.isEmpty)
  }

  @Test func aShortFormLendsItsKeyToAllItBecomes() throws {
    let loaded = Loaded("services: {web: {ports: [\"8080:80\"]}}")
    let port = try #require(
      loaded.stack?.root["services"]?["web"]?["ports"]?.items?.first)
    #expect(loaded.keys.path(port.id) == "services.web.ports[0]")
    #expect(try #require(port["target"]).id == port.id)
    #expect(try #require(port["published"]).mark.column == 26)
  }

  @Test func equalItemsAreRefused() {
    #expect(
      service("ports", "[80, 80.0]").contains("1:30 services.web.ports[1] repeats"))
    #expect(service("ports", "[80, \"80\"]").hasPrefix("[{"))
  }
}
