import Delivery
import TestSupport
import Testing
import Validation

@Suite struct DriftTests {
  @Test func aDiffHasHunksWithContext() {
    let old = (1...20).map { "line \($0)\n" }.joined()
    let new = old.replacing("line 2\n", with: "").replacing("line 15\n", with: "line x\nline y\n")
    #expect(
      unifiedDiff(old, new, oldName: "a", newName: "b") == """
        --- a
        +++ b
        @@ -1,5 +1,4 @@
         line 1
        -line 2
         line 3
         line 4
         line 5
        @@ -12,7 +11,8 @@
         line 12
         line 13
         line 14
        -line 15
        +line x
        +line y
         line 16
         line 17
         line 18

        """)
  }

  @Test func aDiffOfNothing() {
    #expect(unifiedDiff("a\n", "a\n", oldName: "a", newName: "b").isEmpty)
    #expect(
      unifiedDiff("", "a\n", oldName: "a", newName: "b") == "--- a\n+++ b\n@@ -0,0 +1 @@\n+a\n")
    #expect(
      unifiedDiff("a\n", "", oldName: "a", newName: "b") == "--- a\n+++ b\n@@ -1 +0,0 @@\n-a\n")
  }

  private func drift(_ committed: String, _ expected: String, allow: [String] = []) -> Drift {
    Drift(
      [OutputFile(name: "web.yaml", bytes: Array(expected.utf8))],
      committed: { _ in Array(committed.utf8) }, names: ["web.yaml"], written: nil,
      allowed: allow.compactMap(FieldPattern.init), folder: "k8s")
  }

  private let expected = """
    kind: Deployment
    metadata: {name: web}
    spec:
      containers:
        - {name: web, image: x}

    """

  @Test func itemsMayBeAddedToAList() {
    let committed = expected.replacing(
      "    - {name: web", with: "    - {name: proxy, image: y}\n    - {name: web")
    #expect(drift(committed, expected).differences.map(\.line) == [5])
    #expect(drift(committed, expected, allow: ["spec.containers[]"]).differences.isEmpty)
    #expect(drift(committed, expected, allow: ["spec.containers"]).differences.count == 1)
  }

  /// `true` and `"true"` are not the same to the API server.
  @Test func typesCount() {
    #expect(drift("a: 'true'\n", "a: true\n").differences.count == 1)
    #expect(drift("{a: true}\n", "a: true\n").differences.isEmpty)
    #expect(drift("a: true\n---\nb: 1\n", "a: true\n").differences.count == 1)
    #expect(drift("a: [\n", "a: true\n").differences.count == 1)
  }

  @Test func aSecretsLinesAreNotShown() {
    let drift = Drift(
      [OutputFile(name: "s.yaml", bytes: Array("data: {a: new}\n".utf8), isSecret: true)],
      committed: { _ in Array("data: {a: old}\n".utf8) }, names: [], written: nil, allowed: [],
      folder: "k8s")
    #expect(drift.differences.count == 1)
    #expect(drift.differences[0].diff.isEmpty)
  }

  @Test func gitHubsEscapes() {
    #expect(
      gitHubAnnotation("error", file: "a,b:c.yml", line: 3, column: 1, title: "x: y", "50 %\nnext")
        == "::error file=a%2Cb%3Ac.yml,line=3,col=1,title=x%3A y::50 %25%0Anext")
  }
}
