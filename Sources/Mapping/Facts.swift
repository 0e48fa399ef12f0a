package import Kubernetes
package import Ledger
package import Swarm
import YAML

/// What is known of the whole estate before the first key is mapped: features read it and never change it.
///
/// A fact that only one feature needs is computed in that feature; here is what several need.
package struct Facts: Sendable {
  /// The options of the stack, and then of the service, that is being mapped.
  package private(set) var options: Options
  /// The options of all of them.
  package let choices: Choices
  package let stacks: [Swarm.Stack]
  /// Names in Kubernetes, by stack and in the order of its services.
  package let names: [Names]
  /// Which Services stand for which of Swarm's names, and on what ports.
  package let discovery: ServiceDiscovery
  /// Who publishes which port.
  package let publishers: PublishedOwners
  /// The networks of the estate, and where each service stands.
  package let networks: NetworkPlan
  /// What configs, secrets and bound files become, by stack.
  package let fileBundles: [FileBundles]
  /// Who mounts the named volumes, by stack.
  package let volumeUses: [VolumeUses]
  /// Volumes of one stack that another calls external.
  package let sharedVolumes: SharedVolumes
  /// The time zone of swarm-cronjob's schedules; nil where no stack has the service that runs them.
  package let cronTimeZone: String?
  /// HTTP routes that labels and variables for proxies make.
  package let routes: RouteFacts
  /// The number of the stack that is being mapped.
  package private(set) var current = 0
  /// Whose values are being mapped: the networks whose names they may hold.
  private var client = HostNames.Client(stack: 0, networks: [])

  package init(_ stacks: [Swarm.Stack], _ choices: Choices) {
    self.choices = choices
    options = choices.all
    self.stacks = stacks
    names = Names.all(stacks, choices)
    discovery = ServiceDiscovery(stacks, names, choices)
    publishers = PublishedOwners(stacks)
    networks = NetworkPlan(stacks, names)
    let shared = SharedFiles(stacks)
    let (discovery, names) = (discovery, names)
    fileBundles = stacks.enumerated().map { number, stack in
      let options = choices.options(stack: stack.name)
      return FileBundles(
        stack, options, shared: shared,
        hosts: FileHosts(
          discovery: discovery, names: names, stack: number, isRewriting: options.rewriteHosts,
          readers: FileReaders(stack)))
    }
    sharedVolumes = SharedVolumes(stacks)
    var uses = stacks.map(VolumeUses.init)
    sharedVolumes.mark(&uses, stacks)
    volumeUses = uses
    cronTimeZone = CronSchedule.timeZone(of: stacks)
    routes = RouteFacts(stacks)
  }

  package var stack: Swarm.Stack { stacks[current] }
  package var stackNames: Names { names[current] }

  /// Begins the mapping of a stack.
  package mutating func enter(stack: Int) {
    current = stack
    options = choices.options(stack: stacks[stack].name)
  }

  /// Begins the mapping of a service of the current stack.
  package mutating func enter(service: Int) {
    options = choices.options(stack: stack.name, service: stack.services[service].name)
    client = discovery.hosts.client(
      ServicePlace(stack: current, service: service), stack.services[service])
  }

  /// Rewrites host names in a value of the service that is being mapped, unless `--no-rewrite-hosts` was given; lists them
  /// in any case. `hint` is the name of the variable, label or option that holds the value; a word of a command has the
  /// option before it, or nil.
  package func rewriteHosts(_ text: String, hint: String? = nil) -> (
    text: String, replacements: [HostReplacement]
  ) {
    let source: HostWords.Source =
      hint?.hasPrefix("-") ?? true ? .command(option: hint) : .value(name: hint)
    let (rewritten, replacements) = discovery.rewrite(text, source, for: client, names)
    return (options.rewriteHosts ? rewritten : text, replacements)
  }

  /// How a service of the current stack is reached.
  package func reach(of workload: Workload) -> ServiceReach {
    discovery.services[current][workload.index]
  }

  /// The object name of a service of the current stack.
  package func objectName(of service: Swarm.Service) -> ObjectName? {
    stackNames.services[service.name]
  }
}

/// The names that one stack's parts get in Kubernetes.
package struct Names: Sendable {
  package let namespace: ObjectName
  /// Service name in the file → object name: an RFC 1123 label that begins with a letter, distinct within the stack.
  package let services: [String: ObjectName]
  /// Names that fold to one that another service already has.
  package let collisions: [String]
  /// Volume key → claim name.
  package let volumes: [String: ObjectName]
  /// The object names of the services and the aliases that are legal names.
  private let taken: Set<String>
  /// By position.
  private let ordered: [ObjectName]
  private let positions: [String: Int]

  /// Each stack has a namespace of its own, also where the names of two fold to one.
  package static func all(_ stacks: [Swarm.Stack], _ choices: Choices) -> [Names] {
    var taken = Set<ObjectName>()
    return stacks.map { stack in
      let folded = ObjectName.folding(choices.options(stack: stack.name).namespace ?? stack.name)
      var namespace = folded
      var number = 2
      while !taken.insert(namespace).inserted {
        namespace = folded.appending("-\(number)")
        number += 1
      }
      return Names(stack, namespace)
    }
  }

  package init(_ stack: Swarm.Stack, _ namespace: ObjectName) {
    self.namespace = namespace
    // A name that is legal as it stands keeps it, whatever the order in the file.
    var taken = Set<String>()
    var services: [String: ObjectName] = [:]
    var collisions: [String] = []
    services.reserveCapacity(stack.services.count)
    var rest: [String] = []
    for service in stack.services {
      if ObjectName.folding(service.name, mustStartWithLetter: true).rawValue == service.name {
        services[service.name] = ObjectName.folding(service.name, mustStartWithLetter: true)
        taken.insert(service.name)
      } else {
        rest.append(service.name)
      }
    }
    for name in rest {
      let folded = ObjectName.folding(name, mustStartWithLetter: true).rawValue
      var candidate = folded
      var number = 2
      while !taken.insert(candidate).inserted {
        candidate =
          ObjectName.folding("\(folded)-\(number)", mustStartWithLetter: true).rawValue
        number += 1
      }
      if candidate != folded { collisions.append(name) }
      services[name] = ObjectName(unchecked: candidate)
    }
    self.services = services
    self.collisions = collisions
    ordered = stack.services.map { services[$0.name] ?? ObjectName.folding($0.name) }
    positions = Dictionary(
      ordered.enumerated().map { ($1.rawValue, $0) }, uniquingKeysWith: { first, _ in first })
    for service in stack.services {
      for attachment in service.networkAttachments {
        for alias in attachment.aliases.compactMap(\.text) { taken.insert(alias.lowercased()) }
      }
    }
    self.taken = taken
    volumes = Self.claims(stack.volumes)
  }

  /// The object name of a service by its position in the stack.
  package func objectName(number: Int) -> ObjectName { ordered[number] }

  /// The position of the service that has an object name.
  package func position(of name: String) -> Int? { positions[name] }

  /// Whether a service has the name, or an alias that is a legal one.
  package func isTaken(_ name: String) -> Bool { taken.contains(name) }

  /// A name with an ending for one more object of a service, such as `web-pods`, that no service has.
  package func free(_ name: ObjectName, _ ending: String) -> ObjectName {
    var candidate = name.appending(ending)
    var number = 2
    while taken.contains(candidate.rawValue) {
      candidate = name.appending("\(ending)-\(number)")
      number += 1
    }
    return candidate
  }

  /// Folds names so that no two fold to one. A volume from outside keeps the name that it has there, before all others.
  private static func claims(_ volumes: [Swarm.Volume]) -> [String: ObjectName] {
    var taken = Set<ObjectName>()
    var result: [String: ObjectName] = [:]
    for isExternal in [true, false] {
      for volume in volumes where volume.isExternal == isExternal {
        let folded = ObjectName.folding(isExternal ? volume.name : volume.key)
        var candidate = folded
        var number = 2
        while !taken.insert(candidate).inserted {
          candidate = folded.appending("-\(number)")
          number += 1
        }
        result[volume.key] = candidate
      }
    }
    return result
  }
}
