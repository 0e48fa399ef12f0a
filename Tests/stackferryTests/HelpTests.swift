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
