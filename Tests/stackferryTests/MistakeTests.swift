import Foundation
import Testing

/// What a newcomer types wrong, and what the program says to it.
struct MistakeTests {
  @Test(arguments: [
    (["convrt", "-c", "stack.yml", "shop"], "did you mean \"convert\"?"),
    (["help", "convrt"], "did you mean \"convert\"?"),
    (["--help", "convrt"], "did you mean \"convert\"?"),
    (["stack.yml"], "stackferry report -c stack.yml"),
    (["report", "stack.yml"], "-c stack.yml"),
    (["report", "-f", "stack.yml"], "-c FILE"),
    (["report", "--formt", "text"], "--format"),
    (["audit", "stack.yml"], "stackferry audit -c stack.yml"),
    (["audit", "--ignore", "foo/bar"], "docs/audit.md"),
    (["audit", "--ignore", "image/latest-bsae"], "Did you mean 'image/latest-base'?"),
    (["report", "--namespace"], "namespace"),
  ])
  func wrongUsage(_ arguments: [String], _ answer: String) throws {
    let scratch = try Scratch()
    try scratch.write("services: {web: {image: 'nginx:1.27'}}", to: "stack.yml")
    let result = try Program.run(arguments, in: scratch.url)
    #expect(result.status == 64)
    #expect(result.error.hasPrefix("stackferry: error: "), "\(result.error)")
    #expect(result.error.contains(answer), "\(result.error)")
    #expect(result.out.isEmpty)
  }

  @Test(arguments: [
    (["report", "-c", "stak.yml"], "did you mean stack.yml?"),
    (["report", "-c", "nope.yml"], "there is stack.yml"),
    (["report", "-c", "sub/stak.yaml"], "did you mean sub/stack.yaml?"),
    (["report", "-c", "bare"], "bare: is a directory, and holds no stack file"),
    (["convert", "-c", "stack.yml", "shop", "-o", "stack.yml"], "stack.yml: is a file"),
    (["convert", "-c", "stack.yml", "shop", "-o", "stack.yml/out"], "stack.yml: is a file"),
  ])
  func unusableInput(_ arguments: [String], _ answer: String) throws {
    let scratch = try Scratch()
    try scratch.write("services: {web: {image: 'nginx:1.27'}}", to: "stack.yml")
    try scratch.write("services: {web: {image: 'nginx:1.27'}}", to: "sub/stack.yaml")
    try scratch.write("", to: "bare/README")
    let result = try Program.run(arguments, in: scratch.url)
    #expect(result.status == 2)
    #expect(result.error.hasPrefix("stackferry: error: "), "\(result.error)")
    #expect(result.error.contains(answer), "\(result.error)")
  }

  @Test func aFolderStandsForItsStackFile() throws {
    let scratch = try Scratch()
    try scratch.write("services: {web: {imag: x}}", to: "sub/stack.yaml")
    let result = try Program.run(["config", "-c", "sub"], in: scratch.url)
    #expect(result.error.hasPrefix("sub/stack.yaml:1:18: error:"), "\(result.error)")
  }

  @Test func standardInputHasAName() throws {
    let scratch = try Scratch()
    let result = try Program.run(
      ["config", "-c", "-"], in: scratch.url, input: "services: {web: {imag: x}}")
    #expect(result.status == 2)
    #expect(result.error.hasPrefix("<stdin>:1:18: error:"), "\(result.error)")
  }

  @Test func anAuditOfNothingIsNoReassurance() throws {
    let scratch = try Scratch()
    let nothing = try Program.run(["audit"], in: scratch.url)
    #expect(nothing.status == 2)
    #expect(nothing.error.contains("nothing was looked at"), "\(nothing.error)")
    try scratch.write("services: {web: {image: nginx}}", to: "stack.yml")
    let stack = try Program.run(["audit"], in: scratch.url)
    #expect(stack.status == 0, "\(stack.error)")
    #expect(stack.out.contains("stack.yml:1:18: "), "\(stack.out)")
    // A stack that cannot be read hides no Dockerfile.
    try scratch.write("services: {web: {imag: nginx}}", to: "stack.yml")
    try scratch.write("FROM alpine\n", to: "Dockerfile")
    let both = try Program.run(["audit"], in: scratch.url)
    #expect(both.status == 2)
    #expect(both.error.contains("stack.yml:1:18: error:"), "\(both.error)")
    #expect(both.out.contains("Dockerfile:1:"), "\(both.out)")
  }

  @Test func colourIsAskedFor() throws {
    let scratch = try Scratch()
    try scratch.write("services: {web: {image: 'nginx:1.27'}}", to: "stack.yml")
    func isColoured(_ environment: [String: String]) throws -> Bool {
      try Program.run(["report", "shop"], in: scratch.url, environment: environment)
        .out.contains("\u{1B}[")
    }
    #expect(try isColoured(["FORCE_COLOR": "1"]))
    #expect(try isColoured(["CLICOLOR_FORCE": "1"]))
    #expect(try !isColoured(["FORCE_COLOR": "0"]))
    #expect(try !isColoured(["FORCE_COLOR": "1", "NO_COLOR": "1"]))
    #expect(try !isColoured([:]))
  }
}
