/// Variables as Docker Compose fills them in: as `docker stack deploy` does, and `${NAME:+replacement}`,
/// `${NAME+replacement}`, variables inside of defaults, and a dollar sign before anything else is itself.
///
/// Source: compose-spec/compose-go `template`.
struct ComposeTemplate {
  typealias Fault = Template.Fault

  private(set) var result: [UInt8] = []
  private(set) var fault: (what: Fault, offset: Int)?
  private(set) var unset: [String] = []

  private static let depthLimit = 32

  init(_ text: String, _ variables: [String: String], depth: Int = 0) {
    let bytes = Array(text.utf8)
    var position = 0
    while position < bytes.count, fault == nil {
      let byte = bytes[position]
      guard byte == UInt8(ascii: "$") else {
        result.append(byte)
        position += 1
        continue
      }
      let next = position + 1 < bytes.count ? bytes[position + 1] : 0
      if next == byte {
        result.append(byte)
        position += 2
      } else if next != UInt8(ascii: "{"), Self.nameEnd(bytes, from: position + 1) == nil {
        // A dollar sign before anything else is one.
        result.append(byte)
        position += 1
      } else if next == UInt8(ascii: "{"), let end = Self.closing(bytes, from: position + 2) {
        braced(bytes[(position + 2)..<end], variables, at: position, of: bytes, depth)
        position = end + 1
      } else if let end = Self.nameEnd(bytes, from: position + 1) {
        put(String(decoding: bytes[(position + 1)..<end], as: UTF8.self), variables)
        position = end
      } else {
        fail(.stray, at: position, of: bytes)
      }
    }
  }

  private mutating func fail(_ what: Fault, at position: Int, of bytes: [UInt8]) {
    fault = (what, bytes[..<position].count { $0 & 0xC0 != 0x80 })
  }

  private mutating func put(_ name: String, _ variables: [String: String]) {
    if let value = variables[name] { result += value.utf8 } else { unset.append(name) }
  }

  /// The brace that closes the one before `start`.
  private static func closing(_ bytes: [UInt8], from start: Int) -> Int? {
    var depth = 0
    for index in start..<max(start, bytes.count) {
      if bytes[index] == UInt8(ascii: "{"), index > 0, bytes[index - 1] == UInt8(ascii: "$") {
        depth += 1
      } else if bytes[index] == UInt8(ascii: "}") {
        if depth == 0 { return index }
        depth -= 1
      }
    }
    return nil
  }

  private static func nameEnd(_ bytes: [UInt8], from start: Int) -> Int? {
    var position = start
    while position < bytes.count {
      let byte = bytes[position]
      let letter = byte | 0x20
      let isLetter = 0x61...0x7A ~= letter || byte == UInt8(ascii: "_")
      guard isLetter || 0x30...0x39 ~= byte && position > start else { break }
      position += 1
    }
    return position > start ? position : nil
  }

  private mutating func braced(
    _ inner: ArraySlice<UInt8>, _ variables: [String: String], at start: Int, of bytes: [UInt8],
    _ depth: Int
  ) {
    let body = Array(inner)
    guard let end = Self.nameEnd(body, from: 0), depth < Self.depthLimit else {
      return fail(.stray, at: start, of: bytes)
    }
    let name = String(decoding: body[..<end], as: UTF8.self)
    if end == body.count { return put(name, variables) }
    var position = end
    let countsEmpty = body[position] == UInt8(ascii: ":")
    if countsEmpty { position += 1 }
    guard position < body.count else { return fail(.stray, at: start, of: bytes) }
    let value = variables[name].flatMap { countsEmpty && $0.isEmpty ? nil : $0 }
    let rest = String(decoding: body[(position + 1)...], as: UTF8.self)
    switch body[position] {
    case UInt8(ascii: "-"):
      if let value {
        result += value.utf8
      } else {
        nest(rest, variables, at: start, of: bytes, depth)
      }
    case UInt8(ascii: "+"):
      if value != nil { nest(rest, variables, at: start, of: bytes, depth) }
    case UInt8(ascii: "?"):
      if let value {
        result += value.utf8
      } else {
        fail(.required(name: name, message: rest), at: start, of: bytes)
      }
    default: fail(.stray, at: start, of: bytes)
    }
  }

  private mutating func nest(
    _ text: String, _ variables: [String: String], at start: Int, of bytes: [UInt8], _ depth: Int
  ) {
    let inner = ComposeTemplate(text, variables, depth: depth + 1)
    result += inner.result
    unset += inner.unset
    if let (what, _) = inner.fault { fail(what, at: start, of: bytes) }
  }
}
