import Delivery
import Kubernetes
import Swarm
import Stack
import Diagnostics
import Ledger
import Mapping
import Report
import TestSupport
import Testing
import YAML

/// Every key matters: without it, the manifests or the findings are others.
@Suite struct DeletionOracleTests {
  /// Keys that say what Swarm does anyway, so that leaving them out changes nothing.
  private static let defaults: [(key: KeyPattern, value: String)] = [
    ("version", "*"),
    ("services.*.deploy.mode", "replicated"),
    ("services.*.deploy.replicas", "1"),
    ("services.*.deploy.endpoint_mode", "vip"),
    ("services.*.deploy.update_config.monitor", "5s"),
    ("services.*.deploy.update_config.failure_action", "pause"),
    ("services.*.deploy.restart_policy.condition", "any"),
    ("services.*.ports.*.protocol", "tcp"),
    ("services.*.ports.*.mode", "ingress"),
    ("networks.*.driver", "overlay"),
    ("networks.*.ipam.driver", "default"),
    ("volumes.*.driver", "local"),
    ("volumes.*.driver_opts.type", "none"),
    ("volumes.*.driver_opts.device", "tmpfs"),
    ("services.*.deploy.update_config.parallelism", "1"),
    ("services.*.deploy.update_config.order", "stop-first"),
    ("services.*.deploy.rollback_config.parallelism", "1"),
    ("services.*.deploy.rollback_config.order", "stop-first"),
    ("services.*.deploy.rollback_config.failure_action", "pause"),
    ("services.*.healthcheck.retries", "3"),
    ("services.*.healthcheck.retries", "0"),
    ("services.*.healthcheck.interval", "0s"),
    ("services.*.healthcheck.timeout", "0s"),
    ("services.*.init", "false"),
    ("services.*.isolation", "default"),
    ("services.*.restart", "always"),
    ("services.*.restart", "unless-stopped"),
    ("services.*.deploy.labels.swarm.cronjob.skip-running", "false"),
    ("services.*.deploy.labels.*", "swarm.cronjob.query-registry=false"),
    ("services.*.deploy.labels.traefik.http.services.*.loadbalancer.passhostheader", "true"),
    ("services.*.deploy.labels.traefik.frontend.passHostHeader", "true"),
    // Kubernetes never fills a volume; where Swarm would have, it is leaving this out that gives a finding.
    ("services.*.volumes.*.volume.nocopy", "true"),
  ]

  /// Values that say nothing only because of what stands beside them.
  private static func isRedundant(_ leaf: Leaf, in root: Node) -> Bool {
    let text = leaf.node.text ?? ""
    switch leaf.path {
    case let path where KeyPattern("networks.*.name").matches(path): return text == path[1]
    case let path where KeyPattern("services.*.networks.*.aliases.*").matches(path):
      // Every service has its own name in each of its networks.
      return text == path[1]
    case let path where KeyPattern("services.*.deploy.restart_policy.condition").matches(path):
      // A job's tasks are started again on failure only, whatever is written.
      let mode = root["services"]?[path[1]]?["deploy"]?["mode"]?.text ?? ""
      return mode.hasSuffix("-job") && text == "on-failure"
    case let path
    where KeyPattern("services.*.secrets.*.gid").matches(path)
      || KeyPattern("services.*.configs.*.gid").matches(path):
      // The pod's group comes from the owner where there is no group, so that one number in both places is one fact.
      let items = root["services"]?[path[1]]?[path[2]]?.items ?? []
      return leaf.steps.count > 3 && items.indices.contains(leaf.steps[3])
        && items[leaf.steps[3]]["uid"]?.text == text
    case let path where KeyPattern("services.*.cap_add.*").matches(path):
      func plain(_ name: String) -> String {
        let upper = name.uppercased()
        return upper.hasPrefix("CAP_") ? String(upper.dropFirst(4)) : upper
      }
      let items = root["services"]?[path[1]]?["cap_add"]?.items ?? []
      return items.count { plain($0.text ?? "") == plain(text) } > 1
    default: return false
    }
  }

  /// How a fixture's stacks are spread over files.
  struct Case: CustomTestStringConvertible, Sendable {
    let fixture: Fixture
    let layout: Spread.Layout
    /// Into how many files each stack is divided; 0 for the whole of it with an override that says half of it again.
    let files: Int

    var testDescription: String {
      "\(fixture), \(layout), \(files == 0 ? "with an override" : "\(files) files")"
    }

    func documents(_ root: Node) -> [Node] {
      if files == 0 { return [root, root.half] }
      return files == 1 ? [root] : (0..<files).map { root.part($0, of: files) }
    }
  }

  /// Each fixture as it is, and in one of the other ways; `make test-mutations` takes all of them.
  static let all: [Case] = Fixture.all.enumerated().flatMap { number, fixture in
    let isCompose = (try? fixture.dialect()) == .compose
    let itself = Case(fixture: fixture, layout: isCompose ? .compose : .swarm, files: 1)
    let names = ((try? fixture.stacks()) ?? []).map(\.name)
    // What has several files itself, or is for Docker Compose alone, stays as it is.
    if isCompose || Set(names).count < names.count { return [itself] }
    let others = [
      Case(fixture: fixture, layout: .swarm, files: 0),
      Case(fixture: fixture, layout: .swarm, files: 3),
      Case(fixture: fixture, layout: .compose, files: 0),
      Case(fixture: fixture, layout: .extends, files: 2),
      Case(fixture: fixture, layout: .includes, files: 3),
      Case(fixture: fixture, layout: .compose, files: 1),
    ]
    return [itself] + (LongRun.isAskedFor ? others : [others[number % others.count]])
  }

  @Test(arguments: all)
  func everyLeafMatters(_ item: Case) throws {
    let stacks = try item.fixture.stacks()
    let roots = try stacks.map { try Node(parsing: $0.text) }
    var documents = roots.map(item.documents)
    guard let before = try? Self.outcome(item, documents) else {
      // Docker Compose has no word for some of what Swarm takes.
      #expect(item.layout.dialect == .compose, "\(item): refused as it is")
      return
    }
    for number in documents.indices {
      for part in documents[number].indices {
        let whole = documents[number][part]
        for leaf in Self.leaves(whole) {
          guard !Self.isDefault(leaf.path, leaf.node), !Self.isRedundant(leaf, in: roots[number]),
            !before.inert.contains(leaf.name)
          else { continue }
          Self.remove(leaf.steps[...], from: &documents[number][part])
          defer { documents[number][part] = whole }
          // What Docker refuses without the key certainly needs it.
          guard let after = try? Self.outcome(item, documents, isChecked: true) else { continue }
          #expect(
            after.text != before.text,
            "\(item): \(leaf.path.joined(separator: ".")) of file \(part) leaves no trace")
        }
      }
    }
  }

  private struct Outcome {
    /// Manifests, findings and the keys that the report names, without lines and list positions, which move when a line goes.
    /// A key that is `kept` is named by no finding, and so has to show in the manifests.
    let text: String
    /// The leaves without a meaning; each has a finding that says so, and changes nothing by its absence.
    let inert: Set<String>
  }

  private static func outcome(
    _ item: Case, _ documents: [[Node]], isChecked: Bool = false
  ) throws -> Outcome {
    let names = try item.fixture.stacks().map(\.name)
    let result = try item.fixture.migrate(
      zip(names, documents).map { name, documents in
        (name, Spread(documents, item.layout, named: name))
      }, isChecked: isChecked)
    let ledger = result.migration.ledger
    let named = ledger.entries.filter { $0.disposition > .kept }.map { entry in
      let path = result.keys.path(entry.key).replacing(/\[[0-9]+\]/, with: "[]")
      return "\(entry.disposition) \(path)"
    }
    let inert = ledger.entries.filter { entry in
      guard entry.disposition == .inert, entry.finding >= 0 else { return false }
      // Without a value that is replaced, its finding goes; below a key that is replaced, the key's stays.
      let finding = ledger.findings[Int(entry.finding)]
      return finding.message.slug != "loader/superseded" || finding.key != entry.key
    }
    return Outcome(
      text: result.manifests
        + result.findings.map { "\($0.disposition) \($0.message)" }.joined(separator: "\n")
        + named.joined(separator: "\n"),
      inert: Set(inert.map { result.keys.path($0.key) }))
  }

  private struct Leaf {
    var steps: [Int]
    var path: [String]
    var node: Node

    /// `services.web.ports[0]`, as the report names it.
    var name: String {
      var name = ""
      for (part, step) in zip(path, steps) {
        name += part == "[]" ? "[\(step)]" : name.isEmpty ? part : ".\(part)"
      }
      return name
    }
  }

  private static func leaves(_ node: Node, _ steps: [Int] = [], _ path: [String] = []) -> [Leaf] {
    switch node.content {
    case .scalar: return [Leaf(steps: steps, path: path, node: node)]
    case .sequence(let items):
      if items.isEmpty { return [] }
      return items.enumerated().flatMap { leaves($1, steps + [$0], path + ["[]"]) }
    case .mapping(let entries):
      return entries.enumerated().flatMap { leaves($1.value, steps + [$0], path + [$1.key]) }
    }
  }

  private static func remove(_ steps: ArraySlice<Int>, from node: inout Node) {
    guard let step = steps.first else { return }
    switch node.content {
    case .scalar: break
    case .sequence(var items):
      if steps.count == 1 {
        items.remove(at: step)
      } else {
        remove(steps.dropFirst(), from: &items[step])
      }
      node.content = .sequence(items)
    case .mapping(var entries):
      if steps.count == 1 {
        entries.remove(at: step)
      } else {
        remove(steps.dropFirst(), from: &entries[step].value)
      }
      node.content = .mapping(entries)
    }
  }

  private static func isDefault(_ path: [String], _ node: Node) -> Bool {
    // Empty values and extension fields say nothing to Swarm.
    if node.text?.isEmpty ?? true || path.contains(where: { $0.hasPrefix("x-") }) { return true }
    // A label's name may have dots of its own.
    let parts = path.flatMap { $0.split(separator: ".").map(String.init) }
    return defaults.contains {
      ($0.key.matches(path) || $0.key.matches(parts))
        && ($0.value == "*" || $0.value == node.text)
    }
  }
}
