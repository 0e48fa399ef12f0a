package import Diagnostics

/// Reading a YAML text as Docker's loader reads it.
package enum Document {
  /// Bounds that keep hostile input from taking all time or memory. Each has its own error.
  package struct Limits: Sendable {
    /// Bytes of the text.
    package var bytes = 256 << 20
    /// Lists and mappings inside one another.
    package var depth = 200
    /// Values after the expansion of aliases.
    package var nodes = 5_000_000
    /// Errors reported for one text.
    package var errors = 100
    /// `%` lines before the document; libyaml's time grows with their square.
    package var directives = 64

    package init() {}

    package static let standard = Limits()
  }

  /// Composes the first document of a text: aliases expanded, merge keys resolved, scalars typed.
  ///
  /// As with gopkg.in/yaml.v3's `Unmarshal`, later documents are not read. Every value keeps the place where it is
  /// written; for an aliased value that is the anchor's place, while the entry's key has its own.
  ///
  /// - Returns: nil for a text without a document, or with an empty one.
  /// - Throws: every error found, in the order of their places.
  package static func read(
    _ file: Int32, in sources: Sources, limits: Limits = .standard
  ) throws(DiagnosticError) -> Node? {
    var warnings: [Diagnostic] = []
    return try read(file, in: sources, limits: limits, warnings: &warnings)
  }

  /// As `read(_:in:limits:)`, and warns of what follows the first document, which Docker silently leaves unread.
  package static func read(
    _ file: Int32, in sources: Sources, limits: Limits = .standard,
    warnings: inout [Diagnostic]
  ) throws(DiagnosticError) -> Node? {
    let bytes = sources.files[Int(file)].bytes
    if bytes.isEmpty { return nil }
    if let problem = excess(bytes, file, limits) { throw DiagnosticError([problem]) }
    var reading = compose(bytes, file, limits)
    if let problem = reading.problem, problem.isReaderError {
      // The bytes may lie behind the first document, further on than Docker looks.
      reading = compose(bytes, file, limits, chunk: EventReader.dockerChunk)
    }
    if reading.problem != nil, var escape = ApostropheEscape(bytes) {
      while let problem = reading.problem, escape.replace(at: problem) {
        reading = compose(escape.bytes, file, limits, apostrophe: escape.standIn)
      }
    }
    if let problem = reading.problem {
      reading.diagnostics.append(
        SyntaxError(problem, file: file, bytes: bytes).diagnostic())
    }
    if reading.diagnostics.isEmpty {
      if let rest = reading.rest {
        warnings.append(
          Diagnostic(
            "yaml/ignored-rest", .warning, at: rest,
            "Docker reads only the first document of a file; this and all below is ignored",
            hint: "move it to a file of its own, or remove it"))
      }
      return reading.root
    }
    throw DiagnosticError(reading.diagnostics.sorted { $0.mark < $1.mark })
  }

  /// Composes every document of a text, as manifests of Kubernetes have them.
  ///
  /// - Returns: The documents, without empty ones, and every error. A syntax error ends the reading: what stands before it
  ///   is returned, what follows is not.
  package static func stream(
    _ file: Int32, in sources: Sources, limits: Limits = .standard
  ) -> (documents: [Node], diagnostics: [Diagnostic]) {
    let bytes = sources.files[Int(file)].bytes
    if bytes.isEmpty { return ([], []) }
    if let problem = excess(bytes, file, limits) { return ([], [problem]) }
    var documents: [Node] = []
    var diagnostics: [Diagnostic] = []
    unsafe bytes.withUnsafeBufferPointer { buffer in
      var composer = unsafe Composer(EventReader(buffer), file: file, limits: limits)
      do throws(Composer.Stop) {
        try composer.stream { documents.append($0) }
      } catch {
        if let problem = error.problem {
          diagnostics.append(SyntaxError(problem, file: file, bytes: bytes).diagnostic())
        }
      }
      diagnostics += composer.diagnostics
    }
    return (documents, diagnostics.sorted { $0.mark < $1.mark })
  }

  /// Why a text is not read at all.
  private static func excess(_ bytes: [UInt8], _ file: Int32, _ limits: Limits) -> Diagnostic? {
    if bytes.count > limits.bytes {
      return Diagnostic(
        "yaml/too-large", at: SourceMark(file: file, line: 0, column: 0),
        "the file has \(bytes.count) bytes; the limit is \(limits.bytes)")
    }
    if directives(in: bytes) > limits.directives {
      return Diagnostic(
        "yaml/too-many-directives", at: SourceMark(file: file, line: 1, column: 1),
        "more than \(limits.directives) lines before the document start with %",
        hint: "neither stack files nor manifests need % directives")
    }
    return nil
  }

  private struct Reading {
    var root: Node?
    var diagnostics: [Diagnostic]
    var rest: SourceMark?
    var problem: EventReader.Problem?
  }

  private static func compose(
    _ bytes: [UInt8], _ file: Int32, _ limits: Limits, chunk: Int = .max,
    apostrophe: ApostropheEscape.StandIn? = nil
  ) -> Reading {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      var composer = unsafe Composer(
        EventReader(buffer, chunk: chunk), file: file, limits: limits, apostrophe: apostrophe)
      do throws(Composer.Stop) {
        let root = try composer.document()
        return Reading(root: root, diagnostics: composer.diagnostics, rest: composer.rest)
      } catch {
        return Reading(root: nil, diagnostics: composer.diagnostics, problem: error.problem)
      }
    }
  }

  /// The number of lines that start with `%` ahead of anything else but comments.
  private static func directives(in bytes: [UInt8]) -> Int {
    var count = 0
    var isLineStart = true
    for byte in bytes {
      switch byte {
      case 0x0A, 0x0D: isLineStart = true
      case 0, 0xEF, 0xBB, 0xBF, 0xFE, 0xFF, 0x20, 0x09:
        continue  // Byte order marks, the other half of UTF-16, blanks.
      case UInt8(ascii: "%") where isLineStart:
        count += 1
        isLineStart = false
      case UInt8(ascii: "#"):
        isLineStart = false
      default:
        if isLineStart { return count }
      }
    }
    return count
  }
}
