import Kubernetes
package import Ledger
package import Mapping
import Stack
import Swarm
import YAML

/// The move, step by step: made from the stack, for the people who do it.
package struct Runbook: Sendable {
  package struct Step: Sendable {
    package let title: String
    /// One or two sentences.
    package let text: String
    package let commands: [Command]
    /// Commands whose output says whether the step has worked.
    package let checks: [Command]
  }

  /// Services that can move together, each wave after what it needs.
  package struct Wave: Sendable {
    package let title: String
    package let services: [String]
    /// The first one, which moves nothing and readies images.
    package var isOfImages = false
  }

  package private(set) var waves: [Wave] = []
  package private(set) var steps: [Step] = []

  /// The waves in which services move.
  package var moves: [Wave] { waves.filter { !$0.isOfImages } }

  /// - Parameter folder: Where the manifests are; the default of `convert` where nil.
  package init(_ migration: Migration, _ estate: Estate, _ images: ImageWave?, folder: String?) {
    let facts = migration.facts
    let isAlone = facts.stacks.count == 1
    let folder =
      folder ?? "kubernetes/\(isAlone ? facts.stacks.first?.name ?? "stack" : "stacks")"
    let order = Dependencies(facts)
    let members = order.waves.map { wave in
      wave.compactMap { Member(order.services[$0], migration, isAlone: isAlone) }
    }.filter { !$0.isEmpty }
    waves = members.enumerated().map { number, wave in
      Wave(title: Self.title(number, wave), services: wave.map(\.name))
    }
    if let images {
      waves.insert(
        Wave(title: ImageWave.title, services: images.services, isOfImages: true), at: 0)
      steps.append(images.step)
    }
    let entrances = Entrances(migration)
    addPreparation(estate, folder)
    addFoundation(migration, folder)
    // What keeps nothing can run in both places, so that nobody notices when the traffic turns.
    if members.allSatisfy({ $0.allSatisfy { !$0.keepsData } }), !entrances.commands.isEmpty {
      addWaves(members, estate, folder)
      addTraffic(entrances)
      addStop(
        members,
        text:
          "Once nobody asks the Swarm any more, a day after the DNS records have turned, say. Until then both run side by side: "
          + "what works off queues or schedules does so twice.")
    } else {
      addRehearsal(members, folder)
      addStop(
        members,
        text:
          "The outage begins. What others need is stopped last, so that nothing is written half.")
      addCopies(estate)
      addWaves(members, estate, folder)
      addTraffic(entrances)
    }
    addWayBack(members)
  }

  /// A service that is moved.
  private struct Member {
    let name: String
    let swarmName: String
    let label: String
    let namespace: String
    let owner: any PodOwner
    let tasks: Int?
    let isDataStore: Bool
    /// Whether it writes what must not be written in two places, or be left behind.
    let keepsData: Bool

    init?(_ service: Dependencies.Service, _ migration: Migration, isAlone: Bool) {
      let manifests = migration.stacks[service.stack]
      let swarm = migration.facts.stacks[service.stack].services[service.index]
      let part = manifests.objects[manifests.parts[service.index]]
      guard let owner = part.lazy.compactMap({ $0 as? any PodOwner }).first else { return nil }
      name = isAlone ? swarm.name : swarm.fullName
      swarmName = swarm.fullName
      label =
        owner.metadata.labels["app.kubernetes.io/name"]?.rawValue ?? owner.metadata.name.rawValue
      namespace = manifests.namespace.rawValue
      self.owner = owner
      if case .replicated(let count) = swarm.mode.value { tasks = count } else { tasks = nil }
      isDataStore = service.isDataStore
      let claims = (owner as? StatefulSet)?.volumeClaimTemplates ?? []
      keepsData =
        service.isDataStore || !claims.isEmpty || owner.template.spec.keepsData
    }

    /// Waits until the pods are as they should be; nil where nothing runs yet.
    var check: Command? {
      let name = owner.metadata.name
      switch owner {
      case let deployment as Deployment:
        return deployment.replicas == 0
          ? nil : "kubectl -n \(namespace) rollout status deployment/\(name) --timeout=10m"
      case let set as StatefulSet:
        return set.replicas == 0
          ? nil : "kubectl -n \(namespace) rollout status statefulset/\(name) --timeout=10m"
      case is DaemonSet:
        return "kubectl -n \(namespace) rollout status daemonset/\(name) --timeout=10m"
      case let job as Job:
        return job.spec.suspend == true
          ? nil : "kubectl -n \(namespace) wait --for=condition=complete job/\(name) --timeout=30m"
      case is CronJob: return "kubectl -n \(namespace) get cronjob \(name)"
      default: return nil
      }
    }
  }

  private static func title(_ number: Int, _ wave: [Member]) -> String {
    let kind =
      wave.allSatisfy(\.isDataStore)
      ? "data stores" : (number == 0 ? "services that need no other" : "services on top of them")
    return "Wave \(number + 1): \(kind)"
  }

  private static func apply(_ wave: [Member], _ folder: String) -> [Command] {
    var byNamespace: [(namespace: String, labels: [String])] = []
    for member in wave {
      if let index = byNamespace.firstIndex(where: { $0.namespace == member.namespace }) {
        byNamespace[index].labels.append(member.label)
      } else {
        byNamespace.append((member.namespace, [member.label]))
      }
    }
    return byNamespace.map { namespace, labels in
      let labels = labels.joined(separator: ",")
      let selector =
        "app.kubernetes.io/instance=\(namespace),app.kubernetes.io/name in (\(labels))"
      return "kubectl apply -R -f \(folder) -l \(selector)"
    }
  }

  /// Applies what belongs to no service: nothing of it runs.
  private static func foundation(_ folder: String) -> Command {
    "kubectl apply -R -f \(folder) -l '!app.kubernetes.io/name'"
  }

  private static func scale(_ wave: [Member], to count: (Member) -> Int) -> [Command] {
    let words = wave.filter { ($0.tasks ?? 0) > 0 }.map { "\($0.swarmName)=\(count($0))" }
    return words.isEmpty ? [] : [Command(words: ["docker", "service", "scale"] + words)]
  }

  // MARK: The steps

  private mutating func addPreparation(_ estate: Estate, _ folder: String) {
    var commands = estate.nodeLabels.flatMap(\.commands)
    commands += estate.missing.flatMap(\.commands)
    var parts = ["Days ahead, while the Swarm serves as ever."]
    if !estate.nodeLabels.isEmpty { parts.append("Label the nodes that constraints ask for.") }
    if !estate.missing.isEmpty {
      parts.append(
        "Create what the manifests refer to and do not hold, once the namespace is there.")
    }
    if !estate.infrastructure.isEmpty {
      parts.append(
        "Install what replaces the Swarm's own infrastructure: see \"Replaced infrastructure\".")
    }
    let measures = estate.volumes.flatMap(\.measure)
    if !measures.isEmpty {
      parts.append(
        "See how much each volume holds, on the node that has it, and let its claim ask for enough."
      )
      commands += measures
    }
    let claims = estate.volumes.count
    if claims > 0 {
      parts.append(
        "See that the cluster has a storage class for \(claims) claim\(claims == 1 ? "" : "s").")
    }
    var seen = Set<Command>()
    commands = commands.filter { seen.insert($0).inserted }
    steps.append(
      Step(
        title: "Prepare the cluster", text: parts.joined(separator: " "), commands: commands,
        checks: ["kubectl get nodes", "kubectl get storageclass"]))
  }

  private mutating func addFoundation(_ migration: Migration, _ folder: String) {
    let namespaces = Array(Set(migration.stacks.map(\.namespace.rawValue))).sorted()
    steps.append(
      Step(
        title: "Lay the foundation",
        text: "Namespace, policies, configs, secrets and claims: nothing of it runs.",
        commands: [Self.foundation(folder)],
        checks: namespaces.map { "kubectl -n \($0) get configmap,secret,persistentvolumeclaim" }))
  }

  private mutating func addRehearsal(_ waves: [[Member]], _ folder: String) {
    guard !waves.isEmpty else { return }
    let namespaces = Set(waves.flatMap { $0 }.map(\.namespace)).sorted()
    steps.append(
      Step(
        title: "Rehearse with empty volumes",
        text:
          "Apply everything once beside the running Swarm, wave by wave as below, and look at the pods; nobody is sent there "
          + "yet. Take care that jobs and mail senders find only test systems. Then take it all down again, with the volumes that "
          + "the rehearsal has filled.",
        commands: ["kubectl apply -R -f \(folder)"]
          + namespaces.map {
            "kubectl -n \($0) delete deployment,statefulset,daemonset,job,cronjob,persistentvolumeclaim -l app.kubernetes.io/instance=\($0)"
          } + [Self.foundation(folder)],
        checks: namespaces.map { "kubectl -n \($0) get pods" }))
  }

  private mutating func addStop(_ waves: [[Member]], text: String) {
    let stop = waves.reversed().flatMap { Self.scale($0) { _ in 0 } }
    if !stop.isEmpty {
      steps.append(
        Step(
          title: "Stop the Swarm's services", text: text, commands: stop,
          checks: ["docker service ls"]))
    }
  }

  private mutating func addCopies(_ estate: Estate) {
    let copies = estate.volumes.filter { !$0.copy.isEmpty && !$0.isPerPod }
    guard !copies.isEmpty else { return }
    let names = copies.map(\.claim).joined(separator: ", ")
    steps.append(
      Step(
        title: "Copy the data",
        text:
          "Each on the Swarm node that has the volume: \(names). A dump and restore is surer for a database "
          + "whose version changes.",
        commands: copies.flatMap(\.copyBeforeStart), checks: []))
  }

  private mutating func addWaves(_ waves: [[Member]], _ estate: Estate, _ folder: String) {
    for (number, wave) in waves.enumerated() {
      var commands = Self.apply(wave, folder)
      var text = wave.map(\.name).joined(separator: ", ") + "."
      // Claims of a StatefulSet's pods come with the pods, so their data follows, and the pods start once more.
      let names = Set(wave.map(\.name))
      let late = estate.volumes.filter {
        $0.isPerPod && !$0.copy.isEmpty && $0.services.contains(where: names.contains)
      }
      if !late.isEmpty {
        text += " The claims of single pods come with the pods: their data is copied in between."
        commands += late.flatMap(\.copy) + Self.apply(wave, folder)
      }
      steps.append(
        Step(
          title: Self.title(number, wave), text: text, commands: commands,
          checks: wave.compactMap(\.check)))
    }
  }

  private mutating func addTraffic(_ entrances: Entrances) {
    guard !entrances.commands.isEmpty else { return }
    let ask =
      entrances.hosts.isEmpty
      ? "" : " The checks ask each host at its new address, so they work before that."
    steps.append(
      Step(
        title: "Turn the traffic",
        text:
          "Lower the time to live of the DNS records a day ahead. Point \(entrances.subject) to the addresses that these show."
          + ask,
        commands: entrances.commands, checks: entrances.checks))
  }

  private mutating func addWayBack(_ waves: [[Member]]) {
    guard !waves.isEmpty else { return }
    let start = waves.flatMap { Self.scale($0) { $0.tasks ?? 1 } }
    let namespaces = Array(Set(waves.flatMap { $0 }.map(\.namespace))).sorted()
    steps.append(
      Step(
        title: "The way back",
        text:
          "Until the Swarm's services are removed: turn the DNS records back and start them again. What was written in "
          + "Kubernetes meanwhile stays there, and is copied back by the same commands with the two ends exchanged.",
        commands: namespaces.map { namespace -> Command in
          "kubectl -n \(namespace) scale deployment,statefulset -l app.kubernetes.io/instance=\(namespace) --replicas=0"
        } + start,
        checks: start.isEmpty ? [] : ["docker service ls"]))
  }
}

extension PodSpec {
  /// Whether it writes to something that outlives the pod.
  fileprivate var keepsData: Bool {
    volumes.contains { volume in
      switch volume.source {
      case .configMap, .secret, .projected, .downwardAPI, .emptyDir: return false
      case .persistentVolumeClaim, .nfs, .csi, .hostPath:
        return (containers + initContainers).contains {
          $0.volumeMounts.contains { $0.name == volume.name && $0.readOnly != true }
        }
      }
    }
  }
}
