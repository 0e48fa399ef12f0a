import Diagnostics
import YAML

/// What the parts of the loader share while one stack is read: its surroundings, and what was found.
struct Loading {
  var options: LoadOptions
  let reading: FileReading
  /// The keys of the files read so far, for paths in messages.
  var keys = KeyTable()
  /// The file at hand, and its lines once a message needed them.
  var file: [UInt8] = [] {
    didSet { lines = nil }
  }
  private var lines: SourceText?
  /// The minor version of the format that the file at hand declares.
  var minorVersion = Schema.newest
  /// The templates of the values that variables were put into, by place: messages quote these, never the values.
  var templates: [SourceMark: String] = [:]
  /// Values that could not be filled in: nothing more is said of them.
  var broken: Set<SourceMark> = []
  /// What environment files said, by path.
  var environmentFiles: [String: Result<[EnvironmentLine], EnvironmentFileProblem>] = [:]

  private(set) var errors: [Diagnostic] = []
  private(set) var warnings: [Diagnostic] = []
  var omitted: [(key: KeyID, why: LoadedStack.Omission)] = []

  /// Warnings that came up at more than one place, by what they are about.
  private var recurring: [String: (index: Int, count: Int)] = [:]
  private var errorCount = 0

  /// Errors beyond this number are counted only.
  private static let errorLimit = 100

  init(options: LoadOptions, reading: @escaping FileReading) {
    self.options = options
    self.reading = reading
  }

  var hasErrors: Bool { errorCount > 0 }

  /// The errors, with a last one for those that were only counted.
  var allErrors: [Diagnostic] {
    var all = errors.sorted { $0.mark < $1.mark }
    if errorCount > errors.count, let last = all.last {
      all.append(
        Diagnostic(
          "stack/more-errors", at: SourceMark(file: last.mark.file, line: 0, column: 0),
          "\(errorCount - errors.count) more errors are not shown"))
    }
    return all
  }

  mutating func report(_ diagnostics: [Diagnostic]) {
    for diagnostic in diagnostics { report(diagnostic) }
  }

  mutating func report(_ diagnostic: Diagnostic) {
    errorCount += 1
    if errors.count < Self.errorLimit { errors.append(diagnostic) }
  }

  /// An error about a value.
  mutating func error(_ slug: String, at node: Node, _ summary: String, hint: String? = nil) {
    if !broken.isEmpty, broken.contains(node.mark) { return }
    report(Diagnostic(slug, at: node.mark, length: length(node), summary, hint: hint))
  }

  /// An error about a key.
  mutating func error(_ slug: String, at entry: Entry, _ summary: String, hint: String? = nil) {
    report(
      Diagnostic(
        slug, at: entry.keyMark, length: entry.key.unicodeScalars.count, summary, hint: hint))
  }

  /// A value of the wrong type: `services.web.deploy.replicas must be an integer, not a string`.
  mutating func wrongType(_ node: Node, _ expected: String) {
    var hint: String?
    if expected == "a string", let scalar = node.scalar, scalar.kind != .null {
      hint = "write it in quotes: \(quote(node))"
    }
    if templates[node.mark] != nil, node.scalar?.kind == .string, expected != "a string" {
      hint = "Docker puts text where the variable is and does not turn it into another type here"
    }
    let summary = "\(path(node)) must be \(expected), \(node.articledType)"
    if let scalar = node.scalar, scalar.kind == .null, scalar.text.isEmpty, node.id != .none,
      !keys[node.id].name.isEmpty
    {
      // Nothing is written: the key is all that can be pointed at.
      let row = keys[node.id]
      report(
        Diagnostic(
          "stack/wrong-type", at: row.mark, length: row.name.unicodeScalars.count, summary))
      return
    }
    error("stack/wrong-type", at: node, summary, hint: hint)
  }

  /// A warning that is given once for all places at which it comes up.
  mutating func warn(
    _ slug: String, about subject: String, at mark: SourceMark, length: Int = 0, _ summary: String,
    hint: String? = nil
  ) {
    let key = "\(slug) \(subject)"
    if let seen = recurring[key] {
      recurring[key] = (seen.index, seen.count + 1)
      return
    }
    recurring[key] = (warnings.count, 1)
    warnings.append(Diagnostic(slug, .warning, at: mark, length: length, summary, hint: hint))
  }

  /// The warnings, each with the number of further places.
  var allWarnings: [Diagnostic] {
    var all = warnings
    for (index, count) in recurring.values where count > 1 {
      all[index].summary +=
        count == 2 ? ", and at one more place" : ", and at \(count - 1) more places"
    }
    return all
  }

  /// `services.web.ports[0]`.
  func path(_ node: Node) -> String {
    let path = keys.path(node.id)
    return path.isEmpty ? "the file" : path
  }

  /// The text of a scalar for messages: with variables in it, its template.
  func quote(_ node: Node) -> String {
    let text = templates[node.mark] ?? node.text ?? ""
    let short = text.unicodeScalars.count > 80 ? String(text.prefix(77)) + "..." : text
    return "\"\(short)\""
  }

  /// Where in the file the `$` at an offset of a text stands; the start of the text where its line does not show it.
  mutating func placeOfDollar(
    _ node: Node, _ scalar: Scalar, _ offset: Int
  ) -> (mark: SourceMark, length: Int) {
    let text = lines ?? SourceText(file)
    lines = text
    let skipped = scalar.text.unicodeScalars.prefix(offset).count { $0 == "$" }
    let line = String(decoding: text.line(Int(node.mark.line)) ?? [], as: UTF8.self).unicodeScalars
    var mark = node.mark
    var count = 0
    for (column, character) in line.enumerated().dropFirst(Int(mark.column) - 1)
    where character == "$" {
      if count == skipped {
        mark.column = Int32(column + 1)
        return (mark, 1)
      }
      count += 1
    }
    return (mark, 0)
  }

  /// How far the caret line reaches under a value.
  func length(_ node: Node) -> Int {
    guard let scalar = node.scalar else { return 0 }
    let text = templates[node.mark] ?? scalar.text
    if text.utf8.contains(UInt8(ascii: "\n")) { return 0 }
    return text.unicodeScalars.count + (scalar.isPlain ? 0 : 2)
  }
}

extension Node {
  /// `not a string`, `not an integer`, `but it is empty`: the end of a message about a wrong type.
  var articledType: String {
    switch typeName {
    case "null": "but it is empty"
    case "integer": "not an integer"
    default: "not a \(typeName)"
    }
  }
}
