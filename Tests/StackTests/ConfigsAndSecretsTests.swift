import TestSupport
import Testing

@Suite struct ConfigsAndSecretsTests {
  @Test func references() {
    #expect(
      service("secrets", "[a, {source: b, mode: 0440, uid: '1', other: x}, {Source: c}]")
        == "[{source: 'a'}, {source: 'b', uid: '1', mode: 288}, {source: 'c'}]")
  }

  @Test(arguments: [
    ("{file: ./a}", "{file: '/stack/a'}"),
    ("{file: /a}", "{file: '/a'}"),
    ("{}", "{file: '/stack'}"),
    ("{external: true}", "{name: 's', external: true}"),
    ("{external: {}}", "{name: 's', external: true}"),
    ("{external: {name: t}}", "{name: 't', external: true}"),
    ("{external: false}", "{file: '/stack'}"),
    ("{driver: d, driver_opts: {a: 1}}", "{driver: 'd', driver_opts: {a: '1'}}"),
    ("{name: n, file: f, x-a: 1}", "{name: 'n', file: '/stack/f', x-a: 1}"),
  ])
  func secrets(secret: String, long: String) {
    #expect(Loaded("secrets: {s: \(secret)}")["secrets.s"] == long)
  }

  @Test func conflicts() {
    #expect(
      Loaded("secrets: {s: {driver: d, file: f}}").errors.first?.contains("a driver and a file")
        == true)
    #expect(
      Loaded("configs: {c: {name: a, external: {name: b}}}").errors.first?
        .contains("both `name` and `external.name`") == true)
  }
}
