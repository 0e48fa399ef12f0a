import Foundation
import Testing

/// Hostile and unlucky input: a clear error, the right exit status, nothing half-written.
struct BadInputTests {
  private func refused(
    _ arguments: [String], _ fragment: String, status: Int32 = 2,
    prepare: (Scratch) throws -> Void = { _ in }
  ) throws {
    let scratch = try Scratch()
    try prepare(scratch)
    let result = try Program.run(arguments + ["shop", "-o", "out"], in: scratch.url)
    #expect(result.status == status, "\(result.error)")
    #expect(result.error.contains(fragment), "\(result.error)")
    #expect(result.out.isEmpty)
    #expect(!scratch.exists("out"))
  }

  @Test func anEmptyFile() throws {
    try refused(["convert", "-c", "stack.yml"], "stack.yml:1:1: error: the file is empty") {
      try $0.write("", to: "stack.yml")
    }
  }

  @Test func aDirectory() throws {
    try refused(["convert", "-c", "."], "error: .: is a directory")
  }

  @Test func aMissingFile() throws {
    try refused(["convert", "-c", "nowhere.yml"], "nowhere.yml: no such file or directory")
  }

  @Test func noFileAtAll() throws {
    try refused(["convert"], "no stack file given")
  }

  @Test func binaryGarbage() throws {
    try refused(["convert", "-c", "stack.yml"], "stack.yml:1:") { scratch in
      var bytes: [UInt8] = []
      var state: UInt32 = 7
      for _ in 0..<4096 {
        state = state &* 1_664_525 &+ 1_013_904_223
        bytes.append(UInt8(truncatingIfNeeded: state >> 24))
      }
      try Data(bytes).write(to: scratch.url.appendingPathComponent("stack.yml"))
    }
  }

  @Test func tabs() throws {
    try refused(["convert", "-c", "stack.yml"], "stack.yml:2:1: error: a tab") {
      try $0.write("services:\n\tweb:\n\t\timage: x\n", to: "stack.yml")
    }
  }

  @Test func endlessBrackets() throws {
    try refused(["convert", "-c", "stack.yml"], "nested more than") {
      try $0.write(String(repeating: "[", count: 1_000_000), to: "stack.yml")
    }
  }

  @Test func aBillionLaughs() throws {
    try refused(["convert", "-c", "stack.yml"], "aliases") { scratch in
      var text = "x0: &x0 [a, a, a, a, a, a, a, a, a]\n"
      for level in 1...9 {
        let items = Array(repeating: "*x\(level - 1)", count: 9).joined(separator: ", ")
        text += "x\(level): &x\(level) [\(items)]\n"
      }
      try scratch.write(text, to: "stack.yml")
    }
  }

  @Test func aConfigFileThatIsNotThere() throws {
    let stack = """
      services:
        web: {image: 'nginx:1.27', configs: [site]}
      configs:
        site: {file: ./site.conf}
      """
    try refused(["convert", "-c", "stack.yml"], "stack.yml:4:") {
      try $0.write(stack, to: "stack.yml")
    }
    let scratch = try Scratch()
    try scratch.write(stack, to: "stack.yml")
    let result = try Program.run(
      ["convert", "--allow-missing", "shop", "-o", "out"], in: scratch.url)
    #expect(result.status == 0, "\(result.error)")
    #expect(try scratch.text("out/report.md").contains("manual"))
  }

  /// No file is named that could be missing.
  @Test(arguments: ["config", "secret"])
  func neitherAFileNorExternal(_ kind: String) throws {
    try refused(
      ["convert", "--allow-missing", "-c", "stack.yml"],
      "\(kind) site has no `file` and is not external"
    ) {
      try $0.write(
        """
        services:
          web: {image: 'nginx:1.27', \(kind)s: [site]}
        \(kind)s:
          site: {labels: {team: shop}}
        """, to: "stack.yml")
    }
  }

  @Test func allErrorsAtOnce() throws {
    try refused(["convert", "-c", "stack.yml"], "stackferry: 3 errors") {
      try $0.write(
        """
        services:
          web:
            image: nginx
            replcas: 2
            deploy: {replicas: many}
            networks: [nowhere]
            ports: "80"
        """, to: "stack.yml")
    }
  }

  @Test func anUndefinedNetwork() throws {
    try refused(["convert", "-c", "stack.yml"], "nowhere") {
      try $0.write(
        "services:\n  web:\n    image: nginx\n    networks: [nowhere]\n", to: "stack.yml")
    }
  }

  @Test func anOutputFolderThatCannotBe() throws {
    let scratch = try Scratch()
    try scratch.write("services: {web: {image: 'nginx:1.27'}}", to: "stack.yml")
    try scratch.write("a file", to: "taken")
    let result = try Program.run(["convert", "shop", "-o", "taken/out"], in: scratch.url)
    #expect(result.status == 2)
    #expect(result.error.contains("taken"))
    #expect(try scratch.text("taken") == "a file")
  }

  @Test(arguments: [
    ["convert", "--publish", "magic"], ["convert", "--kubernetes", "1.12"], ["conjure"],
    ["validate", "--fail-on", "maybe"], ["convert", "--volume-size", "big"],
    ["convert", "--stack", "shop"], ["convert", "-c", "a.yml", "--stack", "a=b.yml"],
  ])
  func wrongUsage(_ arguments: [String]) throws {
    let scratch = try Scratch()
    let result = try Program.run(arguments, in: scratch.url)
    #expect(result.status == 64, "\(result.error)")
    #expect(result.out.isEmpty)
  }
}
