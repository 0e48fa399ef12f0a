import Delivery
import Images
import Kubernetes
import Mapping
import Proxies
import Report
import Swarm
import TestSupport
import Validation

/// Stacks made up by a seed, as text, and what the engine would make of their networks.
struct RandomEstate {
  private(set) var stacks: [(name: String, text: String)] = []
  private(set) var swarm = SwarmReach(services: [], internalNetworks: [])
  /// All stacks go to one namespace.
  private(set) var sharesNamespace = false

  private struct Network {
    var key: String
    var name: String
    var isInternal = false
    var isExternal = false
  }

  init(seed: UInt64) {
    var random = Random(seed: seed)
    let names = ["shop", "edge", "data"].prefix(1 + random.below(3))
    sharesNamespace = names.count > 1 && random.chance(10)
    var networks = names.map { Self.ownNetworks($0, &random) }
    let created = networks.flatMap { $0 }
    for network in created where network.isInternal {
      swarm.internalNetworks.insert(network.name)
    }
    for stack in networks.indices {
      Self.addExternal(&networks[stack], created, &random)
      addStack(names[stack], networks[stack], &random)
    }
  }

  /// Networks that the stack creates.
  private static func ownNetworks(_ stack: String, _ random: inout Random) -> [Network] {
    var keys = ["front", "back", "a_b", "a-b", "Front"]
    var result: [Network] = []
    for _ in 0..<random.below(4) {
      let key = keys.remove(at: random.below(keys.count))
      let name = random.chance(15) ? "\(stack).own.\(key)" : "\(stack)_\(key)"
      result.append(Network(key: key, name: name, isInternal: random.chance(40)))
    }
    if random.chance(10) {
      result.append(
        Network(key: "default", name: "\(stack)_default", isInternal: random.chance(50)))
    }
    return result
  }

  /// Networks of other stacks, of nobody here, and Docker's own.
  private static func addExternal(
    _ networks: inout [Network], _ created: [Network], _ random: inout Random
  ) {
    func add(_ key: String, _ name: String) {
      networks.append(Network(key: key, name: name, isExternal: true))
    }
    if random.chance(40) { add("public", random.pick(["public", "Public", "trunk"])) }
    if random.chance(15) { add("second", random.pick(["public", "trunk", "shop_front"])) }
    if random.chance(30), !created.isEmpty { add("theirs", random.pick(created).name) }
    if random.chance(15) { add("hostnet", "host") }
    if random.chance(15) { add("nothing", "none") }
    if random.chance(10) { add("docker0", "bridge") }
    if random.chance(5), !networks.contains(where: { $0.key == "default" }) {
      add("default", "public")
    }
  }

  private mutating func addStack(_ stack: String, _ networks: [Network], _ random: inout Random) {
    var text = "services:\n"
    for number in 1...(1 + random.below(5)) {
      let name = "\(stack)\(number)"
      text += "  \(name):\n    image: probe:1\n"
      let mode = random.pick(["replicated", "global", "replicated", "replicated-job"])
      if mode != "replicated" { text += "    deploy: {mode: \(mode)}\n" }
      var service = SwarmReach.Service(name: "\(stack)_\(name)")
      var members = networks.filter { network in
        ["host", "none"].contains(network.name) && network.isExternal
          ? random.chance(8) : network.key != "default" && random.chance(40)
      }
      // Docker's own two stand alone: Docker refuses them beside others.
      if let alone = members.first(where: { ["host", "none"].contains($0.name) && $0.isExternal }) {
        members = [alone]
      }
      if members.isEmpty {
        let ownDefault = networks.first { $0.key == "default" }
        service.networks = [ownDefault?.name ?? "\(stack)_default"]
      } else {
        text += "    networks: [\(members.map(\.key).joined(separator: ", "))]\n"
        switch members[0].name {
        case "host": service.isOnHost = true
        case "none": break
        default: service.networks = Set(members.map(\.name))
        }
      }
      service.ports = Self.ports(&random)
      if !service.ports.isEmpty {
        text += "    ports:\n"
        for (number, port) in service.ports.enumerated() {
          text +=
            "      - {target: \(port.target), published: \(20000 + number), "
            + "protocol: \(port.transport.rawValue), mode: \(port.mode.rawValue)}\n"
        }
      }
      swarm.services.append(service)
    }
    if !networks.isEmpty { text += "networks:\n" }
    for network in networks {
      var keys: [String] = []
      if network.isExternal { keys.append("external: true") }
      if network.isExternal || !network.name.hasSuffix("_\(network.key)") {
        keys.append("name: \(network.name)")
      }
      if network.isInternal { keys.append("internal: true") }
      text += "  \(network.key): {\(keys.joined(separator: ", "))}\n"
    }
    stacks.append((stack, text))
  }

  private static func ports(_ random: inout Random) -> [SwarmReach.Port] {
    guard random.chance(35) else { return [] }
    var ports = Set<SwarmReach.Port>()
    for _ in 0...random.below(3) {
      ports.insert(
        SwarmReach.Port(
          target: random.pick([53, 80, 81, 82, 8080]),
          transport: random.pick([.tcp, .tcp, .udp]), mode: random.pick([.ingress, .host])))
    }
    return ports.sorted {
      ($0.target, $0.transport.rawValue, $0.mode.rawValue)
        < ($1.target, $1.transport.rawValue, $1.mode.rawValue)
    }
  }
}

/// Numbers from a seed, the same on every machine (SplitMix64).
struct Random {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
