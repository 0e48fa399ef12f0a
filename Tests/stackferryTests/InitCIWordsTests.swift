import Diagnostics
import Foundation
import Testing
import YAML

/// Names and paths come out of the CI files as they went in: nothing in them is a command, a comment or an expression.
struct InitCIWordsTests {
  private static let stack = "services: {web: {image: 'nginx:1.27'}}\n"
  private static let hostile = [
    "k8s #prod", "x: y", "x$(touch PWNED)", "`touch PWNED`", "a'b", "a\"b", "'; touch PWNED; '",
    "${{ github.token }}", "$${{ x }}", "$'{{ x }}", "$[[ inputs.x ]]", "$HOME", "a\\b", "- a",
    "-x", "--",
    "[a", "{a}", "&a", "*a", "!a", "|", ">", "@a", "%a", "true", "a ", " a", "a:", "…é🚢",
    "<%&arguments%>",
    "{{x}}", "a&&b", "~", "!!", "?",
  ]

  /// What the file's commands give a program of the name `stackferry`, command by command.
  private func commands(_ script: String, in scratch: Scratch) throws -> [[String]] {
    try scratch.write(
      "#!/bin/sh\nfor word in \"$@\"; do printf '%s\\0' \"$word\" >> heard; done; printf '\\n' >> heard\n",
      to: "bin/stackferry")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755],
      ofItemAtPath: scratch.url.appendingPathComponent("bin/stackferry").path)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-eu", "-c", script]
    process.currentDirectoryURL = scratch.url
    process.environment = [
      "PATH": "\(scratch.url.path)/bin:/usr/bin:/bin", "HOME": "/nowhere",
      "GITHUB_STEP_SUMMARY": "summary",
    ]
    process.standardOutput = Pipe()
    process.standardError = Pipe()
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(!scratch.exists("PWNED"))
    let heard = try scratch.text("heard")
    try FileManager.default.removeItem(at: scratch.url.appendingPathComponent("heard"))
    return heard.split(separator: "\n").map { $0.split(separator: "\0").map(String.init) }
  }

  private func document(_ text: String) throws -> Node {
    var sources = Sources()
    let file = sources.add(SourceFile(path: "ci.yml", bytes: Array(text.utf8)))
    let stream = Document.stream(file, in: sources)
    #expect(stream.diagnostics.isEmpty)
    return try #require(stream.documents.first)
  }

  @Test(arguments: hostile)
  func wordsComeThrough(_ word: String) throws {
    let scratch = try Scratch()
    let folder = "f/\(word)"
    try scratch.write(Self.stack, to: "\(folder)/stack.yml")
    let options = [
      "--manifests=\(word)", "--allow-added=spec.\(word)", "--ingress-namespace=\(word)",
    ]
    for place in ["github", "gitlab", "pre-commit"] {
      let result = try Program.run(
        ["init-ci", place, "-c", "\(folder)/stack.yml", "shop"] + options, in: scratch.url)
      #expect(result.status == 0, "\(result.error)")
    }
    func expect(_ heard: [String]) {
      #expect(Array(heard.drop { $0 != "-c" }.prefix(2)) == ["-c", "\(folder)/stack.yml"])
      for option in options where heard.first == "validate" || option.contains("ingress") {
        let parts = option.split(separator: "=", maxSplits: 1).map(String.init)
        let place = heard.firstIndex(of: parts[0])
        #expect(
          heard.contains(option) || place.map { heard[$0 + 1] == parts[1] } ?? false, "\(heard)")
      }
    }
    let github = try document(try scratch.text(".github/workflows/stackferry.yml"))
    for step in github["jobs"]?["validate"]?["steps"]?.items ?? [] {
      guard let script = step["run"]?.text, script.contains("stackferry validate") else { continue }
      #expect(!script.contains("${{"))
      for heard in try commands(script, in: scratch) { expect(heard) }
    }
    let gitlab = try document(try scratch.text(".gitlab-ci.yml"))
    let script = try #require(gitlab["stackferry"]?["script"]?.items?.first?.text)
    #expect(!script.contains("$[["))
    let heard = try commands(script, in: scratch)
    #expect(heard.count == 3)
    heard.forEach(expect)
    for heard in try commands(try scratch.text(".githooks/pre-commit"), in: scratch) {
      expect(heard)
    }
  }

  /// Names of stacks become parts of commands and paths; only such as Docker takes are written.
  @Test(arguments: [
    "x$(touch PWNED)", "../../escape", "a b", "${{ github.token }}", "-x", "a\u{1B}[31m",
  ])
  func namesAreChecked(_ name: String) throws {
    let scratch = try Scratch()
    try scratch.write(Self.stack, to: "stack.yml")
    if !name.contains("/") { try scratch.write(Self.stack, to: "\(name)/stack.yml") }
    for place in ["github", "gitlab", "pre-commit"] {
      var runs = [
        ["-c", "stack.yml", "--", name], ["--stack", "\(name)=stack.yml"],
      ]
      if !name.contains("/") { runs.append(["-c", "./\(name)/stack.yml"]) }
      for arguments in runs {
        let result = try Program.run(["init-ci", place] + arguments, in: scratch.url)
        #expect(result.status == 64 || result.status == 2, "\(arguments)")
        #expect(!scratch.exists(".github") && !scratch.exists(".githooks"))
        #expect(!scratch.exists(".gitlab-ci.yml"))
      }
    }
  }

  @Test(arguments: ["a\nb", "a\u{1B}[2Jb", "a\u{85}b", "a\u{2028}b", "a\u{202E}b", "a\rb"])
  func whatNobodySeesIsRefused(_ word: String) throws {
    let scratch = try Scratch()
    try scratch.write(Self.stack, to: "stack.yml")
    for place in ["github", "gitlab", "pre-commit"] {
      let result = try Program.run(
        ["init-ci", place, "-c", "stack.yml", "shop", "--manifests", word], in: scratch.url)
      #expect(result.status == 64)
      #expect(try scratch.names() == ["stack.yml"])
    }
  }

  /// A snapshot may hold several stacks.
  @Test func snapshots() throws {
    let scratch = try Scratch()
    let services = ["shop", "edge"].map {
      """
      {"ID": "\($0)", "Spec": {"Name": "\($0)_web", "Labels": {"com.docker.stack.namespace": "\($0)"},
       "TaskTemplate": {"ContainerSpec": {"Image": "nginx:1.27"}}}}
      """
    }
    try scratch.write(
      "{\"StackferrySnapshot\": 1, \"Services\": [\(services.joined(separator: ","))]}",
      to: "s.json")
    let all = try Program.run(["init-ci", "pre-commit", "--from", "s.json"], in: scratch.url)
    #expect(all.status == 0, "\(all.error)")
    #expect(
      try scratch.text(".githooks/pre-commit").contains(
        "--from s.json --manifests kubernetes/stacks\n"))
    let one = try Program.run(
      ["init-ci", "pre-commit", "--from", "s.json", "shop", "--force"], in: scratch.url)
    #expect(one.status == 0, "\(one.error)")
    #expect(
      try scratch.text(".githooks/pre-commit").contains(
        "--from s.json shop --manifests kubernetes/shop\n"))
  }
}
