import Report

/// A help screen of ArgumentParser's, section by section: it puts the options that several commands share before a command's own.
struct HelpText {
  /// A section's heading (`OVERVIEW`, `INPUT OPTIONS`), and its lines with the heading's own; the first may have none.
  struct Section {
    let title: String
    var lines: [Substring]

    /// The lines without the heading.
    var body: [Substring] {
      guard !title.isEmpty, let first = lines.first else { return lines }
      let rest = first.dropFirst(title.count + 1).drop { $0 == " " }
      return (rest.isEmpty ? [] : [rest]) + lines.dropFirst()
    }
  }

  private(set) var sections: [Section] = []

  init(_ text: String) {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let title = Self.title(line) {
        sections.append(Section(title: title, lines: [line]))
      } else if sections.isEmpty {
        sections.append(Section(title: "", lines: [line]))
      } else {
        sections[sections.count - 1].lines.append(line)
      }
    }
    for index in sections.indices {
      while sections[index].lines.last?.isEmpty == true { sections[index].lines.removeLast() }
    }
  }

  /// The heading that a line begins with: capitals and blanks before a colon, from the first column on.
  private static func title(_ line: Substring) -> String? {
    guard let colon = line.firstIndex(of: ":"), line.first?.isUppercase == true,
      line[..<colon].allSatisfy({ $0.isUppercase || $0 == " " })
    else { return nil }
    return String(line[..<colon])
  }

  /// What comes before the options that several commands share.
  static let shared = ["INPUT OPTIONS", "MAPPING OPTIONS"]

  /// With a command's own options before those that it shares with others.
  var ownFirst: HelpText {
    var result = self
    guard let own = sections.firstIndex(where: { $0.title == "OPTIONS" }),
      let first = sections.firstIndex(where: { Self.shared.contains($0.title) }), first < own
    else { return self }
    result.sections.insert(result.sections.remove(at: own), at: first)
    return result
  }

  var text: String {
    sections.map { $0.lines.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }
}
