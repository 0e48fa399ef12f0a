package import Kubernetes
package import Ledger
package import Swarm
import YAML

/// What Swarm's task values become in a pod: fields of the downward API, or texts.
///
/// A value inside a longer text needs a variable of its own, which must stand before the one that refers to it.
package struct TaskFields {
  /// Where a value comes from.
  private enum Source {
    case field(String)
    case text(String)
  }

  /// The variables that `$(…)` refers to, in the order in which they must stand.
  package private(set) var variables: [EnvironmentVariable] = []
  private let service: Swarm.Service
  private let reserved: [String]
  private var names: [(value: TaskValue, name: String)] = []

  /// `reserved` are the names that the user's own variables have.
  package init(_ service: Swarm.Service, reserved: [String]) {
    self.service = service
    self.reserved = reserved
  }

  /// A variable that holds a value and nothing else.
  package func variable(_ name: String, _ value: TaskValue, _ workload: inout Workload)
    -> EnvironmentVariable
  {
    switch source(value, &workload) {
    case .field(let path): EnvironmentVariable(name, from: .fieldRef(path))
    case .text(let text): EnvironmentVariable(name, escapingReferences(text))
    }
  }

  /// What stands for a value inside a text: `$(SWARM_TASK_SLOT)`, or the text itself.
  package mutating func reference(to value: TaskValue, _ workload: inout Workload) -> String {
    if case .text(let text) = source(value, &workload) { return escapingReferences(text) }
    return "$(\(name(of: value, &workload)))"
  }

  /// The variable that holds a value, made where it is not there yet.
  package mutating func name(of value: TaskValue, _ workload: inout Workload) -> String {
    if let known = names.first(where: { $0.value == value }) { return known.name }
    var name = "SWARM" + value.rawValue.map { $0 == "." ? "_" : $0.uppercased() }.joined()
    while reserved.contains(name) { name += "_" }
    names.append((value, name))
    variables.append(variable(name, value, &workload))
    return name
  }

  private func source(_ value: TaskValue, _ workload: inout Workload) -> Source {
    switch value {
    case .nodeHostname, .nodeID: .field("spec.nodeName")
    case .taskName: .field("metadata.name")
    case .taskID: .field("metadata.uid")
    case .serviceID: .text(service.fullName)
    case .operatingSystem: .text("linux")
    case .architecture: .text(pinnedArchitecture ?? "x86_64")
    case .taskSlot: slot(&workload)
    }
  }

  private func slot(_ workload: inout Workload) -> Source {
    switch workload.kind {
    // A replicated service whose templates use the slot is never a Deployment.
    case .statefulSet, .deployment:
      if workload.firstOrdinal == nil { workload.firstOrdinal = 1 }
      return .field("metadata.labels['apps.kubernetes.io/pod-index']")
    case .daemonSet: return .field("spec.nodeName")
    case .job, .cronJob:
      guard workload.job.completions ?? 1 > 1 else { return .text("1") }
      workload.job.isIndexed = true
      return .field("metadata.annotations['batch.kubernetes.io/job-completion-index']")
    }
  }

  /// What differs from Swarm in a value; nil where nothing does.
  package func finding(_ value: TaskValue, _ workload: Workload) -> Finding.Message? {
    switch value {
    case .nodeHostname: .nodeHostname
    case .nodeID: .nodeID
    case .taskName: .taskName(workload.name.rawValue)
    case .taskID: .taskID
    case .serviceID: .serviceID(service.fullName)
    case .operatingSystem: nil
    case .architecture: pinnedArchitecture == nil ? .architecture : nil
    case .taskSlot:
      switch workload.kind {
      case .statefulSet, .deployment: nil
      case .daemonSet: .slotOfGlobal
      case .job, .cronJob: workload.job.isIndexed ? .slotOfJob : nil
      }
    }
  }

  /// The architecture that the placement constraints leave.
  private var pinnedArchitecture: String? {
    for node in service["deploy", "placement", "constraints"]?.items ?? [] {
      let text = (node.text ?? "").filter { !$0.isWhitespace }
      let prefix = "node.platform.arch=="
      if text.lowercased().hasPrefix(prefix) { return String(text.dropFirst(prefix.count)) }
    }
    return nil
  }
}

extension TaskFields {
  enum Kind {
    static let nodeHostname: FindingKind = .adapted("environment/node-hostname")
    static let nodeID: FindingKind = .lost("environment/node-id", .changesBehaviour)
    static let taskName: FindingKind = .adapted("environment/task-name")
    static let taskID: FindingKind = .adapted("environment/task-id")
    static let serviceID: FindingKind = .lost("environment/service-id", .changesBehaviour)
    static let architecture: FindingKind = .manual("environment/architecture", .changesBehaviour)
    static let slotOfGlobal: FindingKind = .adapted("environment/slot-of-global")
    static let slotOfJob: FindingKind = .adapted("environment/slot-of-job")
  }

  /// A part of what the feature `environment` can say.
  static let kinds: [FindingKind] = [
    Kind.nodeHostname, Kind.nodeID, Kind.taskName, Kind.taskID, Kind.serviceID, Kind.architecture,
    Kind.slotOfGlobal, Kind.slotOfJob,
  ]
}

private typealias Kind = TaskFields.Kind

extension Finding.Message {
  fileprivate static var nodeHostname: Self {
    Self(
      Kind.nodeHostname,
      "`{{.Node.Hostname}}` is now the name of the Kubernetes node, which on many clouds is not the "
        + "machine's host name.",
      remedy: .look("kubectl get nodes -L kubernetes.io/hostname"))
  }

  fileprivate static var nodeID: Self {
    Self(
      Kind.nodeID,
      "`{{.Node.ID}}`, Swarm's id of a node, does not exist in Kubernetes. The name of the node, "
        + "which is as unique, stands in its place; whatever compares it with old ids must change.")
  }

  fileprivate static func taskName(_ name: String) -> Self {
    Self(
      Kind.taskName,
      "`{{.Task.Name}}` is now the pod's name: it begins with `\(name)-` and not with "
        + "`STACK_SERVICE.SLOT.`, so what takes it apart at the dots must change.")
  }

  fileprivate static var taskID: Self {
    Self(
      Kind.taskID,
      "`{{.Task.ID}}` is now the pod's uid: 36 characters with dashes instead of 25 letters and "
        + "digits. It survives a restart of the container, where Swarm makes a new task.")
  }

  fileprivate static func serviceID(_ name: String) -> Self {
    Self(
      Kind.serviceID,
      "`{{.Service.ID}}`, Swarm's id of the service, does not exist in Kubernetes. The text "
        + "`\(name)` stands in its place.")
  }

  fileprivate static var architecture: Self {
    Self(
      Kind.architecture,
      "`{{.Node.Platform.Architecture}}` cannot be read inside a pod: all pods get `x86_64`, which is "
        + "wrong on nodes of another architecture.",
      remedy: .look("kubectl get nodes -L kubernetes.io/arch"))
  }

  fileprivate static var slotOfGlobal: Self {
    Self(
      Kind.slotOfGlobal,
      "In a global service `{{.Task.Slot}}` is the id of the node; it is now the node's name.")
  }

  fileprivate static var slotOfJob: Self {
    Self(
      Kind.slotOfJob,
      "`{{.Task.Slot}}` is now the completion index of the Job, which counts from 0 where Swarm "
        + "counts from 1.")
  }
}
