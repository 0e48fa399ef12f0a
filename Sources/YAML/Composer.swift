internal import CLibYAML
internal import Diagnostics

/// Builds a document's `Node` from libyaml's events, as gopkg.in/yaml.v3 decodes it.
///
/// What does not keep the text from being read further is collected in `diagnostics`.
struct Composer: ~Copyable {
  /// Ends the reading: a syntax error, or a limit whose diagnostic is collected already.
  struct Stop: Error {
    var problem: EventReader.Problem?
  }

  var reader: EventReader
  let file: Int32
  let limits: Document.Limits
  /// The control character that stands for the escape `\'`, if the text has that.
  let apostrophe: ApostropheEscape.StandIn?
  var diagnostics: [Diagnostic] = []
  /// Where something follows the document that Docker does not read.
  private(set) var rest: SourceMark?
  var anchors = AnchorTable()
  /// Values so far, and how many of them came from aliases.
  var nodes = 0
  var aliased = 0
  private var depth = 0
  private var items = BuildStack<Node>()
  private var entries = BuildStack<Entry>()

  init(
    _ reader: consuming EventReader, file: Int32, limits: Document.Limits,
    apostrophe: ApostropheEscape.StandIn? = nil
  ) {
    self.apostrophe = apostrophe
    self.reader = reader
    self.file = file
    self.limits = limits
  }

  /// Composes the first document; nil when there is none, or nothing in it.
  mutating func document() throws(Stop) -> Node? {
    try advance()
    try advance()
    guard reader.kind == YAML_DOCUMENT_START_EVENT else { return nil }
    if let version = reader.version, version != (1, 1) {
      add(
        Diagnostic(
          "yaml/version", at: mark, "%YAML \(version.major).\(version.minor) is refused by Docker",
          hint: "remove the %YAML line"))
    }
    try advance()
    let isEmpty = isEmptyScalar
    let root = try node()
    try advance()
    try lookPast()
    return isEmpty ? nil : root
  }

  /// Composes every document of the text, leaving out those with nothing in them.
  mutating func stream(_ body: (Node) -> Void) throws(Stop) {
    try advance()
    while true {
      try advance()
      guard reader.kind == YAML_DOCUMENT_START_EVENT else { return }
      anchors = AnchorTable()
      try advance()
      let isEmpty = isEmptyScalar
      let root = try node()
      if !isEmpty { body(root) }
      try advance()
    }
  }

  /// Docker's loader scans two tokens past the document, and refuses what it cannot scan there; whether the tokens
  /// make sense it does not ask.
  private mutating func lookPast() throws(Stop) {
    var isLast = false
    do throws(Stop) {
      try advance()
      guard reader.kind == YAML_DOCUMENT_START_EVENT else { return }
      try advance()
      if !isEmptyScalar { rest = mark }
      isLast = true
      if reader.isSingleToken { try advance() }
    } catch {
      guard let problem = error.problem, problem.isParserError else { throw error }
      if isLast { return }
      rest = SourceMark(
        file: file, line: Int32(clamping: problem.line + 1),
        column: Int32(clamping: problem.column + 1))
      if !reader.canScan(tokens: 2) { throw Stop(problem: reader.problem) }
    }
  }

  /// Whether the current event is a scalar of which nothing is written.
  private var isEmptyScalar: Bool {
    reader.kind == YAML_SCALAR_EVENT && reader.isPlain && reader.scalarEquals("")
      && !reader.hasScalarTag && reader.anchor == nil
  }

  var mark: SourceMark {
    SourceMark(
      file: file, line: Int32(truncatingIfNeeded: reader.line + 1),
      column: Int32(truncatingIfNeeded: reader.column + 1))
  }

  mutating func advance() throws(Stop) {
    if !reader.next() { throw Stop(problem: reader.problem) }
  }

  /// Collects an error; stops when there are so many that more would help nobody.
  mutating func report(_ diagnostic: Diagnostic) throws(Stop) {
    add(diagnostic)
    if diagnostics.count >= limits.errors { throw Stop() }
  }

  mutating func add(_ diagnostic: Diagnostic) {
    diagnostics.append(diagnostic)
  }

  /// The value at the current event; afterwards the current event is the value's last.
  mutating func node() throws(Stop) -> Node {
    try count(1)
    switch reader.kind {
    case YAML_SCALAR_EVENT:
      let anchor = reader.anchor
      var node = Node(.scalar(try scalar()), at: mark)
      node.directive = reader.directive
      if let anchor { anchors.define(anchor, node, size: 1, at: node.mark) }
      return node
    case YAML_ALIAS_EVENT:
      return try alias()
    case YAML_SEQUENCE_START_EVENT:
      return try collection(isMapping: false)
    case YAML_MAPPING_START_EVENT:
      return try collection(isMapping: true)
    default:
      throw Stop(problem: reader.problem)
    }
  }

  private mutating func collection(isMapping: Bool) throws(Stop) -> Node {
    let mark = mark
    if depth == limits.depth {
      add(
        Diagnostic(
          "yaml/too-deep", at: mark, length: 1,
          "lists and mappings are nested more than \(limits.depth) levels deep"))
      throw Stop()
    }
    depth += 1
    defer { depth -= 1 }
    let directive = reader.directive
    guard let anchor = reader.anchor else {
      var node = Node(isMapping ? try mapping() : try sequence(), at: mark)
      node.directive = directive
      return node
    }
    let id = anchors.open(anchor, at: mark)
    let before = nodes
    let node = Node(isMapping ? try mapping() : try sequence(), at: mark)
    anchors.close(id, node, size: nodes - before + 1)
    return node
  }

  private mutating func sequence() throws(Stop) -> Node.Content {
    let start = items.count
    while true {
      try advance()
      if reader.kind == YAML_SEQUENCE_END_EVENT { return .sequence(items.pop(from: start)) }
      items.push(try node())
    }
  }

  private mutating func mapping() throws(Stop) -> Node.Content {
    let start = entries.count
    var keys = KeyIndex(start: start)
    var merge: MergeKey?
    while true {
      try advance()
      if reader.kind == YAML_MAPPING_END_EVENT { break }
      let keyMark = mark
      let length = reader.length
      try count(1)
      if isMergeKey {
        if let anchor = reader.anchor {
          anchors.define(anchor, Node(.scalar(Scalar("<<")), at: keyMark), size: 1, at: keyMark)
        }
        try advance()
        let merged = try mergeValue()
        let first = merge?.mark ?? keys.position(of: "<<", in: entries).map { entries[$0].keyMark }
        if let first {
          try reportDuplicate("<<", at: keyMark, length: length, first: first)
        } else {
          merge = MergeKey(mark: keyMark, position: entries.count - start, sources: merged)
        }
        continue
      }
      guard let key = try key() else {
        try advance()
        _ = try node()
        continue
      }
      let known = keys.position(of: key.text, in: entries)
      let isDuplicate = known.map { keys.isAlias($0) == key.isAlias } ?? false
      if let known, isDuplicate {
        try reportDuplicate(key.text, at: keyMark, length: length, first: entries[known].keyMark)
      } else if let merge, key.text == "<<", !key.isAlias {
        try reportDuplicate("<<", at: keyMark, length: length, first: merge.mark)
      }
      try advance()
      let entry = Entry(key.text, try node(), at: keyMark, kind: key.kind)
      if let known {
        // A key written as an alias escapes the check for duplicates; the later one wins.
        if !isDuplicate { entries[known] = entry }
      } else {
        if key.isAlias { keys.markAlias(entries.count) }
        entries.push(entry)
      }
    }
    let explicit = entries.pop(from: start)
    return .mapping(merge?.resolved(into: explicit) ?? explicit)
  }

  private mutating func reportDuplicate(
    _ key: String, at mark: SourceMark, length: Int, first: SourceMark
  ) throws(Stop) {
    try report(
      Diagnostic(
        "yaml/duplicate-key", at: mark, length: length,
        "the key \"\(key)\" is already defined on line \(first.line)",
        hint: "keep one of the two", notes: [.init("first written here", at: first)]))
  }

  /// Counts values, own and aliased, against the limit.
  mutating func count(_ added: Int) throws(Stop) {
    nodes += added
    if nodes > limits.nodes {
      add(
        Diagnostic(
          "yaml/too-many-values", at: mark,
          "the document has more than \(limits.nodes) values"
            + (aliased > 0 ? ", aliases expanded" : "")))
      throw Stop()
    }
  }
}
