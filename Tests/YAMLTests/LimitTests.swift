import Testing

@testable import YAML

struct LimitTests {
  @Test func depth() throws {
    let open = String(repeating: "[", count: 200)
    let close = String(repeating: "]", count: 200)
    #expect(try read(open + close) != nil)
    #expect(places("[" + open + close + "]") == ["1:201 yaml/too-deep"])
    var nested = ""
    for level in 0..<300 { nested += String(repeating: " ", count: level) + "a:\n" }
    #expect(places(nested) == ["201:201 yaml/too-deep"])
    #expect(places(String(repeating: "- ", count: 5000)) == ["1:401 yaml/too-deep"])
  }

  @Test(arguments: ["[", "{", "- ", "? ", "[a, ", "{a: ", "!a [", "&a [", "[\n", "[[]"])
  func muchNesting(_ opening: String) {
    let text = String(repeating: opening, count: 10_000_000 / opening.utf8.count)
    let clock = ContinuousClock()
    var found: [String] = []
    let time = clock.measure { found = places(text) }
    #expect(!found.isEmpty)
    #expect(time < .seconds(10), "\(opening)")
  }

  @Test func aliasBombs() {
    var laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1..<20 {
      let alias = "*a\(level - 1)"
      laughs +=
        "a\(level): &a\(level) [" + Array(repeating: alias, count: 9).joined(separator: ", ")
      laughs += "]\n"
    }
    let found = places(laughs)
    #expect(found.count == 1)
    #expect(found.first?.hasSuffix("yaml/excessive-aliasing") == true)
    var limits = Document.Limits()
    limits.nodes = 300
    #expect(places(laughs, limits: limits).first?.hasSuffix("yaml/too-many-values") == true)
  }

  @Test func manyAliasesOfSmallValuesAreFine() throws {
    var text = "x: &x {a: 1, b: 2}\n"
    for number in 0..<20_000 { text += "k\(number): *x\n" }
    #expect(try read(text)?.entries?.count == 20_001)
  }

  @Test func sizesAndCounts() {
    var limits = Document.Limits()
    limits.bytes = 4
    #expect(places("a: 12", limits: limits) == ["0:0 yaml/too-large"])
    limits = Document.Limits()
    limits.nodes = 10
    #expect(places("[1, 2, 3, 4, 5, 6, 7, 8, 9]", limits: limits) == [])
    #expect(
      places("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", limits: limits) == ["1:29 yaml/too-many-values"])
    limits = Document.Limits()
    limits.errors = 5
    #expect(places(String(repeating: "a: 1\n", count: 100), limits: limits).count == 5)
  }

  @Test func manyDirectives() {
    let text = (0..<200_000).map { "%TAG !a\($0)! x\n" }.joined() + "---\na: 1\n"
    #expect(places(text) == ["1:1 yaml/too-many-directives"])
    #expect(places("%TAG !a! tag:yaml.org,2002:\n---\na: !a!int '5'\n") == [])
  }
}
