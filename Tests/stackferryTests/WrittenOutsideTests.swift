import Foundation
import Testing

/// Nothing is written or removed outside of the place that was named, whatever a repository holds.
struct WrittenOutsideTests {
  private static let stack = """
    services:
      web: {image: 'nginx:1.27', ports: ["80:80"], secrets: [password]}
      db: {image: 'postgres:16'}
    secrets:
      password: {file: ./password.txt}
    """

  private func fenced() throws -> Fenced {
    let fenced = try Fenced()
    try fenced.write(Self.stack, to: "stack.yml")
    try fenced.write("hunter2", to: "password.txt")
    return fenced
  }

  // MARK: The output folder

  @Test func aLinkWhereFilesWereStaged() throws {
    let fenced = try fenced()
    try fenced.link("k/.stackferry-new", to: "../../outside")
    let result = try fenced.run(["convert", "shop", "-o", "k"])
    #expect(result.status == 0, "\(result.error)")
    #expect(fenced.exists("k/50-deployment-web.yaml"))
  }

  /// Every name that a staging folder can have is taken by a link, which is left alone.
  @Test func linksAndFoldersWithTheNameOfAStagingFolder() throws {
    let fenced = try fenced()
    try fenced.link("k/.stackferry-0123456789abcdef", to: "../../outside")
    try fenced.link("k/.stackferry-1123456789abcdef/new", to: "../../../outside")
    try fenced.link("k/.stackferry-2123456789abcdef/old", to: "../../../outside")
    try fenced.write("notes.txt 0000\n", to: "k/.stackferry-2123456789abcdef/list")
    try fenced.write("mine", to: "k/.stackferry-3123456789abcdef/new/README.md")
    #expect(try fenced.run(["convert", "shop", "-o", "k"]).status == 0)
    #expect(try fenced.text("k/.stackferry-3123456789abcdef/new/README.md") == "mine")
  }

  @Test(arguments: ["../../outside/notes.txt", "../../outside/none"])
  func aLinkForTheList(_ target: String) throws {
    let fenced = try fenced()
    try fenced.link("k/.stackferry-files", to: target)
    let result = try fenced.run(["convert", "shop", "-o", "k"])
    #expect(result.status == 2)
    #expect(result.error.contains("k/.stackferry-files: is no list that stackferry wrote"))
    #expect(try fenced.names(in: "k") == [".stackferry-files"])
  }

  /// A list may name anything: hashes are easily forged as well.
  @Test func aForgedListRemovesNothing() throws {
    let fenced = try fenced()
    try fenced.write("mine", to: "README.md")
    // The beginning of the SHA-256 of "mine".
    let hash = "3fd30542fe3f61b1"
    try fenced.write(
      "stack.yml\nREADME.md \(hash)\npassword.txt\n../outside/notes.txt \(hash)\n/etc/passwd\n",
      to: ".stackferry-files")
    let result = try fenced.run(["convert", "shop", "-o", "."])
    #expect(result.status == 0, "\(result.error)")
    #expect(try fenced.text("README.md") == "mine")
    #expect(try fenced.text("stack.yml") == Self.stack)
    #expect(try fenced.text("password.txt") == "hunter2")
  }

  @Test func whatWasChangedSinceIsNotRemoved() throws {
    let fenced = try fenced()
    #expect(try fenced.run(["convert", "shop", "-o", "k"]).status == 0)
    try fenced.write("mine", to: "k/50-deployment-db.yaml")
    try fenced.write("services: {web: {image: 'nginx:1.27'}}", to: "stack.yml")
    let result = try fenced.run(["convert", "shop", "-o", "k"])
    #expect(result.status == 0, "\(result.error)")
    #expect(result.error.contains("warning: k/50-deployment-db.yaml: the stack gives it no more"))
    #expect(try fenced.text("k/50-deployment-db.yaml") == "mine")
    #expect(!fenced.exists("k/40-service-db.yaml"))
    #expect(try !fenced.names(in: "k").contains { $0.contains("-secret-") })
  }

  @Test(arguments: ["k", "k/", "k/shop", "./k/a/../shop"])
  func aLinkForTheFolder(_ output: String) throws {
    let fenced = try fenced()
    try fenced.link("k", to: "../outside")
    let inWork = try fenced.run(["convert", "shop", "-o", output])
    #expect(inWork.status == 2)
    #expect(inWork.error.contains("k: is a link, and nothing is written through links"))
    // The same place by its whole path.
    let whole = fenced.work.appendingPathComponent(output).path
    #expect(try fenced.run(["convert", "shop", "-o", whole]).status == 2)
  }

  @Test func aLinkForTheUsualFolder() throws {
    let fenced = try fenced()
    try fenced.link("kubernetes", to: "../outside")
    #expect(try fenced.run(["convert", "shop"]).status == 2)
  }

  @Test func aLinkInPlaceOfAManifest() throws {
    let fenced = try fenced()
    #expect(try fenced.run(["convert", "shop", "-o", "k"]).status == 0)
    let place = fenced.work.appendingPathComponent("k/50-deployment-web.yaml")
    try FileManager.default.removeItem(at: place)
    try fenced.link("k/50-deployment-web.yaml", to: "../../outside/notes.txt")
    let before = try fenced.names(in: "k")
    #expect(try fenced.run(["convert", "shop", "-o", "k"]).status == 2)
    #expect(try fenced.names(in: "k") == before)
  }

  /// What is named on the command line is written where it is, and not only below the working folder.
  @Test func otherFoldersAreWritten() throws {
    let fenced = try fenced()
    let scratch = try Scratch()
    let whole = scratch.url.appendingPathComponent("a/b").path
    #expect(try fenced.run(["convert", "shop", "-o", whole]).status == 0)
    #expect(scratch.exists("a/b/00-namespace-shop.yaml"))
    try fenced.write(Self.stack, to: "deep/stack.yml")
    try fenced.write("hunter2", to: "deep/password.txt")
    let result = try Program.run(
      ["convert", "shop", "-o", "../k"], in: fenced.work.appendingPathComponent("deep"))
    #expect(result.status == 0, "\(result.error)")
    #expect(fenced.exists("k/00-namespace-shop.yaml"))
  }

  // MARK: Names

  @Test func aStackOfASnapshotThatLeadsOut() throws {
    let fenced = try Fenced()
    for name in ["../../escape", "/tmp/escape", "a/b", "..", "x$(touch PWNED)"] {
      try fenced.write(
        """
        {"StackferrySnapshot": 1, "Services": [{"ID": "a", "Spec": {"Name": "web",
          "Labels": {"com.docker.stack.namespace": "\(name)"},
          "TaskTemplate": {"ContainerSpec": {"Image": "nginx:1.27"}}}}]}
        """, to: "snapshot.json")
      let result = try fenced.run(["convert", "--from", "snapshot.json"])
      #expect(result.status == 2)
      #expect(
        result.error.contains("snapshot.json:2:44: error: \"\(name)\" cannot be a stack's name"),
        "\(result.error)")
      #expect(try fenced.names() == ["snapshot.json"])
    }
  }

  // MARK: Single files

  @Test func ciFilesAreNotWrittenThroughLinks() throws {
    for (place, path) in [
      ("github", ".github"), ("github", ".github/workflows"),
      ("github", ".github/workflows/stackferry.yml"), ("gitlab", ".gitlab-ci.yml"),
      ("pre-commit", ".githooks"), ("pre-commit", ".githooks/pre-commit"),
    ] {
      for target in ["outside", "outside/notes.txt", "outside/none"] {
        let fenced = try fenced()
        let up = String(repeating: "../", count: path.split(separator: "/").count)
        try fenced.link(path, to: up + target)
        let arguments = ["init-ci", place, "-c", "stack.yml", "shop"]
        _ = try fenced.run(arguments)
        let result = try fenced.run(arguments + ["--force"])
        // There is a `.gitlab-ci.yml` then, and the job gets a file of its own.
        #expect(result.status == (place == "gitlab" && !target.hasSuffix("none") ? 0 : 2))
      }
    }
  }

  @Test(arguments: ["../outside/notes.txt", "../outside/none", "../outside"])
  func answersAndBaselinesAreNotWrittenThroughLinks(_ target: String) throws {
    let fenced = try fenced()
    try fenced.link("there", to: target)
    try fenced.link("folder", to: "../outside")
    for name in ["there", "folder/new", "folder/notes.txt"] {
      let whole = fenced.work.appendingPathComponent(name).path
      for path in [name, whole] {
        let baseline = ["validate", "shop", "--baseline", path, "--write-baseline"]
        #expect(try fenced.run(baseline).status == 2)
        #expect(
          try fenced.run(["report", "shop", "--answers", path, "--write-answers"]).status == 2)
      }
    }
  }

  @Test func aBaselineReplacesOnlyFiles() throws {
    let fenced = try fenced()
    fenced.pipe("pipe")
    let arguments = ["validate", "shop", "--fail-on", "none", "--write-baseline", "--baseline"]
    let result = try fenced.run(arguments + ["pipe"])
    #expect(result.status == 2)
    #expect(result.error.contains("pipe: is no regular file"))
    try fenced.write("[]", to: "known.json")
    let known = fenced.work.appendingPathComponent("known.json").path
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: known)
    #expect(try fenced.run(arguments + ["known.json"]).status == 0)
    let attributes = try FileManager.default.attributesOfItem(atPath: known)
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o640)
    #expect(try fenced.text("known.json") != "[]")
    #expect(try fenced.names() == ["known.json", "password.txt", "pipe", "stack.yml"])
  }

  // MARK: Fixes

  private static let fixable = "FROM alpine:3.22\nRUN apk add curl\nCMD curl localhost\n"

  @Test func fixesAreNotWrittenThroughLinks() throws {
    let fenced = try Fenced()
    try fenced.write(Self.fixable, to: "real/Dockerfile")
    try fenced.link("api/Dockerfile", to: "../real/Dockerfile")
    let result = try fenced.run(["audit", "api", "--fix"])
    #expect(result.status == 2)
    #expect(result.error.contains("api/Dockerfile: is a link, and nothing is written through"))
    #expect(try fenced.text("real/Dockerfile") == Self.fixable)
    #expect(try fenced.run(["audit", "real", "--fix", "--fail-on", "none"]).status == 0)
    #expect(try fenced.text("real/Dockerfile") != Self.fixable)
  }

  @Test(arguments: ["../../outside/notes.txt", "../../outside/none"])
  func ignoreFilesAreNotWrittenThroughLinks(_ target: String) throws {
    let fenced = try Fenced()
    try fenced.write("FROM alpine:3.22\nCOPY . /app\nUSER 1000\n", to: "api/Dockerfile")
    try fenced.write("A=b\n", to: "api/.env")
    try fenced.link("api/.dockerignore", to: target)
    _ = try fenced.run(["audit", "api", "--fix"])
    _ = try fenced.run(["audit", "api", "--diff"])
  }

  @Test(arguments: ["../outside", "../../", "WHOLE", "./link", "/etc"])
  func buildsThatLeadOutAreNotFixed(_ place: String) throws {
    let fenced = try Fenced()
    try fenced.link("link", to: "../outside")
    let context = place == "WHOLE" ? fenced.outside.path : place
    for file in ["Dockerfile", "shadow", "passwd", "/etc/passwd", "../outside/shadow"] {
      try fenced.write(
        "services:\n  web:\n    image: a/b:1\n    build: {context: '\(context)', dockerfile: \(file)}\n",
        to: "stack.yml")
      // A Dockerfile in a folder beside is read, and not written.
      let isRead = file == "Dockerfile" && context.hasSuffix("/outside")
      for flags in [[], ["--fix"], ["--diff"], ["--format", "json"], ["--format", "markdown"]] {
        let result = try fenced.run(
          ["audit", "-c", "stack.yml", "--fail-on", "none"] + flags, mayShow: isRead)
        #expect(result.status == (isRead && flags != ["--fix"] ? 0 : 2), "\(context) \(file)")
        #expect(!result.out.contains("root:"))
        if isRead {
          #expect(result.error.contains("so it stays as it is") == (flags == ["--fix"]))
        } else if context == "./link", !file.contains("/") {
          #expect(result.error.contains("link/\(file): is a link that leads out of"))
        } else if context != "./link" || file.hasPrefix("/") {
          #expect(result.error.contains("stack.yml:4:5: error"), "\(result.error)")
        }
      }
    }
  }

  /// A link beside is followed within its own build context only.
  @Test func linksBesideTheStack() throws {
    let fenced = try Fenced()
    try fenced.link("api/Dockerfile", to: "../../outside/Dockerfile")
    try fenced.write("services: {web: {image: 'a/b:1', build: ../api}}", to: "deploy/stack.yml")
    let deploy = fenced.work.appendingPathComponent("deploy")
    for flags in [[], ["--fix"], ["--diff"]] {
      let result = try Program.run(["audit", "-c", "stack.yml"] + flags, in: deploy)
      #expect(result.status == 2)
      #expect(
        result.error.contains("../api/Dockerfile: is a link that leads out of ../api"),
        "\(result.error)")
      #expect(!(result.out + result.error).contains(Fenced.canary))
      try fenced.expectWhole()
    }
  }

  @Test func buildsBesideTheStackAreFixed() throws {
    let fenced = try Fenced()
    try fenced.write(Self.fixable, to: "api/Dockerfile")
    try fenced.write(
      "services: {web: {image: 'a/b:1', build: ../api}}", to: "deploy/stack.yml")
    let result = try fenced.run(["audit", "-c", "deploy/stack.yml", "--fix", "--fail-on", "none"])
    #expect(result.status == 0, "\(result.error)")
    #expect(try fenced.text("api/Dockerfile") != Self.fixable)
    // From the stack's own folder, the other one has to be named.
    try fenced.write(Self.fixable, to: "api/Dockerfile")
    let deploy = fenced.work.appendingPathComponent("deploy")
    let arguments = ["audit", "-c", "stack.yml", "--fail-on", "none"]
    #expect(try Program.run(arguments, in: deploy).status == 0)
    let alone = try Program.run(arguments + ["--fix"], in: deploy)
    #expect(alone.status == 2)
    #expect(alone.error.contains("name it: stackferry audit ../api --fix"), "\(alone.error)")
    #expect(try fenced.text("api/Dockerfile") == Self.fixable)
    #expect(try Program.run(arguments + ["../api", "--fix"], in: deploy).status == 0)
    #expect(try fenced.text("api/Dockerfile") != Self.fixable)
  }
}
