package import Delivery
package import Diagnostics
package import Foundation
package import Images
package import Kubernetes
package import Ledger
package import Mapping
package import Report
package import Stack
package import Swarm
package import YAML

/// A migration of stack texts, with everything that a test may want to look at.
package struct Migrated {
  /// Input that Docker would refuse; thrown with the rendered errors.
  package struct Refused: Error, CustomStringConvertible {
    package let description: String
  }

  package let stacks: [Swarm.Stack]
  package let migration: Migration
  package let report: Report
  package let keys: KeyTable

  /// The manifests as one stream, as `convert -o -` prints them.
  package var manifests: String { String(decoding: manifestStream(migration), as: UTF8.self) }

  /// Everything that the report says.
  package var text: String { ReportListing(report).render() }

  package var findings: [Finding] { migration.ledger.findings }

  package var objects: [any Kubernetes.Object] { migration.stacks.flatMap(\.objects) }

  /// The slugs of all findings, in their order.
  package var slugs: [String] { findings.map(\.message.slug) }

  package func finding(_ slug: String) -> Finding? { findings.first { $0.message.slug == slug } }

  /// What became of the leaf at a path such as `services.web.deploy.replicas`; nil without such a leaf.
  package func disposition(_ path: String) -> Disposition? {
    migration.ledger.entries.first { keys.path($0.key) == path }?.disposition
  }

  /// The object of a kind and name.
  package func object<Kind: Kubernetes.Object>(_ kind: Kind.Type, _ name: String = "web") -> Kind? {
    objects.lazy.compactMap { $0 as? Kind }.first { $0.metadata.name.rawValue == name }
  }
}

/// Migrates one stack text. `files` are what stands beside it, by name.
package func migrated(
  _ text: String, stack: String = "shop", _ options: Options = Options(),
  files: [String: [UInt8]] = [:], environment: [String: String] = [:]
) throws -> Migrated {
  try migrated([(stack, text)], options, files: VirtualFolder(files), environment: environment)
}

/// Migrates a service: its keys, as they stand under `services.web`.
package func migrated(service keys: String, _ options: Options = Options()) throws -> Migrated {
  try migrated("services:\n  web:\n" + indented(keys, by: 4), options)
}

package func indented(_ text: String, by count: Int) -> String {
  let blanks = String(repeating: " ", count: count)
  return text.split(separator: "\n", omittingEmptySubsequences: false)
    .map { $0.isEmpty ? "\n" : blanks + $0 + "\n" }.joined()
}

/// Migrates several stacks at once. With `isChecked`, what only the manager refuses is refused here as well.
package func migrated(
  _ stacks: [(name: String, text: String)], _ options: Options, files: VirtualFolder,
  environment: [String: String], dialect: LoadOptions.Dialect = .swarm, isChecked: Bool = false
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
  return try migrated(swarm, loaded, options, sources, keys)
}

/// Migrates what a Swarm runs.
package func migrated(snapshot bytes: [UInt8], _ options: Options) throws -> Migrated {
  var sources = Sources()
  var keys = KeyTable()
  let file = sources.add(SourceFile(path: "snapshot.json", bytes: bytes))
  let snapshot = try Snapshot(JSONDocument.read(file, in: sources))
  let captured = snapshot.stackNames.map { snapshot.stack($0, keys: &keys) }
  return try migrated(captured.map(\.stack), captured.map(\.loaded), options, sources, keys)
}

private func migrated(
  _ swarm: [Swarm.Stack], _ loaded: [LoadedStack], _ options: Options, _ sources: Sources,
  _ keys: KeyTable
) throws -> Migrated {
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
package struct VirtualFolder {
  package static let root = "/stack"
  package let files: Swarm.Files

  /// Files by their path below the stack's folder.
  package init(_ contents: [String: [UInt8]]) {
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
