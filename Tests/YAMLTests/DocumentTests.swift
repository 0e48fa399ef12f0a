import Diagnostics
import Testing

@testable import YAML

struct DocumentTests {
  @Test func nothingToRead() throws {
    for text in ["", "\n", "# only a comment\n", "---\n", "---\n...\n", "\u{FEFF}", "---\n# c\n"] {
      #expect(try read(text) == nil, "\(text.debugDescription)")
    }
    #expect(dump(try read("~")) == "null ~")
    #expect(dump(try read("''")) == "string ")
  }

  @Test func placesCountFromOne() throws {
    let root = try #require(try read("a:\n  - é: x\n    b: 2\n"))
    let entry = try #require(root.entry("a"))
    #expect((entry.keyMark.line, entry.keyMark.column) == (1, 1))
    let item = try #require(entry.value.items?.first)
    #expect((item.mark.line, item.mark.column) == (2, 5))
    let value = try #require(item["é"])
    #expect((value.mark.line, value.mark.column) == (2, 8))
  }

  @Test(arguments: ["\r\n", "\n", "\r"]) func lineBreaks(_ end: String) throws {
    let text = ["a: 1", "b: |", "  x", "  y", "c: 'q'", ""].joined(separator: end)
    let root = try #require(try read(text))
    #expect(dump(root) == "{a: int 1, b: string x\ny\n, c: string q}")
    #expect(root.entry("c")?.keyMark.line == 5)
  }

  @Test func byteOrderMarks() throws {
    let text = "a: é😀\nb: [1]\n"
    let expected = "{a: string é😀, b: [int 1]}"
    let wide = Array(text.utf16)
    let little = wide.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let big = wide.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    #expect(dump(try read(bytes: [0xEF, 0xBB, 0xBF] + Array(text.utf8))) == expected)
    #expect(dump(try read(bytes: [0xFF, 0xFE] + little)) == expected)
    #expect(dump(try read(bytes: [0xFE, 0xFF] + big)) == expected)
  }

  @Test func onlyTheFirstDocumentIsRead() throws {
    #expect(dump(try read("a: 1\n---\nb: [\n")) == "{a: int 1}")
    #expect(dump(try read("a: 1\n---\nb: @x\n")) == "{a: int 1}")
    #expect(dump(try read("a: 1\n...\n")) == "{a: int 1}")
    // Docker's loader looks a little past the end.
    #expect(places("a: 1\n---\n@x\n") == ["3:1 yaml/reserved-character"])
    #expect(places("a: 1\n...\n@x\n") == ["3:1 yaml/reserved-character"])
    #expect(places("a: 1\n...\n%FOO\n").count == 1)
  }

  @Test func whatComesBehindNeedNotMakeSense() throws {
    for text in ["a: 1\n...\nb: 2\n", "a: 1\n...\n]\n", "a: 1\n---\n]\n", "a: 1\n--- [\n}\n"] {
      #expect(dump(try read(text)) == "{a: int 1}", "\(text)")
    }
    #expect(dump(try read("{a: 1}\nb: 2\n")) == "{a: int 1}")
    #expect(places("a: 1\n--- b\nc: 2\n").count == 1)
    #expect(places("a: 1\n...\nb\nc: 2\n") == ["3:1 yaml/missing-colon"])
  }

  @Test(arguments: [
    ("a: 1\n---\nb: 2\n", "3:1"), ("{a: 1}\nb: 2\n", "2:1"), ("a: 1\n...\nb: 2\n", "3:1"),
    ("a: 1\n---\n", ""), ("a: 1\n...\n", ""), ("a: 1\n", ""),
  ]) func theRestIsWarnedOf(_ text: String, _ place: String) throws {
    var sources = Sources()
    let file = sources.add(SourceFile(path: "stack.yml", bytes: Array(text.utf8)))
    var warnings: [Diagnostic] = []
    _ = try Document.read(file, in: sources, warnings: &warnings)
    #expect(warnings.map { "\($0.mark.line):\($0.mark.column)" } == (place.isEmpty ? [] : [place]))
    #expect(warnings.allSatisfy { $0.slug == "yaml/ignored-rest" && $0.severity == .warning })
  }

  @Test func versions() {
    #expect(places("%YAML 1.1\n---\na: 1\n") == [])
    #expect(places("%YAML 1.2\n---\na: 1\n").count == 1)
    #expect(places("%YAML 1.3\n---\na: 1\n").count == 1)
  }
}
