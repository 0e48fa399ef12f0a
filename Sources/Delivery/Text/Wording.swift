import Kubernetes
import Ledger
import Mapping
import Report
import Swarm

/// `1 service`, `2 services`.
func plural(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

extension ImageState.Pin {
  /// What holds the image to one set of bytes.
  var words: String {
    switch self {
    case .digest: "its digest"
    case .version: "its tag"
    case .moving: "nothing"
    case .refused: "nothing: Docker refuses it"
    }
  }
}

extension ImageState.Check {
  /// Who checks the health; empty where nobody knows.
  var words: String {
    switch self {
    case .stack: "of the stack"
    case .image: "of the image"
    case .none: "none"
    case .unknown: ""
    }
  }
}

extension ImageFacts.Audit {
  /// `1 error, 2 warnings`; the notes only where there is nothing worse.
  var words: String {
    let parts = [(errors, "error"), (warnings, "warning")].filter { $0.0 > 0 }
    if parts.isEmpty { return notes == 0 ? "clean" : plural(notes, "note") }
    return parts.map { plural($0.0, $0.1) }.joined(separator: ", ")
  }
}

extension Quantity {
  /// Memory for people: one decimal of the largest binary unit that fits, `1.5Gi`. Sums seldom divide evenly.
  var readable: String {
    var tenths = nanos / 100_000_000
    var step = 0
    while step < 6, tenths >= 10_240 {
      tenths /= 1024
      step += 1
    }
    let unit = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"][step]
    return tenths % 10 == 0 ? "\(tenths / 10)\(unit)" : "\(tenths / 10).\(tenths % 10)\(unit)"
  }
}

/// The first sentences of a text: as many as say what is the matter, which seldom takes more than 120 characters.
func beginning(of text: String) -> String {
  var end = text.startIndex
  while let stop = text[end...].firstRange(of: ". ") {
    end = stop.upperBound
    if text.distance(from: text.startIndex, to: end) > 120 {
      return String(text[..<stop.lowerBound]) + "."
    }
  }
  return text
}

/// Breaks a text at blanks so that lines stay under 100 columns where the words allow. Line breaks in the text are a value's, and
/// shown.
func wrapped(_ text: String, first: String, rest: String, width: Int = 100) -> String {
  var result = ""
  var line = first
  var length = line.count
  var isEmpty = true
  let text = text.replacing("\n", with: "\\n")
  for word in text.split(separator: " ", omittingEmptySubsequences: false) {
    if !isEmpty, length + 1 + word.count > width {
      result += line + "\n"
      line = rest
      length = rest.count
      isEmpty = true
    }
    if !isEmpty {
      line += " "
      length += 1
    }
    line += word
    length += word.count
    isEmpty = false
  }
  return result + line + "\n"
}
