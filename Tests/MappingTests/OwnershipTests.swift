import Delivery
import Diagnostics
import Foundation
import Kubernetes
import Ledger
import Mapping
import Report
import Swarm
import TestSupport
import Testing
import Validation

/// Every key of the stack schema has one feature that settles it.
@Suite struct OwnershipTests {
  /// A key of `testdata/schema/keys.txt`, with a value to try it with.
  struct Key: CustomTestStringConvertible, Sendable {
    let path: String
    let sample: String
    var parts: [String] { path.split(separator: ".").map(String.init) }
    var testDescription: String { path }
  }

  static let inventory: [Key] = {
    let text = (try? Testdata.text("schema/keys.txt")) ?? ""
    return text.split(separator: "\n").map { line in
      let halves = line.split(separator: "\t", maxSplits: 1).map(String.init)
      return Key(path: halves[0], sample: halves[1])
    }
  }()

  @Test func theInventoryIsThere() {
    #expect(Self.inventory.count > 150)
  }

  @Test(arguments: inventory)
  func hasOneOwner(_ key: Key) {
    let owners: [String] = Features.all
      .filter { feature in feature.owns.contains { $0.matches(key.parts) } }
      .map { $0.name }
    #expect(owners.count == 1, "owned by \(owners)")
  }

  /// A pattern that covers no key of the schema is a spelling mistake.
  @Test func everyPatternCoversAKey() {
    for feature in Features.all {
      for pattern in feature.owns {
        // An empty mapping or list is a leaf itself: `services: {}`.
        let isKnown = Self.inventory.contains { key in
          key.parts.indices.contains { pattern.matches(Array(key.parts[...$0])) }
        }
        #expect(isKnown, "\(feature.name) owns \(pattern), which no schema has")
      }
    }
  }

  /// The registry lists the features of the folder, by the names of their files.
  @Test func theRegistryIsTheFolder() {
    let folder = Testdata.root.appending(path: "Sources/Mapping/Features")
    let files = Testdata.files(below: folder, endings: ["swift"])
      .map { $0.dropLast(".swift".count).lowercased() }
    let names = Features.all.map { $0.name.replacing("-", with: "") }
    #expect(names.sorted() == files.sorted())
    #expect(Set(names).count == names.count)
  }
}
