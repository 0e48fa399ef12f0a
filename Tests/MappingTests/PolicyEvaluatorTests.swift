import Delivery
import Kubernetes
import Mapping
import Report
import Swarm
import TestSupport
import Testing
import Validation

/// The evaluator itself, on the cases of the API's documentation.
@Suite struct PolicyEvaluatorTests {
  private static func policy(
    _ name: ObjectName, select: LabelSelector = LabelSelector(),
    types: [NetworkPolicy.PolicyType], ingress: [NetworkPolicy.Rule] = [],
    egress: [NetworkPolicy.Rule] = []
  ) -> NetworkPolicy {
    NetworkPolicy(
      metadata: ObjectMeta(name: name, namespace: "shop"), podSelector: select,
      policyTypes: types, ingress: ingress, egress: egress)
  }

  private static func pod(
    _ labels: [String: String] = [:], in namespace: String = "shop", isOnHost: Bool = false
  ) -> PolicyEvaluator.Endpoint {
    .pod(PolicyEvaluator.Pod(namespace: namespace, labels: labels, isOnHost: isOnHost))
  }

  private static let web = pod(["app": "web"])
  private static let store = pod(["app": "store"])
  private static let stranger = pod(["app": "web"], in: "other")

  @Test func withoutPoliciesEverybodyConnects() {
    let cluster = PolicyEvaluator([])
    #expect(cluster.mayConnect(Self.web, Self.store, 80))
    #expect(cluster.mayConnect(.outside("192.0.2.1"), Self.store, 80))
  }

  @Test func aPolicyWithoutRulesClosesItsDirectionOnly() {
    let cluster = PolicyEvaluator([
      Self.policy("deny", select: LabelSelector(matchLabels: ["app": "store"]), types: [.ingress])
    ])
    #expect(!cluster.mayConnect(Self.web, Self.store, 80))
    #expect(cluster.mayConnect(Self.store, Self.web, 80))
    #expect(cluster.mayConnect(Self.store, .outside("192.0.2.1"), 443))
  }

  @Test func policiesAddUp() {
    let store = LabelSelector(matchLabels: ["app": "store"])
    let cluster = PolicyEvaluator([
      Self.policy("deny", types: [.ingress]),
      Self.policy(
        "web", select: store, types: [.ingress],
        ingress: [
          .init(
            peers: [.pods(LabelSelector(matchLabels: ["app": "web"]))],
            ports: [.init(.number(5432)), .init(.number(6000), .udp, endPort: 6010)])
        ]),
    ])
    #expect(cluster.mayConnect(Self.web, Self.store, 5432))
    #expect(!cluster.mayConnect(Self.web, Self.store, 5433))
    #expect(!cluster.mayConnect(Self.web, Self.store, 5432, .udp))
    #expect(cluster.mayConnect(Self.web, Self.store, 6005, .udp))
    #expect(!cluster.mayConnect(Self.web, Self.store, 6011, .udp))
    #expect(!cluster.mayConnect(Self.store, Self.web, 80))
    #expect(!cluster.mayConnect(Self.stranger, Self.store, 5432), "another namespace")
  }

  @Test func aConnectionNeedsBothDirections() {
    let web = LabelSelector(matchLabels: ["app": "web"])
    let cluster = PolicyEvaluator([
      Self.policy("closed", select: web, types: [.egress])
    ])
    #expect(!cluster.mayConnect(Self.web, Self.store, 80))
    #expect(cluster.mayConnect(Self.store, Self.web, 80))
  }

  @Test func selectorsOfNamespacesAndPodsBothHold() {
    let other = LabelSelector(matchExpressions: [
      .init("kubernetes.io/metadata.name", .isIn, ["other"])
    ])
    let cluster = PolicyEvaluator([
      Self.policy(
        "others", types: [.ingress],
        ingress: [
          .init(peers: [
            .pods(LabelSelector(matchLabels: ["app": "web"]), namespaces: other)
          ])
        ])
    ])
    #expect(cluster.mayConnect(Self.stranger, Self.store, 80))
    #expect(!cluster.mayConnect(Self.web, Self.store, 80))
    #expect(!cluster.mayConnect(Self.pod(["app": "x"], in: "other"), Self.store, 80))
  }

  @Test func addressBlocksAreForTheOutside() {
    let cluster = PolicyEvaluator([
      Self.policy(
        "block", types: [.ingress],
        ingress: [
          .init(peers: [.ipBlock(cidr: "192.0.2.0/24", except: ["192.0.2.128/25"])])
        ])
    ])
    #expect(cluster.mayConnect(.outside("192.0.2.1"), Self.store, 80))
    #expect(!cluster.mayConnect(.outside("192.0.2.129"), Self.store, 80))
    #expect(!cluster.mayConnect(.outside("198.51.100.1"), Self.store, 80))
    #expect(!cluster.mayConnect(Self.web, Self.store, 80))
  }

  @Test func podsOnTheHostHaveNoPoliciesAndNoLabels() {
    let host = Self.pod(["app": "web"], isOnHost: true)
    let cluster = PolicyEvaluator([
      Self.policy("deny", types: [.ingress, .egress]),
      Self.policy(
        "web", types: [.ingress],
        ingress: [.init(peers: [.pods(LabelSelector(matchLabels: ["app": "web"]))])]),
      Self.policy("published", types: [.ingress], ingress: [.init(ports: [.init(.number(80))])]),
    ])
    #expect(!cluster.mayConnect(host, Self.store, 81))
    #expect(cluster.mayConnect(host, Self.store, 80))
    #expect(!cluster.mayConnect(Self.store, host, 80), "the store may not leave")
    #expect(cluster.mayConnect(Self.stranger, host, 80))
  }
}
