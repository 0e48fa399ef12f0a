/// Adding a command at the end of a `RUN`.
enum CleanUp {
  /// The edit that adds `&& command`, in a line of its own; nothing where the script is not such that it would run exactly
  /// when all before it succeeded.
  static func append(_ command: String, to run: Instruction, _ subject: borrowing Subject)
    -> [Edit]
  {
    guard run.json == nil, run.heredocs.isEmpty, run.script.isChain,
      subject.dockerfile.escape == UInt8(ascii: "\\"), !run.argumentText.hasSuffix("\\"),
      // A comment of the shell would swallow it, and so would `exec`.
      !run.script.commands.contains(where: { $0.name == "exec" || $0.name == "exit" }),
      !hasShellComment(run)
    else { return [] }
    let end = run.text.span(run.arguments).upperBound
    return [.insert(" \\\(subject.dockerfile.lineBreak)    && \(command)", at: end)]
  }

  /// Whether a `#` begins a word in the joined text.
  static func hasShellComment(_ run: Instruction) -> Bool {
    let bytes = run.text.bytes[run.arguments]
    return bytes.indices.contains { index in
      bytes[index] == UInt8(ascii: "#")
        && (index == bytes.startIndex || isBlank(bytes[index - 1])
          || bytes[index - 1] == UInt8(ascii: ";"))
    }
  }
}
