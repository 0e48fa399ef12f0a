import Basics
import Report
import Validation
package import YAML

/// A Mustache template: the format of mustache(5), version 1.4, without partials and lambdas.
///
/// `{{name}}` is escaped for HTML, `{{{name}}}` and `{{&name}}` are not; `{{#name}}…{{/name}}` and `{{^name}}…{{/name}}`,
/// dotted names, `{{.}}`, comments and other delimiters work as specified. A tag that opens or ends a section, a comment or
/// a change of delimiters, alone on its line, takes the line with it.
package struct MustacheTemplate: Sendable {
  /// What is wrong with a template, and where.
  package struct Problem: Error, Sendable, Hashable {
    package let line: Int
    package let message: String
  }

  fileprivate indirect enum Part: Sendable {
    case text(ArraySlice<UInt8>)
    case value([String], isEscaped: Bool)
    case section([String], isInverted: Bool, [Part])
  }

  private let parts: [Part]

  package init(_ text: String) throws(Problem) {
    var parser = MustacheParser(text)
    parts = try parser.parse()
  }

  package func render(_ value: JSON) -> [UInt8] {
    var bytes: [UInt8] = []
    var stack = [value]
    Self.render(parts, &stack, &bytes)
    return bytes
  }

  private static func render(_ parts: [Part], _ stack: inout [JSON], _ bytes: inout [UInt8]) {
    for part in parts {
      switch part {
      case .text(let text): bytes += text
      case .value(let name, let isEscaped):
        guard let text = find(name, stack)?.templateText else { continue }
        if isEscaped { escape(text, &bytes) } else { bytes += text.utf8 }
      case .section(let name, let isInverted, let inner):
        let value = find(name, stack) ?? .null
        if isInverted {
          if value.isFalsy { render(inner, &stack, &bytes) }
          continue
        }
        if value.isFalsy { continue }
        if case .array(let items) = value {
          for item in items {
            stack.append(item)
            render(inner, &stack, &bytes)
            stack.removeLast()
          }
        } else {
          stack.append(value)
          render(inner, &stack, &bytes)
          stack.removeLast()
        }
      }
    }
  }

  /// The first part of a name is looked up from the innermost section outwards; the rest only inside what was found.
  private static func find(_ name: [String], _ stack: [JSON]) -> JSON? {
    guard let first = name.first else { return stack.last }
    for value in stack.reversed() {
      guard case .object(let object) = value, var found = object[first] else { continue }
      for part in name.dropFirst() {
        guard case .object(let inner) = found, let next = inner[part] else { return nil }
        found = next
      }
      return found
    }
    return nil
  }

  private static func escape(_ text: String, _ bytes: inout [UInt8]) {
    // Line breaks and tabs are blanks in a page, or stand in what is shown as it is.
    for byte in VisibleText.shown(text, keepsLines: true, keepsTabs: true).utf8 {
      switch byte {
      case UInt8(ascii: "&"): bytes += "&amp;".utf8
      case UInt8(ascii: "<"): bytes += "&lt;".utf8
      case UInt8(ascii: ">"): bytes += "&gt;".utf8
      case UInt8(ascii: "\""): bytes += "&quot;".utf8
      case UInt8(ascii: "'"): bytes += "&#39;".utf8
      default: bytes.append(byte)
      }
    }
  }
}

extension JSON.Object {
  fileprivate subscript(key: String) -> JSON? { members.first { $0.key == key }?.value }
}

extension JSON {
  fileprivate var isFalsy: Bool {
    switch self {
    case .null, .bool(false), .array([]), .string(""): true
    default: false
    }
  }

  /// What a tag shows; nil for lists and mappings, which have no text.
  fileprivate var templateText: String? {
    switch self {
    case .null: ""
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .number(let value): value.description
    case .string(let text): text
    case .array, .object: nil
    }
  }
}

/// Cuts a template into parts.
private struct MustacheParser {
  private let bytes: [UInt8]
  private var position = 0
  private var open = Array("{{".utf8)
  private var close = Array("}}".utf8)
  /// Sections inside one another; no template needs more.
  private static let maximumDepth = 64

  init(_ text: String) { bytes = Array(text.utf8) }

  private struct Tag {
    var kind: UInt8
    var name: String
    /// Where the tag starts and ends, line included where it stands alone.
    var start: Int
    var end: Int
  }

  mutating func parse() throws(MustacheTemplate.Problem) -> [MustacheTemplate.Part] {
    var levels: [(name: String, isInverted: Bool, line: Int, parts: [MustacheTemplate.Part])] = [
      ("", false, 1, [])
    ]
    while position < bytes.count {
      let from = position
      guard let tag = try nextTag() else {
        levels[levels.count - 1].parts.append(.text(bytes[from...]))
        break
      }
      if tag.start > from { levels[levels.count - 1].parts.append(.text(bytes[from..<tag.start])) }
      position = tag.end
      switch tag.kind {
      case UInt8(ascii: "!"): break
      case UInt8(ascii: "="): try setDelimiters(tag)
      case UInt8(ascii: "#"), UInt8(ascii: "^"):
        guard levels.count <= Self.maximumDepth else {
          throw problem(tag, "more than \(Self.maximumDepth) sections inside one another")
        }
        levels.append((tag.name, tag.kind == UInt8(ascii: "^"), line(tag.start), []))
      case UInt8(ascii: "/"):
        guard levels.count > 1, let last = levels.popLast() else {
          throw problem(tag, "{{/\(tag.name)}} ends a section that was not begun")
        }
        guard last.name == tag.name else {
          throw problem(
            tag, "{{/\(tag.name)}} ends the section {{#\(last.name)}} of line \(last.line)")
        }
        levels[levels.count - 1].parts.append(
          .section(Self.path(last.name), isInverted: last.isInverted, last.parts))
      case UInt8(ascii: ">"), UInt8(ascii: "<"), UInt8(ascii: "$"):
        throw problem(tag, "a template is one file: there are no partials to include")
      default:
        levels[levels.count - 1].parts.append(
          .value(
            Self.path(tag.name), isEscaped: tag.kind != UInt8(ascii: "&")))
      }
    }
    if levels.count > 1, let last = levels.last {
      throw MustacheTemplate.Problem(
        line: last.line, message: "the section {{#\(last.name)}} has no end")
    }
    return levels[0].parts
  }

  private static func path(_ name: String) -> [String] {
    name == "." ? [] : name.split(separator: ".").map(String.init)
  }

  private mutating func nextTag() throws(MustacheTemplate.Problem) -> Tag? {
    guard let start = find(open, from: position) else { return nil }
    var inside = start + open.count
    var kind: UInt8 = 0
    var ending = close
    if inside < bytes.count, "!#^/&>=<${".utf8.contains(bytes[inside]) {
      kind = bytes[inside]
      inside += 1
      if kind == UInt8(ascii: "{") { ending = [UInt8(ascii: "}")] + close }
      if kind == UInt8(ascii: "=") { ending = [UInt8(ascii: "=")] + close }
    }
    guard let end = find(ending, from: inside) else {
      throw MustacheTemplate.Problem(line: line(start), message: "a tag begins here and has no end")
    }
    if kind == UInt8(ascii: "{") { kind = UInt8(ascii: "&") }
    var tag = Tag(
      kind: kind, name: Self.trimmed(bytes[inside..<end]), start: start, end: end + ending.count)
    if kind != UInt8(ascii: "!"), kind != UInt8(ascii: "="), tag.name.isEmpty {
      throw problem(tag, "a tag without a name")
    }
    if "!#^/=".utf8.contains(kind) { takeLine(&tag) }
    return tag
  }

  /// A tag that stands alone on its line takes the blanks around it and the line's end.
  private func takeLine(_ tag: inout Tag) {
    var start = tag.start
    while start > 0, bytes[start - 1] == 0x20 || bytes[start - 1] == 0x09 { start -= 1 }
    var end = tag.end
    while end < bytes.count, bytes[end] == 0x20 || bytes[end] == 0x09 { end += 1 }
    guard start == 0 || bytes[start - 1] == 0x0A, start >= position || position == 0 else { return }
    if end == bytes.count {
      (tag.start, tag.end) = (start, end)
    } else if bytes[end] == 0x0A {
      (tag.start, tag.end) = (start, end + 1)
    } else if bytes[end...].starts(with: [0x0D, 0x0A]) {
      (tag.start, tag.end) = (start, end + 2)
    }
  }

  private mutating func setDelimiters(_ tag: Tag) throws(MustacheTemplate.Problem) {
    let words = tag.name.split { $0 == " " || $0 == "\t" || $0 == "\n" }
    guard words.count == 2, !tag.name.contains("=") else {
      throw problem(tag, "delimiters are set as {{=<% %>=}}")
    }
    (open, close) = (Array(words[0].utf8), Array(words[1].utf8))
  }

  private func find(_ pattern: [UInt8], from start: Int) -> Int? {
    guard let first = pattern.first else { return nil }
    var index = start
    while index + pattern.count <= bytes.count {
      if bytes[index] == first, bytes[index...].starts(with: pattern) { return index }
      index += 1
    }
    return nil
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> String {
    var text = text
    while let first = text.first, first <= 0x20 { text.removeFirst() }
    while let last = text.last, last <= 0x20 { text.removeLast() }
    return String(decoding: text, as: UTF8.self)
  }

  private func line(_ offset: Int) -> Int { bytes[..<offset].count { $0 == 0x0A } + 1 }

  private func problem(_ tag: Tag, _ message: String) -> MustacheTemplate.Problem {
    MustacheTemplate.Problem(line: line(tag.start), message: message)
  }
}
