/// The values of `ARG` and `ENV` at a place of a Dockerfile, and how they are put into a text.
///
/// Source: moby/buildkit `frontend/dockerfile/shell`.
package struct Variables: Sendable {
  /// Nil for a name that is declared without a value.
  private var values: [String: String?] = [:]

  package init() {}

  package mutating func set(_ name: String, _ value: String?) { values[name] = .some(value) }

  package subscript(name: String) -> String? { values[name] ?? nil }

  /// A text with its variables replaced; nil where it needs one whose value is not known here.
  package func expand(_ text: String) -> String? {
    guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
    return expand(Array(text.utf8)[...], depth: 0).map { String(decoding: $0, as: UTF8.self) }
  }

  private func expand(_ bytes: ArraySlice<UInt8>, depth: Int) -> [UInt8]? {
    guard depth < 16 else { return nil }
    var result: [UInt8] = []
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      index += 1
      guard byte == UInt8(ascii: "$"), index < bytes.endIndex else {
        result.append(byte)
        continue
      }
      if bytes[index] == UInt8(ascii: "{") {
        guard let end = closing(bytes, from: index + 1) else { return nil }
        guard let value = braced(bytes[(index + 1)..<end], depth: depth) else { return nil }
        result += value
        index = end + 1
        continue
      }
      let start = index
      while index < bytes.endIndex, isAlphanumeric(bytes[index]) || bytes[index] == 0x5F {
        index += 1
      }
      if index == start {
        result.append(byte)
        continue
      }
      let name = String(decoding: bytes[start..<index], as: UTF8.self)
      guard let value = self[name] else { return nil }
      result += Array(value.utf8)
    }
    return result
  }

  /// The brace that closes, others within it left alone.
  private func closing(_ bytes: ArraySlice<UInt8>, from start: Int) -> Int? {
    var depth = 1
    for index in start..<bytes.endIndex {
      if bytes[index] == UInt8(ascii: "{") { depth += 1 }
      if bytes[index] == UInt8(ascii: "}") {
        depth -= 1
        if depth == 0 { return index }
      }
    }
    return nil
  }

  /// `name`, `name:-default`, `name-default`, `name:+alternative`, `name:?message`; patterns (`#`, `%`, `/`) give nil.
  private func braced(_ bytes: ArraySlice<UInt8>, depth: Int) -> [UInt8]? {
    let name = bytes.prefix { isAlphanumeric($0) || $0 == 0x5F }
    var rest = bytes[name.endIndex...]
    let value = self[String(decoding: name, as: UTF8.self)]
    if rest.isEmpty { return value.map { Array($0.utf8) } }
    var isSet = value != nil
    if rest.first == UInt8(ascii: ":") {
      rest = rest.dropFirst()
      isSet = value?.isEmpty == false
    }
    guard let sign = rest.first else { return nil }
    let word = rest.dropFirst()
    switch sign {
    case UInt8(ascii: "-"): return isSet ? Array(value!.utf8) : expand(word, depth: depth + 1)
    case UInt8(ascii: "+"): return isSet ? expand(word, depth: depth + 1) : []
    case UInt8(ascii: "?"): return isSet ? Array(value!.utf8) : nil
    default: return nil
    }
  }
}

extension Dockerfile {
  /// Goes through the instructions that make a stage's image, by their numbers, each with the variables as it sees them.
  ///
  /// A variable of `ENV` hides an `ARG` of its name, and all values of one `ENV` see the state before it. Source:
  /// moby/buildkit `frontend/dockerfile/dockerfile2llb`.
  @discardableResult
  package func walk(
    _ stage: Int, arguments: [String: String] = [:], _ visit: (Int, Variables) -> Void
  ) -> Variables {
    var globals: [String: String] = [:]
    var known = Variables()
    for instruction in instructions.prefix(while: { $0.keyword != .from })
    where instruction.keyword == .arg {
      for pair in instruction.pairs {
        let value = arguments[pair.name.text] ?? pair.value.flatMap { known.expand($0.text) }
        known.set(pair.name.text, value)
        globals[pair.name.text] = value
      }
    }
    var variables = Variables()
    var inEnvironment = Set<String>()
    for number in lineage(stage) {
      for index in stages[number].body {
        let instruction = instructions[index]
        visit(index, variables)
        // A copy for each line would take the square of their number.
        let values =
          instruction.keyword == .env
          ? instruction.pairs.map { $0.value.flatMap { variables.expand($0.text) } } : []
        for (position, pair) in instruction.pairs.enumerated() {
          let name = pair.name.text
          switch instruction.keyword {
          case .env:
            variables.set(name, values[position])
            inEnvironment.insert(name)
          case .arg where !inEnvironment.contains(name):
            let written = pair.value.flatMap { variables.expand($0.text) }
            variables.set(name, arguments[name] ?? written ?? globals[name])
          default: break
          }
        }
      }
    }
    return variables
  }

  /// The values of variables where a stage ends. `nil` values stay unknown.
  package func variables(atEndOf stage: Int, arguments: [String: String] = [:]) -> Variables {
    walk(stage, arguments: arguments) { _, _ in }
  }
}
