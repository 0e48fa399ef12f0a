import Testing
import YAML

@Suite struct JSONTests {
  @Test func membersKeepTheirOrderAndNilIsLeftOut() {
    let value = JSON.object {
      $0.set("b", 1)
      $0.set("a", nil as String?)
      $0.set("c", JSON.array([.null, .bool(true), .number(0.5), .number(2), .object { _ in }]))
      $0.set("d", JSON.array([]))
    }
    let expected = """
      {
        "b": 1,
        "c": [
          null,
          true,
          0.5,
          2,
          {}
        ],
        "d": []
      }

      """
    #expect(String(decoding: value.bytes, as: UTF8.self) == expected)
  }

  @Test func textsAreEscaped() {
    let value = JSON.string("a\"b\\c\n\r\t\u{1}\u{7F}é🚢/")
    #expect(
      String(decoding: value.bytes, as: UTF8.self)
        == "\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u007fé🚢/\"\n")
  }

  @Test(arguments: [[], [0], [0, 1], [0, 1, 2], [250, 251, 252, 253, 254, 255, 0]] as [[UInt8]])
  func base64GoesBothWays(bytes: [UInt8]) {
    #expect(Base64.decode(Base64.encode(bytes).utf8.span) == bytes)
  }
}
