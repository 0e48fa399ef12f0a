package import Foundation
package import Ledger
package import Mapping
package import Report
package import Stack
package import Testing

/// A case under `testdata/features/FEATURE/CASE` or a stack under `testdata/stacks/NAME`.
///
/// `stack.yml`, with `stack.2.yml` and so on as further files of it, is migrated as the stack `shop`; or each `NAME.yml` in the folder `stacks` as one of several, where
/// `NAME.1.yml` and `NAME.2.yml` are two files of one; or `snapshot.json` as what a Swarm runs. What else stands in the folder
/// is there for the stack to read. `options.txt` holds options as on the command line, and variables as `NAME=value`, one a
/// line. A value `<N characters>` is a text of that length, and a name that begins with `./` a file beside the stack.
package struct Fixture: CustomTestStringConvertible, Sendable {
  /// Below `testdata`.
  package let path: String

  package var testDescription: String { path }

  package init(path: String) { self.path = path }

  package static let all: [Fixture] =
    Testdata.names(in: "features").flatMap { feature in
      Testdata.names(in: "features/\(feature)").map { Fixture(path: "features/\(feature)/\($0)") }
    } + Testdata.names(in: "stacks").map { Fixture(path: "stacks/\($0)") }

  /// What no stack reads.
  private static let ours =
    [
      "stack.yml", "snapshot.json", "expected.yaml", "report.txt", "options.txt",
    ] + (2..<9).map { "stack.\($0).yml" }

  /// The stacks' texts; a name that comes again has further files. None for a snapshot.
  package func stacks() throws -> [(name: String, text: String)] {
    if Testdata.exists("\(path)/stack.yml") {
      return try Self.ours.filter { $0.hasPrefix("stack.") && Testdata.exists("\(path)/\($0)") }
        .map { ("shop", try Testdata.text("\(path)/\($0)")) }
    }
    return try Testdata.names(in: "\(path)/stacks").map { file in
      (
        String(file.split(separator: ".")[0]),
        try Testdata.text("\(path)/stacks/\(file)")
      )
    }
  }

  /// What lies beside the stacks, by name.
  package func contents() throws -> [String: [UInt8]] {
    var contents = try settings().files
    let folder = Testdata.url(path)
    guard let names = FileManager.default.enumerator(atPath: folder.path) else {
      return contents
    }
    for case let name as String in names
    where !Self.ours.contains(name) && !name.hasPrefix("stacks/") {
      var isDirectory: ObjCBool = false
      let file = folder.appending(path: name)
      _ = FileManager.default.fileExists(atPath: file.path, isDirectory: &isDirectory)
      if !isDirectory.boolValue { contents[name] = try Array(Data(contentsOf: file)) }
    }
    return contents
  }

  /// What the command line would make of it: what Docker refuses is refused.
  package func migrate(_ stacks: [(name: String, text: String)]? = nil) throws -> Migrated {
    let settings = try settings()
    let snapshot = "\(path)/snapshot.json"
    if Testdata.exists(snapshot) {
      return try migrated(snapshot: Testdata.bytes(snapshot), settings.options)
    }
    return try migrated(
      stacks ?? self.stacks(), settings.options, files: VirtualFolder(contents()),
      environment: settings.environment, dialect: settings.dialect, isChecked: true)
  }

  /// Migrates stacks that are spread over files.
  package func migrate(
    _ stacks: [(name: String, spread: Spread)], isChecked: Bool = false
  ) throws -> Migrated {
    let settings = try settings()
    var beside = try contents()
    for stack in stacks { beside.merge(stack.spread.beside) { $1 } }
    return try migrated(
      stacks.flatMap { stack in stack.spread.texts.map { (stack.name, $0) } }, settings.options,
      files: VirtualFolder(beside), environment: settings.environment,
      dialect: stacks.first?.spread.layout.dialect ?? .swarm, isChecked: isChecked)
  }

  /// Whose rules the fixture's files follow.
  package func dialect() throws -> LoadOptions.Dialect { try settings().dialect }

  /// The minor version of Kubernetes that the fixture's options name.
  package func minor() throws -> Int { try settings().options.kubernetes.minor }

  private struct BadOption: Error { let line: String }

  package struct Settings {
    package var options = Options()
    package var dialect = LoadOptions.Dialect.swarm
    package var environment: [String: String] = [:]
    /// Texts whose length alone matters.
    package var files: [String: [UInt8]] = [:]
  }

  package func settings() throws -> Settings {
    var settings = Settings()
    guard Testdata.exists("\(path)/options.txt") else { return settings }
    var options: Options {
      get { settings.options }
      set { settings.options = newValue }
    }
    for line in try Testdata.text("\(path)/options.txt").split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
      let value = parts.count > 1 ? parts[1] : ""
      switch parts[0] {
      case "--namespace": options.namespace = value
      case "--kubernetes": options.kubernetes = try .init(value) ?? bad(line)
      case "--service-type": options.serviceType = try .init(rawValue: value) ?? bad(line)
      case "--publish": options.publish = try .init(rawValue: value) ?? bad(line)
      case "--routes": options.routes = try .init(rawValue: value) ?? bad(line)
      case "--secrets": options.secrets = try .init(rawValue: value) ?? bad(line)
      case "--secret-store": options.secretStore = value
      case "--requests-from-limits": options.requestsFromLimits = try Double(value) ?? bad(line)
      case "--volume-size": options.volumeSize = value
      case "--storage-class": options.storageClass = value
      case "--ingress-class": options.ingressClass = value
      case "--gateway": options.gateway = value
      case "--cluster-issuer": options.clusterIssuer = value
      case "--ingress-namespace": options.ingressNamespace = value
      case "--nodes": options.nodes = try Int(value) ?? bad(line)
      case "--harden": options.harden = true
      case "--no-rewrite-hosts": options.rewriteHosts = false
      case "--allow-missing": options.allowMissing = true
      case "--skip-infrastructure": options.skipInfrastructure = true
      case "--dialect": settings.dialect = value == "compose" ? .compose : try bad(line)
      default:
        let pair = line.split(separator: "=", maxSplits: 1).map(String.init)
        guard pair.count == 2, !line.hasPrefix("-") else { throw BadOption(line: String(line)) }
        let text = Self.text(pair[1])
        if pair[0].hasPrefix("./") {
          settings.files[String(pair[0].dropFirst(2))] = Array(text.utf8)
        } else {
          settings.environment[pair[0]] = text
        }
      }
    }
    return settings
  }

  private static func text(_ value: String) -> String {
    guard let match = value.wholeMatch(of: /<([0-9]+) characters>/), let count = Int(match.1) else {
      return value
    }
    return String(repeating: "x", count: count)
  }

  private func bad<Value>(_ line: Substring) throws -> Value { throw BadOption(line: String(line)) }
}
