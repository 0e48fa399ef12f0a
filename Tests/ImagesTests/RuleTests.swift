import Foundation
import Images
import Report
import TestSupport
import Testing
import Validation

/// Every rule finds its bad examples, and not its good ones.
@Suite struct RuleTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let rule: any Rule.Type
    let example: RuleExample
    var testDescription: String { "\(rule.name): \(example.bad.prefix(60))" }
  }

  static let all: [Case] = Rules.all.flatMap { rule in
    rule.examples.map { Case(rule: rule, example: $0) }
  }

  @Test(arguments: all)
  func findsTheBadOne(_ entry: Case) {
    let audit = Self.audit(entry.example, entry.example.bad, entry.example.uses)
    #expect(audit.subject.dockerfile.problems.isEmpty)
    let slug = entry.rule.slug
    let found = audit.findings.filter { $0.slug == slug }
    #expect(!found.isEmpty)
    for finding in found {
      #expect(!finding.text.isEmpty && !finding.text.hasSuffix("."))
      #expect(finding.hint != nil)
      if let span = finding.span { #expect(!span.isEmpty) }
    }
  }

  @Test(arguments: all)
  func leavesTheGoodOneAlone(_ entry: Case) {
    let audit = Self.audit(entry.example, entry.example.good, entry.example.goodUses)
    #expect(audit.subject.dockerfile.problems.isEmpty)
    let slug = entry.rule.slug
    #expect(audit.findings.filter { $0.slug == slug }.map(\.text) == [])
  }

  @Test(arguments: all.filter { $0.example.isFixed })
  func fixesTheBadOne(_ entry: Case) {
    let dockerfile = Dockerfile(entry.example.bad)
    // The rule alone: others may mend more.
    let audit = DockerfileAudit(Subject(dockerfile), rules: [entry.rule])
    let edits = audit.findings.flatMap(\.edits)
    let fixed = DockerfileFix.applying(edits, to: dockerfile.bytes)
    #expect(String(decoding: fixed, as: UTF8.self) == entry.example.good)
  }

  @Test func listIsTheFolder() {
    let folder = Testdata.root.appending(path: "Sources/Images/Rules")
    let files = Testdata.files(below: folder, endings: ["swift"])
      .map { String($0.dropLast(".swift".count)) }
      .filter { $0 != "Rule" && $0 != "Rules" }
    #expect(Rules.all.map { "\($0)" }.sorted() == files.sorted())
  }

  @Test func rulesAreDocumented() {
    for rule in Rules.all {
      let (name, about, examples) = (rule.name, rule.about.count, rule.examples.count)
      #expect(about > 100 && examples > 0, "\(name)")
      // The name is the type's, in words.
      let type = "\(rule)".lowercased()
      #expect(type == name.filter { $0 != "-" })
    }
    let slugs = Rules.all.map { $0.slug }
    #expect(Set(slugs).count == slugs.count)
  }

  private static func audit(_ example: RuleExample, _ text: String, _ uses: [ServiceUse])
    -> DockerfileAudit
  {
    let context = BuildContext(paths: example.files.keys.sorted(), ignoreFile: nil)
    return DockerfileAudit(
      Subject(Dockerfile(text), context: example.files.isEmpty ? nil : context, uses: uses))
  }
}
