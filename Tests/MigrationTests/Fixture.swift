import Foundation
import Migration
import Stack
import TestSupport
import Testing

/// A case under `testdata/features/FEATURE/CASE` or a stack under `testdata/stacks/NAME`.
///
/// `stack.yml`, with `stack.2.yml` and so on as further files of it, is migrated as the stack `shop`; or each `NAME.yml` in
/// the folder `stacks` as one of several. What else stands in the folder is there for the stack to read. `options.txt` holds
/// options as on the command line, and variables as `NAME=value`, one a line.
struct Fixture: CustomTestStringConvertible, Sendable {
  /// Below `testdata`.
  let path: String

  var testDescription: String { path }

  static let all: [Fixture] =
    Testdata.names(in: "features").flatMap { feature in
      Testdata.names(in: "features/\(feature)").map { Fixture(path: "features/\(feature)/\($0)") }
    } + Testdata.names(in: "stacks").map { Fixture(path: "stacks/\($0)") }

  /// What is not input.
  private static let ours =
    ["expected.yaml", "report.txt", "options.txt", "stack.yml"] + (2..<9).map { "stack.\($0).yml" }

  /// The stacks' texts; a name that comes again has further files.
  func stacks() throws -> [(name: String, text: String)] {
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
  func contents() throws -> [String: [UInt8]] {
    let folder = Testdata.url(path)
    var contents: [String: [UInt8]] = [:]
    guard let names = FileManager.default.enumerator(atPath: folder.path) else {
      return [:]
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

  func migrate(
    _ stacks: [(name: String, text: String)]? = nil, isChecked: Bool = false
  ) throws -> Migrated {
    let (options, environment) = try settings()
    return try migrated(
      stacks ?? self.stacks(), options, files: VirtualFolder(contents()),
      environment: environment, isChecked: isChecked, dialect: dialect())
  }

  /// Migrates stacks that are spread over files.
  func migrate(
    _ stacks: [(name: String, spread: Spread)], isChecked: Bool = false
  ) throws -> Migrated {
    let (options, environment) = try settings()
    var beside = try contents()
    for stack in stacks { beside.merge(stack.spread.beside) { $1 } }
    return try migrated(
      stacks.flatMap { stack in stack.spread.texts.map { (stack.name, $0) } }, options,
      files: VirtualFolder(beside), environment: environment, isChecked: isChecked,
      dialect: stacks.first?.spread.layout.dialect ?? .swarm)
  }

  /// Whose rules the fixture's files follow.
  func dialect() throws -> LoadOptions.Dialect {
    let file = "\(path)/options.txt"
    let isCompose = try Testdata.exists(file) && Testdata.text(file).contains("--dialect compose")
    return isCompose ? .compose : .swarm
  }

  /// The minor version of Kubernetes that the fixture's options name.
  func minor() throws -> Int { try settings().0.kubernetes.minor }

  private struct BadOption: Error { let line: String }

  func settings() throws -> (Options, [String: String]) {
    var options = Options()
    var environment: [String: String] = [:]
    guard Testdata.exists("\(path)/options.txt") else { return (options, environment) }
    for line in try Testdata.text("\(path)/options.txt").split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
      let value = parts.count > 1 ? parts[1] : ""
      switch parts[0] {
      case "--dialect": break
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
      default:
        let pair = line.split(separator: "=", maxSplits: 1).map(String.init)
        guard pair.count == 2, !line.hasPrefix("-") else { throw BadOption(line: String(line)) }
        environment[pair[0]] = pair[1]
      }
    }
    return (options, environment)
  }

  private func bad<Value>(_ line: Substring) throws -> Value { throw BadOption(line: String(line)) }
}
