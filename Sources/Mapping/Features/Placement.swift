import Kubernetes
import Ledger
import Swarm
import YAML

/// Constraints, preferences and caps decide on which nodes pods run.
package enum Placement: Feature {
  package static let name = "placement"
  package static let title = "Placement"
  package static let about = """
    `deploy.placement.constraints` must all hold for the node, so they become one required node affinity term. Swarm reads \
    them leniently and so does this: blanks around `==` and `!=` do not count, `node.Role` and `node.Labels.x` are read in any \
    letter case, and so are the values. Kubernetes compares label values exactly.

    | Swarm | Kubernetes |
    |---|---|
    | `node.role == manager` | `node-role.kubernetes.io/control-plane` exists, and its taint is tolerated |
    | `node.role == worker` | that label does not exist |
    | `node.labels.KEY`, `engine.labels.KEY` | the node label `KEY`; the report prints the commands that set it |
    | `node.hostname` | `kubernetes.io/hostname`, in small letters |
    | `node.platform.os`, `node.platform.arch` | `kubernetes.io/os`, `kubernetes.io/arch` (`x86_64` is `amd64`, `aarch64` is `arm64`) |
    | `node.id`, `node.ip` | nothing: they name nodes of the old cluster |

    `!=` also holds for nodes without the label, in both systems. A constraint that Swarm itself refuses, or that no Swarm \
    node can ever meet, is left out and said.

    `preferences: spread` become topology spread constraints with `ScheduleAnyway` and a skew of 1. Swarm spreads over the \
    first preference first and over the next within each of its values; Kubernetes weighs them all together.

    `max_replicas_per_node: 1` is a required anti-affinity on the host name. A larger N is a spread constraint with \
    `DoNotSchedule`, `maxSkew: N` and more `minDomains` than a cluster has nodes, which makes it a cap and not a balance.

    A global service has one task on each node: preferences and the cap say nothing about it.
    """
  package static let owns: [KeyPattern] = ["services.*.deploy.placement.**"]
  package static let examples: [Example] = [
    Example(
      "A label and a role",
      stack: """
        image: postgres:16
        deploy:
          placement:
            constraints:
              - node.labels.disk==ssd
              - node.role != manager
        """,
      kubernetes: """
                  requiredDuringSchedulingIgnoredDuringExecution:
                    nodeSelectorTerms:
                      - matchExpressions:
                          - key: disk
                            operator: In
                            values:
                              - ssd
                          - key: node-role.kubernetes.io/control-plane
                            operator: DoesNotExist
        """,
      findings: ["placement/label-nodes"]),
    Example(
      "At most two on a node",
      stack: """
        image: nginx:1.27
        deploy:
          replicas: 6
          placement:
            max_replicas_per_node: 2
        """,
      kubernetes: """
              topologySpreadConstraints:
                - maxSkew: 2
                  topologyKey: kubernetes.io/hostname
                  whenUnsatisfiable: DoNotSchedule
        """,
      findings: ["placement/max-replicas-per-node"]),
  ]

  private static let affinityField = "spec.template.spec.affinity.nodeAffinity"
  private static let spreadField = "spec.template.spec.topologySpreadConstraints"

  package static func map(_ context: inout ServiceContext) {
    let service = context.service
    guard let placement = service["deploy", "placement"] else { return }
    for (node, result) in service.placementConstraints {
      switch result {
      case .success(let constraint):
        map(constraint, node, &context)
      case .failure(let reason):
        context.settle(node, .malformed(node.text ?? "", reason))
      }
    }
    let isOnePerNode: Bool
    switch service.mode.value {
    case .global, .globalJob: isOnePerNode = true
    case .replicated, .replicatedJob: isOnePerNode = false
    }
    for item in placement["preferences"]?.items ?? [] {
      mapPreference(item, isOnePerNode, &context)
    }
    if let cap = placement["max_replicas_per_node"] {
      mapCap(cap, isOnePerNode, &context)
    }
    context.keep(placement, as: "spec.template.spec.affinity")
  }

  private static func map(
    _ constraint: PlacementConstraint, _ node: Node, _ context: inout ServiceContext
  ) {
    let text = node.text ?? ""
    let value = constraint.value
    switch constraint.attribute {
    case .role: mapRole(constraint, node, &context)
    case .hostname:
      let name = value.lowercased()
      context.workload.pod.require(.init(.hostname, constraint.operator, [.folding(name)]))
      context.settle(node, .hostname(name, constraint.isEqual), as: affinityField)
    case .nodeLabel(let key):
      require(NodeLabel(key, .node), constraint, node, &context)
    case .engineLabel(let key):
      require(NodeLabel(key, .engine), constraint, node, &context)
    case .platformOS:
      context.workload.pod.require(
        .init("kubernetes.io/os", constraint.operator, [.folding(value.lowercased())]))
      context.keep(node, as: affinityField)
    case .platformArch:
      context.workload.pod.require(
        .init("kubernetes.io/arch", constraint.operator, [.folding(architecture(value))]))
      context.keep(node, as: affinityField)
    case .id:
      if let machine = context.stack.nodes.first(where: { $0.id.lowercased() == value.lowercased() }
      ) {
        let name = machine.hostname.lowercased()
        context.workload.pod.require(.init(.hostname, constraint.operator, [.folding(name)]))
        context.settle(node, .hostname(name, constraint.isEqual), as: affinityField)
      } else {
        context.settle(node, .nodeID(text, value))
      }
    case .ip: context.settle(node, .nodeIP(text, value))
    case .unknown:
      context.settle(node, .neverMet(text))
    }
  }

  private static func mapRole(
    _ constraint: PlacementConstraint, _ node: Node, _ context: inout ServiceContext
  ) {
    let role = constraint.value.lowercased()
    guard role == "manager" || role == "worker" else {
      if constraint.isEqual {
        context.settle(node, .neverMet(node.text ?? ""))
      } else {
        context.settle(node, .alwaysMet(node.text ?? ""))
      }
      return
    }
    if (role == "manager") == constraint.isEqual {
      context.workload.pod.require(.init(.controlPlane, .exists))
      context.workload.pod.tolerate(.controlPlane)
      context.settle(node, .managers(), as: affinityField)
    } else {
      context.workload.pod.require(.init(.controlPlane, .doesNotExist))
      context.keep(node, as: affinityField)
    }
  }

  private static func require(
    _ label: NodeLabel, _ constraint: PlacementConstraint, _ node: Node,
    _ context: inout ServiceContext
  ) {
    context.workload.pod.require(
      .init(label.key, constraint.operator, [.folding(constraint.value)]))
    let message = Finding.Message.labelNodes(
      label, constraint.value, isEqual: constraint.isEqual, nodes: context.stack.nodes)
    context.settle(node, message, as: affinityField)
  }

  private static func mapPreference(
    _ item: Node, _ isOnePerNode: Bool, _ context: inout ServiceContext
  ) {
    guard let spread = item["spread"], let text = spread.text, !text.isEmpty else { return }
    let label: NodeLabel
    switch SpreadPreference(text) {
    case .nodeLabel(let key): label = NodeLabel(key, .node)
    case .engineLabel(let key): label = NodeLabel(key, .engine)
    case .nothing:
      context.settle(spread, .spreadsNothing(text))
      return
    }
    if isOnePerNode {
      context.settle(spread, .onePerNode())
      return
    }
    let constraint = TopologySpreadConstraint(
      maxSkew: 1, topologyKey: label.key, whenUnsatisfiable: .scheduleAnyway,
      labelSelector: LabelSelector(matchLabels: context.workload.selector))
    // The API refuses a second constraint on the same key.
    if context.workload.pod.topologySpreadConstraints.contains(where: {
      $0.topologyKey == label.key && $0.whenUnsatisfiable == .scheduleAnyway
    }) {
      context.settle(spread, .spreadTwice(text))
      return
    }
    context.workload.pod.topologySpreadConstraints.append(constraint)
    context.settle(spread, .spread(label, nodes: context.stack.nodes), as: spreadField)
  }

  private static func mapCap(
    _ node: Node, _ isOnePerNode: Bool, _ context: inout ServiceContext
  ) {
    guard let cap = node.int, cap > 0 else { return }
    if isOnePerNode {
      context.settle(node, .onePerNode())
      return
    }
    if cap == 1 {
      context.workload.pod.requireDistinctNodes(context.workload.selector)
      context.keep(node, as: "spec.template.spec.affinity.podAntiAffinity")
      return
    }
    let revision: [LabelKey] =
      switch context.workload.kind {
      case .deployment: ["pod-template-hash"]
      case .statefulSet: ["controller-revision-hash"]
      case .daemonSet, .job, .cronJob: []
      }
    context.workload.pod.topologySpreadConstraints.append(
      TopologySpreadConstraint(
        maxSkew: min(cap, WorkloadKind.largestCount), topologyKey: .hostname,
        whenUnsatisfiable: .doNotSchedule,
        labelSelector: LabelSelector(matchLabels: context.workload.selector),
        matchLabelKeys: revision,
        minDomains: 100_000))
    context.settle(node, .cap(cap), as: spreadField)
  }

  /// Kubernetes' name of an architecture that the engine reports by the kernel's.
  private static func architecture(_ name: String) -> String {
    switch name.lowercased() {
    case "x86_64", "x86-64": "amd64"
    case "aarch64": "arm64"
    case "armv5l", "armv6l", "armv7l", "armhf": "arm"
    case "i386", "i486", "i586", "i686": "386"
    case let other: other
    }
  }
}

extension PlacementConstraint {
  fileprivate var `operator`: NodeSelectorTerm.Operator { isEqual ? .isIn : .isNotIn }
}
