import Testing

@testable import YAML

struct KeyTests {
  @Test func everyDuplicateIsReportedWithTheFirst() {
    let found = errors(bytes: Array("a: 1\nb:\n  c: 1\n  c: 2\na: 2\na: 3\n".utf8))
    #expect(found.map { "\($0.mark.line):\($0.mark.column)" } == ["4:3", "5:1", "6:1"])
    #expect(found.allSatisfy { $0.slug == "yaml/duplicate-key" })
    #expect(found.map { $0.notes.first?.mark.line } == [3, 1, 1])
  }

  @Test func duplicatesStandBesideTheSyntaxError() {
    #expect(
      places("a: 1\na: 2\nb: @x\n") == ["2:1 yaml/duplicate-key", "3:4 yaml/reserved-character"])
  }

  @Test func keysAreComparedAsWritten() throws {
    #expect(places("1: a\n'1': b\n") == ["2:1 yaml/duplicate-key"])
    #expect(places("1: a\n0x1: b\n") == [])
    #expect(places("<<: {}\n<<: {}\n") == ["2:1 yaml/duplicate-key"])
    #expect(places("<<: {}\n'<<': {}\n") == ["2:1 yaml/duplicate-key"])
    #expect(places("'<<': {}\n<<: {}\n") == ["2:1 yaml/duplicate-key"])
    // Equal to Unicode, different to Go.
    #expect(places("e\u{301}: 1\n\u{E9}: 2\n") == [])
    #expect(places("\u{212B}: 1\n\u{C5}: 2\n") == [])
  }

  @Test func aliasesAsKeys() throws {
    #expect(dump(try read("x: &k a\n*k : 1\n")) == "{x: string a, a: int 1}")
    #expect(dump(try read("x: &k a\n*k : 1\na: 2\n")) == "{x: string a, a: int 2}")
    #expect(dump(try read("x: &k a\na: 2\n*k : 1\n")) == "{x: string a, a: int 1}")
    #expect(places("x: &k a\n*k : 1\n*k : 2\n") == ["3:1 yaml/duplicate-key"])
  }

  @Test func manyKeys() throws {
    var text = (0..<2000).map { "key-\($0): \($0)\n" }.joined()
    let root = try #require(try read(text))
    #expect(root.entries?.count == 2000)
    text += "key-7: again\nkey-1999: again\n"
    #expect(places(text) == ["2001:1 yaml/duplicate-key", "2002:1 yaml/duplicate-key"])
  }

  @Test func kindsOfKeys() throws {
    #expect(
      dump(try read("1: a\n~: b\ntrue: c\n1.5: d\n!!str 2: e\n"))
        == "{int 1: string a, null ~: string b, bool true: string c, float 1.5: string d, 2: string e}"
    )
    #expect(places("[a]: 1\n") == ["1:1 yaml/complex-key"])
    #expect(places("? {a: 1}\n: 1\n") == ["1:3 yaml/complex-key"])
    #expect(places("a: {{ x }}\n") == ["1:5 yaml/complex-key"])
    #expect(places("!foo a: 1\n") == ["1:1 yaml/tagged-key"])
  }
}
