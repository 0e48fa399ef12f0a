import Foundation
import TestSupport
import Testing

/// The tools of the tests, tested.
@Suite struct TestSupportTests {
  @Test func markersGiveTextAndPlaces() {
    let marked = Markers("services:\n  1️⃣web:\n    imag2️⃣e: \"é🚢3️⃣\"\n🔟")
    #expect(marked.text == "services:\n  web:\n    image: \"é🚢\"\n")
    #expect(marked[1] == .init(line: 2, column: 3))
    #expect(marked[2] == .init(line: 3, column: 9))
    #expect(marked[3] == .init(line: 3, column: 15))
    #expect(marked[10] == .init(line: 4, column: 1))
    #expect("\(marked[2])" == "3:9")
  }

  @Test func markersLeaveDigitsAlone() {
    let marked = Markers("a: 1\r\nb: 1️⃣2\r\n")
    #expect(marked.text == "a: 1\r\nb: 2\r\n")
    #expect(marked[1] == .init(line: 2, column: 4))
    #expect(marked.positions.count == 1)
  }

  @Test func markersStandAfterAnyCharacter() {
    // A keycap is a grapheme of its own even after a joiner or a combining mark.
    let marked = Markers("e\u{301}1️⃣x")
    #expect(marked.text == "e\u{301}x")
    #expect(marked[1] == .init(line: 1, column: 3))
  }

  @Test func goldenRecordsAndFailsInThatRun() throws {
    let file = FileManager.default.temporaryDirectory
      .appending(path: "stackferry-golden-\(UUID().uuidString)/case/expected.yaml")
    defer {
      try? FileManager.default.removeItem(
        at: file.deletingLastPathComponent().deletingLastPathComponent())
    }
    func check(_ text: String, recording: Bool) throws -> String? {
      try Golden.difference(text, file, path: "case/expected.yaml", recording: recording)
    }
    #expect(try check("a\nb\n", recording: false)?.contains("is not there") == true)
    #expect(try check("a\nb\n", recording: true)?.contains("read it and run again") == true)
    #expect(try check("a\nb\n", recording: false) == nil)
    #expect(try check("a\nb\n", recording: true) == nil)
    #expect(try check("a\nc\n", recording: false)?.contains("differs in line 2") == true)
    // Precomposed and decomposed é are equal strings, not equal bytes.
    #expect(try check("\u{E9}", recording: true) != nil)
    #expect(try check("e\u{301}", recording: false) != nil)
  }

  @Test func testdataIsFound() {
    #expect(Testdata.exists("stacks/shop/stack.yml"))
    #expect(!Testdata.exists("stacks/shop/no-such-file.yml"))
    #expect(Testdata.names(in: "stacks").contains("shop"))
    #expect(
      Testdata.files(below: Testdata.folder, endings: ["yml"]).contains("stacks/shop/stack.yml"))
  }
}
