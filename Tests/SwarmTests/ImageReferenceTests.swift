import Swarm
import TestSupport
import Testing

/// Image references are taken apart, and refused, as Docker does it.
@Suite struct ImageReferenceTests {
  static let digest = "sha256:" + String(repeating: "0a", count: 32)

  @Test(
    arguments: [
      ("nginx", nil, "nginx", nil, nil),
      ("nginx:1.27-alpine", nil, "nginx", "1.27-alpine", nil),
      ("library/nginx", nil, "library/nginx", nil, nil),
      ("registry.example/team/app:v1", "registry.example", "team/app", "v1", nil),
      ("localhost/app", "localhost", "app", nil, nil),
      ("localhost:5000/app:2", "localhost:5000", "app", "2", nil),
      ("[::1]:5000/app", "[::1]:5000", "app", nil, nil),
      // A capital makes the first part a registry.
      ("Team/app", "Team", "app", nil, nil),
      ("a__b/c-d--e.f_g", nil, "a__b/c-d--e.f_g", nil, nil),
      ("app:_tag", nil, "app", "_tag", nil),
    ] as [(String, String?, String, String?, String?)])
  func reads(
    text: String, registry: String?, repository: String, tag: String?, digest: String?
  ) throws {
    let image = try ImageReference(text)
    #expect(image.registry == registry)
    #expect(image.repository == repository)
    #expect(image.tag == tag)
    #expect(image.digest == digest)
  }

  @Test func readsDigests() throws {
    let pinned = try ImageReference("app@\(Self.digest)")
    #expect(pinned.digest == Self.digest)
    #expect(pinned.tag == nil)
    #expect(!pinned.isLatest)
    let both = try ImageReference("app:1.2@\(Self.digest)")
    #expect(both.tag == "1.2")
    #expect(both.digest == Self.digest)
    #expect(try !ImageReference("app:latest@\(Self.digest)").isLatest)
  }

  @Test func knowsWhatMayChange() throws {
    #expect(try ImageReference("app").isLatest)
    #expect(try ImageReference("app:latest").isLatest)
    #expect(try !ImageReference("app:1").isLatest)
  }

  @Test(arguments: [
    ("", ImageReference.Problem.invalidFormat),
    (":1", .invalidFormat),
    ("app:", .invalidFormat),
    ("app:ta g", .invalidFormat),
    ("app:-tag", .invalidFormat),
    ("app@sha256:12", .invalidFormat),
    ("app@\(Self.digest.uppercased())", .invalidFormat),
    ("-app", .invalidFormat),
    ("app-", .invalidFormat),
    ("a..b", .invalidFormat),
    ("a___b", .invalidFormat),
    ("a//b", .invalidFormat),
    ("App", .notLowercase),
    ("team/App:1", .notLowercase),
    (String(repeating: "0a", count: 32), .hexadecimal),
  ])
  func refuses(text: String, problem: ImageReference.Problem) {
    #expect(throws: problem) { try ImageReference(text) }
  }
}
