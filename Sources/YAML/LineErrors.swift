internal import Diagnostics

/// Errors for which the shape of the lines around tells more than libyaml does.
extension SyntaxError {
  /// "mapping values are not allowed in this context": a colon where no key can be.
  func mappingValue() -> Diagnostic {
    let line = Line(text.line(Int(here.line)) ?? [])
    if let colon = line.separator, colon < Int(here.column) - 1 {
      return make(
        "yaml/second-colon", "a second \": \" on one line",
        hint: "quote the value if the colon belongs to it")
    }
    guard let (number, above) = lineAbove(Int(here.line)) else {
      return make("yaml/misplaced-colon", "a \": \" where no key can be")
    }
    if above.separator == nil, above.indent == line.indent {
      let start = mark(number - 1, above.indent)
      if let colon = above.colon {
        return Diagnostic(
          "yaml/missing-space", at: mark(number - 1, colon), length: 1,
          "there is no space after the colon", hint: "write \"key: value\"")
      }
      return Diagnostic(
        "yaml/missing-colon", at: start, length: above.length,
        "this line has no colon, so it is no key", hint: "write \"key: value\"")
    }
    if line.indent > above.indent {
      return make(
        "yaml/indentation", "this line is indented deeper than the one above, which has a value",
        hint: "indent both alike, or remove the value of line \(number)")
    }
    return make(
      "yaml/misplaced-colon", "a \": \" where no key can be",
      hint: "check line \(number) and the indentation")
  }

  /// "did not find expected key" in a mapping.
  func noKey() -> Diagnostic {
    let line = Line(text.line(Int(here.line)) ?? [])
    if Int(here.column) - 1 > line.indent {
      return make(
        "yaml/trailing-text", "there is more text after the value",
        hint: "put the whole value in quotes")
    }
    if character(at: here) == UInt8(ascii: "-") {
      return make(
        "yaml/misplaced-list", "a list item where a key is expected",
        hint: "indent it under the key whose list it is", note: "the mapping starts here")
    }
    return make(
      "yaml/indentation", "the indentation of this line fits none of the lines above",
      hint: "indent it as far as the keys that it belongs to", note: "the mapping starts here")
  }

  /// The next line upwards that is neither blank nor a comment.
  private func lineAbove(_ number: Int) -> (number: Int, line: Line)? {
    var number = number - 1
    while number > 0, let bytes = text.line(number) {
      let line = Line(bytes)
      if line.length > 0, !line.isComment { return (number, line) }
      number -= 1
    }
    return nil
  }

  /// What can be told of a line without parsing it.
  private struct Line {
    /// Blanks in front.
    var indent: Int
    /// Scalars from the first to the last that is no blank.
    var length: Int
    var isComment: Bool
    /// Index of the first `: `, or of a colon at the end.
    var separator: Int?
    /// Index of the first colon at all.
    var colon: Int?

    init(_ bytes: ArraySlice<UInt8>) {
      let scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
      indent = scalars.prefix { $0 == " " || $0 == "\t" }.count
      let end = (scalars.lastIndex { $0 != " " && $0 != "\t" } ?? -1) + 1
      length = max(0, end - indent)
      isComment = length > 0 && scalars[indent] == "#"
      colon = scalars.firstIndex(of: ":")
      separator = scalars.indices.first { index in
        scalars[index] == ":"
          && (index + 1 == scalars.count || scalars[index + 1] == " " || scalars[index + 1] == "\t")
      }
    }
  }
}
