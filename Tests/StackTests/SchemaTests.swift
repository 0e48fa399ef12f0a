import TestSupport
import Testing
import YAML

@Suite struct SchemaTests {
  @Test(arguments: [
    (
      "services: {web: {deploy: {replicas: \"5\"}}}",
      "1:37 services.web.deploy.replicas must be an integer, not a string"
    ),
    ("services: {web: {image: 5}}", "1:25 services.web.image must be a string, not an integer"),
    ("services: {web: ~}", "1:17 services.web must be a mapping, but it is empty"),
    ("services: []", "1:11 services must be a mapping, not a list"),
    ("services: {web: {tty: 1}}", "1:23 services.web.tty must be a boolean, not an integer"),
    (
      "services: {web: {shm_size: 5}}",
      "1:28 services.web.shm_size must be a string, not an integer"
    ),
    (
      "services: {web: {deploy: {replicas: -1}}}",
      "1:37 services.web.deploy.replicas must not be negative"
    ),
    (
      "services: {web: {cap_add: [A, A]}}",
      "1:31 services.web.cap_add[1] repeats an earlier item of the list"
    ),
    ("services: {\"a b\": {}}", "1:12 services: \"a b\" cannot be a name"),
    ("version: 3", "1:10 version must be a string, not an integer"),
    ("version: \"2.4\"", "1:10 version 2.4 is not a version of the stack format"),
    ("version: \"3.99\"", "1:10 version 3.99 is not a version of the stack format"),
    ("[a]", "1:1 a stack file must be a mapping of keys"),
    (" ", "1:1 the file is empty: nothing in it but blanks and comments"),
  ])
  func refused(stack: String, error: String) {
    #expect(Loaded(stack).errors == [error])
  }

  @Test func allErrorsAreReportedInOrder() {
    let loaded = Loaded("services:\n  web: {image: 5, foo: 1}\n  db:\n    ports: [x]\nnetworks: 3")
    #expect(loaded.errors.map { String($0.prefix(4)) } == ["2:16", "2:19", "4:13", "5:11"])
  }

  @Test func errorsBeyondAHundredAreCounted() {
    let keys = (0..<150).map { "k\($0): 1" }.joined(separator: ", ")
    let loaded = Loaded("services: {web: {\(keys)}}")
    #expect(loaded.errors.count == 101)
    #expect(loaded.errors.last?.contains("50 more errors") == true)
  }

  @Test(arguments: [
    ("services: {web: {imgae: a}}", "did you mean `image`?"),
    ("services: {web: {replicas: 2}}", "it belongs under `services.<name>.deploy`"),
    (
      "services: {web: {profiles: [a]}}",
      "Docker Compose knows this key, Swarm does not; try --dialect compose"
    ),
    (
      "services: {web: {extends: a}}",
      "Docker Compose knows this key, Swarm does not; try --dialect compose"
    ),
    ("services: {web: {mem_limit: 5}}", "set limits under `deploy.resources`"),
    ("image: a", "it belongs under `services.<name>`"),
    ("name: a", "Docker Compose knows this key, Swarm does not; try --dialect compose"),
  ])
  func unknownKeysComeWithAHint(stack: String, hint: String) {
    let loaded = Loaded(stack)
    #expect(loaded.diagnostics.first?.slug == "stack/unknown-key")
    #expect(loaded.diagnostics.first?.hint == hint)
  }

  @Test func newerKeysAreAWarning() {
    let stack = "version: \"3.2\"\nservices: {web: {init: true}, db: {init: true}}"
    let loaded = Loaded(stack)
    #expect(loaded["services.web.init"] == "true")
    #expect(
      loaded.warnings
        == ["`init` needs version 3.7 or later, or no version at all, and at one more place"])
    #expect(
      Loaded(stack, strict: true).errors.first
        == "2:18 services.web.init: `init` needs version 3.7 or later, or no version at all")
  }

  @Test func versionsArePrintedInFull() {
    #expect(Loaded("services: {}")["version"] == "'3.13'")
    #expect(Loaded("version: \"3\"")[""] == "{version: '3.13', services: {}}")
    #expect(Loaded("version: \"3.8\"")["version"] == "'3.8'")
  }

  @Test func everyLeafIsAccountedFor() throws {
    let loaded = Loaded(
      """
      services:
        web:
          image: a
          tty: false
          oom_score_adj: 5
          build: {context: ., foo: bar, shm_size: 1}
          labels: {}
          ports: []
          extra_hosts: [nope]
      networks: {n: {x-a: 1}}
      """)
    let stack = try #require(loaded.stack)
    var held = Set<Int32>()
    func hold(_ id: Int32) { for row in loaded.keys.subtree(.init(id)) { held.insert(Int32(row)) } }
    func walk(_ node: Node) {
      held.insert(node.id.rawValue)
      for item in node.items ?? [] { walk(item) }
      for entry in node.entries ?? [] { walk(entry.value) }
    }
    walk(stack.root)
    for (key, _) in stack.omitted { hold(key.rawValue) }
    for row in stack.keys where loaded.keys[.init(row)].isLeaf {
      #expect(held.contains(row), "\(loaded.keys.path(.init(row)))")
    }
    #expect(
      Set(loaded.omitted(.empty)) == [
        "services.web.tty", "services.web.labels", "services.web.ports",
      ])
    #expect(
      Set(loaded.omitted(.ignored)) == [
        "services.web.oom_score_adj", "services.web.build.foo", "services.web.build.shm_size",
        "networks.n.x-a",
      ])
    #expect(loaded.omitted(.skipped) == ["services.web.extra_hosts[0]"])
  }
}
