package import Diagnostics
import Kubernetes
package import Ledger
package import Mapping
package import Swarm
package import YAML

/// The ledger, arranged for a reader. Every renderer works from this.
package struct Report: Sendable {
  /// Findings of one service, or of a stack's top level.
  package struct Section: Sendable {
    package let subject: Subject
    /// Object kinds and names that the section's service became.
    package fileprivate(set) var title: String
    package var findings: [Finding]
    /// Keys by disposition.
    package var counts: Counts
  }

  /// Keys by disposition.
  package struct Counts: Sendable, Equatable {
    private var values = [Int](repeating: 0, count: Disposition.allCases.count)

    package subscript(disposition: Disposition) -> Int {
      get { values[Int(disposition.rawValue)] }
      set { values[Int(disposition.rawValue)] = newValue }
    }

    package var total: Int { values.reduce(0, +) }

    /// 0…1: the mean of `Disposition.readiness` over all keys that are not inert; 1 without any.
    package var readiness: Double {
      var sum = 0.0
      var number = 0
      for disposition in Disposition.allCases {
        guard let worth = disposition.readiness else { continue }
        sum += worth * Double(self[disposition])
        number += self[disposition]
      }
      return number == 0 ? 1 : sum / Double(number)
    }

    /// The readiness in whole per cent, never rounded up to 100.
    package var percent: Int { Int(readiness * 100) }
  }

  /// One finding that is the same for several services.
  package struct Shared: Sendable {
    package let finding: Finding
    package let places: [(service: String, key: KeyID)]
  }

  package let counts: Counts
  package let sections: [Section]
  /// Findings with the same words in several services, said once.
  package let shared: [Shared]
  /// Findings that need the reader and that the stack does not accept, one for each slug, in the order in which to see to them.
  package private(set) var firstThings: [Finding] = []
  package let serviceCount: Int
  package let objectCount: Int
  package let namespaces: [String]
  package let ledger: Ledger.Closed
  package let sources: Sources
  package let migration: Migration

  package var keys: KeyTable { ledger.keys }

  /// `stack.yml:12:5`, or words for a value that nobody wrote.
  package func place(_ key: KeyID) -> String {
    key == .none ? "" : sources.place(keys.mark(key))
  }
}

extension Report {
  package init(_ migration: Migration, stacks: [Swarm.Stack], sources: Sources) {
    let ledger = migration.ledger
    self.migration = migration
    self.ledger = ledger
    self.sources = sources
    serviceCount = stacks.reduce(0) { $0 + $1.services.count }
    objectCount = migration.stacks.reduce(0) { $0 + $1.objects.count }
    namespaces = migration.stacks.map(\.namespace.rawValue)

    var sections: [Section] = []
    var numbers: [Subject: Int] = [:]
    func number(_ subject: Subject) -> Int {
      let plain = Subject(stack: subject.stack, service: subject.service)
      if let number = numbers[plain] {
        return number
      }
      numbers[plain] = sections.count
      sections.append(
        Section(subject: subject, title: subject.object, findings: [], counts: Counts()))
      return sections.count - 1
    }
    var owners = KeyOwners(ledger.keys)
    for stack in stacks {
      let top = number(Subject(stack: stack.name))
      owners.add(
        stack, top: top,
        services: stack.services.map {
          number(Subject(stack: stack.name, service: $0.name))
        })
    }
    var counts = Counts()
    for entry in ledger.entries {
      counts[entry.disposition] += 1
      if let section = owners[entry.key] { sections[section].counts[entry.disposition] += 1 }
    }
    self.counts = counts

    // The same words in more than one service are said once.
    struct Words: Hashable {
      package let slug: String
      package let text: String
      package let stack: String
    }
    var byWords: [Words: [Int]] = [:]
    for (index, finding) in ledger.findings.enumerated() where finding.subject.service != nil {
      byWords[
        Words(
          slug: finding.message.slug, text: finding.message.text, stack: finding.subject.stack),
        default: []
      ].append(index)
    }
    var sharedIndices = Set<Int>()
    var shared: [(first: Int, value: Shared)] = []
    for indices in byWords.values {
      let services = Set(indices.map { ledger.findings[$0].subject.service })
      guard services.count > 1 else { continue }
      sharedIndices.formUnion(indices)
      shared.append(
        (
          indices[0],
          Shared(
            finding: ledger.findings[indices[0]],
            places: indices.map {
              (ledger.findings[$0].subject.service ?? "", ledger.findings[$0].key)
            })
        ))
    }
    shared.sort {
      ($1.value.finding.disposition, $0.first) < ($0.value.finding.disposition, $1.first)
    }
    self.shared = shared.map(\.value)

    for (index, finding) in ledger.findings.enumerated() {
      let section = number(finding.subject)
      // The last one knows it: what kind a service becomes is settled on the way.
      if !finding.subject.object.isEmpty { sections[section].title = finding.subject.object }
      if !sharedIndices.contains(index) { sections[section].findings.append(finding) }
    }
    for index in sections.indices {
      // Stable: by disposition, the worst first, then in the order of the file.
      let ordered = sections[index].findings.enumerated().sorted {
        ($1.element.disposition, $0.element.key, $0.offset)
          < ($0.element.disposition, $1.element.key, $1.offset)
      }
      sections[index].findings = ordered.map(\.element)
    }
    self.sections = sections

    let accepted = Acceptances(self).byFinding
    firstThings = Self.urgent(
      accepted.isEmpty
        ? ledger.findings
        : ledger.findings.enumerated().filter { accepted[$0.offset] == nil }.map(\.element))
  }

  /// One finding of each slug: by what happens if nobody sees to it, then by disposition, then what more services have. The
  /// two worst of each urgency come before the rest, so that a list cut short names every kind of trouble.
  private static func urgent(_ findings: [Finding]) -> [Finding] {
    var counts: [String: Int] = [:]
    var first: [(offset: Int, finding: Finding)] = []
    // What a service that is to be replaced cannot do any more is no news.
    let replaced = Set(
      findings.lazy.filter { $0.message.kind == Infrastructure.Kind.replace }.map(\.subject))
    for (offset, finding) in findings.enumerated() where finding.disposition >= .decide {
      let isOfReplaced =
        finding.message.kind == Volumes.Kind.dockerSocket && replaced.contains(finding.subject)
      if isOfReplaced { continue }
      let count = counts[finding.message.slug, default: 0]
      counts[finding.message.slug] = count + 1
      if count == 0 { first.append((offset, finding)) }
    }
    func rank(_ finding: Finding) -> Int {
      switch finding.disposition {
      case .manual: 0
      case .lost: 1
      default: 2
      }
    }
    func order(_ item: (offset: Int, finding: Finding)) -> (Urgency, Int, Int, Int) {
      let finding = item.finding
      return (
        finding.message.kind.urgency, rank(finding), -counts[finding.message.slug, default: 0],
        item.offset
      )
    }
    var taken = [Int](repeating: 0, count: Urgency.allCases.count)
    var rest: [Finding] = []
    var worst: [Finding] = []
    for item in first.sorted(by: { order($0) < order($1) }) {
      let urgency = item.finding.message.kind.urgency.rawValue
      taken[urgency] += 1
      if taken[urgency] <= 2 { worst.append(item.finding) } else { rest.append(item.finding) }
    }
    return worst + rest
  }
}
