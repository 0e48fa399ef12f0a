import Foundation
import Testing

/// What a new user reads: help, manual page, completions.
struct HelpTests {
  private static let commands = [
    "convert", "report", "validate", "config", "model", "explain", "init-ci",
  ]

  @Test func theManualHoldsEveryOption() throws {
    let scratch = try Scratch()
    let manual = try Program.run(["document-manual"], in: scratch.url)
    #expect(manual.status == 0, "\(manual.error)")
    #expect(manual.out.contains(".TH STACKFERRY 1"))
    for command in Self.commands {
      let help = try Program.run([command, "--help"], in: scratch.url)
      #expect(help.status == 0)
      let words = help.out.split(whereSeparator: { " \n,[]".contains($0) })
      for option in Set(words.filter { $0.hasPrefix("--") && $0.count > 2 }) {
        let written = option.replacing("-", with: "\\-")
        #expect(manual.out.contains(written), "\(command) \(option)")
      }
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func completionsKnowTheCommands(_ shell: String) throws {
    let scratch = try Scratch()
    let script = try Program.run(["--generate-completion-script", shell], in: scratch.url)
    #expect(script.status == 0, "\(script.error)")
    for command in Self.commands { #expect(script.out.contains(command), "\(command)") }
    #expect(script.out.contains("fail-on"))
    #expect(script.out.contains("1.30") && script.out.contains("critical"))
  }

  @Test func theKeysOfExplainAreCompleted() throws {
    let scratch = try Scratch()
    let result = try Program.run(
      [
        "---completion", "explain", "--", "positional@0", "1", "12", "stackferry", "explain",
        "healthcheck/",
      ],
      in: scratch.url)
    #expect(result.out.contains("healthcheck/rounded"), "\(result.out)\(result.error)")
  }

  /// A command's own options stand before those that it shares.
  @Test func ownOptionsComeFirst() throws {
    let scratch = try Scratch()
    let help = try Program.run(["audit", "--help"], in: scratch.url).out
    let own = try #require(help.range(of: "\nOPTIONS:"))
    let shared = try #require(help.range(of: "\nINPUT OPTIONS:"))
    #expect(own.lowerBound < shared.lowerBound)
    #expect(help.contains("--fail-on") && help.contains("--compose-file"))
    let same = try Program.run(["--help", "audit"], in: scratch.url)
    #expect(same.out == help)
    #expect(try Program.run(["help", "audit"], in: scratch.url).out == help)
    #expect(
      try Program.run(["--help"], in: scratch.url).out.contains("--generate-completion-script"))
  }

  @Test func theManualSaysEachThingOnce() throws {
    let scratch = try Scratch()
    let manual = try Program.run(["document-manual"], in: scratch.url).out
    #expect(!manual.contains("OVERVIEW:"))
    #expect(manual.components(separatedBy: "\n  \\-c, \\-\\-compose\\-file").count == 2)
    for section in ["ENVIRONMENT", "FILES", "INPUT OPTIONS", "MAPPING OPTIONS", "COMMANDS"] {
      #expect(manual.components(separatedBy: ".SH \(section)\n").count == 2, "\(section)")
    }
    for name in ["NO_COLOR", "FORCE_COLOR", "COLUMNS"] { #expect(manual.contains(name), "\(name)") }
  }

  /// A mistyped option or command is answered with the right one.
  @Test func mistakesAreAnswered() throws {
    let scratch = try Scratch()
    #expect(
      try Program.run(["validate", "--fail-onn", "lost"], in: scratch.url).error
        .contains("--fail-on"))
    #expect(try Program.run(["help"], in: scratch.url).out.contains("convert"))
  }
}
