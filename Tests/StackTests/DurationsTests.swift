import Stack
import TestSupport
import Testing

@Suite struct DurationsTests {
  @Test(arguments: [
    ("10s", "10s"), ("1h30m", "1h30m0s"), ("1.5h", "1h30m0s"), ("90s", "1m30s"), ("0", "0s"),
    ("1ms", "1ms"), ("1.5us", "1.5\u{B5}s"), ("1ns", "1ns"), ("-3s", "-3s"),
    ("1h1m1.5s", "1h1m1.5s"),
    (".5s", "500ms"), ("1.s", "1s"), ("2562047h47m16.854775807s", "2562047h47m16.854775807s"),
  ])
  func printedAsGoDoes(text: String, printed: String) throws {
    #expect(goDurationText(try #require(goDuration(text))) == printed)
  }

  @Test(arguments: ["", "10", "s", ".s", "1d", "1 s", "+", "9223372036854775808ns", "3000000h"])
  func refused(text: String) {
    #expect(goDuration(text) == nil)
  }

  @Test func zeroCountsOnlyWhereDockerHoldsAPointer() {
    #expect(service("stop_grace_period", "0s") == "'0s'")
    #expect(service("deploy", "{update_config: {delay: 0s}}") == "{update_config: {}}")
  }

  @Test func errorSaysWhatToWrite() {
    let loaded = Loaded("services:\n  web:\n    stop_grace_period: 1d")
    #expect(loaded.errors == ["3:24 services.web.stop_grace_period: \"1d\" is no duration"])
    #expect(loaded.diagnostics.first?.length == 2)
    #expect(loaded.diagnostics.first?.hint?.contains("1m30s") == true)
  }
}
