/// How a text for a terminal looks, until it leaves: marks around parts of it, which become the terminal's own sequences at the
/// end, after everything else that acts on a terminal has been made visible. No value can bring a sequence of its own.
///
/// The marks are noncharacters, which Unicode keeps for use inside programs (Unicode 16, section 23.7).
package enum TextStyle: UInt32, CaseIterable, Sendable {
  case bold = 0xFDD0
  case dim, red, green, yellow, magenta, cyan

  private static let end: UInt32 = 0xFDEF

  /// The parameter of "select graphic rendition" (ECMA-48, 8.3.117).
  private var code: String {
    switch self {
    case .bold: "1"
    case .dim: "2"
    case .red: "31"
    case .green: "32"
    case .yellow: "33"
    case .magenta: "35"
    case .cyan: "36"
    }
  }

  /// The text in this style.
  package func callAsFunction(_ text: String) -> String {
    guard !text.isEmpty, let begin = Unicode.Scalar(rawValue), let end = Unicode.Scalar(Self.end)
    else { return text }
    return "\(Character(begin))\(text)\(Character(end))"
  }

  /// A text of several lines as it leaves for a terminal, a file or the log of a CI job: what would act there is shown, marks
  /// are sequences where colour is wanted and gone where it is not, and no line begins with a command to GitHub Actions
  /// (`::error::`, `##[error]`), whatever values it holds.
  package static func finished(_ text: String, color: Bool) -> String {
    // Most lines are plain ASCII without colons at their beginnings.
    var result = ""
    result.reserveCapacity(text.utf8.count + 64)
    var isFirst = true
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if !isFirst { result += "\n" }
      isFirst = false
      append(line, color: color, to: &result)
    }
    return result
  }

  private static func append(_ line: Substring, color: Bool, to result: inout String) {
    // Runs of characters up to a mark.
    var shown = ""
    var run = String.UnicodeScalarView()
    func flush() {
      shown += VisibleText.shown(String(run), keepsTabs: true)
      run.removeAll(keepingCapacity: true)
    }
    if line.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) {
      shown = String(line)
    } else {
      for scalar in line.unicodeScalars {
        if scalar.value == end {
          flush()
          if color { shown += "\u{1B}[0m" }
        } else if let style = TextStyle(rawValue: scalar.value) {
          flush()
          if color { shown += "\u{1B}[\(style.code)m" }
        } else {
          run.append(scalar)
        }
      }
      flush()
    }
    result += withoutCommand(shown)
  }

  /// Source: actions/runner `ActionCommand.TryParseV2` (leading blanks do not count) and `TryParse` (`##[` anywhere).
  private static func withoutCommand(_ line: String) -> String {
    guard line.utf8.contains(UInt8(ascii: ":")) || line.utf8.contains(UInt8(ascii: "#")) else {
      return line
    }
    var line = line
    if line.drop(while: { $0 == " " || $0 == "\t" }).hasPrefix("::"),
      let place = line.firstIndex(of: ":")
    {
      line.replaceSubrange(place...place, with: "\\u{3A}")
    }
    while let place = line.firstRange(of: "##[") {
      line.replaceSubrange(place, with: "#\\u{23}[")
    }
    return line
  }
}
