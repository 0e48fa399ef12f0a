import Basics
import Kubernetes
import Ledger
package import Swarm
import YAML

/// Who names whom, on which ports, in all the values of the estate that are no secrets.
package struct HostReferences {
  /// A name of another stack's service, as one stack's values have it.
  package struct ForeignRequest {
    package let stack: Int
    package let name: String
    package let target: ServicePlace
    /// Services of further stacks that answer as well.
    package let others: [ServicePlace]
  }

  private var evidences: [[PortEvidence]]
  /// What is known of all the services behind one name, so that a reference to many is noted once.
  private var shared: [Shared: (targets: [ServicePlace], evidence: PortEvidence)] = [:]

  private struct Shared: Hashable, Comparable {
    let name: String
    let network: Int32
    let stack: Int

    static func < (left: Self, right: Self) -> Bool {
      (left.name, left.network, left.stack) < (right.name, right.network, right.stack)
    }
  }
  /// Services that are asked for behind `tasks.`.
  package private(set) var tasks = Set<ServicePlace>()
  /// Aliases that are asked for behind `tasks.`, by stack.
  package private(set) var aliasTasks: [Set<String>]
  package private(set) var foreign: [ForeignRequest] = []
  /// Whom each service names as a host, by stack and service.
  package private(set) var needs: [[Set<Need>]]
  /// The services behind each name that means several.
  package private(set) var groups: [[ServicePlace]] = []

  /// What a service names: one service, or all that answer to a name.
  package enum Need: Hashable, Sendable {
    case service(ServicePlace)
    /// By its number in `groups`.
    case group(Int)
  }

  private var groupNumbers: [Shared: Int] = [:]
  /// Whose values are being read.
  private var askers: [ServicePlace] = []

  private var askedForTasks = Set<Shared>()
  private var askedElsewhere = Set<Shared>()
  private let hosts: HostNames

  package init(_ stacks: [Swarm.Stack], _ hosts: HostNames) {
    self.hosts = hosts
    evidences = stacks.map { $0.services.map(PortEvidence.init) }
    aliasTasks = Array(repeating: [], count: stacks.count)
    needs = stacks.map { Array(repeating: [], count: $0.services.count) }
    for (number, stack) in stacks.enumerated() {
      for (position, service) in stack.services.enumerated() {
        collect(service, ServicePlace(stack: number, service: position), stacks)
      }
      collectFiles(stack, number, stacks)
    }
    for (_, known) in shared.sorted(by: { $0.key < $1.key }) {
      for target in known.targets {
        evidences[target.stack][target.service].merge(known.evidence)
      }
    }
  }

  package func evidence(of place: ServicePlace) -> PortEvidence {
    evidences[place.stack][place.service]
  }

  // MARK: Values

  private mutating func collect(
    _ service: Swarm.Service, _ place: ServicePlace, _ stacks: [Swarm.Stack]
  ) {
    let client = hosts.client(place, service)
    askers = [place]
    func who(_ what: String) -> String { "`\(what)` of `\(service.name)`" }
    let environment = service.node["environment"]
    for entry in environment?.entries ?? [] {
      guard let text = entry.value.text, !SecretNames.isSecret(entry.key, value: text) else {
        continue
      }
      collect(text, .value(name: entry.key), client, stacks) {
        who(entry.key)
      } port: {
        environment.flatMap { Self.port(beside: entry.key, in: $0) }
      }
    }
    for key in ["entrypoint", "command"] {
      var option: String?
      let words = service.node[key]?.items ?? []
      for (index, item) in words.enumerated() {
        let word = item.text ?? ""
        let beside = option
        collect(word, .command(option: option), client, stacks) {
          who(key)
        } port: {
          beside.flatMap { Self.port(beside: $0, in: words, after: index) }
        }
        option = word.hasPrefix("-") && !word.contains("=") ? word : nil
      }
    }
    for argument in service.healthcheck?.arguments ?? [] {
      collect(argument, .command(option: nil), client, stacks) {
        "the health check of `\(service.name)`"
      }
    }
    for labels in [service.node["labels"], service.deploy?["labels"]] {
      for entry in labels?.entries ?? [] {
        guard let text = entry.value.text, !SecretNames.isSecret(entry.key, value: text) else {
          continue
        }
        collect(text, .value(name: entry.key), client, stacks) { who(entry.key) }
      }
    }
  }

  /// `DB_PORT` beside `DB_HOST`.
  private static func port(beside name: String, in environment: Node) -> Int? {
    for (host, port) in [
      ("_HOST", "_PORT"), ("_HOSTNAME", "_PORT"), ("_SERVER", "_PORT"), ("_ADDR", "_PORT"),
      ("_ADDRESS", "_PORT"), ("HOST", "PORT"),
    ] where name.hasSuffix(host) {
      if let text = environment[name.dropLast(host.count) + port]?.text, let number = Int(text) {
        return number
      }
    }
    return nil
  }

  /// `--db-port 5432` behind `--db-host`, and `-p 5432` behind `-h`.
  private static func port(beside option: String, in words: [Node], after index: Int) -> Int? {
    let wanted =
      option == "-h" ? ["-p", "-P"] : option.hasSuffix("host") ? ["\(option.dropLast(4))port"] : []
    for position in words.indices.dropFirst(index + 1).prefix(8) {
      guard let word = words[position].text else { continue }
      for name in wanted {
        if word.hasPrefix("\(name)=") { return Int(word.dropFirst(name.count + 1)) }
        if word == name, position + 1 < words.count {
          return words[position + 1].text.flatMap { Int($0) }
        }
      }
    }
    return nil
  }

  // MARK: Files

  /// Configs and bound files of a stack, each once for all services that read it.
  private mutating func collectFiles(_ stack: Swarm.Stack, _ number: Int, _ stacks: [Swarm.Stack]) {
    let readers = FileReaders(stack)
    for object in stack.configs {
      guard let users = readers.configs[object.key], let bytes = object.content else { continue }
      collect(bytes, number, users, stacks, "the config `\(object.key)`")
    }
    for (source, users) in readers.binds.sorted(by: { $0.key < $1.key }) {
      guard let content = stack.boundFiles[source] else { continue }
      for file in content.files where !BoundFiles.looksSecret(file.path) {
        collect(file.bytes, number, users, stacks, "the file `\(file.path)`")
      }
    }
  }

  private mutating func collect(
    _ bytes: [UInt8], _ stack: Int, _ users: [Int], _ stacks: [Swarm.Stack], _ what: String
  ) {
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else { return }
    let listened = OwnPorts.listened(inFile: bytes)
    for user in users where !listened.isEmpty { evidences[stack][user].listen(listened, what) }
    askers = users.map { ServicePlace(stack: stack, service: $0) }
    collect(text, .file, hosts.client(stack: stack, services: users), stacks) { what }
  }

  // MARK: One text

  private mutating func collect(
    _ text: String, _ source: HostWords.Source, _ client: HostNames.Client,
    _ stacks: [Swarm.Stack], _ what: () -> String, port: () -> Int? = { nil }
  ) {
    var found: [(HostToken, HostNames.Meaning)] = []
    HostWords.find(in: text, source, hosts) { token, bytes in
      // A name that stands alone may be one: to make it resolve does no harm.
      guard token.isHost || token.range.count == bytes.count,
        let meaning = hosts.meaning(of: bytes[token.range], to: client)
      else { return }
      found.append((token, meaning))
    }
    for (token, meaning) in found {
      let first = meaning.targets[0]
      let key = Shared(name: meaning.name, network: meaning.network, stack: client.stack)
      let isShared = meaning.targets.count > 1
      if meaning.isTasks {
        if meaning.form == .alias { aliasTasks[first.stack].insert(meaning.name) }
        if !isShared || askedForTasks.insert(key).inserted { tasks.formUnion(meaning.targets) }
      }
      if first.stack != client.stack, !meaning.isTasks, askedElsewhere.insert(key).inserted {
        foreign.append(
          ForeignRequest(
            stack: client.stack, name: meaning.name, target: first,
            others: meaning.targets.filter { $0.stack != first.stack }))
      }
      guard token.isHost else { continue }
      note(isShared ? .group(group(key, meaning.targets)) : .service(first))
      var ports = token.ports
      if ports.isEmpty {
        ports = [port() ?? token.scheme.flatMap(DefaultPorts.port(ofScheme:))].compactMap { $0 }
      }
      // `tasks.` resolves to the pods, on every port.
      if meaning.isTasks && ports.isEmpty { continue }
      if isShared {
        shared[key, default: (meaning.targets, PortEvidence())].evidence.refer(
          ports, isUDP: token.isUDP, what())
      } else {
        evidences[first.stack][first.service].refer(ports, isUDP: token.isUDP, what())
      }
    }
  }

  // MARK: Who needs whom

  private mutating func note(_ need: Need) {
    for asker in askers { needs[asker.stack][asker.service].insert(need) }
  }

  /// A group is made once, so that many services behind one name and many who ask for it stay linear.
  private mutating func group(_ key: Shared, _ targets: [ServicePlace]) -> Int {
    if let known = groupNumbers[key] { return known }
    groupNumbers[key] = groups.count
    groups.append(targets)
    return groups.count - 1
  }
}
