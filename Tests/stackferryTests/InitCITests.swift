import Foundation
import Testing

struct InitCITests {
  private static let stack = """
    services:
      web:
        image: nginx:1.27
      db:
        image: postgres:16
    """

  @Test(arguments: [
    ("github", ".github/workflows/stackferry.yml"), ("gitlab", ".gitlab-ci.yml"),
    ("pre-commit", ".githooks/pre-commit"),
  ])
  func writesAReadyFile(_ place: String, _ path: String) throws {
    let scratch = try Scratch()
    try scratch.write(Self.stack, to: "my stack.yml")
    let arguments = ["init-ci", place, "-c", "my stack.yml", "shop"]
    let result = try Program.run(arguments, in: scratch.url)
    #expect(result.status == 0, "\(result.error)")
    #expect(result.error.contains("next: "))
    let text = try scratch.text(path)
    #expect(text.contains("-c 'my stack.yml' shop --manifests kubernetes/shop\n"))
    #expect(!text.contains("<%"))
    #expect(!text.contains("{{="))
    // A second time it is left alone.
    try scratch.write("mine", to: path)
    let again = try Program.run(arguments, in: scratch.url)
    if place == "gitlab" {
      #expect(scratch.exists(".gitlab/stackferry.yml"))
      #expect(again.error.contains("include:"))
    } else {
      #expect(again.status == 2)
    }
    #expect(try scratch.text(path) == "mine")
  }

  /// What `validate` is to be told stands in the file, with the answers that are there.
  @Test func optionsAndAnswersArePassedOn() throws {
    let scratch = try Scratch()
    try scratch.write(Self.stack, to: "stack.yml")
    try scratch.write("[]", to: "known.json")
    try scratch.write("all: {publish: none}", to: "stackferry.yaml")
    let result = try Program.run(
      [
        "init-ci", "github", "-c", "stack.yml", "shop", "--baseline", "known.json", "--fail-on",
        "lost,manual", "--secrets", "omit", "--harden", "--allow-added",
        "spec.template.spec.nodeSelector",
      ], in: scratch.url)
    #expect(result.status == 0, "\(result.error)")
    let text = try scratch.text(".github/workflows/stackferry.yml")
    #expect(
      text.contains(
        "validate -c stack.yml --answers stackferry.yaml --harden --secrets omit shop --manifests kubernetes/shop "
          + "--fail-on lost,manual --baseline known.json --allow-added spec.template.spec.nodeSelector\n"
      ))
    #expect(
      text.contains(
        "report -c stack.yml --answers stackferry.yaml --harden --secrets omit shop --format html"))
  }

  /// A job about a file that is not there would fail on its first day.
  @Test func missingFilesAreErrors() throws {
    let scratch = try Scratch()
    try scratch.write(Self.stack, to: "stack.yml")
    for arguments in [["-c", "stak.yml"], ["-c", "stack.yml", "--baseline", "known.json"]] {
      let result = try Program.run(["init-ci", "github", "shop"] + arguments, in: scratch.url)
      #expect(result.status == 2)
      #expect(result.error.contains("no such file"))
      #expect(!scratch.exists(".github/workflows/stackferry.yml"))
    }
  }

  /// The hook does what it says, and is what git would run.
  @Test func theHookRuns() throws {
    let scratch = try Scratch()
    try scratch.write(Self.stack, to: "stack.yml")
    #expect(try Program.run(["convert", "-c", "stack.yml", "shop"], in: scratch.url).status == 0)
    #expect(
      try Program.run(["init-ci", "pre-commit", "-c", "stack.yml", "shop"], in: scratch.url).status
        == 0)
    func hook() throws -> Int32 {
      let process = Process()
      process.executableURL = scratch.url.appendingPathComponent(".githooks/pre-commit")
      process.currentDirectoryURL = scratch.url
      process.environment = [
        "PATH": "\(Program.url.deletingLastPathComponent().path):/usr/bin:/bin"
      ]
      process.standardOutput = Pipe()
      process.standardError = Pipe()
      try process.run()
      process.waitUntilExit()
      return process.terminationStatus
    }
    #expect(try hook() == 0)
    try scratch.write(
      Self.stack.replacingOccurrences(of: "1.27", with: "1.28"), to: "stack.yml")
    #expect(try hook() == 1)
  }

  @Test func aTemplateOfOnesOwn() throws {
    let scratch = try Scratch()
    try scratch.write(Self.stack, to: "stack.yml")
    try scratch.write(
      "{{#services}}\n{{name}} {{object}}\n{{/services}}\n{{readiness.percent}}\n", to: "ours.txt")
    let result = try Program.run(
      ["report", "shop", "--template", "ours.txt"], in: scratch.url)
    #expect(result.status == 0, "\(result.error)")
    #expect(result.out.hasPrefix("db Deployment/db\nweb Deployment/web\n"))
    try scratch.write("\n{{#open}}", to: "ours.txt")
    let broken = try Program.run(["report", "shop", "--template", "ours.txt"], in: scratch.url)
    #expect(broken.status == 2)
    #expect(broken.error.contains("ours.txt:2: "))
  }
}
