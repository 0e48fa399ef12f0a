import Testing

@testable import YAML

/// Each spelling was put to `docker stack config` (client 28) and is listed as what came out.
struct ScalarResolutionTests {
  @Test(arguments: [
    (Scalar.Kind.null, ["", "~", "null", "Null", "NULL"]),
    (.bool, ["true", "True", "TRUE", "false", "False", "FALSE"]),
    (
      .int,
      [
        "0", "-0", "+1", "0777", "0o17", "-0o17", "0x1F", "0X1f", "0b11", "-0b11", "1_000", "1__0",
        "0_7", "0x_1", "9223372036854775807", "-9223372036854775808", "18446744073709551615",
        "0xFFFFFFFFFFFFFFFF", "0b-1", "0o+7",
      ]
    ),
    (
      .float,
      [
        "1.", ".5", "-.5", "1.5", "08", "1e3", "1E+3", "1_.5", "1_0e1_0", ".inf", ".Inf", ".INF",
        "+.inf", "-.INF", ".nan", ".NaN", ".NAN", "99999999999999999999", "-9223372036854775809",
        "+18446744073709551615", "1e-400",
      ]
    ),
    (
      .timestamp,
      [
        "2001-01-01", "2001-1-1", "2001-1-1 1:2:3", "2001-01-01   10:00:00",
        "2001-12-14t21:59:43.10-05:00",
        "2001-12-14T21:59:43Z", "2001-1-1 1:2:3.5", "2001-1-1 1:2:3,5", "2000-02-29",
      ]
    ),
    (
      .string,
      [
        "yes", "no", "on", "off", "y", "tRue", "nULL", "1:30", "0o9", "0b12", "._5", "_1", "-", "+",
        ".", "..", "0x", "0x1p3", "1e400", "1.2.3", "a", "<<", "1e", "--1", "+-1", "0x-1", ".e5",
        "2001-02-29", "2001-13-01", "2001-1-1 24:00:00", "2001-1-1T1:2:3", "+.nan", "-.Nan", "inf",
        "1 2", "12a", "~~", ".iNF",
      ]
    ),
  ]) func plain(_ kind: Scalar.Kind, _ spellings: [String]) {
    for text in spellings {
      #expect(Scalar.kind(ofPlain: text) == kind, "\(text)")
    }
  }

  @Test func quotesMakeStrings() throws {
    #expect(
      dump(try read("[1, '1', \"1\", 'null', ! 5, ! '5']"))
        == "[int 1, string 1, string 1, string null, int 5, string 5]")
    #expect(dump(try read("a: |\n  1\nb: >-\n  true\n")) == "{a: string 1\n, b: string true}")
    #expect(try read("- a\n- 'a'\n")?.items?.map { $0.scalar?.isPlain } == [true, false])
  }

  @Test func apostrophesMayBeEscaped() throws {
    let root = try #require(
      try read("\u{FEFF}é: [\"é\\'a\\'\", \"\\\\\", '\\', b\\'c, \"\\'\"]\nd: 1\n"))
    #expect(
      dump(root) == "{é: [string é'a', string \\, string \\, string b\\'c, string '], d: int 1}")
    #expect(root["é"]?.items?.last?.mark.column == 32)
    #expect(dump(try read("\"\\'\\a\\v\"")) == "string '\u{7}\u{B}")
    #expect(places("a: \"\\'\"\nb: \"\\q\"\n") == ["2:5 yaml/escape"])
  }

  @Test func tags() throws {
    #expect(
      dump(
        try read(
          "[!!str 5, !!float 5, !!int '5', !!bool 'true', !!null '', !!timestamp '2001-1-1']"))
        == "[string 5, float 5, int 5, bool true, null , timestamp 2001-1-1]")
    #expect(
      dump(try read("[!reset 5, !!foo 5, !!map 5, !<tag:yaml.org,2002:int> 5, !<!x> 5]"))
        == "[string 5, string 5, string 5, int 5, string 5]")
    #expect(
      dump(try read("[!!str [5], !!null [5], !!seq {a: 1}]")) == "[[int 5], [int 5], {a: int 1}]")
    #expect(dump(try read("!!binary aGVsbG8=")) == "string hello")
    #expect(dump(try read("!!binary |\n  aGVs\n  bG8h\n")) == "string hello!")
  }

  @Test func tagsThatDoNotFit() {
    #expect(places("a: !!int 0.0") == ["1:4 yaml/tag-mismatch"])
    #expect(places("a: !!null 5") == ["1:4 yaml/tag-mismatch"])
    #expect(places("a: !!bool yes\nb: !!timestamp x\n").count == 2)
    #expect(places("a: !!float 18446744073709551615").count == 1)
    for text in ["a", "aGVsbG8", "aGVsbG8==", "a===", "=", "aGV sbG8=", "aG=V"] {
      #expect(places("a: !!binary '\(text)'") == ["1:4 yaml/invalid-base64"], "\(text)")
    }
  }
}
