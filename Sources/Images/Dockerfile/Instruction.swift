/// One instruction of a Dockerfile, with the places of its parts.
package struct Instruction: Sendable {
  package enum Keyword: String, Sendable, CaseIterable {
    case add = "ADD"
    case arg = "ARG"
    case cmd = "CMD"
    case copy = "COPY"
    case entrypoint = "ENTRYPOINT"
    case env = "ENV"
    case expose = "EXPOSE"
    case from = "FROM"
    case healthcheck = "HEALTHCHECK"
    case label = "LABEL"
    case maintainer = "MAINTAINER"
    case onbuild = "ONBUILD"
    case run = "RUN"
    case shell = "SHELL"
    case stopsignal = "STOPSIGNAL"
    case user = "USER"
    case volume = "VOLUME"
    case workdir = "WORKDIR"
  }

  /// `--from=build`, `--no-cache`.
  package struct Flag: Sendable, Hashable {
    package let name: String
    /// Empty where no `=` is written.
    package let value: String
    package let span: Range<Int>
  }

  /// A word of the arguments.
  package struct Word: Sendable, Hashable {
    /// Quotes and escapes resolved, variables as written.
    package let text: String
    package let span: Range<Int>
  }

  /// A name and its value: `ENV`, `ARG`, `LABEL`.
  package struct Pair: Sendable, Hashable {
    package let name: Word
    /// Nil for an `ARG` without a default.
    package let value: Word?
  }

  /// A text given in the Dockerfile itself, `RUN <<EOF`.
  package struct Heredoc: Sendable {
    package let name: String
    /// Whether variables in it are replaced: the name is not quoted.
    package let isExpanded: Bool
    /// `<<-`: leading tabs are dropped.
    package let chomps: Bool
    /// The lines between, without the one that ends it.
    package let content: Range<Int>
  }

  package let keyword: Keyword
  package let keywordSpan: Range<Int>
  package internal(set) var flags: [Flag] = []
  /// The joined lines from the keyword on; here-documents are not in it.
  package let text: LogicalText
  /// The part of `text` behind keyword and flags.
  package internal(set) var arguments: Range<Int>
  /// The items of the JSON form; nil for the shell form and for what has no JSON form.
  package internal(set) var json: [Word]?
  package internal(set) var words: [Word] = []
  package internal(set) var pairs: [Pair] = []
  package internal(set) var heredocs: [Heredoc] = []
  /// All lines, their last line break included.
  package internal(set) var span: Range<Int>
  /// What `ONBUILD` holds: one instruction; empty for everything else.
  package internal(set) var trigger: [Instruction] = []
  /// The commands of a `RUN`, and of a shell-form `CMD`, `ENTRYPOINT` or `HEALTHCHECK CMD`.
  package internal(set) var script = ShellScript()
  /// The stage that it belongs to; -1 ahead of the first `FROM`.
  package internal(set) var stage = -1

  /// The arguments as written, lines joined.
  package var argumentText: String { text.string(arguments) }

  /// The value of a flag; nil where it is not given.
  package func flag(_ name: String) -> String? { flags.first { $0.name == name }?.value }

  /// What a message underlines: the instruction up to the end of its first line.
  package var headSpan: Range<Int> {
    let end = arguments.isEmpty ? text.bytes.count : arguments.upperBound
    let start = keywordSpan.lowerBound
    var last = start
    for index in 0..<end {
      let place = text.offset(index)
      if place > last + 1 { break }
      last = place
    }
    return start..<(last + 1)
  }

  /// `HEALTHCHECK NONE`.
  package var isHealthcheckNone: Bool {
    keyword == .healthcheck && words.first?.text.uppercased() == "NONE"
  }

  /// `CMD`, `ENTRYPOINT`, `RUN`, `HEALTHCHECK CMD` as the program and its arguments; nil for the shell form.
  package var exec: [String]? { json.map { $0.map(\.text) } }
}
