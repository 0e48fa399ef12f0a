import Basics
@testable import Diagnostics
import Kubernetes
import Mapping
import Swarm
import TestSupport
import Testing
import Validation

struct NearestTests {
  private let keys = ["replicas", "resources", "restart_policy", "update_config", "mode", "labels"]

  @Test func typingErrors() {
    #expect(nearest("replcas", among: keys) == "replicas")
    #expect(nearest("relpicas", among: keys) == "replicas")
    #expect(nearest("ressources", among: keys) == "resources")
    #expect(nearest("restart-policy", among: keys) == "restart_policy")
    #expect(nearest("mdoe", among: keys) == "mode")
    #expect(nearest("Labels", among: keys) == "labels")
    #expect(nearest("label", among: keys) == "labels")
  }

  @Test func nothingNear() {
    #expect(nearest("volumes", among: keys) == nil)
    #expect(nearest("", among: keys) == nil)
    #expect(nearest("x", among: ["y"]) == nil)
    #expect(nearest("mode", among: ["mode"]) == nil)
    #expect(nearest(String(repeating: "a", count: 100_000), among: keys) == nil)
  }

  @Test func theNearestThenTheFirst() {
    #expect(nearest("abcd", among: ["abxd", "abcde", "abcd1"]) == "abxd")
    #expect(nearest("abcdef", among: ["abcxyf", "abcdxf"]) == "abcdxf")
  }
}
