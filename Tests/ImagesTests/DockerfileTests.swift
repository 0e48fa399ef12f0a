import Images
import Mapping
import TestSupport
import Testing

/// Dockerfiles are read as BuildKit reads them.
@Suite struct DockerfileTests {
  @Test func instructionsHaveTheirBytes() {
    let text = "# a comment\nFROM alpine:3.20\n\nRUN a && \\\n  # why\n  b\nCMD [\"x\"]"
    let file = Dockerfile(text)
    #expect(file.problems.isEmpty)
    #expect(
      file.instructions.map { file.string($0.span) } == [
        "FROM alpine:3.20\n", "RUN a && \\\n  # why\n  b\n", "CMD [\"x\"]",
      ])
    let run = file.instructions[1]
    #expect(run.argumentText == "a &&   b")
    #expect(run.script.commands.map(\.name) == ["a", "b"])
    #expect(file.string(run.script.commands[1].words[0].span) == "b")
    #expect(file.line(run.script.commands[1].words[0].span.lowerBound) == 6)
  }

  @Test func byteOrderMarkAndCarriageReturns() {
    let file = Dockerfile("\u{FEFF}FROM alpine\r\nRUN a \\\r\n  && b\r\nUSER 1000\r\n")
    #expect(file.problems.isEmpty)
    #expect(file.instructions.map(\.keyword) == [.from, .run, .user])
    #expect(file.mark(3) == file.mark(file.instructions[0].keywordSpan.lowerBound))
    #expect(file.mark(3).column == 1)
    #expect(file.instructions[1].argumentText == "a   && b")
    #expect(file.instructions[2].words.map(\.text) == ["1000"])
    #expect(file.lineBreak == "\r\n")
  }

  @Test func directives() {
    let file = Dockerfile(
      "# syntax=docker/dockerfile:1\n#escape = `\nFROM a\nRUN x `\n y\nADD c:\\a c:\\b\n")
    #expect(file.syntax == "docker/dockerfile:1")
    #expect(file.escape == UInt8(ascii: "`"))
    #expect(file.problems.isEmpty)
    #expect(file.instructions[1].argumentText == "x  y")
    #expect(file.instructions[2].words.map(\.text) == ["c:\\a", "c:\\b"])
    // Below anything else a directive is a comment.
    #expect(Dockerfile("FROM a\n# escape=`\n").escape == UInt8(ascii: "\\"))
    #expect(Dockerfile("\n# escape=`\nFROM a\n").escape == UInt8(ascii: "\\"))
    #expect(Dockerfile("# escape=x\nFROM a\n").problems.map(\.slug) == ["dockerfile/escape"])
  }

  @Test func doubledEscapeContinuesNothing() {
    let file = Dockerfile("FROM a\nRUN echo \\\\\nUSER x\n")
    #expect(file.instructions.map(\.keyword) == [.from, .run, .user])
  }

  @Test func continuationAtTheEnd() {
    let file = Dockerfile("FROM a\nRUN b \\\n")
    #expect(file.instructions.count == 2)
    #expect(file.instructions[1].argumentText == "b")
  }

  @Test func heredocs() {
    let text = """
      FROM a
      RUN <<EOF bash
      apt-get update
      EOF
      COPY <<-'one' <<two /etc/
      \tx
      \tone
      y
      two
      RUN cat <<EOF > /etc/x
      FROM nothing
      EOF
      USER 1

      """
    let file = Dockerfile(text)
    #expect(file.problems.isEmpty)
    #expect(file.instructions.map(\.keyword) == [.from, .run, .copy, .run, .user])
    #expect(file.instructions[1].heredocs.map { file.string($0.content) } == ["apt-get update\n"])
    #expect(file.instructions[1].script.commands.map(\.name) == ["bash", "apt-get"])
    #expect(file.instructions[2].heredocs.map { file.string($0.content) } == ["\tx\n", "y\n"])
    #expect(file.instructions[2].heredocs.map(\.isExpanded) == [false, true])
    #expect(file.instructions[3].script.commands.map(\.name) == ["cat"])
    let open = Dockerfile("FROM a\nRUN <<EOF\nx\n")
    #expect(open.problems.map(\.slug) == ["dockerfile/heredoc"])
  }

  @Test func stagesAndArguments() {
    let text = """
      ARG VERSION=3.20
      ARG NAME="alpine"
      FROM ${NAME}:${VERSION} AS Base
      FROM base AS build
      ARG VERSION
      ENV P=$VERSION/x
      FROM ${OTHER:-scratch}
      COPY --from=build /a /b
      FROM $UNKNOWN
      """
    let file = Dockerfile(text)
    #expect(file.problems.isEmpty)
    #expect(file.stages.map(\.base) == ["alpine:3.20", "base", "scratch", nil])
    #expect(file.stages.map(\.name) == ["base", "build", nil, nil])
    #expect(file.stages[1].parent == 0)
    #expect(file.lineage(1) == [0, 1])
    #expect(file.rootBase(1) == "alpine:3.20")
    #expect(file.variables(atEndOf: 1)["P"] == "3.20/x")
    #expect(file.instructions[7].flag("from") == "build")
    let other = Dockerfile(
      path: "Dockerfile", bytes: Array(text.utf8), arguments: ["VERSION": "3.19"])
    #expect(other.stages[0].base == "alpine:3.19")
  }

  @Test func formsOfCommands() {
    let file = Dockerfile(
      #"""
      FROM a
      CMD ["a", "b\tA"]
      CMD [ "a" ] x
      CMD ['a']
      HEALTHCHECK --interval=5s --timeout=3s CMD curl -f http://localhost/ || exit 1
      HEALTHCHECK NONE
      SHELL ["powershell", "-Command"]
      ONBUILD RUN apt-get update
      ENV A=1 B="x y" C=a\ b
      ENV OLD value with blanks
      LABEL "a.b"='c d'
      """#)
    #expect(file.problems.isEmpty)
    let parts = file.instructions
    #expect(parts[1].exec == ["a", "b\tA"])
    #expect(parts[2].json == nil)
    #expect(parts[3].json == nil)
    #expect(parts[4].flag("interval") == "5s")
    #expect(parts[4].script.commands.map(\.joint) == [.first, .or])
    #expect(parts[5].isHealthcheckNone)
    #expect(parts[7].trigger.first?.script.commands.map(\.name) == ["apt-get"])
    #expect(parts[8].pairs.map { $0.value?.text } == ["1", "x y", "a b"])
    #expect(parts[9].pairs.map { $0.value?.text } == ["value with blanks"])
    #expect(parts[10].pairs.map(\.name.text) == ["a.b"])
  }

  @Test(arguments: [
    ("FORM a", "dockerfile/unknown-instruction"), ("", "dockerfile/empty"),
    ("FROM a\nCOPY x", "dockerfile/arguments"), ("RUN x", "dockerfile/no-stage"),
    ("FROM a\nCOPY --form=b x y", "dockerfile/unknown-flag"), ("FROM a b", "dockerfile/arguments"),
    ("FROM a\nSHELL bash", "dockerfile/arguments"), ("FROM a\nRUN [1, 2]", "dockerfile/json"),
    ("FROM a\nONBUILD FROM b", "dockerfile/onbuild"), ("FROM a\nENV A", "dockerfile/arguments"),
    ("FROM a\nCOPY --from=3 x y", "dockerfile/copy-from"),
  ])
  func problems(_ text: String, _ slug: String) {
    #expect(Dockerfile(text).problems.map(\.slug) == [slug])
  }
}

extension Dockerfile {
  init(_ text: String) { self.init(path: "Dockerfile", bytes: Array(text.utf8)) }
}
