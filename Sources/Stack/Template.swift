/// Texts with variables: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:?message}`,
/// `${NAME?message}`, and `$$` for a dollar sign.
///
/// Follows docker/cli `cli/compose/template` to the letter, its surprises included: an unbraced name takes a default
/// too (`$NAME-rest`), `:-` and `-` are looked for before `:?` and `?` wherever they stand, and a fault is forgotten
/// when a good variable follows it.
struct Template {
  /// Why a text cannot be filled in.
  enum Fault {
    /// A `$` that starts nothing.
    case stray
    /// `${NAME:?message}` without a value.
    case required(name: String, message: String)
  }

  private(set) var result: [UInt8] = []
  /// The last fault, and how many Unicode scalars stand before its `$`.
  private(set) var fault: (what: Fault, offset: Int)?
  /// Variables without value that became nothing.
  private(set) var unset: [String] = []

  static func hasVariables(_ text: String) -> Bool { text.utf8.contains(UInt8(ascii: "$")) }

  init(_ text: String, _ variables: [String: String]) {
    let bytes = Array(text.utf8)
    result.reserveCapacity(bytes.count)
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      guard byte == UInt8(ascii: "$") else {
        result.append(byte)
        continue
      }
      let start = position - 1
      if position < bytes.count, bytes[position] == UInt8(ascii: "$") {
        result.append(byte)
        position += 1
      } else if let end = Self.substitutionEnd(bytes, from: position) {
        substitute(bytes[position..<end], variables, at: start, of: bytes)
        position = end
      } else if position < bytes.count, bytes[position] == UInt8(ascii: "{"),
        let end = Self.substitutionEnd(bytes, from: position + 1), end < bytes.count,
        bytes[end] == UInt8(ascii: "}")
      {
        substitute(bytes[(position + 1)..<end], variables, at: start, of: bytes)
        position = end + 1
      } else {
        fault = (.stray, Self.scalars(bytes[..<start]))
      }
    }
  }

  private static func scalars(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.count { $0 & 0xC0 != 0x80 }
  }

  /// The end of a name, and of the default or message behind it.
  private static func substitutionEnd(_ bytes: [UInt8], from start: Int) -> Int? {
    var position = start
    while position < bytes.count {
      let byte = bytes[position]
      let letter = byte | 0x20
      let isLetter =
        letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z") || byte == UInt8(ascii: "_")
      let isDigit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
      guard isLetter || isDigit && position > start else { break }
      position += 1
    }
    if position == start { return nil }
    var mark = position
    if mark < bytes.count, bytes[mark] == UInt8(ascii: ":") { mark += 1 }
    guard mark < bytes.count, bytes[mark] == UInt8(ascii: "-") || bytes[mark] == UInt8(ascii: "?")
    else { return position }
    return bytes[mark...].firstIndex(of: UInt8(ascii: "}")) ?? bytes.count
  }

  private mutating func substitute(
    _ inner: ArraySlice<UInt8>, _ variables: [String: String], at start: Int, of bytes: [UInt8]
  ) {
    fault = nil
    if let (name, fallback) = Self.cut(inner, ":-") {
      let value = variables[name] ?? ""
      result += value.isEmpty ? Array(fallback.utf8) : Array(value.utf8)
    } else if let (name, fallback) = Self.cut(inner, "-") {
      result += (variables[name] ?? fallback).utf8
    } else if let (name, message) = Self.cut(inner, ":?") ?? Self.cut(inner, "?") {
      let allowsEmpty = Self.cut(inner, ":?") == nil
      if let value = variables[name], allowsEmpty || !value.isEmpty {
        result += value.utf8
      } else {
        fault = (.required(name: name, message: message), Self.scalars(bytes[..<start]))
      }
    } else {
      let name = String(decoding: inner, as: UTF8.self)
      if let value = variables[name] { result += value.utf8 } else { unset.append(name) }
    }
  }

  /// The parts before and after the first occurrence of a separator.
  private static func cut(
    _ bytes: ArraySlice<UInt8>, _ separator: String
  ) -> (name: String, rest: String)? {
    let wanted = Array(separator.utf8)
    var position = bytes.startIndex
    while position + wanted.count <= bytes.endIndex {
      if bytes[position..<(position + wanted.count)].elementsEqual(wanted) {
        return (
          String(decoding: bytes[..<position], as: UTF8.self),
          String(decoding: bytes[(position + wanted.count)...], as: UTF8.self)
        )
      }
      position += 1
    }
    return nil
  }
}
