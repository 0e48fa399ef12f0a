import Delivery
import Diagnostics
import Images
import Proxies
import Stack
@testable import Swarm
import TestSupport
import Testing
import YAML

/// What `stackferry model` prints. That it is what an engine holds is compared with a real one by `make test-swarm`.
@Suite struct EngineStateTests {
  private func state(_ text: String, files: [String: String] = [:]) throws -> String {
    var sources = Sources()
    var keys = KeyTable()
    let reading: @Sendable (String) -> Result<[UInt8], FileProblem> = { path in
      files[path].map { .success(Array($0.utf8)) }
        ?? .failure(FileProblem(path: path, reason: "no such file"))
    }
    let loaded = try loadStack(
      [InputFile(path: "stack.yml", bytes: Array(text.utf8))],
      LoadOptions(environment: [:], workingDirectory: "/here"), into: &sources, keys: &keys,
      reading: reading)
    let stack = Swarm.Stack(
      name: "shop", loaded, files: Files(read: reading, list: { _ in [] }, kind: { _ in .missing }))
    return String(decoding: stack.engineState.bytes, as: UTF8.self)
  }

  @Test func defaultsAreWrittenOut() throws {
    let text = try state("services: {web: {image: nginx}}")
    for line in [
      #""Name": "shop_web""#, #""Image": "nginx:latest""#, #""com.docker.stack.image": "nginx""#,
      #""StopGracePeriod": 10000000000"#, #""Condition": "any""#, #""Delay": 5000000000"#,
      #""Replicas": 1"#, #""FailureAction": "pause""#, #""Monitor": 5000000000"#,
      #""Mode": "vip""#, #""Target": "shop_default""#,
    ] {
      #expect(text.contains(line), "\(line)")
    }
  }

  @Test func networksThatNobodyUsesAreNotCreated() throws {
    let text = try state(
      """
      services: {web: {image: nginx, networks: [back]}}
      networks: {back: {}, spare: {}, outside: {external: true}}
      """)
    #expect(text.contains(#""Name": "shop_back""#))
    #expect(!text.contains("spare"))
    #expect(!text.contains("outside"))
  }

  @Test func secretsHaveNoData() throws {
    let text = try state(
      """
      services: {web: {image: nginx, secrets: [key], configs: [text]}}
      secrets: {key: {file: key.txt}}
      configs: {text: {file: text.txt}}
      """,
      files: ["/here/key.txt": "hunter2", "/here/text.txt": "hello"])
    #expect(text.contains(#""Data": "aGVsbG8=""#))
    #expect(!text.contains("hunter2"))
    #expect(!text.contains(Base64.encode(Array("hunter2".utf8))))
  }

  @Test(arguments: [
    ("nginx", "nginx:latest"), ("docker.io/library/nginx:1", "nginx:1"),
    ("index.docker.io/team/app", "team/app:latest"), ("library/a/b", "library/a/b:latest"),
    ("localhost:5000/app", "localhost:5000/app:latest"), ("Not An Image", "Not An Image"),
    (
      "a:1@sha256:\(String(repeating: "0", count: 64))",
      "a:1@sha256:\(String(repeating: "0", count: 64))"
    ),
  ])
  func imagesAreFamiliar(written: String, held: String) {
    #expect(ImageReference.familiar(written) == held)
  }
}
