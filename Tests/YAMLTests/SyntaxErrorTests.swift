import Testing

@testable import YAML

struct SyntaxErrorTests {
  /// A text, and the place and slug of its only error.
  @Test(arguments: [
    ("a:\n\tb: 1\n", "2:1 yaml/tab"),
    ("a:\n  b: 1\n\tc: 2\n", "3:1 yaml/tab"),
    ("a:\n  b: 1\n  \tc: 2\n", "3:3 yaml/tab"),
    ("a: |\n  x\n\ty\n", "3:1 yaml/tab"),
    ("a: \"x\nb: 2\n", "1:4 yaml/unclosed-quote"),
    ("a: 'x\n", "1:4 yaml/unclosed-quote"),
    ("a: \"b\n---\nc\"\n", "1:4 yaml/unclosed-quote"),
    ("a: [x\nb: 2\n", "1:4 yaml/unclosed-bracket"),
    ("a: [x\n", "1:4 yaml/unclosed-bracket"),
    ("a: {x: 1\nb: 2\n", "1:4 yaml/unclosed-bracket"),
    ("a: @x\n", "1:4 yaml/reserved-character"),
    ("a: `x`\n", "1:4 yaml/reserved-character"),
    ("a: %x\n", "1:4 yaml/reserved-character"),
    ("a: [|]\n", "1:5 yaml/misplaced-block"),
    ("a: b: c\n", "1:5 yaml/second-colon"),
    ("image nginx\nports: 1\n", "1:1 yaml/missing-colon"),
    ("é: 1\n  image:nginx\n  ports: 1\n", "2:8 yaml/missing-space"),
    ("a:\n  image:nginx\n  ports: 1\n", "2:8 yaml/missing-space"),
    ("x: a\n  y: b\n", "2:4 yaml/indentation"),
    ("a:\n  b: 1\n c: 2\n", "3:2 yaml/indentation"),
    ("a:\n  - b\n  c: 2\n", "3:3 yaml/missing-dash"),
    ("a: 1\n- b\n", "2:1 yaml/misplaced-list"),
    ("a: - b\n", "1:4 yaml/misplaced-list"),
    ("a: ? b\n", "1:4 yaml/misplaced-key"),
    ("a: \"b\" c\n", "1:8 yaml/trailing-text"),
    ("a: ]\n", "1:4 yaml/unexpected-character"),
    ("a: [,]\n", "1:5 yaml/unexpected-character"),
    ("a: * * * * *\n", "1:4 yaml/anchor-name"),
    ("a: & b\n", "1:4 yaml/anchor-name"),
    ("%FOO\n---\na: 1\n", "1:5 yaml/directive"),
    ("a: 1\n%b: 2\n", "2:3 yaml/directive"),
    ("a: |x\n", "1:5 yaml/block-header"),
    ("a: |0\n", "1:5 yaml/block-header"),
    ("a: \"\\q\"\n", "1:5 yaml/escape"),
    ("a: \"\\xZZ\"\n", "1:7 yaml/escape"),
    ("a: !<x\n", "1:7 yaml/tag"),
    ("a: !foo!bar x\n", "1:4 yaml/tag"),
    ("a:\n  \"b\": 1\n  \"c\"\nd: 1\n", "3:3 yaml/missing-colon"),
    ("a: x\u{1}y\n", "1:5 yaml/control-character"),
    ("a: 1\né: \u{7F}\n", "2:4 yaml/control-character"),
    ("a: {b:, c}\n", "1:6 yaml/missing-space"),
  ]) func located(_ text: String, _ expected: String) {
    #expect(places(text) == [expected])
  }

  @Test func notesPointAtTheOtherPlace() {
    let found = errors(bytes: Array("a: [x\nb: 2\n".utf8))
    #expect(found.first?.notes.map { $0.mark.line } == [2])
    #expect(found.first?.hint?.contains("]") == true)
  }

  @Test func invalidBytes() {
    func place(_ bytes: [UInt8]) -> [String] {
      errors(bytes: bytes).map { "\($0.mark.line):\($0.mark.column) \($0.slug)" }
    }
    let start = Array("é: 1\nab: ".utf8)
    #expect(place(start + [0xFF, 0x0A]) == ["2:5 yaml/encoding"])
    #expect(place([0xEF, 0xBB, 0xBF] + start + [0xC3, 0x28]) == ["2:5 yaml/encoding"])
    #expect(place(start + [0xC3]) == ["2:5 yaml/encoding"])
    #expect(place(start + [0xED, 0xA0, 0x80]) == ["2:5 yaml/encoding"])
    #expect(place([0x61, 0x3A, 0x20, 0]) == ["1:4 yaml/control-character"])
    // A lone low surrogate behind "a: ", in UTF-16.
    #expect(
      place([0xFF, 0xFE, 0x61, 0, 0x3A, 0, 0x20, 0, 0, 0xDC, 0x0A, 0]) == ["1:4 yaml/encoding"])
  }

  @Test func invalidBytesFarBehindTheDocument() throws {
    // Docker reads 512 bytes at a time and never sees them.
    let far = "a: 1\n---\n" + String(repeating: "- filler\n", count: 200) + "- \u{1}\n"
    #expect(dump(try read(far)) == "{a: int 1}")
    #expect(places("a: 1\n---\nb: \u{1}\n") == ["3:4 yaml/control-character"])
  }
}
