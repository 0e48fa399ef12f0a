package import Diagnostics
import Ledger
import Mapping
import Swarm
import YAML

/// Findings that the stack file itself accepts, each with a reason: in `x-stackferry`, or in a comment.
///
/// ```yaml
/// x-stackferry:
///   accept:
///     logging/driver: Loki collects on every node
/// services:
///   web:
///     # stackferry: accept update-policy/no-automatic-rollback: Argo Rollouts does it
///     deploy: {update_config: {failure_action: rollback}}
/// ```
///
/// An entry of `x-stackferry` counts for its stack or its service. A comment counts for the key on its own line, or on the
/// next line that has one, and for everything below that key.
package struct Acceptances: Sendable {
  package struct Acceptance: Sendable {
    package let rule: String
    package let reason: String
    package let mark: SourceMark
    fileprivate let scope: Scope
  }

  fileprivate enum Scope: Sendable {
    case subject(stack: String, service: String?)
    case keys(Range<Int>)
  }

  package private(set) var entries: [Acceptance] = []
  /// Entries without a reason, and comments that cannot be read.
  package private(set) var problems: [Diagnostic] = []
  /// Which entry accepts a finding, by the finding's position in the ledger.
  package private(set) var byFinding: [Int: Int] = [:]

  package init(_ report: Report) {
    for stack in report.migration.facts.stacks {
      addExtension(stack.root["x-stackferry"], stack.name, nil)
      for service in stack.services {
        addExtension(service.node["x-stackferry"], stack.name, service.name)
      }
    }
    addComments(report)
    guard !entries.isEmpty else { return }
    var byRule: [String: [Int]] = [:]
    for (position, entry) in entries.enumerated() {
      byRule[entry.rule, default: []].append(position)
    }
    let subjects = report.subjectKeys
    for (position, finding) in report.ledger.findings.enumerated() {
      byFinding[position] = byRule[finding.message.slug]?.first { number in
        switch entries[number].scope {
        case .subject(let stack, let service):
          return finding.subject.stack == stack
            && (service == nil || finding.subject.service == service)
        case .keys(let range):
          let subject = Subject(stack: finding.subject.stack, service: finding.subject.service)
          let key = finding.key == .none ? subjects[subject] ?? .none : finding.key
          return range.contains(Int(key.rawValue))
        }
      }
    }
  }

  /// Entries that accept something, each with the findings that it accepts, in the order in which they are written.
  package var used: [(entry: Acceptance, findings: [Int])] {
    var byEntry: [Int: [Int]] = [:]
    for (finding, entry) in byFinding { byEntry[entry, default: []].append(finding) }
    return byEntry.sorted { entries[$0.key].mark < entries[$1.key].mark }.map {
      (entries[$0.key], $0.value.sorted())
    }
  }

  /// Entries that accept nothing that is there.
  package var unused: [Acceptance] {
    let used = Set(byFinding.values)
    return entries.indices.filter { !used.contains($0) }.map { entries[$0] }
  }

  private mutating func addExtension(_ node: Node?, _ stack: String, _ service: String?) {
    guard let node else { return }
    for entry in node.entries ?? [] where entry.key != "accept" {
      problems.append(
        Diagnostic(
          "accept/unknown-key", at: entry.keyMark, "unknown key \"\(entry.key)\" in x-stackferry",
          hint: "x-stackferry holds `accept`, a mapping of rules to reasons"))
    }
    guard let accept = node["accept"] else { return }
    guard let rules = accept.entries else {
      problems.append(
        Diagnostic(
          "accept/form", at: accept.mark, "accept is a mapping of rules to reasons",
          hint: "accept: {logging/driver: Loki collects on every node}"))
      return
    }
    for entry in rules {
      guard let reason = entry.value.text, reason.contains(where: { !$0.isWhitespace }) else {
        problems.append(Self.noReason(entry.key, entry.keyMark))
        continue
      }
      entries.append(
        Acceptance(
          rule: entry.key, reason: reason, mark: entry.keyMark,
          scope: .subject(stack: stack, service: service)))
    }
  }

  private static func noReason(_ rule: String, _ mark: SourceMark) -> Diagnostic {
    Diagnostic(
      "accept/no-reason", at: mark, "\"\(rule)\" is accepted without a reason",
      hint: "say why, for whoever reads it after you")
  }

  // MARK: Comments

  private static let marker = Array("stackferry: accept ".utf8)
  private static let name = Array("stackferry".utf8)

  /// Whether a file has the program's name anywhere. Every report asks, so that a large stack must not feel it: the standard
  /// library's search takes a second for 8 MB, this one some milliseconds.
  private static func isNamed(in bytes: [UInt8]) -> Bool {
    guard bytes.count >= name.count else { return false }
    let first = name[0]
    for start in 0...(bytes.count - name.count) where bytes[start] == first {
      var length = 1
      while length < name.count, bytes[start + length] == name[length] { length += 1 }
      if length == name.count { return true }
    }
    return false
  }

  private mutating func addComments(_ report: Report) {
    for (number, file) in report.sources.files.enumerated() {
      guard Self.isNamed(in: file.bytes) else { continue }
      let text = SourceText(file.bytes)
      // The first key on each line.
      var keys: [Int32: Int] = [:]
      for (position, row) in report.keys.rows.enumerated()
      where row.mark.file == Int32(number) && row.parent >= 0 && keys[row.mark.line] == nil {
        keys[row.mark.line] = position
      }
      for line in 1...max(1, text.lineCount) {
        guard let bytes = text.line(line), let word = bytes.firstRange(of: Self.name),
          let hash = bytes[..<word.lowerBound].lastIndex(of: UInt8(ascii: "#")),
          bytes[(hash + 1)..<word.lowerBound].allSatisfy({ $0 == 0x20 })
        else { continue }
        let mark = SourceMark(
          file: Int32(number), line: Int32(line), column: Int32(hash - bytes.startIndex + 1))
        guard let start = bytes[word.lowerBound...].firstRange(of: Self.marker),
          start.lowerBound == word.lowerBound
        else {
          if Self.isMeant(bytes[word.upperBound...]) { problems.append(Self.unread(mark)) }
          continue
        }
        addComment(String(decoding: bytes[start.upperBound...], as: UTF8.self), mark, keys, report)
      }
    }
  }

  /// Whether a comment that begins with the program's name means to accept something: `stackferry: acept x`, `stackferry accept`.
  private static func isMeant(_ rest: ArraySlice<UInt8>) -> Bool {
    if rest.first == UInt8(ascii: ":") { return true }
    let words = rest.split(separator: 0x20)
    return words.first.map { String(decoding: $0, as: UTF8.self) == "accept" } ?? false
  }

  private static func unread(_ mark: SourceMark) -> Diagnostic {
    Diagnostic(
      "accept/form", at: mark, "a comment for stackferry that it cannot read",
      hint: "# stackferry: accept RULE: REASON")
  }

  private mutating func addComment(
    _ text: String, _ mark: SourceMark, _ keys: [Int32: Int], _ report: Report
  ) {
    let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let rule = String(halves[0].drop { $0.isWhitespace }.prefix { !$0.isWhitespace })
    let reason = halves.count == 2 ? halves[1] : ""
    guard reason.contains(where: { !$0.isWhitespace }) else {
      problems.append(Self.noReason(rule, mark))
      return
    }
    // Its own line, or the next that has a key.
    let last = keys.keys.max() ?? 0
    var line = mark.line
    while line <= last, keys[line] == nil { line += 1 }
    guard let key = keys[line] else { return }
    entries.append(
      Acceptance(
        rule: rule, reason: String(reason.drop { $0 == " " }), mark: mark,
        scope: .keys(key..<Int(report.keys.rows[key].end))))
  }
}
