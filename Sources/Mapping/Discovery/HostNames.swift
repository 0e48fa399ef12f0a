import Kubernetes
import Ledger
import Stack
package import Swarm
import YAML

/// A service of the estate, by the number of its stack and its own within it.
package struct ServicePlace: Hashable, Sendable, Comparable {
  package let stack: Int
  package let service: Int

  package static func < (left: Self, right: Self) -> Bool {
    (left.stack, left.service) < (right.stack, right.service)
  }
}

/// The names to which Swarm's DNS answers, network by network.
///
/// A container asks in the networks that it is in. There a service answers to its name in the file, its full name and its
/// aliases, each also behind `tasks.`, in any letter case; any of these may be followed by a dot and the network's name.
/// Source: libnetwork `Sandbox.ResolveName`, `Network.ResolveService`.
package struct HostNames: Sendable {
  package enum Form: Sendable { case service, alias }

  /// The services of one stack that answer to a name in one network.
  private struct Group: Sendable {
    let stack: Int
    let form: Form
    var targets: [ServicePlace]
  }

  private struct Question: Hashable, Sendable {
    let name: Int32
    let network: Int32
  }

  /// What a name means to the one who asks.
  package struct Meaning: Sendable {
    /// In small letters, without `tasks.` and the name of a network.
    package let name: String
    package let form: Form
    package let isTasks: Bool
    /// The services that answer, in the order of the stacks. Own services come before those of other stacks.
    package let targets: [ServicePlace]
    /// The first network, in the order of the one who asks, in which somebody answers.
    package let network: Int32
  }

  /// Whose name servers are asked.
  package struct Client: Sendable {
    package let stack: Int
    package let networks: [Int32]
    /// Names that `extra_hosts` settles beforehand.
    package var settled: Set<String> = []
    /// Whether one of the networks is made outside the stack, so that services of stacks that are not here may be in it.
    package var hasOutsideNetwork = false
  }

  /// By hash of the name in small letters; the next free number where two names have one hash.
  private var index: [UInt64: Int] = [:]
  private var names: [String] = []
  private var answers: [Question: [Group]] = [:]
  /// Overlay networks by the engine's name.
  private var networkNumbers: [String: Int32] = [:]
  /// By stack and service.
  private var networks: [[[Int32]]] = []
  /// Overlay networks that are external to the stacks that name them.
  private var outside = Set<Int32>()
  private var longest = 0

  package init(_ stacks: [Swarm.Stack]) {
    index.reserveCapacity(stacks.reduce(0) { $0 + 2 * $1.services.count })
    for (number, stack) in stacks.enumerated() {
      var byKey: [String: Int32] = [:]
      for network in stack.networks where !network.isPredefined {
        let next = Int32(networkNumbers.count)
        let known = networkNumbers[network.name, default: next]
        networkNumbers[network.name] = known
        byKey[network.key] = known
        if network.isExternal { outside.insert(known) }
      }
      var ofServices: [[Int32]] = []
      ofServices.reserveCapacity(stack.services.count)
      for (position, service) in stack.services.enumerated() {
        let place = ServicePlace(stack: number, service: position)
        var own: [Int32] = []
        for attachment in service.networkAttachments {
          guard let network = byKey[attachment.network], !own.contains(network) else { continue }
          own.append(network)
          add(service.name, place, .service, network)
          add(service.fullName, place, .service, network)
          for alias in attachment.aliases {
            if let text = alias.text {
              add(text, place, .alias, network)
            }
          }
        }
        ofServices.append(own)
      }
      networks.append(ofServices)
    }
  }

  private mutating func add(
    _ name: String, _ place: ServicePlace, _ form: Form, _ network: Int32
  ) {
    let name = name.lowercased()
    if name.isEmpty { return }
    let question = Question(name: number(adding: name), network: network)
    let known = answers[question]?.lastIndex { $0.stack == place.stack && $0.form == form }
    if let known {
      if answers[question]?[known].targets.last != place {
        answers[question]?[known].targets.append(place)
      }
    } else {
      answers[question, default: []].append(
        Group(stack: place.stack, form: form, targets: [place]))
    }
  }

  private mutating func number(adding name: String) -> Int32 {
    longest = max(longest, name.utf8.count)
    var hash = Self.hash(name.utf8)
    while let known = index[hash] {
      if names[known] == name { return Int32(known) }
      hash &+= 1
    }
    index[hash] = names.count
    names.append(name)
    return Int32(names.count - 1)
  }

  /// FNV-1a over small letters.
  private static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes {
      hash = (hash ^ UInt64(lowercased(byte))) &* 0x0000_0100_0000_01b3
    }
    return hash
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    0x41...0x5A ~= byte ? byte | 0x20 : byte
  }

  private func number(of name: ArraySlice<UInt8>) -> Int? {
    guard !name.isEmpty, name.count <= longest else { return nil }
    var hash = Self.hash(name)
    while let known = index[hash] {
      if names[known].utf8.elementsEqual(name.lazy.map(Self.lowercased)) { return known }
      hash &+= 1
    }
    return nil
  }

  // MARK: Asking

  /// The overlay networks of a service, by number.
  package func networks(of place: ServicePlace) -> [Int32] { networks[place.stack][place.service] }

  /// A service as one who asks.
  package func client(_ place: ServicePlace, _ service: Swarm.Service) -> Client {
    let own = networks(of: place)
    return Client(
      stack: place.stack, networks: own, settled: Set(service.extraHostNames),
      hasOutsideNetwork: own.contains(where: outside.contains))
  }

  /// Several services of one stack at once, for a file that all of them read.
  package func client(stack: Int, services: [Int]) -> Client {
    var all: [Int32] = []
    for service in services {
      for network in networks[stack][service] where !all.contains(network) { all.append(network) }
    }
    return Client(
      stack: stack, networks: all, hasOutsideNetwork: all.contains(where: outside.contains))
  }

  /// Whether a word may be a name at all, whoever asks; quick.
  package func mayKnow(_ word: ArraySlice<UInt8>) -> Bool {
    if number(of: word) != nil { return true }
    guard let dot = word.firstIndex(of: 0x2E) else { return false }
    // `tasks.web`, `web.`, `web.shop_backend`.
    return Self.isTasks(word) || number(of: word[..<dot]) != nil
  }

  /// What a word means to the one who asks; nil where nobody answers.
  package func meaning(of word: ArraySlice<UInt8>, to client: Client) -> Meaning? {
    var word = word
    if word.last == 0x2E { word = word.dropLast() }
    let lower = String(decoding: word, as: UTF8.self).lowercased()
    if client.settled.contains(lower) { return nil }
    if let meaning = meaning(word, client, in: client.networks) { return meaning }
    guard let dot = word.lastIndex(of: 0x2E) else { return nil }
    let network = String(decoding: word[(dot + 1)...], as: UTF8.self)
    guard let number = networkNumbers[network], client.networks.contains(number) else { return nil }
    return meaning(word[..<dot], client, in: [number])
  }

  private func meaning(
    _ word: ArraySlice<UInt8>, _ client: Client, in networks: [Int32]
  ) -> Meaning? {
    if let found = answer(word, client, in: networks, isTasks: false) { return found }
    guard Self.isTasks(word) else { return nil }
    return answer(word.dropFirst(6), client, in: networks, isTasks: true)
  }

  private func answer(
    _ word: ArraySlice<UInt8>, _ client: Client, in networks: [Int32], isTasks: Bool
  ) -> Meaning? {
    guard let number = number(of: word) else { return nil }
    func meaning(_ form: Form, _ targets: [ServicePlace], _ network: Int32) -> Meaning {
      Meaning(
        name: names[number], form: form, isTasks: isTasks, targets: targets, network: network)
    }
    var foreign: Meaning?
    for network in networks {
      guard let groups = answers[Question(name: Int32(number), network: network)] else { continue }
      let own = groups.filter { $0.stack == client.stack }
      if let group = own.first(where: { $0.form == .service }) ?? own.first {
        return meaning(group.form, group.targets, network)
      }
      if foreign == nil, let first = groups.first(where: { $0.form == .service }) ?? groups.first {
        let targets =
          groups.count == 1
          ? first.targets : groups.filter { $0.form == first.form }.flatMap(\.targets)
        foreign = meaning(first.form, targets, network)
      }
    }
    return foreign
  }

  /// The number of an overlay network by the engine's name.
  package func number(ofNetwork name: String) -> Int32? { networkNumbers[name] }

  /// Whether a word begins with `tasks.` and goes on.
  private static func isTasks(_ word: ArraySlice<UInt8>) -> Bool {
    word.count > 6 && word.prefix(6).lazy.map(lowercased).elementsEqual("tasks.".utf8)
  }
}
