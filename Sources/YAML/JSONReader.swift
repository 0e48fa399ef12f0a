package import Diagnostics

/// Reading JSON into nodes with their places.
///
/// YAML's reader would take most JSON, but not all: keys over 1024 bytes, surrogate pairs and some characters that JSON
/// allows are errors to it. This one takes what RFC 8259 allows, and nothing else.
package enum JSONDocument {
  /// The value of a whole text.
  ///
  /// - Throws: The first error, with its place.
  package static func read(_ file: Int32, in sources: Sources) throws(DiagnosticError) -> Node {
    var reader = JSONReader(sources.files[Int(file)].bytes, file: file)
    return try reader.document()
  }
}

private struct JSONReader {
  private let bytes: [UInt8]
  private let file: Int32
  private var index = 0
  private var line: Int32 = 1
  /// Where the line begins, and how many bytes since then continued a character.
  private var lineStart = 0
  private var continuations = 0

  private static let depthLimit = 200

  init(_ bytes: [UInt8], file: Int32) {
    self.bytes = bytes
    self.file = file
  }

  mutating func document() throws(DiagnosticError) -> Node {
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { index = 3 }
    let value = try value(depth: 0)
    skipBlanks()
    if index < bytes.count { throw problem("something follows the end of the JSON value") }
    return value
  }

  private var mark: SourceMark {
    SourceMark(file: file, line: line, column: Int32(index - lineStart - continuations + 1))
  }

  private func problem(_ text: String, at place: SourceMark? = nil) -> DiagnosticError {
    DiagnosticError([Diagnostic("json/syntax", at: place ?? mark, text)])
  }

  private mutating func skipBlanks() {
    while index < bytes.count {
      switch bytes[index] {
      case 0x20, 0x09, 0x0D: index += 1
      case 0x0A:
        index += 1
        line += 1
        lineStart = index
        continuations = 0
      default: return
      }
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipBlanks()
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private mutating func value(depth: Int) throws(DiagnosticError) -> Node {
    skipBlanks()
    let place = mark
    guard index < bytes.count else { throw problem("the text ends where a value should be") }
    if depth > Self.depthLimit {
      throw problem("more than \(Self.depthLimit) lists and mappings inside one another")
    }
    switch bytes[index] {
    case UInt8(ascii: "{"): return try mapping(at: place, depth)
    case UInt8(ascii: "["): return try sequence(at: place, depth)
    case UInt8(ascii: "\""): return Node(.scalar(Scalar(try string())), at: place)
    case UInt8(ascii: "t"): return try word("true", .bool, at: place)
    case UInt8(ascii: "f"): return try word("false", .bool, at: place)
    case UInt8(ascii: "n"): return try word("null", .null, at: place)
    default: return try number(at: place)
    }
  }

  private mutating func mapping(at place: SourceMark, _ depth: Int) throws(DiagnosticError) -> Node
  {
    index += 1
    var entries: [Entry] = []
    var keys = Set<String>()
    if take(UInt8(ascii: "}")) { return Node(.mapping([]), at: place) }
    repeat {
      skipBlanks()
      let keyPlace = mark
      guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
        throw problem("a key in double quotes should be here")
      }
      let key = try string()
      if !keys.insert(key).inserted { throw problem("the key is here twice", at: keyPlace) }
      guard take(UInt8(ascii: ":")) else { throw problem("a colon should be here") }
      entries.append(Entry(key, try value(depth: depth + 1), at: keyPlace))
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw problem("a comma or } should be here") }
    return Node(.mapping(entries), at: place)
  }

  private mutating func sequence(
    at place: SourceMark, _ depth: Int
  ) throws(DiagnosticError) -> Node {
    index += 1
    var items: [Node] = []
    if take(UInt8(ascii: "]")) { return Node(.sequence([]), at: place) }
    repeat { items.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw problem("a comma or ] should be here") }
    return Node(.sequence(items), at: place)
  }

  private mutating func word(
    _ word: String, _ kind: Scalar.Kind, at place: SourceMark
  ) throws(DiagnosticError) -> Node {
    for byte in word.utf8 {
      guard index < bytes.count, bytes[index] == byte else {
        throw problem("a JSON value should be here", at: place)
      }
      index += 1
    }
    return Node(.scalar(Scalar(word, kind: kind, isPlain: true)), at: place)
  }

  private mutating func number(at place: SourceMark) throws(DiagnosticError) -> Node {
    let start = index
    var isFloat = false
    loop: while index < bytes.count {
      switch bytes[index] {
      case 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "+"): break
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): isFloat = true
      default: break loop
      }
      index += 1
    }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    let isLeadingZero = digits.hasPrefix("0") && digits.dropFirst().first?.isNumber == true
    // Swift takes "1." for a number, and JSON does not.
    let isCut = text.hasSuffix(".") || text.contains(".e") || text.contains(".E")
    guard let first = digits.utf8.first, 0x30...0x39 ~= first, !isLeadingZero, !isCut,
      Double(text) != nil
    else { throw problem("a JSON value should be here", at: place) }
    return Node(
      .scalar(Scalar(text, kind: isFloat ? .float : .int, isPlain: true)), at: place)
  }

  private mutating func string() throws(DiagnosticError) -> String {
    let place = mark
    index += 1
    var text: [UInt8] = []
    var start = index
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "\""):
        append(start..<index, to: &text)
        index += 1
        guard let valid = String(validating: text, as: UTF8.self) else {
          throw problem("the text is not UTF-8", at: place)
        }
        return valid
      case UInt8(ascii: "\\"):
        append(start..<index, to: &text)
        try escape(into: &text)
        start = index
      case 0..<0x20: throw problem("a text must not hold control characters or line breaks")
      default:
        if byte & 0xC0 == 0x80 { continuations += 1 }
        index += 1
      }
    }
    throw problem("the text in quotes has no end", at: place)
  }

  private func append(_ range: Range<Int>, to text: inout [UInt8]) {
    text += bytes[range]
  }

  private mutating func escape(into text: inout [UInt8]) throws(DiagnosticError) {
    guard index + 1 < bytes.count else { throw problem("the text in quotes has no end") }
    let letter = bytes[index + 1]
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      guard var code = codeUnit(at: index + 2) else {
        throw problem("\\u must be followed by four hexadecimal digits")
      }
      if 0xD800..<0xDC00 ~= code, index + 7 < bytes.count, bytes[index + 6] == UInt8(ascii: "\\"),
        bytes[index + 7] == UInt8(ascii: "u"), let low = codeUnit(at: index + 8),
        0xDC00..<0xE000 ~= low
      {
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        index += 6
      }
      // Half of a pair stands for no character: Go reads it as this sign.
      let scalar = Unicode.Scalar(code) ?? "\u{FFFD}"
      text += UTF8.encode(scalar).map { Array($0) } ?? []
      index += 4
    default: throw problem("there is no escape \\\(String(UnicodeScalar(letter)))")
    }
    index += 2
  }

  private func codeUnit(at start: Int) -> UInt32? {
    guard start + 4 <= bytes.count else { return nil }
    var code: UInt32 = 0
    for position in start..<(start + 4) {
      let byte = bytes[position]
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x41...0x46: digit = byte - 0x41 + 10
      case 0x61...0x66: digit = byte - 0x61 + 10
      default: return nil
      }
      code = code << 4 | UInt32(digit)
    }
    return code
  }
}

extension JSON {
  /// The value that a node holds.
  package init(_ node: Node) {
    switch node.content {
    case .sequence(let items): self = .array(items.map(JSON.init))
    case .mapping(let entries):
      self = .object { object in
        for entry in entries { object.set(entry.key, JSON(entry.value)) }
      }
    case .scalar(let scalar):
      switch scalar.kind {
      case .null: self = .null
      case .bool: self = .bool(scalar.text == "true")
      case .int where Int(scalar.text) != nil: self = .int(Int(scalar.text) ?? 0)
      case .int, .float: self = .number(Double(scalar.text) ?? 0)
      case .timestamp, .string: self = .string(scalar.text)
      }
    }
  }
}
