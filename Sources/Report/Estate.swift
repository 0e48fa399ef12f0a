package import Kubernetes
package import Ledger
package import Mapping
import Swarm
import YAML

/// What concerns the whole estate rather than one service: names, nodes, files, data, capacity, images.
package struct Estate: Sendable {
  /// A DNS name in the Swarm and what to say instead.
  package struct NameRow: Sendable {
    package let stack: String
    package let service: String
    package let swarm: String
    /// The Service's name within its namespace; empty where nothing answers to the name any more.
    package let kubernetes: String
    package let namespace: String
    package var isSame: Bool { swarm == kubernetes }
  }

  /// A label that nodes need before pods can run.
  package struct NodeLabel: Sendable {
    package let label: String
    package fileprivate(set) var services: [String]
    package let commands: [Command]
  }

  /// An object that the manifests refer to and do not hold.
  package struct MissingObject: Sendable {
    package let kind: String
    package let name: String
    package let namespace: String
    package fileprivate(set) var services: [String]
    package let commands: [Command]
  }

  /// A claim, and how its data gets there.
  package struct VolumeRow: Sendable {
    package let claim: String
    package let namespace: String
    package let size: String
    package let storageClass: String?
    package let modes: [String]
    package let services: [String]
    /// Each pod has one of its own, made with the pod.
    package let isPerPod: Bool
    /// The commands that copy the data; empty where there is nothing to copy.
    package let copy: [Command]

    /// Says how much there is to copy.
    package var measure: [Command] {
      copy.filter { if case .measure = $0.intent { true } else { false } }
    }

    /// `copy` for a time when nothing runs yet: there is nothing to stop, and the size is known.
    package var copyBeforeStart: [Command] {
      copy.filter { if case .copy = $0.intent { true } else { false } }
    }
  }

  /// Sums over all pods. Amounts are in Kubernetes' units; an empty text where nothing is said.
  package struct Capacity: Sendable {
    package struct Side: Sendable {
      package var pods = 0
      package var cpuLimit = Quantity(nanoCPUs: 0)
      package var memoryLimit = Quantity(bytes: 0)
      package var cpuRequest = Quantity(nanoCPUs: 0)
      package var memoryRequest = Quantity(bytes: 0)
      /// Pods that reserve neither processor nor memory.
      package var podsWithoutRequest = 0

      package mutating func add(_ count: Int, _ limits: ResourceList, _ requests: ResourceList) {
        let count = min(max(0, count), 1_000_000)
        pods += count
        cpuLimit = Self.sum(cpuLimit, limits.cpu, count)
        memoryLimit = Self.sum(memoryLimit, limits.memory, count)
        cpuRequest = Self.sum(cpuRequest, requests.cpu, count)
        memoryRequest = Self.sum(memoryRequest, requests.memory, count)
        if requests.cpu == nil, requests.memory == nil { podsWithoutRequest += count }
      }

      private static func sum(_ total: Quantity, _ amount: Quantity?, _ count: Int) -> Quantity {
        guard let amount else { return total }
        return total.adding(amount, times: count)
      }
    }

    package var before = Side()
    package var after = Side()
    /// The number of nodes that a global service is counted for.
    package let nodes: Int
  }

  package struct ImageRow: Sendable {
    package let image: String
    package fileprivate(set) var services: [String]
  }

  package private(set) var names: [NameRow] = []
  package private(set) var nodeLabels: [NodeLabel] = []
  package private(set) var missing: [MissingObject] = []
  package private(set) var volumes: [VolumeRow] = []
  package private(set) var capacity: Capacity
  /// `latest`, or no tag.
  package private(set) var unpinned: [ImageRow] = []
  /// Every service's image, and what is known of it.
  package private(set) var images: [ImageState] = []
  package private(set) var nameless: [ImageState.Nameless] = []
  /// Findings about services that are Swarm's own infrastructure.
  package private(set) var infrastructure: [Finding] = []

  package init(_ migration: Migration, _ facts: Facts) {
    capacity = Capacity(nodes: facts.choices.all.nodes)
    var commands = KnownCommands()
    for finding in migration.ledger.findings {
      commands.add(finding)
      if finding.message.kind.feature == Infrastructure.name { infrastructure.append(finding) }
    }
    var labels = Index()
    var objects = Index()
    var images = Index()
    for (number, (stack, manifests)) in zip(facts.stacks, migration.stacks).enumerated() {
      let isAlone = migration.stacks.count == 1
      var emitted = Set<ObjectReference>()
      // Claims, whose template they are, and the claim that the copy command is for.
      var claims: [(PersistentVolumeClaim, owner: String?, copied: String)] = []
      // Aliases may be answered by Services of the stack as a whole.
      var answered = Set<String>()
      for object in manifests.objects {
        emitted.insert(object.reference)
        if object is Kubernetes.Service { answered.insert(object.metadata.name.rawValue) }
        if let claim = object as? PersistentVolumeClaim {
          claims.append((claim, nil, claim.metadata.name.rawValue))
        }
      }
      var users: [String: [String]] = [:]
      for (index, (service, range)) in zip(stack.services, manifests.parts).enumerated() {
        let who = isAlone ? service.name : service.fullName
        let part = manifests.objects[range]
        addNames(service, part, manifests, facts.discovery.services[number][index], answered)
        addBefore(service)
        if let state = ImageState(service, who) { self.images.append(state) }
        if let build = ImageState.Nameless(service, who) { nameless.append(build) }
        if let text = service.node["image"]?.text, let image = try? ImageReference(text),
          image.isLatest
        {
          images.add(text, who, to: &unpinned, \.services) { ImageRow(image: text, services: []) }
        }
        guard let owner = part.lazy.compactMap({ $0 as? any PodOwner }).first else { continue }
        addAfter(owner)
        addLabels(owner, who, &labels, commands)
        if let set = owner as? StatefulSet {
          for claim in set.volumeClaimTemplates {
            let first = "\(claim.metadata.name)-\(set.metadata.name)-\(set.ordinalsStart ?? 1)"
            claims.append((claim, who, first))
          }
        }
        for (kind, name, keys) in owner.template.spec.referredObjects {
          if kind == "PersistentVolumeClaim" { users[name, default: []].append(who) }
          let namespace = manifests.namespace.rawValue
          let reference = ObjectReference(kind: kind, name: name, namespace: namespace)
          guard !emitted.contains(reference) else { continue }
          objects.add("\(kind)/\(namespace)/\(name)", who, to: &missing, \.services) {
            MissingObject(
              kind: kind, name: name, namespace: namespace, services: [],
              commands: commands.creating(kind, name, in: namespace)
                ?? [Self.creation(kind, name, namespace, keys)])
          }
        }
      }
      for (claim, owner, copied) in claims {
        let name = claim.metadata.name.rawValue
        volumes.append(
          VolumeRow(
            claim: name, namespace: manifests.namespace.rawValue,
            size: claim.storage.description, storageClass: claim.storageClassName,
            modes: claim.accessModes.map(\.rawValue),
            services: owner.map { [$0] } ?? users[name] ?? [],
            isPerPod: owner != nil,
            copy: commands.copying(copied, in: manifests.namespace.rawValue)))
      }
    }
  }

  private mutating func addNames(
    _ service: Swarm.Service, _ part: ArraySlice<any Object>, _ manifests: StackManifests,
    _ reach: ServiceReach, _ aliases: Set<String>
  ) {
    let services = part.compactMap { $0 as? Kubernetes.Service }
    let main = services.first { $0.metadata.name == manifests.names.services[service.name] }
    let plain = main?.metadata.name.rawValue ?? ""
    let tasks = services.first { $0.metadata.name == reach.tasks }
    let each = tasks?.metadata.name.rawValue ?? (main?.clusterIP == .headless ? plain : "")
    func add(_ swarm: String, _ kubernetes: String) {
      names.append(
        NameRow(
          stack: service.stack, service: service.name, swarm: swarm, kubernetes: kubernetes,
          namespace: manifests.namespace.rawValue))
    }
    add(service.name, plain)
    add(service.fullName, plain)
    if !each.isEmpty {
      add("tasks.\(service.name)", each)
      add("tasks.\(service.fullName)", each)
    }
    var seen: Set<String> = [service.name, service.fullName]
    for attachment in service.networkAttachments {
      for alias in attachment.aliases.compactMap(\.text) where seen.insert(alias).inserted {
        let folded = ObjectName.folding(alias, mustStartWithLetter: true).rawValue
        add(alias, aliases.contains(folded) ? folded : "")
      }
    }
  }

  private mutating func addBefore(_ service: Swarm.Service) {
    let count: Int =
      switch service.mode.value {
      case .replicated(let replicas), .replicatedJob(let replicas): replicas
      case .global, .globalJob: capacity.nodes
      }
    func list(_ amounts: ResourceAmounts) -> ResourceList {
      var list = ResourceList()
      list.cpu = amounts.nanoCPUs.map { Quantity(nanoCPUs: $0) }
      list.memory = amounts.memory.map { Quantity(bytes: $0) }
      return list
    }
    capacity.before.add(
      count, list(service.resourceLimits), list(service.resourceReservations))
  }

  private mutating func addAfter(_ owner: any PodOwner) {
    let count = Glance.pods(owner) ?? (owner is DaemonSet ? capacity.nodes : 1)
    for (position, container) in owner.template.spec.containers.enumerated() where position == 0 {
      let resources = container.resources
      // A limit without a request is the request, for the scheduler.
      var requests = resources.requests
      if requests.cpu == nil { requests.cpu = resources.limits.cpu }
      if requests.memory == nil { requests.memory = resources.limits.memory }
      capacity.after.add(count, resources.limits, requests)
    }
  }

  private mutating func addLabels(
    _ owner: any PodOwner, _ who: String, _ labels: inout Index, _ commands: KnownCommands
  ) {
    let pod = owner.template.spec
    // A value that is nil is any: pods are spread over all that there are.
    var wanted: [(key: String, value: String?)] = []
    for requirement in (pod.affinity?.requiredNodeTerms ?? []).flatMap(\.matchExpressions) {
      for value in requirement.values { wanted.append((requirement.key.rawValue, value.rawValue)) }
    }
    for constraint in pod.topologySpreadConstraints {
      wanted.append((constraint.topologyKey.rawValue, nil))
    }
    for (key, value) in wanted
    where !key.hasPrefix("kubernetes.io/") && !key.hasPrefix("node-role.kubernetes.io/") {
      let label = "\(key)=\(value ?? "…")"
      labels.add(label, who, to: &nodeLabels, \.services) {
        NodeLabel(
          label: label, services: [],
          commands: commands.labelling(value == nil ? key : label) ?? [
            "kubectl label node NODE \(key)=\(value ?? "VALUE")"
          ])
      }
    }
  }

  private static func creation(
    _ kind: String, _ name: String, _ namespace: String, _ keys: [String]
  ) -> Command {
    let files = keys.isEmpty ? ["--from-file=FILE"] : keys.map { "--from-file=\($0)=\($0)" }
    switch kind {
    case "Secret":
      return "kubectl -n \(namespace) create secret generic \(name) \(words: files)"
    case "ConfigMap":
      return "kubectl -n \(namespace) create configmap \(name) \(words: files)"
    default: return "kubectl -n \(namespace) get persistentvolumeclaim \(name)"
    }
  }
}

/// Rows by a key, so that a second user is added to the row of the first.
private struct Index {
  private var positions: [String: Int] = [:]

  mutating func add<Row>(
    _ key: String, _ who: String, to rows: inout [Row],
    _ services: WritableKeyPath<Row, [String]>, _ make: () -> Row
  ) {
    let position: Int
    if let known = positions[key] {
      position = known
    } else {
      position = rows.count
      positions[key] = position
      rows.append(make())
    }
    if rows[position][keyPath: services].last != who {
      rows[position][keyPath: services].append(who)
    }
  }
}

/// The commands that findings give, by what they are for.
private struct KnownCommands {
  private var labels: [String: [Command]] = [:]
  private var objects: [ObjectReference: [Command]] = [:]
  private var copies: [ObjectReference: [Command]] = [:]

  mutating func add(_ finding: Finding) {
    guard finding.disposition == .manual else { return }
    for case .commands(let commands) in finding.message.remedies {
      for command in commands {
        switch command.intent {
        case .labelNodes(let label):
          if labels[label] == nil { labels[label] = commands }
        case .create(let kind, let name, let namespace):
          let object = ObjectReference(kind: kind, name: name, namespace: namespace)
          if objects[object] == nil { objects[object] = commands }
        case .copy(let claim, let namespace):
          let object = Self.claim(claim, namespace)
          if copies[object] == nil { copies[object] = commands }
        case .measure, .stop, .install, .look, nil: break
        }
      }
    }
  }

  private static func claim(_ name: String, _ namespace: String) -> ObjectReference {
    ObjectReference(kind: "PersistentVolumeClaim", name: name, namespace: namespace)
  }

  func labelling(_ label: String) -> [Command]? { labels[label] }

  func creating(_ kind: String, _ name: String, in namespace: String) -> [Command]? {
    objects[ObjectReference(kind: kind, name: name, namespace: namespace)]
  }

  func copying(_ claim: String, in namespace: String) -> [Command] {
    copies[Self.claim(claim, namespace)] ?? []
  }
}

extension PodSpec {
  /// Claims, Secrets and ConfigMaps that the pod mounts or reads, with the keys that it asks for.
  package var referredObjects: [(kind: String, name: String, keys: [String])] {
    var found: [(kind: String, name: String, keys: [String])] = []
    for volume in volumes {
      switch volume.source {
      case .persistentVolumeClaim(let name, _):
        found.append(("PersistentVolumeClaim", name.rawValue, []))
      case .configMap(let map):
        found.append(("ConfigMap", map.name.rawValue, map.items.map(\.key)))
      case .secret(let secret):
        found.append(("Secret", secret.name.rawValue, secret.items.map(\.key)))
      case .projected(let sources, _):
        for source in sources {
          switch source {
          case .secret(let name, let items, _):
            found.append(("Secret", name.rawValue, items.map(\.key)))
          case .configMap(let name, let items, _):
            found.append(("ConfigMap", name.rawValue, items.map(\.key)))
          case .downwardAPI: break
          }
        }
      case .downwardAPI, .emptyDir, .hostPath, .nfs, .csi: break
      }
    }
    return found
  }
}
