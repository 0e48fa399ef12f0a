/// Parses an environment file as Docker Compose does: quotes, `export`, comments behind values, variables, and values of
/// several lines between quotes.
///
/// - Parameter environment: The variables for names without value, and for `$NAME` in values beside the file's own.
///
/// Source: compose-spec/compose-go `dotenv`.
package func parseDotEnv(
  _ bytes: [UInt8], environment: [String: String]
) throws(EnvironmentFileProblem) -> [EnvironmentLine] {
  var parser = DotEnv(String(decoding: bytes, as: UTF8.self), environment)
  return try parser.lines()
}

private struct DotEnv {
  private var text: [Unicode.Scalar]
  private var position = 0
  private var line = 1
  private var variables: [String: String]
  private let environment: [String: String]

  init(_ text: String, _ environment: [String: String]) {
    self.text = Array(text.unicodeScalars)
    if self.text.first == "\u{FEFF}" { self.text.removeFirst() }
    self.environment = environment
    variables = environment
  }

  private var current: Unicode.Scalar? { position < text.count ? text[position] : nil }

  mutating func lines() throws(EnvironmentFileProblem) -> [EnvironmentLine] {
    var lines: [EnvironmentLine] = []
    while skipBlank() {
      let name = try name()
      guard current == "=" || current == ":" else {
        // A name alone.
        if let value = environment[name] { lines.append((name, value)) }
        continue
      }
      position += 1
      let value = try value()
      // The process environment wins inside of values.
      if environment[name] == nil { variables[name] = value }
      lines.append((name, value))
    }
    return lines
  }

  /// Goes to the next name; false at the end.
  private mutating func skipBlank() -> Bool {
    while let scalar = current {
      if scalar == "#" {
        skipLine()
      } else if scalar.properties.isWhitespace {
        if scalar == "\n" { line += 1 }
        position += 1
      } else {
        return true
      }
    }
    return false
  }

  private mutating func skipLine() {
    while let scalar = current, scalar != "\n" {
      _ = scalar
      position += 1
    }
  }

  private func problem(_ reason: String) -> EnvironmentFileProblem {
    EnvironmentFileProblem(reason: "line \(line) \(reason)")
  }

  private mutating func name() throws(EnvironmentFileProblem) -> String {
    let export = Array("export ".unicodeScalars)
    if position + export.count < text.count,
      text[position..<(position + export.count)].elementsEqual(export)
    {
      position += export.count
      while current == " " || current == "\t" { position += 1 }
    }
    var name = String.UnicodeScalarView()
    while let scalar = current, scalar != "=", scalar != ":", scalar != "\n" {
      let isName =
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || "_.-[]".unicodeScalars.contains(scalar)
      if !isName, !scalar.properties.isWhitespace {
        throw problem("has a character in the variable name that cannot be there")
      }
      name.append(scalar)
      position += 1
    }
    while let last = name.last, last.properties.isWhitespace { name.removeLast() }
    if name.isEmpty { throw problem("has no variable name before the =") }
    if name.contains(where: { $0.properties.isWhitespace }) {
      throw problem("has a blank in the variable name")
    }
    return String(name)
  }

  private mutating func value() throws(EnvironmentFileProblem) -> String {
    while current == " " || current == "\t" { position += 1 }
    if let quote = current, quote == "\"" || quote == "'" { return try quoted(quote) }
    var value = String.UnicodeScalarView()
    while let scalar = current, scalar != "\n" {
      // A comment begins behind a blank.
      if scalar == "#", value.isEmpty || value.last == " " || value.last == "\t" {
        skipLine()
        break
      }
      value.append(scalar)
      position += 1
    }
    while let last = value.last, last.properties.isWhitespace { value.removeLast() }
    return try filled(String(value))
  }

  private mutating func quoted(_ quote: Unicode.Scalar) throws(EnvironmentFileProblem) -> String {
    position += 1
    var value = String.UnicodeScalarView()
    while let scalar = current {
      position += 1
      if scalar == "\n" { line += 1 }
      if scalar == quote {
        skipLine()
        return quote == "'" ? String(value) : try filled(String(value))
      }
      guard scalar == "\\", let next = current else {
        value.append(scalar)
        continue
      }
      if quote == "'" {
        value.append(scalar)
        if next == "'" {
          value.removeLast()
          value.append(next)
          position += 1
        }
        continue
      }
      position += 1
      switch next {
      case "n": value.append("\n")
      case "r": value.append("\r")
      case "t": value.append("\t")
      case "$": value.append(contentsOf: "$$".unicodeScalars)
      case "\"", "\\": value.append(next)
      default:
        value.append(scalar)
        value.append(next)
      }
    }
    throw problem("has a quote that is not closed")
  }

  private func filled(_ text: String) throws(EnvironmentFileProblem) -> String {
    if !Template.hasVariables(text) { return text }
    let template = ComposeTemplate(text, variables)
    if template.fault != nil { throw problem("has a variable that cannot be filled in") }
    return String(decoding: template.result, as: UTF8.self)
  }
}
