/// A word as a POSIX shell reads it back: the one place where anything is quoted for a shell.
///
/// Source: POSIX.1-2017, Shell Command Language, 2.2.2 and 2.6.3.
package enum ShellWord {
  /// The word as it is where every shell takes it so, else in single quotes. Control characters, and what would change the
  /// direction or the look of the line, stand as octal escapes for `printf`, so that the command is one line that shows what it
  /// does.
  package static func quoted(_ word: String) -> String {
    if word.isEmpty { return "''" }
    if word.utf8.allSatisfy(isPlain) { return word }
    if word.unicodeScalars.contains(where: VisibleText.isHidden) { return printed(word) }
    return
      "'\(word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: "%+,-./:=@_".utf8.contains(byte)
    }
  }

  /// Through `printf`. A command substitution drops line breaks at its end; no name that reaches a command ends with one.
  private static func printed(_ word: String) -> String {
    var format = ""
    for scalar in word.unicodeScalars {
      switch scalar {
      case "\\": format += "\\\\"
      case "%": format += "%%"
      case "'": format += "\\047"
      case _ where VisibleText.isHidden(scalar):
        for byte in String(scalar).utf8 { format += "\\" + octal(byte) }
      default: format.unicodeScalars.append(scalar)
      }
    }
    return "\"$(printf '\(format)')\""
  }

  private static func octal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 8)
    return String(repeating: "0", count: 3 - digits.count) + digits
  }
}
