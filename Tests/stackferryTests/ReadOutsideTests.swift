import Foundation
import Testing

/// A link that leads out of the stack's folder is never followed, and only regular files are read; what a stack names outside
/// by itself is Docker's usual business.
struct ReadOutsideTests {
  private func stack(_ service: String, _ rest: String = "") -> String {
    "services:\n  web:\n    image: nginx:1.27\n\(service)\n\(rest)\n"
  }

  /// Nothing of a bind's file or folder that is a link out lands in a manifest or a report.
  @Test(arguments: [
    "app.conf", "conf", "conf/deep", "conf/deep/more.conf", "folder", "folder/a/b.conf",
  ])
  func bindsThroughLinks(_ bind: String) throws {
    let fenced = try Fenced()
    try fenced.link("app.conf", to: "../outside/notes.txt")
    try fenced.link("conf", to: "../outside")
    try fenced.write("mine", to: "folder/mine.conf")
    try fenced.link("folder/a/b.conf", to: fenced.outside.appendingPathComponent("notes.txt").path)
    try fenced.write(stack("    volumes: ['./\(bind):/etc/app:ro']"), to: "stack.yml")
    let result = try fenced.run(["convert", "shop", "-o", "k"])
    #expect(result.status == 0, "\(result.error)")
    #expect(try !fenced.holdsCanary("k"))
    #expect(
      try fenced.text("k/report.md").contains("is a link that leads out of the stack's folder"))
  }

  @Test func configsAndSecretsThroughLinks() throws {
    let fenced = try Fenced()
    try fenced.link("app.conf", to: "../outside/notes.txt")
    try fenced.link("linked", to: "../outside")
    for path in ["app.conf", "linked/notes.txt", "linked/deep/../notes.txt"] {
      try fenced.write(
        stack("    configs: [app]", "configs: {app: {file: './\(path)'}}"), to: "stack.yml")
      let config = try fenced.run(["convert", "shop", "-o", "k"])
      #expect(config.status == 2)
      #expect(config.error.contains("stack.yml:5:"), "\(config.error)")
      #expect(config.error.contains("is a link that leads out of the stack's folder"))
      #expect(!fenced.exists("k"))
      try fenced.write(
        stack("    secrets: [app]", "secrets: {app: {file: './\(path)'}}"), to: "stack.yml")
      let secret = try fenced.run(["report", "shop"])
      #expect(secret.status == 0, "\(secret.error)")
      #expect(
        secret.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
          .contains("is a link that leads out of the stack's folder and is not read"),
        "\(secret.out)")
    }
  }

  @Test func environmentFilesThroughLinks() throws {
    let fenced = try Fenced()
    try fenced.link("app.env", to: "../outside/secret.env")
    try fenced.write(stack("    env_file: [app.env]"), to: "stack.yml")
    let result = try fenced.run(["report", "shop"])
    #expect(result.status == 2)
    #expect(result.error.contains("stack.yml:4:"), "\(result.error)")
    #expect(result.error.contains("is a link that leads out of the stack's folder"))
    try fenced.link(".env", to: "../outside/secret.env")
    try fenced.write(stack("    labels: ['a=${COLOUR}']"), to: "stack.yml")
    let compose = try fenced.run(["config", "--dialect", "compose"])
    #expect(compose.status == 2)
    #expect(compose.error.contains(".env: is a link that leads out of the stack's folder"))
  }

  @Test func composeFilesThroughLinks() throws {
    let fenced = try Fenced()
    try fenced.link("other.yml", to: "../outside/notes.txt")
    for text in [
      "include: [other.yml]\n", "services: {a: {extends: {file: other.yml, service: a}}}",
    ] {
      try fenced.write(text, to: "stack.yml")
      let result = try fenced.run(["config", "--dialect", "compose"])
      #expect(result.status == 2)
      #expect(result.error.contains("is a link that leads out of"), "\(result.error)")
    }
  }

  @Test func aStackFileThatWasOnlyFound() throws {
    let fenced = try Fenced()
    try fenced.link("stack.yml", to: "../outside/notes.txt")
    let result = try fenced.run(["report", "shop"])
    #expect(result.status == 2)
    #expect(result.error.contains("stack.yml: is a link that leads out of the stack's folder"))
  }

  @Test(arguments: ["api/Dockerfile", "linked/Dockerfile", "linked/shadow"])
  func dockerfilesThroughLinks(_ path: String) throws {
    let fenced = try Fenced()
    try fenced.link("api/Dockerfile", to: "../../outside/Dockerfile")
    try fenced.link("linked", to: "../outside")
    let parts = path.split(separator: "/")
    try fenced.write(
      stack("    build: {context: '\(parts[0])', dockerfile: '\(parts[1])'}"), to: "stack.yml")
    for command in [["report", "shop", "-v"], ["convert", "shop", "-o", "k"]] {
      let result = try fenced.run(command)
      #expect(result.status == 0, "\(result.error)")
    }
    #expect(try !fenced.holdsCanary("k"))
    let audit = try fenced.run(["audit", "-c", "stack.yml"])
    #expect(audit.status == 2)
    #expect(audit.error.contains("\(path): is a link that leads out of the working folder"))
    // A folder that is named is searched, and links to folders are not gone through.
    let found = try fenced.run(["audit", "."])
    #expect(found.status == 2)
    #expect(!found.error.contains("linked/"))
  }

  @Test func manifestsThroughLinks() throws {
    let fenced = try Fenced()
    try fenced.link("k/a.yaml", to: "../../outside/notes.txt")
    let result = try fenced.run(["validate", "--manifests", "k"])
    #expect(result.status == 2)
    #expect(result.error.contains("k/a.yaml: is a link that leads out of the working folder"))
  }

  // MARK: What is no file

  /// Pipes would wait for ever.
  @Test func pipesAreNotRead() throws {
    let fenced = try Fenced()
    for name in ["app.conf", "app.env", "Dockerfile", ".dockerignore", ".env"] { fenced.pipe(name) }
    let expected: [(String, Int32)] = [
      (stack("    configs: [app]", "configs: {app: {file: ./app.conf}}"), 2),
      (stack("    env_file: [app.env]"), 2),
      (stack("    volumes: ['./app.conf:/etc/app.conf:ro']"), 0),
      (stack("    secrets: [app]", "secrets: {app: {file: ./app.conf}}"), 0),
      (stack("    build: ."), 0),
    ]
    for (text, status) in expected {
      try fenced.write(text, to: "stack.yml")
      let result = try fenced.run(["report", "shop"])
      #expect(result.status == status, "\(text)\(result.error)")
    }
    #expect(try fenced.run(["audit", "."]).status == 2)
    #expect(try fenced.run(["audit", "Dockerfile"]).status == 2)
    #expect(try fenced.run(["config", "--dialect", "compose"]).status == 2)
    try fenced.write("FROM alpine:3.22\nUSER 1\n", to: "web.Dockerfile")
    _ = try fenced.run(["audit", "web.Dockerfile", "--fix"])
    try fenced.write(stack(""), to: "stack.yml")
    try fenced.write("", to: "k/empty")
    fenced.pipe("k/.stackferry-files")
    #expect(try fenced.run(["convert", "shop", "-o", "k"]).status == 2)
    fenced.pipe("k/a.yaml")
    #expect(try fenced.run(["validate", "shop", "--manifests", "k"]).status == 2)
  }

  /// Folders that link to themselves, to each other and to the root.
  @Test func loopsEnd() throws {
    let fenced = try Fenced()
    for (name, target) in [
      ("a/self", "."), ("a/up", ".."), ("a/b", "../b"), ("b/a", "../a"), ("b/root", "/"),
      ("c", "c"), ("a/one.yaml", "two.yaml"), ("a/two.yaml", "one.yaml"),
    ] {
      try fenced.link(name, to: target)
    }
    try fenced.write("FROM alpine:3.22\nCOPY . /\nUSER 1\n", to: "a/Dockerfile")
    try fenced.write(
      stack("    build: ./a\n    volumes: ['./a:/a', './b:/b', './c:/c']"), to: "stack.yml")
    #expect(try fenced.run(["report", "shop"]).status == 0)
    #expect(try fenced.run(["audit", ".", "--fail-on", "none"]).status == 0)
    #expect(try fenced.run(["validate", "--manifests-only", "--manifests", "b"]).status == 0)
  }

  // MARK: What Docker does every day

  @Test func whatTheStackNamesOutsideIsRead() throws {
    let fenced = try Fenced()
    try fenced.write("listen 80", to: "common/app.conf")
    try fenced.write("COLOUR=blue", to: "common/app.env")
    try fenced.link("current.env", to: "common/app.env")
    try fenced.link("deploy/inside.conf", to: "./real.conf")
    try fenced.write("listen 81", to: "deploy/real.conf")
    try fenced.write(
      """
      services:
        web:
          image: nginx:1.27
          env_file: [../common/app.env, ../current.env, /dev/null]
          configs: [app, inside]
          volumes: ['./inside.conf:/etc/inside.conf:ro']
      configs:
        app: {file: ../common/app.conf}
        inside: {file: ./inside.conf}
      """, to: "deploy/stack.yml")
    let result = try fenced.run(["convert", "-c", "deploy/stack.yml", "shop", "-o", "-", "-q"])
    #expect(result.status == 0, "\(result.error)")
    for text in ["listen 80", "listen 81", "blue"] { #expect(result.out.contains(text)) }
    #expect(result.out.contains("file-inside-conf") || result.out.contains("inside.conf"))
  }

  /// A file that is named on the command line is the caller's own choice.
  @Test func namedFilesMayBeLinksAndPipes() throws {
    let fenced = try Fenced()
    try fenced.write(stack(""), to: "real.yml")
    let elsewhere = try Scratch()
    try elsewhere.write(stack(""), to: "stack.yml")
    try fenced.link("named.yml", to: elsewhere.url.appendingPathComponent("stack.yml").path)
    #expect(try fenced.run(["report", "-c", "named.yml", "shop"]).status == 0)
    let piped = try fenced.run(["report", "-c", "/dev/stdin", "shop"], input: stack(""))
    #expect(piped.status == 0, "\(piped.error)")
  }
}
