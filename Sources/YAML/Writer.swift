/// Writes block YAML straight into a buffer of bytes: no tree in between, no strings glued together.
///
/// Everything is written for the readers of both YAML 1.1 and 1.2 (see `WriterQuoting.swift`). Lines are
/// never folded. A value that is nil or empty writes nothing, and so does a mapping whose closure wrote
/// nothing; `Literal` says an empty value explicitly.
///
///     var w = Writer()
///     w.document()
///     w.field("kind", "Service")
///     w.field("spec") { w in
///       w.field("clusterIP", "None")
///       w.list("ports", ports) { port, w in w.field("port", port.number) }
///     }
package struct Writer: Sendable {
  /// A value that has to be said although it holds nothing.
  package enum Literal: String, Sendable {
    case emptyMapping = "{}"
    case emptySequence = "[]"
    case null = "null"
  }

  /// What has been written, in UTF-8.
  package internal(set) var bytes: [UInt8] = []
  /// The column of the mapping or sequence that is being written.
  var indent = 0
  /// The next key or dash goes on the current line, behind a `- `.
  var continuesLine = false

  package init() {}

  /// Makes room for a number of bytes.
  package mutating func reserve(_ capacity: Int) {
    bytes.reserveCapacity(capacity)
  }

  /// Begins a document: `---` before every one but the first.
  package mutating func document() { document(isFirst: bytes.isEmpty) }

  /// As above, for a writer whose bytes are taken out on the way.
  package mutating func document(isFirst: Bool) {
    if !isFirst { put("---\n") }
  }

  /// What has been written since the last time. Call it between documents.
  package mutating func takeBytes() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }

  /// A comment, one line for each line of the text.
  package mutating func comment(_ text: String) {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      putIndent()
      bytes.append(UInt8(ascii: "#"))
      if !line.isEmpty {
        bytes.append(UInt8(ascii: " "))
        for byte in line.utf8 { bytes.append(byte < 0x20 || byte == 0x7F ? 0x20 : byte) }
      }
      bytes.append(UInt8(ascii: "\n"))
    }
  }
}

// MARK: - Fields with a scalar

extension Writer {
  package mutating func field(_ key: StaticString, _ value: String?) {
    guard let value else { return }
    putKey(key)
    putValue(value)
  }

  package mutating func field(_ key: StaticString, _ value: Int?) {
    guard let value else { return }
    putKey(key)
    put(" ")
    put(value)
    put("\n")
  }

  package mutating func field(_ key: StaticString, _ value: Bool?) {
    guard let value else { return }
    putKey(key)
    put(value ? " true\n" : " false\n")
  }

  package mutating func field(_ key: StaticString, _ value: Literal) {
    putKey(key)
    putLiteral(value)
  }

  /// The raw value of a closed set.
  @inlinable
  package mutating func field<Value: RawRepresentable>(_ key: StaticString, _ value: Value?)
  where Value.RawValue == String {
    field(key, value?.rawValue)
  }

  /// A text that is put as it is, unquoted, such as a template's placeholder. It must be one line.
  package mutating func field(_ key: StaticString, verbatim text: String) {
    putKey(key)
    put(" ")
    bytes.append(contentsOf: text.utf8)
    put("\n")
  }
}

// MARK: - Fields with a key that is data

extension Writer {
  package mutating func entry(_ key: String, _ value: String) {
    putKey(key)
    putValue(value)
  }

  package mutating func entry(_ key: String, _ value: Int) {
    putKey(key)
    put(" ")
    put(value)
    put("\n")
  }

  package mutating func entry(_ key: String, _ value: Literal) {
    putKey(key)
    putLiteral(value)
  }

  /// Omitted when the closure writes nothing.
  package mutating func entry(_ key: String, _ body: (inout Writer) -> Void) {
    let start = bytes.count
    let continued = continuesLine
    putKey(key)
    nest(undoTo: start, continued, body)
  }
}

// MARK: - Mappings and lists

extension Writer {
  /// A nested mapping, omitted when the closure writes nothing.
  package mutating func field(_ key: StaticString, _ body: (inout Writer) -> Void) {
    let start = bytes.count
    let continued = continuesLine
    putKey(key)
    nest(undoTo: start, continued, body)
  }

  /// A nested mapping that writes itself; nothing for nil or when it has nothing to say.
  @inlinable
  package mutating func field<Value: Writable>(_ key: StaticString, _ value: Value?) {
    guard let value else { return }
    field(key) { w in value.write(to: &w) }
  }

  /// A list of strings; nothing when it is empty.
  package mutating func field(_ key: StaticString, _ values: [String]) {
    guard !values.isEmpty else { return }
    putKey(key)
    put("\n")
    indent += 2
    for value in values {
      putDash()
      continuesLine = false
      // The dash ends in a blank already; `putValue` begins with one.
      bytes.removeLast()
      putValue(value)
    }
    indent -= 2
  }

  /// A list of numbers; nothing when it is empty.
  package mutating func field(_ key: StaticString, _ values: [Int]) {
    guard !values.isEmpty else { return }
    putKey(key)
    put("\n")
    indent += 2
    for value in values {
      putDash()
      continuesLine = false
      put(value)
      put("\n")
    }
    indent -= 2
  }

  /// Strings under keys that are data, in the order given; nothing when there are none.
  package mutating func field(_ key: StaticString, _ entries: [(key: String, value: String)]) {
    guard !entries.isEmpty else { return }
    field(key) { w in
      for entry in entries { w.entry(entry.key, entry.value) }
    }
  }

  /// A list of mappings; nothing when it is empty. An item whose closure writes nothing becomes `{}`.
  @inlinable
  package mutating func list<Element>(
    _ key: StaticString, _ elements: [Element], _ body: (Element, inout Writer) -> Void
  ) {
    guard !elements.isEmpty else { return }
    field(key) { w in
      for element in elements { w.item { w in body(element, &w) } }
    }
  }

  /// A list of mappings that write themselves; nothing when it is empty.
  @inlinable
  package mutating func list<Element: Writable>(_ key: StaticString, _ elements: [Element]) {
    guard !elements.isEmpty else { return }
    field(key) { w in
      for element in elements { w.item { w in element.write(to: &w) } }
    }
  }

  /// One item of the list that is being written: a mapping, or `{}` when the closure writes nothing.
  package mutating func item(_ body: (inout Writer) -> Void) {
    putDash()
    indent += 2
    body(&self)
    indent -= 2
    if continuesLine {
      put("{}\n")
      continuesLine = false
    }
  }
}

/// A value that writes itself as the fields of a mapping.
package protocol Writable {
  /// Writes the fields in their order; writes none when there is nothing to say.
  func write(to w: inout Writer)
}

// MARK: - Pieces

extension Writer {
  mutating func put(_ text: StaticString) {
    unsafe bytes.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func put(_ value: Int) {
    if value >= 0, value < 10 {
      bytes.append(UInt8(ascii: "0") + UInt8(value))
    } else {
      bytes.append(contentsOf: String(value).utf8)
    }
  }

  mutating func putIndent() {
    if continuesLine {
      continuesLine = false
    } else if indent > 0 {
      var rest = indent
      while rest > 0 {
        let count = min(rest, Self.blanks.utf8CodeUnitCount)
        unsafe bytes.append(
          contentsOf: UnsafeBufferPointer(start: Self.blanks.utf8Start, count: count))
        rest -= count
      }
    }
  }

  private static let blanks: StaticString = "                                                "

  mutating func putDash() {
    putIndent()
    put("- ")
    continuesLine = true
  }

  mutating func putLiteral(_ value: Literal) {
    switch value {
    case .emptyMapping: put(" {}\n")
    case .emptySequence: put(" []\n")
    case .null: put(" null\n")
    }
  }

  /// The key and its colon.
  private mutating func putKey(_ key: StaticString) {
    putIndent()
    put(key)
    put(":")
  }

  /// The line break behind a key and what the closure writes under it; takes the key back if that is nothing.
  private mutating func nest(undoTo start: Int, _ continued: Bool, _ body: (inout Writer) -> Void) {
    put("\n")
    let begin = bytes.count
    indent += 2
    body(&self)
    indent -= 2
    if bytes.count == begin {
      bytes.removeSubrange(start...)
      continuesLine = continued
    }
  }
}
