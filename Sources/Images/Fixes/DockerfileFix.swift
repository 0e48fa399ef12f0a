/// A Dockerfile with all that is mended that can be mended without changing what its image does.
///
/// The mended text is read again after each step: a step that gives a file which the builder would refuse, or that does not
/// rid the file of what it was to mend, is taken back. Mending a mended file changes nothing.
package struct DockerfileFix: Sendable {
  /// The new text; the old one where nothing is mended.
  package let bytes: [UInt8]
  /// What was mended, by slug.
  package let applied: [String: Int]
  /// The new text of the context's ignore file; nil where it stays.
  package let ignoreFile: String?
  /// What must not be shown of the old text, and of the new one.
  package let hidden: (before: [Range<Int>], after: [Range<Int>])

  /// Enough for any file: a pass mends all that a rule finds at once, and what one rule mends another may find more in.
  private static let maximumPasses = 32

  /// - Parameters:
  ///   - target: The stage that becomes the image, as the subject was made with.
  ///   - arguments: The build's arguments, as the Dockerfile was read with.
  ///   - ignored: Slugs to leave as they are.
  package init(
    _ subject: Subject, target: String? = nil, arguments: [String: String] = [:],
    ignoring ignored: Set<String> = []
  ) {
    var current = subject
    var applied: [String: Int] = [:]
    var isGivenUp = ignored
    var pass = 0
    var isChanged = true
    while isChanged, pass < Self.maximumPasses {
      isChanged = false
      pass += 1
      for rule in Rules.all where !isGivenUp.contains(rule.slug) {
        guard let next = Self.step(current, rule, target, arguments) else { continue }
        guard let subject = next.subject else {
          isGivenUp.insert(rule.slug)
          continue
        }
        current = subject
        applied[rule.slug, default: 0] += next.count
        isChanged = true
      }
    }
    let before = DockerfileAudit(subject)
    bytes = current.dockerfile.bytes
    self.applied = applied
    let after = DockerfileAudit(current, ignoring: ignored)
    ignoreFile = after.findings.lazy.compactMap(\.ignoreFile).first
    hidden = (before.hidden, after.hidden)
  }

  /// One rule's edits; nil where it has none, a nil subject where they do not help.
  private static func step(
    _ subject: Subject, _ rule: any Rule.Type, _ target: String?, _ arguments: [String: String]
  ) -> (subject: Subject?, count: Int)? {
    var found = RuleFindings(rule)
    rule.check(subject, &found)
    let switches = IgnoreComments(subject.dockerfile)
    let fixable = found.all.filter { !$0.edits.isEmpty && !switches.switchOff(rule, $0) }
    if fixable.isEmpty { return nil }
    let old = subject.dockerfile
    let dockerfile = Dockerfile(
      path: old.path, bytes: applying(fixable.flatMap(\.edits), to: old.bytes),
      arguments: arguments)
    guard dockerfile.problems.count <= old.problems.count,
      dockerfile.stages.count == old.stages.count
    else { return (nil, 0) }
    let next = Subject(dockerfile, target: target, context: subject.context, uses: subject.uses)
    var again = RuleFindings(rule)
    rule.check(next, &again)
    guard again.all.count < found.all.count else { return (nil, 0) }
    return (next, found.all.count - again.all.count)
  }

  /// A text with edits made; of two that overlap the first one counts.
  package static func applying(_ edits: [Edit], to bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var place = 0
    for edit in edits.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      guard edit.range.lowerBound >= place else { continue }
      result += bytes[place..<edit.range.lowerBound]
      result += Array(edit.text.utf8)
      place = edit.range.upperBound
    }
    return result + bytes[place...]
  }
}
