import Delivery
import Images
import Proxies
import Swarm
import TestSupport
import Testing

/// Rules of Traefik 2 and 3.
@Suite struct RouteRuleTests {
  private static func read(_ text: String) throws -> RouteRule { try RouteRule(traefik: text) }

  @Test func andBindsCloserThanOr() throws {
    let rule = try Self.read("Host(`a`) || Host(`b`) && Path(`/c`)")
    #expect(
      rule
        == .any([
          .matches(.host("a")), .all([.matches(.host("b")), .matches(.path("/c"))]),
        ]))
  }

  @Test func parenthesesAndNegation() throws {
    let rule = try Self.read(" !( Host(`a`)||Host(`b`) )&&!PathPrefix(\"/x\") ")
    #expect(
      rule
        == .all([
          .not(.any([.matches(.host("a")), .matches(.host("b"))])),
          .not(.matches(.pathPrefix("/x"))),
        ]))
  }

  @Test(arguments: [
    ("HOST(`A.Example`)", RouteRule.matches(.host("a.example"))),
    ("Host(`a`, \"b\")", .any([.matches(.host("a")), .matches(.host("b"))])),
    (
      "HostRegexp(`{sub:[a-z]{2,3}}.example.com`)",
      .matches(.hostPattern("^(?:[a-z]{2,3})\\.example\\.com$"))
    ),
    ("HostRegexp(`^.+\\.example\\.com$`)", .matches(.hostPattern("^.+\\.example\\.com$"))),
    ("Path(`/products/{id}`)", .matches(.pathPattern("^/products/(?:[^/]+)$"))),
    ("PathPrefix(`/p/{id:[0-9]+}`)", .matches(.pathPattern("^/p/(?:[0-9]+)"))),
    ("PathRegexp(`^/a{2}$`)", .matches(.pathPattern("^/a{2}$"))),
    ("Method(`get`,`POST`)", .any([.matches(.method("GET")), .matches(.method("POST"))])),
    ("Headers(`X-A`, `b`)", .matches(.header(name: "X-A", value: "b"))),
    ("HeaderRegexp(`X-A`, `b.*`)", .matches(.headerPattern(name: "X-A", pattern: "b.*"))),
    (
      "Query(`a=b`, `c=`)",
      .all([.matches(.query(name: "a", value: "b")), .matches(.query(name: "c", value: ""))])
    ),
    ("Query(`a`, `b`)", .matches(.query(name: "a", value: "b"))),
    ("Query(`a`)", .matches(.query(name: "a", value: nil))),
    ("ClientIP(`10.0.0.0/8`)", .matches(.client("10.0.0.0/8"))),
    ("HostSNI(`*`)", .matches(.serverName("*"))),
    ("Path(\"/a\\\"b\")", .matches(.path("/a\"b"))),
  ])
  func matchers(_ text: String, _ rule: RouteRule) throws {
    #expect(try Self.read(text) == rule)
  }

  @Test(arguments: [
    "", "Host", "Host(`a`", "Host(`a)", "Host(a)", "Host(`a`) &&", "Host(`a`) Host(`b`)",
    "Host()", "Host(`ä.example`)", "Path(`no-slash`)", "Unknown(`a`)", "Headers(`a`)",
    "(Host(`a`)", "Host(`a`))", "&& Host(`a`)", "Host(`a`) & Host(`b`)", "Path(\"\\q\")",
  ])
  func refused(_ text: String) {
    #expect(throws: RouteRuleError.self) { try Self.read(text) }
  }

  @Test func depthIsBounded() {
    let deep = String(repeating: "(", count: 100_000) + "Host(`a`)"
    #expect(throws: RouteRuleError("it is nested too deeply")) { try Self.read(deep) }
    let negated = String(repeating: "!", count: 100_000) + "Host(`a`)"
    #expect(throws: RouteRuleError("it is nested too deeply")) { try Self.read(negated) }
  }
}

/// What a Traefik's flags and variables say.
@Suite struct TraefikSettingsTests {
  private static func settings(_ text: String) throws -> TraefikSettings {
    try #require(TraefikSettings(try service(text)))
  }

  @Test func version3() throws {
    let settings = try Self.settings(
      """
      image: docker.io/library/traefik:v3.1
      command: [--providers.swarm.exposedByDefault=false, "--entryPoints.Web.address=:8080/tcp",
        --entrypoints.websecure.http.tls.certresolver=le, "--providers.swarm.defaultRule=Host(`x`)"]
      environment: {TRAEFIK_ENTRYPOINTS_INTERN_ADDRESS: ":9000"}
      """)
    #expect(settings.version == 3)
    #expect(!settings.exposedByDefault)
    #expect(settings.readsServices)
    #expect(settings.defaultRule == "Host(`x`)")
    #expect(settings.entryPoint("web")?.port == 8080)
    #expect(settings.entryPoint("WEBSECURE")?.hasTLS == true)
    #expect(settings.entryPoint("websecure")?.resolver == "le")
    #expect(settings.entryPoint("intern")?.port == 9000)
  }

  @Test func version1() throws {
    let settings = try Self.settings(
      """
      image: traefik:1.7-alpine
      command: [--docker, --docker.swarmMode, --docker.domain=example.com, --acme.email=a@example.com,
        "--entryPoints=Name:https Address::443 TLS", "--entryPoints=Name:http Address::80 Redirect.EntryPoint:https",
        "--defaultentrypoints=http,https"]
      """)
    #expect(settings.version == 1)
    #expect(settings.exposedByDefault)
    #expect(settings.readsServices)
    #expect(settings.domain == "example.com")
    #expect(settings.getsCertificates)
    #expect(settings.entryPoint("https")?.hasTLS == true)
    #expect(settings.entryPoint("http")?.redirect == "https")
    #expect(settings.entryPoints.map(\.isDefault) == [true, true])
  }

  @Test func containersOfANode() throws {
    let settings = try Self.settings(
      "{image: 'traefik:v2.11', command: [--providers.docker=true]}")
    #expect(!settings.readsServices)
  }

  @Test func anotherImage() throws {
    let other = try service("image: registry.example.com/traefik-forward-auth:2")
    #expect(TraefikSettings(other) == nil)
  }
}
