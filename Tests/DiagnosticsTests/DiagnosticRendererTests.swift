@testable import Diagnostics
import TestSupport
import Testing

struct DiagnosticRendererTests {
  private func render(
    _ text: String, line: Int32, column: Int32, length: Int = 0, color: Bool = false
  ) -> [String] {
    var sources = Sources()
    let file = sources.add(SourceFile(path: "stack.yml", bytes: Array(text.utf8)))
    let mark = SourceMark(file: file, line: line, column: column)
    return DiagnosticRenderer(color: color)
      .render([Diagnostic("a/b", at: mark, length: length, "wrong")], in: sources)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test func everyPart() {
    var sources = Sources()
    let text = "a: 1\nb:\n    replcas: 3\n"
    let file = sources.add(SourceFile(path: "stack.yml", bytes: Array(text.utf8)))
    let diagnostics = [
      Diagnostic(
        "stack/unknown-key", at: SourceMark(file: file, line: 3, column: 5), length: 7,
        "unknown key \"replcas\"", hint: "did you mean \"replicas\"?",
        notes: [.init("first written here", at: SourceMark(file: file, line: 1, column: 1))]),
      Diagnostic("x/y", .warning, at: SourceMark(file: file, line: 0, column: 0), "of the file"),
      Diagnostic("x/z", .note, at: .none, "of nothing"),
    ]
    let expected = """
      note: of nothing
      stack.yml: warning: of the file
      stack.yml:3:5: error: unknown key "replcas"
          3 |     replcas: 3
            |     ^~~~~~~
            = hint: did you mean "replicas"?
      stack.yml:1:1: note: first written here

      """
    #expect(DiagnosticRenderer(color: false).render(diagnostics, in: sources) == expected)
    #expect(
      DiagnosticRenderer(color: false).render(diagnostics.reversed(), in: sources) == expected)
  }

  @Test func theCaretSitsUnderItsColumn() {
    #expect(
      render("\tab: 1\n", line: 1, column: 2)[1...2] == ["    1 |     ab: 1", "      |     ^"])
    #expect(
      render("a\tb: 1\n", line: 1, column: 3)[1...2] == ["    1 | a   b: 1", "      |     ^"])
    #expect(render("日本: x\n", line: 1, column: 5)[1...2] == ["    1 | 日本: x", "      |       ^"])
    #expect(render("e\u{301}: x\n", line: 1, column: 5)[2] == "      |    ^")
    #expect(render("ab\n", line: 1, column: 3)[2] == "      |   ^")
    #expect(render("ab\n", line: 1, column: 99)[2] == "      |   ^")
    #expect(render("abc\n", line: 1, column: 2, length: 99)[2] == "      |  ^~")
    #expect(render("\u{FEFF}ab\n", line: 1, column: 1)[1] == "    1 | ab")
  }

  @Test func longLinesAreCutAroundTheCaret() {
    let long = String(repeating: "x", count: 500) + "HERE" + String(repeating: "y", count: 500)
    let lines = render(long, line: 1, column: 501, length: 4)
    #expect(lines[1].count <= 110)
    #expect(lines[1].contains("…x") && lines[1].hasSuffix("y…"))
    let caret = lines[2].firstIndex(of: "^").map {
      lines[2].distance(from: lines[2].startIndex, to: $0)
    }
    let word = lines[1].firstIndex(of: "H").map {
      lines[1].distance(from: lines[1].startIndex, to: $0)
    }
    #expect(caret != nil && caret == word)
    #expect(lines[2].hasSuffix(" ^~~~"))
    #expect(render(long, line: 1, column: 1)[1].hasSuffix("x…"))
    #expect(render(long, line: 1, column: 1004)[1].hasSuffix("y"))
  }

  @Test func nothingSteersTheTerminal() {
    let lines = render("a: \u{1B}[31mred\u{7F}\u{202E}\n", line: 1, column: 1)
    #expect(lines[1] == "    1 | a: ␛[31mred␡\u{FFFD}")
    var sources = Sources()
    let file = sources.add(SourceFile(path: "a\u{1B}b", bytes: [0xFF, 0xC3, 0x0A]))
    let mark = SourceMark(file: file, line: 1, column: 1)
    let text = DiagnosticRenderer(color: false)
      .render([Diagnostic("a/b", at: mark, "key \"\u{1B}\u{7}\n\"", hint: "\u{9B}")], in: sources)
    #expect(!text.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n") || $0 == "\u{9B}" })
    #expect(text.split(separator: "\n").count == 4)
  }

  @Test func colourOnlyWhenAsked() {
    #expect(!render("a\n", line: 1, column: 1).joined().contains("\u{1B}"))
    #expect(
      render("a\n", line: 1, column: 1, color: true)[0].contains("\u{1B}[1;31merror:\u{1B}[0m"))
  }

  @Test func linesThatAreNotThere() {
    #expect(render("a\n", line: 7, column: 1) == ["stack.yml:7:1: error: wrong", ""])
  }

  @Test func utf16() {
    var sources = Sources()
    let bytes: [UInt8] =
      [0xFF, 0xFE] + "a: é\nb: 1\n".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let file = sources.add(SourceFile(path: "s", bytes: bytes))
    let mark = SourceMark(file: file, line: 1, column: 4)
    let text = DiagnosticRenderer(color: false).render(
      [Diagnostic("a/b", at: mark, "w")], in: sources)
    #expect(text.contains("    1 | a: é\n      |    ^\n"))
  }
}
