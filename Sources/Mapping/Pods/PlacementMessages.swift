import Kubernetes
package import Ledger
import Swarm
import YAML

extension Placement {
  enum Kind {
    static let labelNodes: FindingKind = .manual("placement/label-nodes", .keepsPodsDown)
    static let avoidNodes: FindingKind = .manual("placement/avoid-nodes", .changesBehaviour)
    static let hostname: FindingKind = .manual("placement/hostname", .keepsPodsDown)
    static let managers: FindingKind = .decide("placement/managers", .keepsPodsDown)
    static let nodeID: FindingKind = .lost("placement/node-id", .changesBehaviour)
    static let nodeIP: FindingKind = .lost("placement/node-ip", .changesBehaviour)
    static let malformed: FindingKind = .manual("placement/malformed", .changesBehaviour)
    static let neverMet: FindingKind = .manual("placement/never-met", .changesBehaviour)
    static let alwaysMet: FindingKind = .inert("placement/always-met")
    static let spread: FindingKind = .manual("placement/spread", .changesBehaviour)
    static let spreadTwice: FindingKind = .inert("placement/spread-twice")
    static let spreadsNothing: FindingKind = .inert("placement/spreads-nothing")
    static let onePerNode: FindingKind = .inert("placement/one-per-node")
    static let maxReplicasPerNode: FindingKind = .adapted("placement/max-replicas-per-node")
  }

  package static let kinds: [FindingKind] = [
    Kind.labelNodes, Kind.avoidNodes, Kind.hostname, Kind.managers, Kind.nodeID, Kind.nodeIP,
    Kind.malformed, Kind.neverMet, Kind.alwaysMet, Kind.spread, Kind.spreadTwice,
    Kind.spreadsNothing, Kind.onePerNode, Kind.maxReplicasPerNode,
  ]
}

private typealias Kind = Placement.Kind

/// A label of Swarm's nodes, and of the nodes of Kubernetes.
struct NodeLabel {
  /// Where Swarm keeps it.
  enum Origin {
    case node, engine
  }

  let name: String
  let origin: Origin
  /// As Kubernetes takes it.
  let key: LabelKey

  init(_ name: String, _ origin: Origin) {
    self.name = name
    self.origin = origin
    key = LabelKey(name) ?? LabelKey(unchecked: LabelValue.folding(name).rawValue)
  }

  /// The value that a node of the Swarm has.
  fileprivate func value(on node: SwarmNode) -> String? {
    (origin == .node ? node.labels : node.engineLabels)[name]
  }

  /// Gives a node the label.
  fileprivate func command(_ node: SwarmNode, _ value: LabelValue, label: String) -> Command {
    Command("kubectl label node \(node.hostname) \(key)=\(value)")
      .meaning(.labelNodes(label: label))
  }
}

/// The words of `Placement`.
extension Finding.Message {
  static func labelNodes(
    _ label: NodeLabel, _ value: String, isEqual: Bool, nodes: [SwarmNode]
  ) -> Self {
    let kind = isEqual ? Kind.labelNodes : Kind.avoidNodes
    let newValue = LabelValue.folding(value)
    let wanted = "\(label.key)=\(newValue)"
    var text =
      isEqual
      ? "The pods run only on nodes with the label \(wanted) and stay Pending until a node has it."
      : "The pods keep away from nodes with the label \(wanted), once those nodes have it."
    if label.key.rawValue != label.name || newValue.rawValue != value {
      text += " Kubernetes takes no label \(label.name)=\(value), hence the new spelling."
    }
    if value.utf8.contains(where: { 0x41...0x5A ~= $0 }) {
      text +=
        " Swarm compared the value in any letter case; Kubernetes compares it as it is written here."
    }
    if !nodes.isEmpty {
      let commands = nodes.filter { label.value(on: $0)?.lowercased() == value.lowercased() }
        .map { label.command($0, newValue, label: wanted) }
      if commands.isEmpty { text += " No node of the Swarm has it." }
      return Self(kind, text, remedy: commands.isEmpty ? nil : .commands(commands))
    }
    let filter = "\(label.origin == .node ? "node.label" : "label")=\(label.name)=\(value)"
    let command: Command =
      """
      docker node ls --filter \(filter) --format '{{.Hostname}}' | \
      xargs -I{} kubectl label node {} \(label.key)=\(newValue)
      """
    return Self(kind, text, remedy: .command(command.meaning(.labelNodes(label: wanted))))
  }

  static func hostname(_ name: String, _ isEqual: Bool) -> Self {
    Self(
      Kind.hostname,
      (isEqual ? "The pods run only on the node" : "The pods keep away from the node")
        + " with the host name `\(name)`. If the node has another name in the new cluster, write that one into the stack"
        + (isEqual ? "; until then the pods stay Pending." : "."),
      remedy: .look("kubectl get nodes -l kubernetes.io/hostname=\(LabelValue.folding(name))"))
  }

  static func managers() -> Self {
    Self(
      Kind.managers,
      "Swarm's managers are taken for control-plane nodes: the pods run only there, and tolerate their taint. A hosted "
        + "cluster has no such nodes and the pods stay Pending; what the constraint was really for (a disk, a public address, the "
        + "docker socket) is better said with a node label in the stack.",
      remedy: .look(
        Command("kubectl get nodes -l node-role.kubernetes.io/control-plane")
          .noting("which nodes these are")))
  }

  static func nodeID(_ text: String, _ id: String) -> Self {
    Self(
      Kind.nodeID,
      "`\(text)` names a node by its Swarm ID, which the new cluster does not have: the pods may run on any node. Write the "
        + "node's host name into the stack instead (node.hostname).",
      remedy: .look("docker node inspect --format '{{.Description.Hostname}}' \(id)"))
  }

  static func nodeIP(_ text: String, _ address: String) -> Self {
    Self(
      Kind.nodeIP,
      "`\(text)` chooses nodes by address, which Kubernetes cannot: the pods may run on any node. Label the nodes and "
        + "constrain to the label instead.",
      remedy: .look("kubectl get nodes -o wide | grep -F \(address)"))
  }

  static func malformed(_ text: String, _ reason: PlacementConstraint.Malformation) -> Self {
    let why =
      switch reason {
      case .noOperator: "it has neither == nor !="
      case .badKey(let key): "`\(key)` is no name of a node's property"
      case .badValue(let value):
        value.isEmpty ? "it compares with nothing" : "`\(value)` holds signs that it does not take"
      }
    return Self(
      Kind.malformed,
      "Swarm refuses the constraint `\(text)`, because \(why), and with it the service. It is left out: the pods may run on any "
        + "node that the other constraints allow.",
      remedy: .edit(
        "constraints: [\"node.labels.disk == ssd\"]",
        note: "in the stack: a property, == or !=, and a value"))
  }

  static func neverMet(_ text: String) -> Self {
    Self(
      Kind.neverMet,
      "No Swarm node ever meets `\(text)`, so Swarm keeps the service's tasks pending. The constraint is left out, and the pods "
        + "will run: remove the service or mend the constraint in the stack if that is not meant.")
  }

  static func alwaysMet(_ text: String) -> Self {
    Self(Kind.alwaysMet, "Every Swarm node meets `\(text)`: it says nothing.")
  }

  static func spread(_ label: NodeLabel, nodes: [SwarmNode]) -> Self {
    let commands = nodes.compactMap { node in
      label.value(on: node).map { label.command(node, .folding($0), label: "\(label.key)") }
    }
    return Self(
      Kind.spread,
      "Pods are spread over the values of the node label \(label.key). Until the nodes have it, Kubernetes spreads over single nodes "
        + "only, so all pods may end up in one zone.",
      remedy: commands.isEmpty ? .command(copying(label)) : .commands(commands))
  }

  /// Copies a label from the nodes of the Swarm.
  private static func copying(_ label: NodeLabel) -> Command {
    let labels = label.origin == .node ? ".Spec.Labels" : ".Description.Engine.Labels"
    // Go's templates write a text as YAML does in double quotes.
    let name = Writer.quoted(label.name)
    let format = "{{.Description.Hostname}} {{index \(labels) \(name)}}"
    let command: Command =
      """
      docker node ls -q | xargs docker node inspect --format \(format) | \
      while read -r node value; do kubectl label node "$node" \(label.key)="$value"; done
      """
    return command.meaning(.labelNodes(label: "\(label.key)"))
  }

  static func spreadTwice(_ text: String) -> Self {
    Self(
      Kind.spreadTwice,
      "The preference for `\(text)` is there twice; the second says nothing more.")
  }

  static func spreadsNothing(_ text: String) -> Self {
    Self(
      Kind.spreadsNothing,
      "Swarm spreads over `node.labels.*` and `engine.labels.*` only; `\(text)` has no effect.")
  }

  static func onePerNode() -> Self {
    Self(
      Kind.onePerNode,
      "A global service has one task on every node already, so this has no effect.")
  }

  static func cap(_ count: Int) -> Self {
    Self(
      Kind.maxReplicasPerNode,
      "At most \(count) pods of the service run on a node. During an update Kubernetes counts old and new pods apart, so a node "
        + "may hold more for a moment.")
  }
}
