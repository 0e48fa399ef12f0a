/// A text with places marked in it by keycap emoji: the text without them, and where they stood.
///
/// A test writes its input as `servces:1️⃣` and asks for the place of marker 1, instead of counting
/// columns by hand. A marker stands for the place of the character after it. `0️⃣` to `9️⃣` and `🔟` (10)
/// are markers.
package struct Markers: Sendable {
  /// A place: line and column from one, columns in Unicode scalars, as diagnostics count them.
  package struct Position: Hashable, Sendable, CustomStringConvertible {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
      self.line = line
      self.column = column
    }

    /// `12:5`, as it stands in a message.
    package var description: String { "\(line):\(column)" }
  }

  /// The text without the markers.
  package let text: String
  /// The place of each marker by its number.
  package let positions: [Int: Position]

  /// Takes the markers out of a text. A marker that stands there twice is a mistake in the test.
  package init(_ marked: String) {
    var text = ""
    var positions: [Int: Position] = [:]
    var line = 1
    var column = 1
    for character in marked {
      if let number = Self.number(of: character) {
        precondition(positions[number] == nil, "marker \(number) stands twice in: \(marked)")
        positions[number] = Position(line: line, column: column)
        continue
      }
      text.append(character)
      if character.isNewline {
        line += 1
        column = 1
      } else {
        column += character.unicodeScalars.count
      }
    }
    self.text = text
    self.positions = positions
  }

  /// The place of a marker; the test ends where there is no such marker.
  package subscript(number: Int) -> Position {
    guard let position = positions[number] else {
      preconditionFailure("there is no marker \(number) in: \(text)")
    }
    return position
  }

  private static func number(of character: Character) -> Int? {
    if character == "🔟" { return 10 }
    let scalars = Array(character.unicodeScalars)
    guard scalars.count == 3, scalars[1] == "\u{FE0F}", scalars[2] == "\u{20E3}" else { return nil }
    return Character(scalars[0]).wholeNumberValue
  }
}
