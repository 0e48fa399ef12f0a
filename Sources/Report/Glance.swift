package import Kubernetes
import Ledger
import Mapping
package import Swarm
import YAML

/// One service before and after, at a glance.
package struct Glance: Sendable {
  /// One aspect: what it was in the Swarm, and what it is in Kubernetes. Either side may be empty.
  package struct Row: Sendable {
    package let topic: String
    package let before: [String]
    package let after: [String]
  }

  package let stack: String
  package let service: String
  package let namespace: String
  /// `Deployment/web`; empty where nothing is written for the service.
  package let object: String
  /// The number of pods, where the workload has one.
  package let pods: Int?
  package let rows: [Row]
  /// Of the workload's pods; nil where nothing is written for the service.
  package let security: PodSecurityRating?

  package init(
    _ service: Swarm.Service, of swarm: Swarm.Stack, _ objects: ArraySlice<any Object>,
    namespace: ObjectName, version: Int
  ) {
    stack = service.stack
    self.service = service.name
    self.namespace = namespace.rawValue
    let owner = objects.lazy.compactMap { $0 as? any PodOwner }.first
    object = owner?.reference.description ?? ""
    pods = owner.flatMap(Self.pods)
    let security = owner.map { PodSecurityRating($0.template.spec, version: version) }
    self.security = security
    let services = objects.compactMap { $0 as? Kubernetes.Service }
    var rows = [
      Row(topic: "Workload", before: [Self.mode(service)], after: owner.map(Self.workload) ?? []),
      Row(
        topic: "Image", before: [service.node["image"]?.text].compactMap { $0 },
        after: [owner?.template.spec.containers.first?.image].compactMap { $0 }),
      Row(
        topic: "Names", before: Self.names(service),
        after: services.map {
          "\($0.metadata.name)" + ($0.clusterIP == .headless ? " (headless)" : "")
        }),
      Row(
        topic: "Ports", before: service.publishedPorts.map(Self.port),
        after: Self.ports(services, owner, objects)),
    ]
    rows.append(
      Row(
        topic: "Volumes", before: service.mounts.map { Self.mount($0, swarm) },
        after: owner.map { Self.mounts($0, files: false) } ?? []))
    rows.append(
      Row(
        topic: "Files",
        before: service.configReferences.map { "config \($0.source) → \($0.target.value)" }
          + service.secretReferences.map { "secret \($0.source) → \($0.target.value)" },
        after: owner.map { Self.mounts($0, files: true) } ?? []))
    rows.append(
      Row(
        topic: "Resources", before: Self.resources(service),
        after: owner.map(Self.resources) ?? []))
    if let security {
      let next = security.level == .privileged ? "baseline" : "restricted"
      rows.append(
        Row(
          topic: "Pod security", before: [],
          after: [security.level.rawValue] + security.reasons.map { "not \(next): \($0)" }))
    }
    self.rows = rows.filter { !$0.before.isEmpty || !$0.after.isEmpty }
  }

  // MARK: Before

  private static func mode(_ service: Swarm.Service) -> String {
    switch service.mode.value {
    case .replicated(let count): "replicated, \(count) task\(count == 1 ? "" : "s")"
    case .global: "global, a task on each node"
    case .replicatedJob(let count): "replicated job, \(count) task\(count == 1 ? "" : "s")"
    case .globalJob: "global job, a task on each node"
    }
  }

  private static func names(_ service: Swarm.Service) -> [String] {
    var names = [service.name]
    for attachment in service.networkAttachments {
      for alias in attachment.aliases.compactMap(\.text) where !names.contains(alias) {
        names.append(alias)
      }
    }
    return names
  }

  private static func port(_ port: PublishedPort) -> String {
    "\(port.published.map(String.init) ?? "any") → \(port.target)/\(port.transport.rawValue)"
      + (port.mode == .host ? " on the node" : "")
  }

  private static func mount(_ mount: Mount, _ stack: Swarm.Stack) -> String {
    let source =
      switch mount.kind {
      case .tmpfs: "memory"
      case .volume: mount.source.map { "volume \($0)" } ?? "anonymous volume"
      default: mount.source.map(stack.shown) ?? mount.kind.rawValue
      }
    return "\(source) → \(mount.target)" + (mount.readOnly ? " (read-only)" : "")
  }

  private static func resources(_ service: Swarm.Service) -> [String] {
    func line(_ label: String, _ amounts: ResourceAmounts) -> String? {
      let parts = [
        amounts.nanoCPUs.map { "\(Quantity(nanoCPUs: $0)) CPU" },
        amounts.memory.map { "\(Quantity(bytes: $0)) memory" },
      ].compactMap { $0 }
      return parts.isEmpty ? nil : "\(label) \(parts.joined(separator: ", "))"
    }
    return [
      line("limit", service.resourceLimits), line("reserved", service.resourceReservations),
    ].compactMap { $0 }
  }

  // MARK: After

  /// The pods of a workload; nil where the number follows from the nodes or from a schedule.
  package static func pods(_ owner: any PodOwner) -> Int? {
    switch owner {
    case let deployment as Deployment: deployment.replicas ?? 1
    case let set as StatefulSet: set.replicas ?? 1
    case let job as Job: job.spec.parallelism ?? 1
    default: nil
    }
  }

  private static func workload(_ owner: any PodOwner) -> [String] {
    let how: String
    switch owner {
    case let cron as CronJob: how = "at \(cron.schedule)"
    case is DaemonSet: how = "a pod on each node"
    case let job as Job:
      let count = job.spec.completions ?? job.spec.parallelism ?? 1
      how = "\(count) pod\(count == 1 ? "" : "s") to completion"
    default:
      let count = pods(owner) ?? 1
      how = "\(count) pod\(count == 1 ? "" : "s")"
    }
    return ["\(owner.reference), \(how)"]
  }

  private static func ports(
    _ services: [Kubernetes.Service], _ owner: (any PodOwner)?, _ objects: ArraySlice<any Object>
  ) -> [String] {
    var lines: [String] = []
    for service in services where !service.ports.isEmpty {
      let ports = service.ports.map { port -> String in
        let target: String =
          switch port.targetPort {
          case .number(let number) where number != port.port: " → \(number)"
          case .name(let name): " → \(name)"
          default: ""
          }
        let node = port.nodePort.map { " (node port \($0))" } ?? ""
        let transport = port.protocol == .udp ? "/udp" : (port.protocol == .sctp ? "/sctp" : "")
        return "\(port.port)\(target)\(transport)\(node)"
      }
      let type = service.type.map { $0 == .clusterIP ? "" : " (\($0.rawValue))" } ?? ""
      lines.append("\(service.metadata.name)\(type): \(ports.joined(separator: ", "))")
    }
    for port in owner?.template.spec.containers.first?.ports ?? [] {
      if let host = port.hostPort {
        lines.append("node port \(host) → \(port.containerPort) (hostPort)")
      }
    }
    for case let ingress as Ingress in objects {
      for rule in ingress.rules {
        let paths = rule.paths.map(\.path).joined(separator: ", ")
        lines.append("\(ingress.metadata.name) (Ingress): \(rule.host ?? "any host") \(paths)")
      }
    }
    return lines
  }

  /// Mounts with what they show: volumes, or the files of configs and secrets.
  private static func mounts(_ owner: any PodOwner, files: Bool) -> [String] {
    let pod = owner.template.spec
    guard let container = pod.containers.first else { return [] }
    var claims: [String: String] = [:]
    if let set = owner as? StatefulSet {
      for claim in set.volumeClaimTemplates {
        claims[claim.metadata.name.rawValue] = "claim \(claim.metadata.name) of each pod"
      }
    }
    var sources: [String: (text: String, isFile: Bool)] = [:]
    for volume in pod.volumes { sources[volume.name.rawValue] = describe(volume.source) }
    for (name, text) in claims { sources[name] = (text, false) }
    var lines: [String] = []
    for mount in container.volumeMounts {
      guard let source = sources[mount.name.rawValue], source.isFile == files else { continue }
      let readOnly = mount.readOnly == true && !source.isFile ? " (read-only)" : ""
      lines.append("\(source.text) → \(mount.mountPath)\(readOnly)")
    }
    return lines
  }

  private static func describe(_ source: Kubernetes.Volume.Source) -> (text: String, isFile: Bool) {
    switch source {
    case .configMap(let map): return ("ConfigMap \(map.name)", true)
    case .secret(let secret): return ("Secret \(secret.name)", true)
    case .projected(let sources, _):
      let names = sources.map { source in
        switch source {
        case .secret(let name, _, _): "Secret \(name)"
        case .configMap(let name, _, _): "ConfigMap \(name)"
        case .downwardAPI: "fields of the pod"
        }
      }
      return (names.joined(separator: ", "), true)
    case .downwardAPI: return ("fields of the pod", true)
    case .emptyDir(let medium, let limit):
      let size = limit.map { " \($0)" } ?? ""
      return (medium == .memory ? "memory\(size)" : "empty folder\(size)", false)
    case .hostPath(let path): return ("\(path.path) of the node", false)
    case .persistentVolumeClaim(let name, _): return ("claim \(name)", false)
    case .nfs(let nfs): return ("NFS \(nfs.server):\(nfs.path)", false)
    case .csi(let csi): return ("CSI \(csi.driver)", false)
    }
  }

  private static func resources(_ owner: any PodOwner) -> [String] {
    guard let container = owner.template.spec.containers.first else { return [] }
    func line(_ label: String, _ list: ResourceList) -> String? {
      let parts = list.entries.map { "\($0.quantity) \($0.name == "cpu" ? "CPU" : $0.name)" }
      return parts.isEmpty ? nil : "\(label) \(parts.joined(separator: ", "))"
    }
    return [
      line("limit", container.resources.limits), line("request", container.resources.requests),
    ].compactMap { $0 }
  }
}
