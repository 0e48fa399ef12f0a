import Testing

@testable import YAML

/// Which strings stand plain, which need quotes.
struct WriterQuotingTests {
  @Test(
    arguments: [
      "web", "nginx:1.27", "ghcr.io/a/b@sha256:abc", "/bin/sh", "-c", "--port=80", "a b", "a#b",
      "a:b",
      "http://web:80/x?y=1&z", "500m", "256Mi", "5s", "1.27-alpine", "é", "日本語", "😀", "yesterday",
      "once", "_x", "$(HOST):80", "a,b", "null_", "on-failure", "v1", "apps/v1", "a{b}",
      "it's",
      "say \"x\"", "back\\slash", "$HOME", "^a$", "(x)",
    ])
  func plain(_ value: String) throws {
    #expect(written { $0.field("k", value) } == "k: \(value)\n")
    #expect(dump(try read(written { $0.field("k", value) })) == "{k: string \(value)}")
  }

  @Test(arguments: [
    "", " ", "a ", " a", "-", "- x", "?", "? x", ":", ": x", "a: b", "a:", "a #b", "#a", "&a", "*a",
    "!a", "|", "|x", ">", "'a", "%a", "@a", "`a", "[x", "]", "{x", "}", ",", "---", "--- x", "...",
    "=", "<<", "~", "~/x", "null", "Null", "NULL", "true", "True", "yes", "Yes", "YES", "no", "on",
    "On", "off", "OFF", "y", "Y", "n", "N", "1", "-1", "+1", "1e3", "1.5", ".5", "-.5", "+.5", "1.",
    "1_000", "0123", "0o7", "0x1F", "0b11", "12:30", "12:30:45.5", "1:2", "2001-12-14",
    "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10 Z", ".inf", "-.inf", "+.Inf", ".nan",
    ".NaN", "inf", "nan", "0x", "1,000", "1e", "-0", "0", "-.", "a\tb", "\ta",
  ])
  func quoted(_ value: String) throws {
    let text = written { $0.field("k", value) }
    #expect(text.hasPrefix("k: \""))
    #expect(dump(try read(text)) == "{k: string \(value)}")
  }

  @Test(arguments: [
    ("a\"b ", #""a\"b ""#), ("a\\b ", #""a\\b ""#), ("\u{0}", #""\x00""#), ("\u{7F}", #""\x7F""#),
    ("\u{85}", #""\x85""#), ("\u{A0}", #""\xA0""#), ("\u{2028}", #""\u2028""#),
    ("a\u{202E}b", #""a\u202Eb""#), ("\u{FEFF}", #""\uFEFF""#), ("\u{FFFE}", #""\uFFFE""#),
    ("\u{1FFFE}", #""\U0001FFFE""#), ("é\u{1B}", #""é\x1B""#), ("a\r", #""a\r""#),
  ])
  func escaped(_ value: String, _ expected: String) throws {
    let text = written { $0.field("k", value) }
    #expect(text == "k: \(expected)\n")
    let back = try #require(try read(text)?["k"]?.text)
    #expect(Array(back.unicodeScalars) == Array(value.unicodeScalars))
  }
}
