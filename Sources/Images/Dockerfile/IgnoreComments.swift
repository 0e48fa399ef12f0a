/// Comments right above an instruction that switch rules off for it: `# stackferry ignore=image/root-user`, and
/// `# hadolint ignore=DL3002` for the rules that hadolint has too.
struct IgnoreComments {
  /// What is switched off, by the instruction's range.
  private var entries: [(range: Range<Int>, names: Set<String>)] = []

  init(_ dockerfile: Dockerfile) {
    var end = 0
    for instruction in dockerfile.instructions {
      let start = instruction.span.lowerBound
      if start > end {
        var names = Set<String>()
        let lines = dockerfile.string(end..<start).split(
          separator: "\n", omittingEmptySubsequences: false)
        // From the instruction upwards, as long as they are comments.
        for line in lines.dropLast().reversed() {
          let text = line.drop { $0 == " " || $0 == "\t" }
          guard text.hasPrefix("#") else { break }
          names.formUnion(Self.names(text.dropFirst()))
        }
        if !names.isEmpty { entries.append((instruction.span, names)) }
      }
      end = instruction.span.upperBound
    }
  }

  func switchOff(_ rule: any Rule.Type, _ finding: AuditFinding) -> Bool {
    guard let place = finding.span?.lowerBound,
      let entry = entries.first(where: { $0.range.contains(place) })
    else { return false }
    return entry.names.contains(rule.slug) || rule.hadolint.contains { entry.names.contains($0) }
  }

  /// The names behind `hadolint ignore=` or `stackferry ignore=`.
  private static func names(_ comment: Substring) -> [String] {
    let words = comment.split { $0 == " " || $0 == "\t" || $0 == "\r" }
    guard words.count >= 2, words[0] == "hadolint" || words[0] == "stackferry" else { return [] }
    let rest = words.dropFirst().joined()
    guard let equals = rest.firstIndex(of: "="), rest[..<equals].hasSuffix("ignore") else {
      return []
    }
    return rest[rest.index(after: equals)...].split(separator: ",").map(String.init)
  }
}
