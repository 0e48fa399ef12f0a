package import Diagnostics

/// A Dockerfile as BuildKit reads it, with the place of everything in it.
///
/// Source: moby/buildkit `frontend/dockerfile/parser` and `instructions`.
package struct Dockerfile: Sendable {
  /// A stage: `FROM` up to the next one.
  package struct Stage: Sendable {
    /// The number of its `FROM` in `instructions`.
    package let from: Int
    /// The instructions behind it.
    package internal(set) var body: Range<Int>
    /// `AS name`, in lower case.
    package let name: String?
    /// The base as written.
    package let written: Instruction.Word?
    /// The base with the values of `ARG`s put in; nil where one has none.
    package let base: String?
    /// The stage that it builds on.
    package let parent: Int?
    package let platform: String?
  }

  /// The name under which messages quote it.
  package let path: String
  package let bytes: [UInt8]
  /// What continues a line and escapes a character: `\`, or the backtick where the directive says so.
  package internal(set) var escape = UInt8(ascii: "\\")
  /// The frontend that `# syntax=` asks for.
  package internal(set) var syntax: String?
  package internal(set) var instructions: [Instruction] = []
  package internal(set) var stages: [Stage] = []
  /// Why the builder would refuse it. Marks have file 0.
  package internal(set) var problems: [Diagnostic] = []
  private let lines: LineTable

  /// Reads a Dockerfile. It never fails: what the builder would refuse ends in `problems`.
  ///
  /// - Parameter arguments: The build's `--build-arg`s, as a stack's `build.args` gives them.
  package init(path: String, bytes: [UInt8], arguments: [String: String] = [:]) {
    self.path = path
    self.bytes = bytes
    lines = LineTable(bytes)
    if bytes.count > Self.maximumSize {
      problems.append(
        Diagnostic(
          "dockerfile/too-large", at: SourceMark(file: 0, line: 0, column: 0),
          "the file has \(bytes.count) bytes; the limit is \(Self.maximumSize)"))
      return
    }
    var parser = DockerfileParser(bytes)
    parser.run()
    escape = parser.escape
    syntax = parser.syntax
    instructions = parser.instructions
    for problem in parser.problems {
      let place = mark(problem.span.lowerBound)
      problems.append(
        Diagnostic(
          problem.slug, at: place, length: length(problem.span), problem.text, hint: problem.hint))
    }
    findStages(arguments)
  }

  private static let maximumSize = 16 << 20

  /// Line and column of a byte, for messages.
  package func mark(_ offset: Int) -> SourceMark {
    let (line, column) = lines.position(offset, in: bytes)
    return SourceMark(file: 0, line: Int32(line), column: Int32(column))
  }

  /// Line of a byte, counted from one.
  package func line(_ offset: Int) -> Int { lines.position(offset, in: bytes).line }

  /// The length in Unicode scalars of what is underlined: never beyond the first line.
  package func length(_ span: Range<Int>) -> Int {
    let end = bytes[span].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? span.upperBound
    return bytes[span.lowerBound..<end].count { $0 & 0xC0 != 0x80 }
  }

  package func string(_ span: Range<Int>) -> String {
    String(decoding: bytes[span], as: UTF8.self)
  }

  /// The line break that the file uses.
  package var lineBreak: String { lines.usesCarriageReturns ? "\r\n" : "\n" }

  /// The stage that becomes the image when nobody names a target.
  package var finalStage: Int { stages.count - 1 }

  /// The stage that `--target` names; the last one for nil, nil where there is none of that name.
  package func stage(target: String?) -> Int? {
    guard let target, !target.isEmpty else { return stages.isEmpty ? nil : finalStage }
    return stageNumber(target)
  }

  /// The stage of a name or number, as `COPY --from` takes it.
  package func stageNumber(_ name: String) -> Int? {
    let lower = name.lowercased()
    if let index = stages.lastIndex(where: { $0.name == lower }) { return index }
    if let number = Int(name), stages.indices.contains(number) { return number }
    return nil
  }

  /// A stage and those that it builds on, the innermost base first.
  package func lineage(_ stage: Int) -> [Int] {
    var chain = [stage]
    while let parent = stages[chain[chain.count - 1]].parent { chain.append(parent) }
    return chain.reversed()
  }

  /// The instructions that make a stage's image, those of the stages that it builds on included.
  package func history(_ stage: Int) -> [Instruction] {
    lineage(stage).flatMap { instructions[stages[$0].body] }
  }

  /// The image that a stage begins with, outside of this file.
  package func rootBase(_ stage: Int) -> String? { stages[lineage(stage)[0]].base }
}

/// Where the lines of a text begin.
struct LineTable: Sendable {
  private var starts = [0]
  private(set) var usesCarriageReturns = false
  private var bomLength = 0

  init(_ bytes: [UInt8]) {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bomLength = 3 }
    for index in bytes.indices where bytes[index] == 0x0A {
      starts.append(index + 1)
      if starts.count == 2 { usesCarriageReturns = index > 0 && bytes[index - 1] == 0x0D }
    }
  }

  func position(_ offset: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    let start = low == 0 ? min(bomLength, offset) : starts[low]
    return (low + 1, bytes[start..<offset].count { $0 & 0xC0 != 0x80 } + 1)
  }
}
