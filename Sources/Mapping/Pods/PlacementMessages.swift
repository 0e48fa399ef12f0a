package import Kubernetes
import Ledger
import Swarm

/// Where Swarm keeps a label of a node.
package enum LabelOrigin: Sendable {
  case node, engine
}

/// A Swarm label's key as the key of a Kubernetes node label.
package struct NodeLabel: Sendable {
  package let key: LabelKey

  package init(_ key: String) {
    self.key = LabelKey(key) ?? LabelKey(unchecked: LabelValue.folding(key).rawValue)
  }
}

/// The words of `Placement`.
extension Finding.Message {
  static func labelNodes(
    _ origin: LabelOrigin, _ key: String, _ value: String, _ label: LabelKey,
    _ newValue: LabelValue,
    isEqual: Bool, nodes: [SwarmNode] = []
  ) -> Self {
    let slug = isEqual ? "placement/label-nodes" : "placement/avoid-nodes"
    var text =
      isEqual
      ? "The pods run only on nodes with the label \(label)=\(newValue) and stay Pending until a node has it."
      : "The pods keep away from nodes with the label \(label)=\(newValue), once those nodes have it."
    if label.rawValue != key || newValue.rawValue != value {
      text += " Kubernetes takes no label \(key)=\(value), hence the new spelling."
    }
    if value.utf8.contains(where: { 0x41...0x5A ~= $0 }) {
      text +=
        " Swarm compared the value in any letter case; Kubernetes compares it as it is written here."
    }
    if !nodes.isEmpty {
      let lines = nodes.compactMap { node -> String? in
        let held = (origin == .node ? node.labels : node.engineLabels)[key]
        guard held?.lowercased() == value.lowercased() else { return nil }
        return "kubectl label node \(quoted(node.hostname)) \(label)=\(newValue)"
      }
      if lines.isEmpty { text += " No node of the Swarm has it." }
      return Self(
        slug, text,
        remedy: lines.isEmpty ? nil : lines.joined(separator: "\n"))
    }
    let filter = origin == .node ? "node.label" : "label"
    return Self(
      slug, text,
      remedy:
        "docker node ls --filter \(quoted("\(filter)=\(key)=\(value)")) --format '{{.Hostname}}' | "
        + "xargs -I{} kubectl label node {} \(label)=\(newValue)")
  }

  static func hostname(_ name: String, _ isEqual: Bool) -> Self {
    Self(
      "placement/hostname",
      (isEqual ? "The pods run only on the node" : "The pods keep away from the node")
        + " with the host name `\(name)`. If the node has another name in the new cluster, write that one into the stack"
        + (isEqual ? "; until then the pods stay Pending." : "."),
      remedy: "kubectl get nodes -l kubernetes.io/hostname=\(LabelValue.folding(name))")
  }

  static func managers() -> Self {
    Self(
      "placement/managers",
      "Swarm's managers are taken for control-plane nodes: the pods run only there, and tolerate their taint. A hosted "
        + "cluster has no such nodes and the pods stay Pending; what the constraint was really for (a disk, a public address, the "
        + "docker socket) is better said with a node label in the stack.",
      remedy: "kubectl get nodes -l node-role.kubernetes.io/control-plane  # which nodes these are")
  }

  static func nodeID(_ text: String, _ id: String) -> Self {
    Self(
      "placement/node-id",
      "`\(text)` names a node by its Swarm ID, which the new cluster does not have: the pods may run on any node. Write the "
        + "node's host name into the stack instead (node.hostname).",
      remedy: "docker node inspect --format '{{.Description.Hostname}}' \(quoted(id))")
  }

  static func nodeIP(_ text: String, _ address: String) -> Self {
    Self(
      "placement/node-ip",
      "`\(text)` chooses nodes by address, which Kubernetes cannot: the pods may run on any node. Label the nodes and "
        + "constrain to the label instead.",
      remedy: "kubectl get nodes -o wide | grep -F \(quoted(address))")
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
      "placement/malformed",
      "Swarm refuses the constraint `\(text)`, because \(why), and with it the service. It is left out: the pods may run on any "
        + "node that the other constraints allow.",
      remedy:
        "constraints: [\"node.labels.disk == ssd\"]  # in the stack: a property, == or !=, and a value"
    )
  }

  static func neverMet(_ text: String) -> Self {
    Self(
      "placement/never-met",
      "No Swarm node ever meets `\(text)`, so Swarm keeps the service's tasks pending. The constraint is left out, and the pods "
        + "will run: remove the service or mend the constraint in the stack if that is not meant.")
  }

  static func alwaysMet(_ text: String) -> Self {
    Self("placement/always-met", "Every Swarm node meets `\(text)`: it says nothing.")
  }

  static func spread(
    _ origin: LabelOrigin, _ key: String, _ label: LabelKey, nodes: [SwarmNode] = []
  ) -> Self {
    let field = origin == .node ? ".Spec.Labels" : ".Description.Engine.Labels"
    let lines = nodes.compactMap { node in
      (origin == .node ? node.labels : node.engineLabels)[key].map {
        "kubectl label node \(quoted(node.hostname)) \(label)=\(LabelValue.folding($0))"
      }
    }
    return Self(
      "placement/spread",
      "Pods are spread over the values of the node label \(label). Until the nodes have it, Kubernetes spreads over single nodes "
        + "only, so all pods may end up in one zone.",
      remedy: lines.isEmpty ? Self.labelAll(field, key, label) : lines.joined(separator: "\n"))
  }

  /// Copies a label from the nodes of the Swarm.
  private static func labelAll(_ field: String, _ key: String, _ label: LabelKey) -> String {
    "docker node ls -q | xargs docker node inspect --format "
      + "'{{.Description.Hostname}} {{index \(field) \"\(key)\"}}' | "
      + "while read -r node value; do kubectl label node \"$node\" \"\(label)=$value\"; done"
  }

  static func spreadTwice(_ text: String) -> Self {
    Self(
      "placement/spread-twice",
      "The preference for `\(text)` is there twice; the second says nothing more.")
  }

  static func spreadsNothing(_ text: String) -> Self {
    Self(
      "placement/spreads-nothing",
      "Swarm spreads over `node.labels.*` and `engine.labels.*` only; `\(text)` has no effect.")
  }

  static func onePerNode() -> Self {
    Self(
      "placement/one-per-node",
      "A global service has one task on every node already, so this has no effect.")
  }

  static func cap(_ count: Int) -> Self {
    Self(
      "placement/max-replicas-per-node",
      "At most \(count) pods of the service run on a node. During an update Kubernetes counts old and new pods apart, so a node "
        + "may hold more for a moment.")
  }

  /// A word for a shell; constraint values never hold a single quote.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy {
      0x30...0x39 ~= $0 || 0x41...0x5A ~= $0 || 0x61...0x7A ~= $0 || "=._-/:".utf8.contains($0)
    }
    return isPlain ? word : "'\(word)'"
  }
}
