import TestSupport
import Testing

@Suite struct SizesTests {
  @Test(arguments: [
    ("50M", "52428800"), ("1.5g", "1610612736"), ("50 kb", "51200"), ("1KiB", "1024"),
    ("64b", "64"), ("1e3", "1000"), ("1024", "1024"),
  ])
  func unitsAreBinary(text: String, bytes: String) {
    #expect(
      service("deploy", "{resources: {limits: {memory: \"\(text)\"}}}")
        == "{resources: {limits: {memory: '\(bytes)'}}}")
  }

  @Test(arguments: ["M", "50X", "-5", "50Mbb", "5 0M", ""])
  func refused(text: String) {
    #expect(
      service("deploy", "{resources: {limits: {memory: \"\(text)\"}}}").contains("is no size"))
  }

  @Test func zeroIsNoLimit() {
    #expect(
      service("deploy", "{resources: {limits: {memory: \"0\"}}}") == "{resources: {limits: {}}}")
  }
}
