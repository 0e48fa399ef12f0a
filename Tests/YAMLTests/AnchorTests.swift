import Testing

@testable import YAML

struct AnchorTests {
  @Test func aliasesAreExpanded() throws {
    #expect(
      dump(try read("a: &x [1, &y {k: v}]\nb: *x\nc: *y\n"))
        == "{a: [int 1, {k: string v}], b: [int 1, {k: string v}], c: {k: string v}}")
    #expect(dump(try read("a: &x 1\nb: &x 2\nc: *x\n")) == "{a: int 1, b: int 2, c: int 2}")
    #expect(dump(try read("&k a: *k\n")) == "{a: string a}")
  }

  @Test func aliasedValuesKeepThePlaceOfTheAnchor() throws {
    let root = try #require(try read("a: &x\n  k: v\nb: *x\n"))
    let entry = try #require(root.entry("b"))
    #expect(entry.keyMark.line == 3)
    #expect(entry.value.entry("k")?.keyMark.line == 2)
  }

  @Test func explicitKeysWinOverMergedOnes() throws {
    let base = "x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\n"
    func merged(_ body: String) throws -> String {
      dump(try read(base + "z:\n" + body)?["z"])
    }
    #expect(try merged("  <<: *x\n  b: 5\n") == "{a: int 1, b: int 5}")
    #expect(try merged("  b: 5\n  <<: *x\n") == "{b: int 5, a: int 1}")
    #expect(try merged("  b:\n  <<: *x\n") == "{b: null , a: int 1}")
    #expect(try merged("  <<: [*x, *y]\n") == "{a: int 1, b: int 2, c: int 4}")
    #expect(try merged("  <<: [*y, *x]\n") == "{b: int 3, c: int 4, a: int 1}")
    #expect(try merged("  <<: {d: 1}\n  e: 2\n") == "{d: int 1, e: int 2}")
    #expect(try merged("  !!merge <<: *x\n") == "{a: int 1, b: int 2}")
    #expect(try merged("  '<<': *x\n") == "{<<: {a: int 1, b: int 2}}")
    #expect(try merged("  <<: []\n") == "{}")
  }

  @Test func mergesOfMerges() throws {
    let text = "x: &x {a: 1, b: 1, c: 1}\ny: &y\n  <<: *x\n  b: 2\nz:\n  <<: *y\n  c: 3\n"
    #expect(dump(try read(text)?["z"]) == "{a: int 1, b: int 2, c: int 3}")
  }

  @Test func mergedKeysBecomeStrings() throws {
    #expect(
      dump(try read("<<: {1: a, ~: b, true: c}\nC: d\n"))
        == "{1: string a, true: string c, C: string d}")
  }

  @Test func otherValuesCannotBeMerged() {
    #expect(places("<<:\na: 1\n") == ["1:4 yaml/merge-value"])
    #expect(places("x: &l [{a: 1}]\ny: {<<: *l}\n") == ["2:9 yaml/merge-value"])
    #expect(places("y: {<<: [[{a: 1}]]}\n") == ["1:9 yaml/merge-value"])
    #expect(places("y: {<<: [1]}\n") == ["1:9 yaml/merge-value"])
    #expect(places("y: {<<: 1}\n") == ["1:9 yaml/merge-value"])
  }

  @Test func unknownAndRecursiveAnchors() {
    let unknown = errors(bytes: Array("a: &base 1\nb: *bsae\n".utf8))
    #expect(unknown.map(\.slug) == ["yaml/unknown-anchor"])
    #expect(unknown.first?.hint == "did you mean *base?")
    #expect(
      places("a: *b\nc: &b 1\nd: *e\n") == ["1:4 yaml/unknown-anchor", "3:4 yaml/unknown-anchor"])
    #expect(places("a: &b [*b]\n") == ["1:8 yaml/recursive-anchor"])
    #expect(places("a: &b {<<: *b}\n") == ["1:12 yaml/recursive-anchor"])
    #expect(places("&a *a : 1\n").count > 0)
  }
}
