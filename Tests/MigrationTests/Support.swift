import Delivery
import Diagnostics
import Foundation
import Images
import Kubernetes
import Migration
import Stack
import Swarm
import TestSupport
import YAML

/// A migration of stack texts, with everything that a test may want to look at.
struct Migrated {
  /// Input that Docker would refuse; thrown with the rendered errors.
  struct Refused: Error, CustomStringConvertible {
    let description: String
  }

  let stacks: [Swarm.Stack]
  let migration: Migration
  let report: Report
  let keys: KeyTable

  /// The manifests as one stream, as `convert -o -` prints them.
  var manifests: String { String(decoding: manifestStream(migration), as: UTF8.self) }

  /// Everything that the report says.
  var text: String { ReportListing(report).render() }

  var findings: [Finding] { migration.ledger.findings }

  var objects: [any Kubernetes.Object] { migration.stacks.flatMap(\.objects) }

  /// The slugs of all findings, in their order.
  var slugs: [String] { findings.map(\.message.slug) }

  func finding(_ slug: String) -> Finding? { findings.first { $0.message.slug == slug } }

  /// What became of the leaf at a path such as `services.web.deploy.replicas`; nil without such a leaf.
  func disposition(_ path: String) -> Disposition? {
    migration.ledger.entries.first { keys.path($0.key) == path }?.disposition
  }

  /// The object of a kind and name.
  func object<Kind: Kubernetes.Object>(_ kind: Kind.Type, _ name: String = "web") -> Kind? {
    objects.lazy.compactMap { $0 as? Kind }.first { $0.metadata.name.rawValue == name }
  }
}

/// Migrates one stack text. `files` are what stands beside it, by name.
func migrated(
  _ text: String, stack: String = "shop", _ options: Options = Options(),
  files: [String: [UInt8]] = [:], environment: [String: String] = [:]
) throws -> Migrated {
  try migrated([(stack, text)], options, files: VirtualFolder(files), environment: environment)
}

/// Migrates a service: its keys, as they stand under `services.web`.
func migrated(service keys: String, _ options: Options = Options()) throws -> Migrated {
  try migrated("services:\n  web:\n" + indented(keys, by: 4), options)
}

func indented(_ text: String, by count: Int) -> String {
  let blanks = String(repeating: " ", count: count)
  return text.split(separator: "\n", omittingEmptySubsequences: false)
    .map { $0.isEmpty ? "\n" : blanks + $0 + "\n" }.joined()
}

/// Migrates several stacks at once. With `isChecked`, what only the manager refuses is refused here as well.
func migrated(
  _ stacks: [(name: String, text: String)], _ options: Options, files: VirtualFolder,
  environment: [String: String], isChecked: Bool = false,
  dialect: LoadOptions.Dialect = .swarm
) throws -> Migrated {
  var sources = Sources()
  var keys = KeyTable()
  var loaded: [LoadedStack] = []
  var problems: [Diagnostic] = []
  let load = LoadOptions(
    dialect: dialect, environment: environment, workingDirectory: VirtualFolder.root)
  // A name that comes twice is one stack of several files, as on the command line.
  var names: [String] = []
  for (name, _) in stacks where !names.contains(name) { names.append(name) }
  for name in names {
    let texts = stacks.filter { $0.name == name }.map(\.text)
    let inputs = texts.enumerated().map { number, text in
      let base = names.count == 1 ? "stack" : name
      return InputFile(
        path: number == 0 ? "\(base).yml" : "\(base).\(number + 1).yml", bytes: Array(text.utf8))
    }
    do {
      let stack = try loadStack(
        inputs, load, into: &sources, keys: &keys, reading: { files.files.read($0) })
      loaded.append(stack)
      // Docker Compose has checked its own references.
      if dialect == .swarm {
        problems += isChecked ? deployProblems(stack) : referenceProblems(stack)
      }
    } catch {
      problems += error.diagnostics
    }
  }
  if !problems.isEmpty {
    throw Migrated.Refused(
      description: DiagnosticRenderer(color: false).render(problems, in: sources))
  }
  let swarm = zip(names, loaded).map {
    ImageEvidence.dockerfiles(
      of: Swarm.Stack(name: $0, $1, files: files.files, folder: VirtualFolder.root),
      files: files.files, sources: &sources)
  }
  let content = contentProblems(swarm, options).map { problem in
    var diagnostic = problem.diagnostic
    diagnostic.mark = keys.mark(problem.key)
    return diagnostic
  }
  if !content.isEmpty {
    throw Migrated.Refused(
      description: DiagnosticRenderer(color: false).render(content, in: sources))
  }
  let migration = migrate(swarm, loaded: loaded, Choices(options), keys: keys)
  return Migrated(
    stacks: swarm, migration: migration, report: Report(migration, stacks: swarm, sources: sources),
    keys: keys)
}

/// Files that a stack names, at a place that is the same on every machine.
struct VirtualFolder {
  static let root = "/stack"
  let files: Swarm.Files

  /// Files by their path below the stack's folder.
  init(_ contents: [String: [UInt8]]) {
    let byPath = Dictionary(
      uniqueKeysWithValues: contents.map { ("\(Self.root)/\($0.key)", $0.value) })
    files = Swarm.Files(
      read: { path in
        byPath[Self.normal(path)].map { .success($0) }
          ?? .failure(FileProblem(path: path, reason: "No such file or directory"))
      },
      list: { path in
        let folder = Self.normal(path) + "/"
        let names = byPath.keys.filter { $0.hasPrefix(folder) }
          .compactMap { $0.dropFirst(folder.count).split(separator: "/").first.map(String.init) }
        return Set(names).sorted()
      },
      kind: { path in
        let path = Self.normal(path)
        if byPath[path] != nil { return .file }
        return byPath.keys.contains { $0.hasPrefix(path + "/") } ? .directory : .missing
      })
  }

  /// Without `.` and `..`, and below the root where it is relative.
  private static func normal(_ path: String) -> String {
    var parts: [Substring] = []
    for part in (path.hasPrefix("/") ? path : "\(root)/\(path)").split(separator: "/")
    where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }
}
