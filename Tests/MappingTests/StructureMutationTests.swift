import Kubernetes
import Diagnostics
import Swarm
import Delivery
import Ledger
import Mapping
import Report
import Stack
import TestSupport
import Testing
import YAML

/// Whatever the files say, in one file or three: they are refused with a reason, or every key is accounted for, once, and
/// every report can be written. Other ends of the program are faults.
///
/// `swift test` tries some; `make test-mutations` tries many more, and finds the same ones for the same number again.
@Suite struct StructureMutationTests {
  private static let batch = 25
  private static let count = LongRun.mutations ?? 1500

  @Test(.timeLimit(.minutes(30)), arguments: 0..<count / batch)
  func endsWell(_ number: Int) throws {
    for seed in number * Self.batch..<(number + 1) * Self.batch {
      var run = try Run(seed)
      let fault = run.fault()
      #expect(fault == nil, "run \(seed): \(run.text)")
    }
  }

  /// Not everything that is tried is refused.
  @Test func manyAreAccepted() throws {
    var accepted = 0
    for seed in 0..<200 {
      var run = try Run(seed)
      _ = run.fault()
      if !run.isRefused { accepted += 1 }
    }
    #expect(accepted > 60)
  }

  /// A fixture that is read once.
  private struct Case {
    let stacks: [(name: String, root: Node)]
    let beside: [String: [UInt8]]
    let options: Options
    let environment: [String: String]

    init(_ fixture: Fixture) throws {
      stacks = try fixture.stacks().map { ($0.name, try Node(parsing: $0.text)) }
      beside = try fixture.contents().merging(SchemaKey.files) { $1 }
      let settings = try fixture.settings()
      (options, environment) = (settings.options, settings.environment)
    }
  }

  private static let cases: [Case] = Fixture.all.compactMap { try? Case($0) }
    .filter { !$0.stacks.isEmpty }

  /// Parts of all fixtures' stacks.
  private static let donors: [Node] = cases.flatMap { $0.stacks.flatMap { parts($0.root) } }

  private static func parts(_ node: Node) -> [Node] {
    let children = node.items ?? node.entries?.map(\.value) ?? []
    return children + children.flatMap(parts)
  }

  private struct Run {
    let number: Int
    private let layout: Spread.Layout
    private var options: Options
    private var stacks: [(name: String, spread: Spread)] = []
    private let beside: [String: [UInt8]]
    private let environment: [String: String]
    private(set) var isRefused = false

    /// What the files say.
    var text: String {
      stacks.map { stack in
        let beside = stack.spread.beside.sorted { $0.key < $1.key }
          .map { "\($0.key):\n\(String(decoding: $0.value, as: UTF8.self))" }
        return ([stack.name, "\(layout)"] + stack.spread.texts + beside).joined(
          separator: "\n---\n")
      }.joined(separator: "\n===\n")
    }

    init(_ number: Int) throws {
      self.number = number
      var random = Random(seed: UInt64(number))
      let base = random.pick(StructureMutationTests.cases)
      layout = random.pick(Spread.Layout.allCases)
      options = base.options
      environment = base.environment
      if random.chance(60) {
        options.routes = random.pick(Options.Routes.allCases)
        options.publish = random.pick(Options.Publish.allCases)
        options.secrets = random.pick(Options.Secrets.allCases)
        options.serviceType = random.pick(Options.ServiceType.allCases)
        options.kubernetes = random.chance(50) ? .oldest : .newest
        options.harden = random.chance(30)
        options.rewriteHosts = random.chance(70)
        options.skipInfrastructure = random.chance(20)
        options.requestsFromLimits = random.chance(20) ? 0.5 : nil
        options.allowMissing = random.chance(50)
      }
      var mutator = Mutator(
        random: random, dialect: layout.dialect, donors: StructureMutationTests.donors)
      beside = base.beside
      for (position, (name, root)) in base.stacks.enumerated() {
        var documents: [Node] = []
        let files = 1 + mutator.random.below(3)
        for file in 0..<files {
          switch mutator.random.below(5) {
          case 0: documents.append(mutator.changed(root).part(file, of: files))
          case 1 where file > 0: documents.append(mutator.changed(root.half))
          case 2 where files > 1: documents.append(root)
          default: documents.append(mutator.changed(root))
          }
        }
        stacks.append((name, Spread(documents, layout, named: "\(name)\(position)-")))
      }
    }

    /// What should not have happened; nil where nothing did.
    mutating func fault() -> String? {
      var files = beside
      for stack in stacks { files.merge(stack.spread.beside) { $1 } }
      let result: Migrated
      do {
        result = try migrated(
          stacks.flatMap { stack in stack.spread.texts.map { (stack.name, $0) } }, options,
          files: VirtualFolder(files), environment: environment, dialect: layout.dialect,
          isChecked: true)
      } catch let refused as Migrated.Refused {
        isRefused = true
        return refused.description.contains("error") ? nil : "refused without a reason"
      } catch {
        return "\(error)"
      }
      let ledger = result.migration.ledger
      if !ledger.unsettled.isEmpty {
        return "not accounted for: \(ledger.unsettled.map(result.keys.path))"
      }
      if !ledger.conflicts.isEmpty {
        return "accounted for twice: \(ledger.conflicts.map(result.keys.path))"
      }
      let report = result.report
      if report.sections.reduce(0, { $0 + $1.counts.total }) != report.counts.total {
        return "keys of no section"
      }
      if result.manifests.isEmpty { return "no manifests" }
      // Each of them in turn.
      let isEmpty =
        switch number % 7 {
        case 0: TextReport(report).render().isEmpty
        case 1: MarkdownReport(report).render().isEmpty
        case 2: HTMLReport(report, toolVersion: "1.2.3").render().isEmpty
        case 3: ReportDocument(report, toolVersion: "1.2.3").json.bytes.isEmpty
        case 4: SARIFReport(report, toolVersion: "1.2.3").json.bytes.isEmpty
        case 5: JUnitReport(report).render().isEmpty
        default: result.text.isEmpty || Answers.template(report).isEmpty
        }
      return isEmpty ? "an empty report" : nil
    }
  }
}
