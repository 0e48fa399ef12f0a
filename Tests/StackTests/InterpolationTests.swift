import TestSupport
import Testing

@Suite struct InterpolationTests {
  static let variables = ["FOO": "foo", "EMPTY": "", "N": "5", "YES": "On"]

  /// What Docker 28 makes of each, its surprises included.
  @Test(arguments: [
    ("$FOO", "foo"), ("${FOO}$FOO", "foofoo"), ("$$FOO", "$FOO"), ("${NOPE}x", "x"),
    ("${EMPTY:-d} ${EMPTY-d}", "d "), ("${NOPE-d}", "d"), ("${NOPE:-}", ""),
    ("$FOO-bar baz", "foo"), ("$NOPE-bar baz", "bar baz"),
    ("${NOPE:?err-msg}", "msg"), ("${NOPE-a:-b}", "b"),
    ("$ ${FOO:-x}", " foo"), ("${FOO:+x}-$FOO", "{FOO:+x}-foo"),
    ("${NOPE:-${FOO}}", "${FOO}"), ("${FOO?}", "foo"), ("a.b$_x", "a.b"),
  ])
  func forms(template: String, result: String) {
    #expect(service("image", "'x\(template)'", environment: Self.variables) == "'x\(result)'")
  }

  @Test(arguments: ["a$", "${", "${FOO", "${1}", "$-", "${}"])
  func strayDollars(template: String) {
    let error = service("image", "'\(template)'", environment: Self.variables)
    #expect(error.contains("services.web.image: \"\(template)\" has a $ that starts no variable"))
  }

  @Test func theCaretIsUnderTheDollar() {
    let loaded = Loaded("services:\n  web:\n    image: \"\u{E9}${\"")
    #expect(loaded.errors.first?.hasPrefix("3:14 ") == true)
    #expect(loaded.diagnostics.count == 1)
  }

  @Test func requiredVariables() {
    #expect(
      Loaded("services: {web: {image: \"${TAG:?set the tag}\"}}").errors
        == ["1:26 services.web.image: the variable TAG must be set: set the tag"])
    #expect(service("image", "'${EMPTY?x}a'", environment: Self.variables) == "'a'")
    #expect(service("image", "'${EMPTY:?x}'", environment: Self.variables).contains("must be set"))
  }

  @Test func typesFollowThePlace() {
    #expect(service("deploy", "{replicas: $N}", environment: Self.variables) == "{replicas: 5}")
    #expect(service("tty", "$YES", environment: Self.variables) == "true")
    #expect(service("ulimits", "{nofile: $N}", environment: Self.variables) == "{nofile: 5}")
    #expect(
      service("init", "$YES", environment: Self.variables).contains(
        "must be a boolean, not a string"))
    // A name with a dot hides the place.
    #expect(
      Loaded("services: {my.web: {deploy: {replicas: $N}}}", environment: Self.variables)
        .errors.first?.contains("must be an integer, not a string") == true)
  }

  @Test func valuesOfVariablesStayOutOfMessages() {
    let secret = ["PASSWORD": "hunter2"]
    for stack in [
      "services: {web: {deploy: {replicas: $PASSWORD}}}",
      "services: {web: {ports: [$PASSWORD]}}",
      "services: {web: {stop_grace_period: $PASSWORD}}",
      "services: {web: {volumes: [\"aa:bb:cc:$PASSWORD\"]}}",
      "services: {web: {deploy: {update_config: {order: $PASSWORD}}}}",
      "services: {web: {dns: [$PASSWORD, $PASSWORD]}}",
      "services: {web: {init: $PASSWORD}}",
      "services: {web: {command: \"'$PASSWORD\"}}",
    ] {
      let loaded = Loaded(stack, environment: secret)
      #expect(!loaded.errors.isEmpty)
      for diagnostic in loaded.diagnostics {
        #expect(!diagnostic.summary.contains("hunter2"), "\(diagnostic.summary)")
        #expect(diagnostic.hint?.contains("hunter2") != true)
      }
    }
  }

  @Test func keysAreLeftAlone() {
    #expect(service("labels", "{$FOO: a}", environment: Self.variables) == "{$FOO: 'a'}")
  }

  @Test func unsetVariablesAreNamedOnce() {
    let loaded = Loaded("services: {web: {image: \"$NOPE\", user: \"$NOPE\"}}")
    #expect(
      loaded.warnings
        == ["the variable NOPE is not set; Docker puts nothing in its place, and at one more place"]
    )
  }

  @Test func numbersThatJSONCannotWriteAreRefused() {
    #expect(Loaded("x-a: [.inf]").errors == ["1:7 x-a[0] is no number that Docker can read"])
  }

  @Test func keysMustBeStrings() {
    #expect(
      Loaded("x-a: {1: b}").errors == ["1:7 the key 1 is a integer, not a string"])
  }
}
