import Images
import Mapping
import Report
import TestSupport
import Testing
import Validation

/// What rules see of a shell script.
@Suite struct ShellTests {
  private func script(_ text: String) -> ShellScript {
    Dockerfile("FROM a\nRUN \(text)\n").instructions[1].script
  }

  @Test func wordsAndJoints() {
    let found = script(#"A=1 apt-get install -y "a b" c\ d 'e' && rm -rf /x/* || true; x | y & z"#)
    #expect(found.commands.map(\.name) == ["apt-get", "rm", "true", "x", "y", "z"])
    #expect(
      found.commands.map(\.joint) == [.first, .and, .or, .sequence, .pipe, .background])
    #expect(found.commands[0].arguments == ["install", "-y", "a b", "c d", "e"])
    #expect(found.commands[0].assignments.map(\.text) == ["A=1"])
    #expect(found.commands[1].words.map(\.isExpanded) == [false, false, true])
    #expect(found.hasPipe)
    #expect(!found.isChain)
  }

  @Test func chains() {
    #expect(script("a && b | c && (d; e)").isChain)
    #expect(script("a").isChain)
    #expect(!script("a; b").isChain)
    #expect(!script("a || b").isChain)
    #expect(!script("a 'b").isChain)
  }

  @Test func nestedCommands() {
    let found = script(
      "if [ -f x ]; then a; else b; fi && for i in 1 2; do c; done && d $(e | f) `g`")
    #expect(found.commands.map(\.name) == ["[", "a", "b", "c", "e", "f", "g", "d"])
    #expect(found.commands.last?.depth == 0)
    #expect(found.commands[1].depth == 1)
    let cases = script(#"case "$A" in x|y) a ;; *) b ;; esac && c"#)
    #expect(cases.commands.map(\.name) == ["a", "b", "c"])
    #expect(cases.commands[2].depth == 0)
    #expect(!cases.isUncertain)
  }

  @Test func redirections() {
    let found = script("a > /x 2>&1 < y && b &> /dev/null && c 2>/dev/null")
    #expect(found.commands.map { $0.words.map(\.text) } == [["a"], ["b"], ["c"]])
    #expect(found.commands[0].redirections.map(\.text) == ["/x", "1", "y"])
  }

  @Test func options() {
    let command = script("apt-get -qy --no-install-recommends=true install x").commands[0]
    #expect(command.has(option: "-y"))
    #expect(command.has(option: "--no-install-recommends"))
    #expect(!command.has(option: "-x"))
    #expect(command.runs(["apt-get", "apt"], "install"))
  }

  @Test func hostileTextsEnd() {
    for text in [
      "((((((", "$($($($(", "`", "\"", "'", "${", "$((", "<<", "a <<x", "case", "for", ")))",
    ] {
      _ = script(text)
    }
    _ = script(String(repeating: "$(", count: 5000))
    _ = script(String(repeating: "(", count: 50000))
    _ = script(String(repeating: "if ", count: 50000))
  }
}
