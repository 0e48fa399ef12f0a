import Delivery
import Foundation
import Images
import Kubernetes
import Ledger
import Mapping
import Proxies
import Report
import Stack
import Swarm
import TestSupport
import Testing
import Validation
import YAML

/// For every ordered pair of services, "may connect" in the Swarm is "may connect" under the policies, and is what the report
/// says.
@Suite struct ReachabilityTests {
  /// The number of estates; `make test-reachability` sets more.
  private static let count =
    ProcessInfo.processInfo.environment["STACKFERRY_ESTATES"].flatMap { Int($0) } ?? 1000
  private static let chunks = 8

  @Test(arguments: 0..<chunks)
  func ofRandomEstates(_ chunk: Int) throws {
    var seen = Tally()
    for seed in stride(from: chunk, to: Self.count, by: Self.chunks) {
      let estate = RandomEstate(seed: UInt64(seed))
      var options = Options()
      if estate.sharesNamespace { options.namespace = "together" }
      let result = try migrated(
        estate.stacks, options, files: VirtualFolder([:]), environment: [:])
      let differences = Self.differences(result, estate.swarm, &seen)
      if !differences.isEmpty {
        let text = estate.stacks.map { "# \($0.name)\n\($0.text)" }.joined()
        Issue.record("seed \(seed): \(differences.joined(separator: "; "))\n\(text)")
        return
      }
    }
    // A generator that makes nothing worth a look would let everything pass.
    #expect(seen.open > Self.count && seen.closed > Self.count, "\(seen)")
  }

  /// Each stack of the corpus by itself, and each folder's stacks together.
  @Test func ofTheCorpus() throws {
    let folder =
      ProcessInfo.processInfo.environment["STACKFERRY_CORPUS"].map { URL(filePath: $0) }
      ?? Testdata.root.deletingLastPathComponent().appending(path: "shared/corpus")
    let corpus = folder.appending(path: "swarm")
    let paths = Testdata.files(below: corpus, endings: ["yml", "yaml"])
    if paths.isEmpty {
      print("notice: no corpus at \(folder.path) (set STACKFERRY_CORPUS to its folder): skipped")
      return
    }
    var options = Options()
    options.allowMissing = true
    var seen = Tally()
    var tried = 0
    for path in paths {
      let text = try String(contentsOf: corpus.appending(path: path), encoding: .utf8)
      // What Docker would refuse is other tests' business.
      guard
        let result = try? migrated(
          [("shop", text)], options, files: VirtualFolder([:]), environment: Self.ones(text))
      else { continue }
      tried += 1
      let differences = Self.differences(result, SwarmReach(result.stacks), &seen)
      #expect(differences == [], "\(path)")
    }
    #expect(tried > 50, "\(tried) of \(paths.count) files")
  }

  /// Every variable of the text is 1.
  private static func ones(_ text: String) -> [String: String] {
    var result: [String: String] = [:]
    for match in text.matches(of: /\$\{?([A-Za-z_][A-Za-z0-9_]*)/) {
      result[String(match.output.1)] = "1"
    }
    return result
  }

  struct Tally {
    var open = 0
    var closed = 0
  }

  // MARK: Comparing

  private static func differences(
    _ result: Migrated, _ swarm: SwarmReach, _ seen: inout Tally
  ) -> [String] {
    let evaluator = PolicyEvaluator(result.objects)
    let reachability = result.report.reachability
    // Services without an image have no pods; nothing is written for them.
    let all = result.pods
    let pods = all.compactMap { $0 }
    var swarm = swarm
    swarm.services = zip(swarm.services, all).compactMap { $1 == nil ? nil : $0 }
    guard reachability.services.count == pods.count else {
      return ["\(reachability.services.count) services in the report, \(pods.count) pods"]
    }
    let outside = PolicyEvaluator.Endpoint.outside("192.0.2.1")
    let dns = PolicyEvaluator.Endpoint.pod(
      PolicyEvaluator.Pod(namespace: "kube-system", labels: ["k8s-app": "kube-dns"]))
    var found: [String] = []
    func compare(_ what: String, _ swarm: Bool, _ kubernetes: Bool) {
      if swarm { seen.open += 1 } else { seen.closed += 1 }
      if swarm != kubernetes { found.append("\(what): \(swarm) in Swarm, \(kubernetes) here") }
    }
    for (number, source) in swarm.services.enumerated() {
      let from = pods[number]
      for (other, target) in swarm.services.enumerated() {
        for probe in probes(target) {
          let what = "\(source.name) to \(target.name) \(probe.port)/\(probe.transport.rawValue)"
          let allowed = swarm.mayConnect(source, target, probe.port, probe.transport)
          compare(
            what, allowed,
            evaluator.mayConnect(from, pods[other], probe.port, TransportProtocol(probe.transport)))
          compare(
            "\(what) in the report", allowed,
            says(reachability, number, other, probe.port, probe.transport))
        }
      }
      for probe in probes(source) {
        compare(
          "the outside to \(source.name) \(probe.port)/\(probe.transport.rawValue)",
          swarm.publishes(source, probe.port, probe.transport),
          evaluator.mayConnect(outside, from, probe.port, TransportProtocol(probe.transport)))
      }
      let leaves = swarm.hasWayOut(source)
      compare("\(source.name) to the outside", leaves, evaluator.mayConnect(from, outside, 443))
      compare(
        "\(source.name) to the outside in the report", leaves,
        reachability.services[number].outside == .everything)
      let hasNames = leaves || !source.networks.isEmpty
      for transport in [TransportProtocol.udp, .tcp] {
        compare("\(source.name) to DNS", hasNames, evaluator.mayConnect(from, dns, 53, transport))
      }
      compare("\(source.name) to others there", leaves, evaluator.mayConnect(from, dns, 443))
    }
    return found
  }

  private static func says(
    _ report: Reachability, _ source: Int, _ target: Int, _ port: Int,
    _ transport: PublishedPort.Transport
  ) -> Bool {
    switch report.way(from: source, to: target) {
    case .networks, .node: true
    case .published:
      report.services[target].ports.contains {
        $0.number == port && $0.transport == transport
      }
    case nil: false
    }
  }

  /// Each published port, its neighbour, the same number of another transport, and one that nobody publishes.
  private static func probes(
    _ service: SwarmReach.Service
  ) -> [(port: Int, transport: PublishedPort.Transport)] {
    var probes: [(port: Int, transport: PublishedPort.Transport)] = [(4321, .tcp)]
    for port in service.ports {
      probes.append((port.target, port.transport))
      probes.append((port.target + 1, port.transport))
      probes.append((port.target, port.transport == .tcp ? .udp : .tcp))
    }
    return probes
  }
}

extension Migrated {
  /// A pod of each service, in the order of the stacks; nil where nothing is written for it.
  fileprivate var pods: [PolicyEvaluator.Endpoint?] {
    var result: [PolicyEvaluator.Endpoint?] = []
    for manifests in migration.stacks {
      for part in manifests.parts {
        let owner = manifests.objects[part].lazy.compactMap { $0 as? any PodOwner }.first
        result.append(owner.map { .pod(PolicyEvaluator.pod(of: $0)) })
      }
    }
    return result
  }
}
