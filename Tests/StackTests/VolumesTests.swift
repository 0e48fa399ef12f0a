import TestSupport
import Testing

@Suite struct VolumesTests {
  @Test(arguments: [
    ("data:/d", "{type: 'volume', source: 'data', target: '/d'}"),
    ("/d", "{type: 'volume', target: '/d'}"),
    ("/", "{type: 'volume', target: '/'}"),
    ("./a:/b:ro", "{type: 'bind', source: '/stack/a', target: '/b', read_only: true}"),
    ("./x/../y:/z", "{type: 'bind', source: '/stack/y', target: '/z'}"),
    ("..:/q", "{type: 'bind', source: '/', target: '/q'}"),
    ("~/x:/y", "{type: 'bind', source: '/home/me/x', target: '/y'}"),
    ("/a/../b:/y", "{type: 'bind', source: '/a/../b', target: '/y'}"),
    (
      "c:\\\\a:/b:ro,shared",
      "{type: 'bind', source: 'c:\\a', target: '/b', read_only: true, bind: {propagation: 'shared'}}"
    ),
    ("a:/b:foo", "{type: 'bind', source: 'a:/b', target: 'foo'}"),
    ("ab:/b:nocopy", "{type: 'volume', source: 'ab', target: '/b', volume: {nocopy: true}}"),
    ("\\\\\\\\.\\\\pipe\\\\x:/b", "{type: 'bind', source: '/stack/\\\\.\\pipe\\x', target: '/b'}"),
  ])
  func shortForm(volume: String, long: String) {
    #expect(service("volumes", "[\"\(volume)\"]", environment: ["HOME": "/home/me"]) == "[\(long)]")
  }

  @Test(arguments: [
    ("", "it is empty"), ("aa::b", "nothing between two colons"), ("ab:/c:", "at an end"),
    ("ab:/c:ro:rw", "too many colons"),
  ])
  func refused(volume: String, reason: String) {
    #expect(service("volumes", "[\"\(volume)\"]").contains(reason))
  }

  @Test func longFormKeepsOptionsThatAreEmpty() {
    #expect(
      service("volumes", "[{type: tmpfs, target: /a, tmpfs: {size: 0}, read_only: false}]")
        == "[{type: 'tmpfs', target: '/a', tmpfs: {}}]")
  }

  @Test func bindNeedsASource() {
    #expect(service("volumes", "[{type: bind, target: /a}]").contains("must have a source"))
    #expect(service("volumes", "[{target: /a}]").contains("must have the key `type`"))
  }

  @Test func withoutHomeATildeIsAPath() {
    let loaded = Loaded("services: {web: {volumes: [\"~/a:/b\"]}}")
    #expect(
      loaded["services.web.volumes"] == "[{type: 'bind', source: '/stack/~/a', target: '/b'}]")
    #expect(loaded.warnings.first?.contains("HOME is not set") == true)
  }

  @Test func externalVolumes() {
    #expect(
      Loaded("volumes: {v: {external: true}}")["volumes"] == "{v: {name: 'v', external: true}}")
    #expect(
      Loaded("volumes: {v: {external: {name: w}, x-a: 1}}")["volumes"]
        == "{v: {name: 'w', external: true, x-a: 1}}")
    #expect(
      Loaded("volumes:\n  v: {external: true, driver: d}").errors
        == ["2:23 volume v is external, and so cannot have `driver`"])
  }

  @Test func extensionsOfOwnVolumesAreDropped() {
    let loaded = Loaded("volumes: {v: {x-a: {b: 1}}}")
    #expect(loaded["volumes"] == "{v: {}}")
    #expect(loaded.omitted(.ignored) == ["volumes.v.x-a.b"])
  }
}
