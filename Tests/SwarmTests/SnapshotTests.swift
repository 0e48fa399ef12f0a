import Delivery
import Diagnostics
import Foundation
import Images
import Stack
@testable import Swarm
import TestSupport
import Testing
import YAML

/// A snapshot of what a stack becomes in an engine gives the same stack again.
@Suite struct SnapshotTests {
  private func load(_ text: String, name: String) throws -> Swarm.Stack {
    var sources = Sources()
    var keys = KeyTable()
    let reading: @Sendable (String) -> Result<[UInt8], FileProblem> = { path in
      path.hasSuffix(".yml")
        ? .success(Array("content of a file".utf8))
        : .failure(FileProblem(path: path, reason: "no such file"))
    }
    let loaded = try loadStack(
      [InputFile(path: "stack.yml", bytes: Array(text.utf8))],
      LoadOptions(environment: [:], workingDirectory: "/here"), into: &sources, keys: &keys,
      reading: reading)
    return Swarm.Stack(
      name: name, loaded,
      files: Files(read: reading, list: { _ in [] }, kind: { _ in .missing }))
  }

  private func snapshot(_ body: String) throws -> Snapshot {
    var sources = Sources()
    let file = sources.add(SourceFile(path: "snapshot.json", bytes: Array(body.utf8)))
    return try Snapshot(JSONDocument.read(file, in: sources))
  }

  private func text(_ json: JSON) -> String { String(decoding: json.bytes, as: UTF8.self) }

  @Test func everyKeyComesBack() throws {
    let file = Testdata.root.appending(path: "Tests/swarm/stacks/every-key.yml")
    let stack = try load(String(contentsOf: file, encoding: .utf8), name: "shop")
    let state = text(stack.engineState)
    let body = "{\"StackferrySnapshot\": 1," + state.dropFirst()
    let read = try snapshot(String(body))
    #expect(read.stackNames == ["shop"])
    var keys = KeyTable()
    let captured = read.stack("shop", keys: &keys)
    #expect(captured.loaded.warnings.map(\.summary) == [])
    #expect(captured.loaded.omitted.isEmpty)
    #expect(text(captured.stack.engineState) == state)
    #expect(keys.count == captured.loaded.keys.count)
  }

  @Test func whatTheEngineFillsInIsLeftOut() throws {
    let stack = try load("services: {web: {image: nginx}}", name: "shop")
    let body = "{\"StackferrySnapshot\": 1," + text(stack.engineState).dropFirst()
    var keys = KeyTable()
    let captured = try snapshot(String(body)).stack("shop", keys: &keys)
    var writer = Writer()
    writer.write(captured.loaded.root)
    let document = String(decoding: writer.bytes, as: UTF8.self)
    #expect(document == "services:\n  web:\n    image: nginx\n")
  }

  @Test func servicesOfNoStackKeepTheirNames() throws {
    let read = try snapshot(
      """
      {"StackferrySnapshot": 1, "Services": [{"ID": "i", "Spec": {"Name": "lone", "Labels": {},
        "TaskTemplate": {"ContainerSpec": {"Image": "nginx:1@sha256:x", "Secrets": [{"File": {"Name": "k", "UID": "0",
        "GID": "0", "Mode": 292}, "SecretName": "k", "SecretID": "s"}],
        "Mounts": [{"Type": "volume", "Source": "data", "Target": "/d"}], "Groups": ["7"]},
        "Networks": [{"Target": "n"}]}, "Mode": {"Replicated": {"Replicas": 4}}}}],
       "Networks": [{"Id": "n", "Name": "shared", "Labels": {}}],
       "Secrets": [{"ID": "s", "Spec": {"Name": "k", "Labels": {}}}],
       "Volumes": [{"Name": "data", "Driver": "local", "Options": {"type": "nfs"}}],
       "Nodes": [{"ID": "m", "Description": {"Hostname": "one"}, "Spec": {"Role": "manager", "Labels": {"a": "b"}}}],
       "Tasks": [{"ServiceID": "i", "NodeID": "m"}]}
      """)
    #expect(read.stackNames == ["swarm"])
    var keys = KeyTable()
    let captured = read.stack("swarm", keys: &keys)
    let stack = captured.stack
    #expect(stack.services.map(\.fullName) == ["lone"])
    #expect(stack.services[0].image?.text == "nginx:1@sha256:x")
    #expect(stack.services[0].replicas == 4)
    #expect(stack.network("shared")?.isExternal == true)
    #expect(stack.volume("data")?.name == "data")
    #expect(stack.volume("data")?.option("type") == "nfs")
    #expect(stack.taskNodes == ["lone": ["one"]])
    #expect(stack.nodes.map(\.labels) == [["a": "b"]])
    #expect(captured.loaded.omitted.map { keys.path($0.key) } == ["services.lone.Groups[0]"])
    #expect(captured.loaded.root["services"]?["lone"]?["Groups"] == nil)
    guard case .file(_, .failure(let problem)) = stack.secrets[0].source else {
      Issue.record("the secret has a value")
      return
    }
    #expect(problem.isHeldBySwarm)
  }

  @Test(arguments: [
    ("[]", "snapshot/no-snapshot"), ("{\"services\": {}}", "snapshot/no-snapshot"),
    ("{\"StackferrySnapshot\": 2}", "snapshot/version"),
    ("{\"StackferrySnapshot\": null}", "snapshot/version"),
  ])
  func otherDocumentsAreRefused(text: String, slug: String) throws {
    let error = #expect(throws: DiagnosticError.self) { try snapshot(text) }
    #expect(error?.diagnostics.map(\.slug) == [slug])
  }

  /// Whatever is in a snapshot, reading it ends, and every key has a number.
  @Test func damagedSnapshotsDoNoHarm() throws {
    let stack = try load(
      String(
        contentsOf: Testdata.root.appending(path: "Tests/swarm/stacks/every-key.yml"),
        encoding: .utf8), name: "shop")
    let body = Array(("{\"StackferrySnapshot\": 1," + text(stack.engineState).dropFirst()).utf8)
    var state: UInt64 = 42
    for _ in 0..<300 {
      var damaged = body
      for _ in 0..<3 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let place = Int(state >> 33) % damaged.count
        let signs = Array("0{}[]\",:-nft".utf8)
        damaged[place] = signs[Int(state >> 20) % signs.count]
      }
      guard let read = try? snapshot(String(decoding: damaged, as: UTF8.self)) else { continue }
      for name in read.stackNames {
        var keys = KeyTable()
        let captured = read.stack(name, keys: &keys)
        #expect(keys.count == captured.loaded.keys.count)
        _ = captured.stack.engineState
      }
    }
  }
}
