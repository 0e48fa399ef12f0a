import Diagnostics
import Testing
import YAML

@Suite struct JSONReaderTests {
  private func read(_ text: String) throws(DiagnosticError) -> Node {
    var sources = Sources()
    let file = sources.add(SourceFile(path: "x.json", bytes: Array(text.utf8)))
    return try JSONDocument.read(file, in: sources)
  }

  @Test(arguments: [
    "null", "true", "false", "0", "-12", "1.5", "2e-3", #""""#, #""é🚢""#, "[]", "{}",
    #"{"a":[1,{"b":null}],"c":"d"}"#, "\u{FEFF} [ 1 ,\n2 ]\r\n",
  ])
  func valuesAreRead(text: String) throws {
    let again = String(decoding: JSON(try read(text)).bytes, as: UTF8.self)
    #expect(JSON(try read(again)) == JSON(try read(text)))
  }

  @Test func textsAreUnescaped() throws {
    let node = try read(#""\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude00\ud83d\u0000""#)
    #expect(node.text == "\"\\/\u{8}\u{C}\n\r\tA\u{E9}\u{1F600}\u{FFFD}\0")
  }

  @Test func placesAreKept() throws {
    let node = try read("{\n  \"é\": 1, \"b\": [\n    true]\n}")
    #expect(node.entries?[1].keyMark == SourceMark(file: 0, line: 2, column: 11))
    #expect(node["b"]?.items?[0].mark == SourceMark(file: 0, line: 3, column: 5))
  }

  @Test(arguments: [
    "", " ", "{", "[1", "[1,]", "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "'a'", "\"a", "\"a\nb\"", "01",
    "-", "+1", ".5", "1.", "nul", "tru", "NaN", "1 2", "\"\\x\"", "\"\\u12\"", "[1}",
    "{\"a\":1,\"a\":2}", "# no", String(repeating: "[", count: 300),
  ])
  func whatIsNoJSONIsRefused(text: String) {
    #expect(throws: DiagnosticError.self) { try read(text) }
  }

  @Test func bytesThatAreNoTextAreRefused() {
    var sources = Sources()
    let file = sources.add(SourceFile(path: "x.json", bytes: [0x22, 0xFF, 0x22]))
    #expect(throws: DiagnosticError.self) { try JSONDocument.read(file, in: sources) }
  }
}
