import Images
import Report
import Swarm
import TestSupport
import Testing

/// Which files the builder gets to see.
@Suite struct ContextTests {
  @Test(arguments: [
    ("node_modules", "node_modules", true), ("node_modules", "a/node_modules", false),
    ("**/node_modules", "a/b/node_modules/c", true), ("*.key", "a.key", true),
    ("*.key", "a/b.key", false), ("**/*.key", "a/b.key", true), ("**/*.key", "b.key", true),
    ("/.env", ".env", true), ("./.env", ".env", true), ("a/*/c", "a/b/c", true),
    ("a/*/c", "a/b/x/c", false), ("*\n!keep", "keep", false), ("*\n!keep", "other", true),
    ("# .git", ".git", false), ("a?c", "abc", true), ("a*b*c", "axxbyyc", true),
    ("a*b*c", "axxbyy", false), ("docs/\n!docs/README.md", "docs/README.md", false),
    ("docs", "docs/a", true), ("!a\na", "a", true),
  ])
  func patterns(_ text: String, _ path: String, _ isIgnored: Bool) {
    #expect(IgnorePatterns(Array(text.utf8)).matches(path) == isIgnored)
  }

  @Test func dockerfilesAreFound() {
    let tree = [
      "a": ["Dockerfile", "b", "node_modules", "x.txt", "Dockerfile.md"],
      "a/b": ["api.Dockerfile", "Dockerfile.prod", "Dockerfile.dockerignore"],
      "a/node_modules": ["Dockerfile"],
    ]
    let files = Files(
      read: { _ in .success([]) }, list: { tree[$0] ?? [] },
      kind: { tree[$0] != nil ? .directory : .file })
    #expect(
      dockerfiles(in: "a", files: files)
        == ["a/Dockerfile", "a/b/Dockerfile.prod", "a/b/api.Dockerfile"])
  }

  @Test func commentsSwitchRulesOff() {
    func slugs(_ text: String) -> [String] {
      DockerfileAudit(Subject(Dockerfile(text))).findings.map(\.slug)
    }
    #expect(slugs("FROM node\n").contains("image/latest-base"))
    #expect(
      !slugs("# stackferry ignore=image/latest-base\nFROM node\n").contains("image/latest-base"))
    #expect(!slugs("# hadolint ignore=DL3006,DL3007\nFROM node\n").contains("image/latest-base"))
    #expect(slugs("# hadolint ignore=DL3007\n\nFROM x\n").contains("image/latest-base"))
    #expect(
      !slugs("FROM node\n# hadolint ignore=DL3025\n# Why.\nCMD a\n").contains("image/shell-form"))
  }

  @Test func secretsAreStars() {
    let audit = DockerfileAudit(
      Subject(Dockerfile("FROM a:1\nENV DB_PASSWORD=hünter2 B=c\nRUN curl https://u:geheim@h/\n")))
    let shown = String(decoding: audit.source.bytes, as: UTF8.self)
    #expect(shown == "FROM a:1\nENV DB_PASSWORD=******* B=c\nRUN curl https://u:******@h/\n")
    for diagnostic in audit.diagnostics {
      #expect(!diagnostic.summary.contains("hünter2") && !diagnostic.summary.contains("geheim"))
      #expect(diagnostic.hint?.contains("geheim") != true)
    }
  }
}
