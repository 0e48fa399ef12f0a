/// A line of an environment file that sets a variable.
package typealias EnvironmentLine = (name: String, value: String)

/// Why an environment file cannot be read. Nothing of its content is quoted: it may be secret.
package struct EnvironmentFileProblem: Error, Sendable, CustomStringConvertible {
  package var reason: String

  package var description: String { reason }
}

/// Parses an environment file as the Docker CLI does: `NAME=value` a line, `#` lines and blank lines skipped, nothing
/// unquoted and no variables. A name alone takes its value from `environment`, or is left out.
///
/// Source: docker/cli `pkg/kvfile`.
package func parseEnvFile(
  _ bytes: [UInt8], environment: [String: String]
) throws(EnvironmentFileProblem) -> [EnvironmentLine] {
  var lines: [EnvironmentLine] = []
  var number = 0
  var rest = bytes[...]
  while !rest.isEmpty {
    number += 1
    let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
    var line = rest[..<end]
    rest = end < rest.endIndex ? rest[(end + 1)...] : []
    // The length of Go's line buffer.
    if line.count >= 65_536 {
      throw EnvironmentFileProblem(reason: "line \(number) is longer than 65535 bytes")
    }
    if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
    guard String(validating: line, as: UTF8.self) != nil else {
      throw EnvironmentFileProblem(reason: "line \(number) is not UTF-8")
    }
    if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
    let text = String(decoding: line, as: UTF8.self).unicodeScalars
      .drop { $0.properties.isWhitespace }
    guard let first = text.first, first != "#" else { continue }
    let separator = text.firstIndex(of: "=")
    let name = text[..<(separator ?? text.endIndex)]
    if name.isEmpty {
      throw EnvironmentFileProblem(reason: "line \(number) has no variable name before the =")
    }
    if name.contains(where: { $0 == " " || $0 == "\t" }) {
      throw EnvironmentFileProblem(reason: "line \(number) has a blank in the variable name")
    }
    if let separator {
      let value = text[text.index(after: separator)...]
      lines.append((String(name), String(value)))
    } else if let value = environment[String(name)] {
      lines.append((String(name), value))
    }
  }
  return lines
}
