// Whole trees, as `stackferry config` prints them.

extension Writer {
  /// Writes a node and everything below it; a scalar keeps its kind.
  ///
  /// Integers, booleans and the like are written plain, strings in quotes where they would be taken for one.
  package mutating func write(_ node: Node) {
    switch node.content {
    case .scalar(let scalar):
      putScalar(scalar)
    case .sequence(let items):
      if items.isEmpty { putInline("[]\n") }
      for item in items {
        putDash()
        indent += 2
        putItem(item)
        indent -= 2
      }
    case .mapping(let entries):
      if entries.isEmpty { putInline("{}\n") }
      for entry in entries { putEntry(entry) }
    }
  }

  private mutating func putItem(_ item: Node) {
    if case .scalar(let scalar) = item.content {
      // A block's text is indented from the dash.
      indent -= 2
      putScalar(scalar)
      indent += 2
    } else {
      write(item)
    }
  }

  private mutating func putEntry(_ entry: Entry) {
    if entry.keyKind == .string || !Self.isPlainToken(entry.key) {
      putKey(entry.key)
    } else {
      putIndent()
      bytes.append(contentsOf: entry.key.utf8)
      put(":")
    }
    switch entry.value.content {
    case .scalar(let scalar):
      put(" ")
      continuesLine = true
      putScalar(scalar)
    case .sequence(let items) where items.isEmpty: put(" []\n")
    case .mapping(let entries) where entries.isEmpty: put(" {}\n")
    default:
      put("\n")
      indent += 2
      write(entry.value)
      indent -= 2
    }
  }

  private mutating func putInline(_ text: StaticString) {
    continuesLine = false
    put(text)
  }

  /// A scalar behind the blank of a key or a dash, or at the beginning of a document.
  private mutating func putScalar(_ scalar: Scalar) {
    let isDocument = !continuesLine
    continuesLine = false
    if scalar.kind == .null {
      put("null\n")
    } else if scalar.kind != .string, Self.isPlainToken(scalar.text) {
      bytes.append(contentsOf: scalar.text.utf8)
      put("\n")
    } else {
      // `putValue` brings its own blank.
      if !isDocument { bytes.removeLast() }
      let start = bytes.count
      putValue(scalar.text)
      if isDocument { bytes.remove(at: start) }
    }
  }

  /// Whether a number, a boolean or a date can stand as it was written.
  private static func isPlainToken(_ text: String) -> Bool {
    guard !text.isEmpty, text.utf8.count <= 64 else { return false }
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: "."),
        UInt8(ascii: "+"), UInt8(ascii: "-"):
        continue
      // Dates with a time.
      case UInt8(ascii: ":"), UInt8(ascii: " "): continue
      default: return false
      }
    }
    return text.utf8.first != UInt8(ascii: " ") && text.utf8.last != UInt8(ascii: " ")
      && text.utf8.last != UInt8(ascii: ":")
  }
}
