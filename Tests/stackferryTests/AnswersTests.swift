import Foundation
import Testing

/// Decisions that are written down: `--answers` and `--write-answers`.
struct AnswersTests {
  private static let stack = """
    services:
      web:
        image: nginx:1.27
        environment: {API: "http://api:3000"}
        deploy: {resources: {limits: {memory: 100M}}}
      api:
        image: shop/api:4
        deploy: {resources: {limits: {memory: 100M}}}

    """

  private func convert(_ scratch: Scratch, _ arguments: String...) throws -> Program.Result {
    try Program.run(
      ["convert", "-c", "stack.yml", "shop", "-o", "-", "--answers", "stackferry.yaml"] + arguments,
      in: scratch.url)
  }

  @Test func aServicesAnswerComesFirstAndTheCommandLineBeforeAll() throws {
    let scratch = try Scratch()
    try scratch.write(Self.stack, to: "stack.yml")
    try scratch.write(
      """
      all:
        requests-from-limits: 0.5
        namespace: general
      stacks:
        shop:
          namespace: special
          services:
            api:
              requests-from-limits: 0.25
      """, to: "stackferry.yaml")
    let result = try convert(scratch)
    #expect(result.status == 0, "\(result.error)")
    #expect(result.out.contains("namespace: special"))
    #expect(result.out.contains("memory: 50Mi"))
    #expect(result.out.contains("memory: 25Mi"))
    let line = try convert(scratch, "--requests-from-limits", "0.1", "--namespace=line")
    #expect(line.out.contains("namespace: line"))
    #expect(line.out.contains("memory: 10Mi"))
    #expect(!line.out.contains("memory: 25Mi"))
  }

  @Test(arguments: [
    ("all: {publsh: none}", "1:7: error: unknown question \"publsh\"", "did you mean \"publish\"?"),
    (
      "all: {publish: magic}", "1:16: error: \"magic\" is no answer to \"publish\"", "load-balancer"
    ),
    ("stacks: {shpo: {publish: none}}", "there is no stack \"shpo\"", "did you mean \"shop\"?"),
    ("stacks: {shop: {services: {old: {publish: none}}}}", "there is no service \"old\"", "remove"),
    ("stacks: {shop: {nodes: 3}}", "one answer for the whole estate", "move it to `all`"),
    ("all: {skip-infrastructure: maybe}", "is true or false", "left out"),
    ("everything: {}", "unknown key \"everything\"", "`all` and `stacks`"),
    ("- a", "is a mapping", "--write-answers"),
    ("all: {requests-from-limits: 7}", "\"7\" is no answer", "share"),
  ])
  func wrongAnswersAreErrors(_ answers: String, _ message: String, _ hint: String) throws {
    let scratch = try Scratch()
    try scratch.write(Self.stack, to: "stack.yml")
    try scratch.write(answers, to: "stackferry.yaml")
    let result = try convert(scratch)
    #expect(result.status == 2)
    #expect(result.error.contains("stackferry.yaml:1:"), "\(result.error)")
    #expect(result.error.contains(message), "\(result.error)")
    #expect(result.error.contains(hint), "\(result.error)")
    #expect(result.out.isEmpty)
  }

  /// The written file changes nothing, and names what can be decided.
  @Test func theWrittenFileSaysWhatIsSoAnyway() throws {
    let scratch = try Scratch()
    try scratch.write(Self.stack, to: "stack.yml")
    let plain = try Program.run(
      ["convert", "-c", "stack.yml", "shop", "-o", "-"], in: scratch.url)
    let written = try Program.run(
      ["report", "-c", "stack.yml", "shop", "--write-answers"], in: scratch.url)
    #expect(written.status == 0, "\(written.error)")
    let text = try scratch.text("stackferry.yaml")
    #expect(text.contains("  # publish: load-balancer\n"))
    #expect(text.contains("# requests-from-limits: …"))
    #expect(text.contains("    # resources/limits-are-requests: "))
    #expect(try convert(scratch).out == plain.out)
    let again = try Program.run(
      ["report", "-c", "stack.yml", "shop", "--write-answers"], in: scratch.url)
    #expect(again.status == 2)
    #expect(try scratch.text("stackferry.yaml") == text)
  }

  /// What was said on the command line is an answer already.
  @Test func theWrittenFileKeepsWhatWasSaid() throws {
    let scratch = try Scratch()
    try scratch.write(Self.stack, to: "stack.yml")
    let arguments = ["-c", "stack.yml", "shop", "--publish", "none", "--harden"]
    let plain = try Program.run(["convert", "-o", "-"] + arguments, in: scratch.url)
    _ = try Program.run(["report", "--write-answers"] + arguments, in: scratch.url)
    let text = try scratch.text("stackferry.yaml")
    #expect(text.contains("\n  publish: none\n"))
    #expect(text.contains("\n  harden: true\n"))
    #expect(text.contains("\n  # secrets: inline\n"))
    #expect(try convert(scratch).out == plain.out)
  }

  /// A choice that somebody has made, though it be the default, is no question any more.
  @Test(arguments: [["--publish", "load-balancer"], ["--answers", "answers.yaml"]])
  func answeredChoicesAreConfirmed(_ arguments: [String]) throws {
    let scratch = try Scratch()
    try scratch.write(
      """
      services:
        web: {image: "nginx:1.27", ports: ["80:80"]}
      """, to: "stack.yml")
    try scratch.write(
      """
      stacks:
        shop:
          services:
            web: {publish: load-balancer}
      """, to: "answers.yaml")
    let command = ["validate", "-c", "stack.yml", "shop", "--fail-on", "decide"]
    #expect(try Program.run(command, in: scratch.url).status == 1)
    let answered = try Program.run(command + arguments, in: scratch.url)
    #expect(answered.status == 0, "\(answered.out)\(answered.error)")
  }

  /// Every option that is a choice can be answered in a file, and is read from a command line.
  @Test func everyChoiceIsAQuestion() throws {
    let scratch = try Scratch()
    try scratch.write(Self.stack, to: "stack.yml")
    _ = try Program.run(["report", "-c", "stack.yml", "shop", "--write-answers"], in: scratch.url)
    let text = try scratch.text("stackferry.yaml")
    let help = try Program.run(["convert", "--help"], in: scratch.url).out
    let others: Set<String> = [
      "compose-file", "stack", "env-file", "quiet", "verbose", "output", "answers", "version",
      "help", "from", "image", "write-answers", "dialect", "profile",
    ]
    var names: [String] = []
    for line in help.split(separator: "\n") where line.hasPrefix("  -") {
      for word in line.split(whereSeparator: { " ,/".contains($0) }) where word.hasPrefix("--") {
        names.append(String(word.dropFirst(2)))
      }
    }
    #expect(names.count > 15)
    for name in names where !others.contains(name) {
      #expect(text.contains(" \(name): "), "--\(name) is not in Question.all")
    }
  }
}
