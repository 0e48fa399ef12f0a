internal import CLibYAML

/// libyaml's parser over a text in memory, one event at a time.
///
/// The parser keeps a pointer to itself, so it lives on the heap; it is freed with the reader. The bytes must
/// outlive the reader: use it wholly inside `withUnsafeBufferPointer`.
@safe
struct EventReader: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let event: UnsafeMutablePointer<yaml_event_t>
  private let input: UnsafeMutablePointer<Input>

  /// What is left of the text.
  @unsafe
  private struct Input {
    var next: UnsafePointer<UInt8>?
    var left: Int
    let chunk: Int
  }

  /// How far Docker's reader looks ahead. It notices invalid bytes behind the first document only when they are
  /// that near.
  static let dockerChunk = 512

  /// - Parameter chunk: Bytes that libyaml gets at once; small ones take a tenth more time.
  init(_ bytes: UnsafeBufferPointer<UInt8>, chunk: Int = .max) {
    unsafe parser = .allocate(capacity: 1)
    unsafe event = .allocate(capacity: 1)
    unsafe input = .allocate(capacity: 1)
    unsafe input.initialize(to: Input(next: bytes.baseAddress, left: bytes.count, chunk: chunk))
    unsafe event.initialize(to: yaml_event_t())
    unsafe parser.initialize(to: yaml_parser_t())
    guard unsafe yaml_parser_initialize(parser) == 1 else { fatalError("out of memory") }
    unsafe yaml_parser_set_input(
      parser,
      { state, buffer, size, read in
        guard let state = unsafe state?.assumingMemoryBound(to: Input.self) else { return 0 }
        let count = unsafe min(state.pointee.left, size, state.pointee.chunk)
        if count > 0, let buffer = unsafe buffer, let next = unsafe state.pointee.next {
          unsafe buffer.update(from: next, count: count)
          unsafe state.pointee.next = next + count
          unsafe state.pointee.left -= count
        }
        unsafe read?.pointee = count
        return 1
      }, input)
  }

  deinit {
    unsafe yaml_event_delete(event)
    unsafe yaml_parser_delete(parser)
    unsafe event.deallocate()
    unsafe parser.deallocate()
    unsafe input.deallocate()
  }

  /// Takes the next event; false when the text is no YAML, and then `problem` says why.
  mutating func next() -> Bool {
    unsafe yaml_event_delete(event)
    return unsafe yaml_parser_parse(parser, event) == 1
  }

  /// After a parser error: whether the next tokens can be scanned, whatever their order; if not, `problem` says
  /// why. The reader is of no further use.
  mutating func canScan(tokens: Int) -> Bool {
    unsafe parser.pointee.error = YAML_NO_ERROR
    for _ in 0..<tokens {
      var token = unsafe yaml_token_t()
      guard unsafe yaml_parser_scan(parser, &token) == 1 else { return false }
      unsafe yaml_token_delete(&token)
    }
    return true
  }

  var kind: yaml_event_type_t { unsafe event.pointee.type }

  /// Line of the event's start, from zero.
  var line: Int { unsafe event.pointee.start_mark.line }

  /// Column of the event's start in Unicode scalars, from zero.
  var column: Int { unsafe event.pointee.start_mark.column }

  /// Length of a one-line event in Unicode scalars, 0 for one that spans lines.
  var length: Int {
    let (start, end) = unsafe (event.pointee.start_mark, event.pointee.end_mark)
    return start.line == end.line && end.column > start.column ? end.column - start.column : 0
  }

  var isDoubleQuoted: Bool {
    unsafe event.pointee.data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE
  }

  /// Whether the event is one token, so that the next event shows the token behind it.
  var isSingleToken: Bool {
    switch kind {
    case YAML_SCALAR_EVENT: !hasScalarTag && anchor == nil
    case YAML_ALIAS_EVENT: true
    case YAML_SEQUENCE_START_EVENT:
      unsafe event.pointee.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE && anchor == nil
    case YAML_MAPPING_START_EVENT:
      unsafe event.pointee.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE && anchor == nil
    default: false
    }
  }

  /// The content of a scalar event after unquoting and folding.
  var scalarText: String { unsafe String(decoding: scalarBytes, as: UTF8.self) }

  /// What a scalar event resolves to when it is plain and has no tag.
  var plainKind: Scalar.Kind { unsafe Scalar.kind(ofPlain: scalarBytes.span) }

  /// Whether a scalar event's content is this text.
  func scalarEquals(_ text: StaticString) -> Bool { unsafe scalarBytes.span.equals(text) }

  /// Valid until the next event.
  private var scalarBytes: UnsafeBufferPointer<UInt8> {
    unsafe UnsafeBufferPointer(
      start: event.pointee.data.scalar.value, count: event.pointee.data.scalar.length)
  }

  /// Whether a scalar event is written without quotes and not as a block.
  var isPlain: Bool {
    unsafe event.pointee.data.scalar.style == YAML_PLAIN_SCALAR_STYLE
  }

  var hasScalarTag: Bool { unsafe event.pointee.data.scalar.tag != nil }

  /// The tag of a scalar event, with its handle resolved.
  var scalarTag: String? { unsafe Self.string(event.pointee.data.scalar.tag) }

  /// What a local tag of the event asks of a merge.
  var directive: Node.Directive {
    let tag: String? =
      switch kind {
      case YAML_SCALAR_EVENT: unsafe Self.string(event.pointee.data.scalar.tag)
      case YAML_SEQUENCE_START_EVENT: unsafe Self.string(event.pointee.data.sequence_start.tag)
      case YAML_MAPPING_START_EVENT: unsafe Self.string(event.pointee.data.mapping_start.tag)
      default: nil
      }
    return switch tag {
    case "!reset": .reset
    case "!override": .override
    default: .none
    }
  }

  /// The anchor that a scalar, sequence or mapping event defines, or an alias event refers to.
  var anchor: String? {
    switch kind {
    case YAML_SCALAR_EVENT: unsafe Self.string(event.pointee.data.scalar.anchor)
    case YAML_SEQUENCE_START_EVENT: unsafe Self.string(event.pointee.data.sequence_start.anchor)
    case YAML_MAPPING_START_EVENT: unsafe Self.string(event.pointee.data.mapping_start.anchor)
    case YAML_ALIAS_EVENT: unsafe Self.string(event.pointee.data.alias.anchor)
    default: nil
    }
  }

  /// The version of a `%YAML` directive before the document that just started.
  var version: (major: Int, minor: Int)? {
    guard let directive = unsafe event.pointee.data.document_start.version_directive else {
      return nil
    }
    return unsafe (Int(directive.pointee.major), Int(directive.pointee.minor))
  }

  /// Why `next()` failed.
  var problem: Problem {
    unsafe Problem(
      isReaderError: parser.pointee.error == YAML_READER_ERROR,
      isParserError: parser.pointee.error == YAML_PARSER_ERROR,
      text: Self.string(parser.pointee.problem) ?? "the text is no YAML",
      line: parser.pointee.problem_mark.line, column: parser.pointee.problem_mark.column,
      offset: parser.pointee.problem_offset,
      context: Self.string(parser.pointee.context),
      contextLine: parser.pointee.context_mark.line,
      contextColumn: parser.pointee.context_mark.column)
  }

  /// libyaml's account of an error. Lines and columns count from zero.
  struct Problem {
    /// The bytes are no text.
    var isReaderError: Bool
    /// The tokens are fine and their order is not.
    var isParserError: Bool
    var text: String
    var line: Int
    var column: Int
    /// Of a reader error: bytes from the start of the text.
    var offset: Int
    /// What was being read, and where that began.
    var context: String?
    var contextLine: Int
    var contextColumn: Int
  }

  private static func string(_ text: UnsafePointer<CChar>?) -> String? {
    unsafe text.map { unsafe String(cString: $0) }
  }

  private static func string(_ text: UnsafeMutablePointer<UInt8>?) -> String? {
    unsafe text.map { unsafe String(cString: $0) }
  }
}
