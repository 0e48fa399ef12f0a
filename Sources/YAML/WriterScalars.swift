// How strings get into the buffer: plain, in double quotes, or as a literal block.

extension Writer {
  /// A key and its colon, quoted if needed; the explicit form where a reader would give up looking for the
  /// colon (YAML 1.2, 7.4.2: an implicit key has at most 1024 characters).
  mutating func putKey(_ key: String) {
    putIndent()
    let start = bytes.count
    switch ScalarStyle.of(key.utf8.span) {
    case .plain: bytes.append(contentsOf: key.utf8)
    case .quoted, .block: putQuoted(key)
    }
    if bytes.count - start > 1000 {
      bytes.insert(contentsOf: [UInt8(ascii: "?"), UInt8(ascii: " ")], at: start)
      put("\n")
      putIndent()
    }
    put(":")
  }

  /// A string as a value on one line.
  package static func scalar(_ value: String) -> String {
    if case .plain = ScalarStyle.of(value.utf8.span) { return value }
    var writer = Writer()
    writer.putQuoted(value)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// A blank, the string in its plainest style, and the line break.
  mutating func putValue(_ value: String) {
    put(" ")
    switch ScalarStyle.of(value.utf8.span) {
    case .plain: bytes.append(contentsOf: value.utf8)
    case .quoted: putQuoted(value)
    case .block:
      putBlock(value)
      return
    }
    put("\n")
  }

  /// A text in double quotes, for YAML of one line that is put together elsewhere.
  package static func quoted(_ text: String) -> String {
    var writer = Writer()
    writer.putQuoted(text)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// A text for a flow collection of one line: plain where that is safe, else in double quotes.
  package static func inline(_ text: String) -> String {
    let isPlain =
      ScalarStyle.of(text.utf8.span) == .plain && !text.utf8.contains { ",[]{}".utf8.contains($0) }
    return isPlain ? text : quoted(text)
  }

  /// In double quotes, on one line.
  mutating func putQuoted(_ value: String) {
    put("\"")
    let text = value.utf8.span
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte >= 0x80 {
        let begin = index
        let scalar = decodeScalar(text, at: &index)
        if Writer.mustEscape(scalar) {
          putEscape(scalar)
        } else {
          for position in begin..<min(index, text.count) { bytes.append(text[position]) }
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): put("\\\"")
      case UInt8(ascii: "\\"): put("\\\\")
      case 0x0A: put("\\n")
      case 0x09: put("\\t")
      case 0x0D: put("\\r")
      case 0x20...0x7E: bytes.append(byte)
      default: putEscape(UInt32(byte))
      }
      index += 1
    }
    put("\"")
  }

  /// `\xNN`, `\uNNNN` or `\UNNNNNNNN`.
  private mutating func putEscape(_ scalar: UInt32) {
    let digits: Int
    switch scalar {
    case ..<0x100:
      put("\\x")
      digits = 2
    case ..<0x1_0000:
      put("\\u")
      digits = 4
    default:
      put("\\U")
      digits = 8
    }
    for place in (0..<digits).reversed() {
      let digit = UInt8(truncatingIfNeeded: scalar >> UInt32(4 * place)) & 0xF
      bytes.append(digit < 10 ? 0x30 + digit : 0x41 + digit - 10)
    }
  }

  /// A literal block (`|`, `|-`, `|+`), two columns further in than the mapping or sequence that holds it.
  private mutating func putBlock(_ value: String) {
    put("|")
    let text = value.utf8.span
    // Readers take the indentation from the first line with text, so it must not begin with a blank itself.
    var first = 0
    while text[first] == 0x0A { first += 1 }
    if text[first] == 0x20 || text[first] == 0x09 { put("2") }
    if text[text.count - 1] != 0x0A {
      put("-")
    } else if text[text.count - 2] == 0x0A {
      put("+")
    }
    put("\n")
    indent += 2
    bytes.reserveCapacity(bytes.count + text.count + text.count / 8)
    var startsLine = true
    for index in text.indices {
      let byte = text[index]
      if byte == 0x0A {
        startsLine = true
      } else if startsLine {
        putIndent()
        startsLine = false
      }
      bytes.append(byte)
    }
    if !startsLine { put("\n") }
    indent -= 2
  }
}
