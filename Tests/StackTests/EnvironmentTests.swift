import Stack
import TestSupport
import Testing

@Suite struct EnvironmentTests {
  @Test func listsAndMappings() {
    #expect(service("environment", "[A, B=, C=a=b]") == "{A: null, B: '', C: 'a=b'}")
    #expect(
      service("environment", "{A: 1.10, B: 0x10, C: 1e3, D: ~, E: 2001-01-01}")
        == "{A: '1.1', B: '16', C: '1000', D: null, E: '2001-01-01 00:00:00 +0000 UTC'}")
    #expect(service("environment", "{A: true}").contains("must be a string, a number or null"))
  }

  @Test func theClientGivesMissingValues() {
    #expect(
      service("environment", "{A: , B: '', C: c}", environment: ["A": "1", "B": "2", "C": "3"])
        == "{A: '1', B: '2', C: 'c'}")
  }

  @Test func keysAreInNaturalOrder() {
    #expect(
      service("labels", "{x10: a, x9: b, X: c, _: d, x-: e}")
        == "{_: 'd', X: 'c', x-: 'e', x9: 'b', x10: 'a'}")
  }

  @Test func theLastOfEqualNamesCounts() {
    let loaded = Loaded("services: {web: {environment: [A=1, A=2]}}")
    #expect(loaded["services.web.environment"] == "{A: '2'}")
    #expect(loaded.omitted(.repeated) == ["services.web.environment[0]"])
  }

  @Test func filesComeFirst() {
    let loaded = Loaded(
      "services: {web: {env_file: [a.env, /b.env], environment: [C=own, D]}}",
      environment: ["E": "client"],
      files: ["/stack/a.env": "A=1\nC=file\nD=file\n", "/b.env": "A=2\nE\nF\n"])
    #expect(loaded["services.web.environment"] == "{A: '2', C: 'own', D: null, E: 'client'}")
    #expect(loaded["services.web.env_file"] == "['a.env', '/b.env']")
  }

  @Test func fileSyntax() throws {
    let lines = try parseEnvFile(
      Array("\u{FEFF}A=\"q\" \r\n  # no\n\n\tB\nC\n #x\nD==\n".utf8), environment: ["C": "c"])
    #expect(lines.map { "\($0.name)|\($0.value)" } == ["A|\"q\" ", "C|c", "D|="])
  }

  @Test(arguments: [
    ("A B=secret", "line 1 has a blank in the variable name"),
    ("X=1\n=secret", "line 2 has no variable name before the ="),
  ])
  func fileErrorsQuoteNothing(text: String, reason: String) {
    let loaded = Loaded("services: {web: {env_file: a}}", files: ["/stack/a": text])
    #expect(
      loaded.errors == ["1:28 services.web.env_file[0]: cannot read \"a\": \(reason)"]
        || loaded.errors == ["1:28 services.web.env_file: cannot read \"a\": \(reason)"])
  }

  @Test func missingFiles() {
    #expect(
      Loaded("services: {web: {env_file: [no.env]}}").errors
        == ["1:29 services.web.env_file[0]: cannot read \"no.env\": no such file"])
  }
}
