import TestSupport
import Testing

@Suite struct ShellWordsTests {
  @Test(arguments: [
    ("a \"b\\\"c\\d\" #x", "['a', 'b\"cd']"), ("a\\ b 'c d'e", "['a b', 'c de']"),
    ("f g#h", "['f', 'g#h']"), ("a '' b", "['a', '', 'b']"), ("$X ; |", "['$X', ';', '|']"),
    ("  ", "absent"), ("# all", "absent"),
  ])
  func words(text: String, words: String) {
    let quoted = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing(
      "$", with: "$$")
    #expect(service("command", "\"\(quoted)\"") == words)
  }

  @Test(arguments: ["'a", "\"a", "a\\"])
  func unfinished(text: String) {
    let quoted = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    #expect(service("entrypoint", "\"\(quoted)\"").contains("cannot be split into words"))
  }

  @Test func healthcheckTestsGoToTheShell() {
    #expect(
      service("healthcheck", "{test: a 'b}") == "{test: ['CMD-SHELL', 'a 'b']}")
    #expect(service("healthcheck", "{}") == "{}")
  }
}
