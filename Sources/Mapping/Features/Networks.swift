import Kubernetes
import Ledger
import Swarm
import YAML

/// Networks and who is in them.
package enum Networks: Feature {
  package static let name = "networks"
  package static let title = "Networks"
  package static let about = """
    In Swarm a service reaches what shares a network with it, on any port, and nothing else but published ports. In Kubernetes
    every pod reaches every pod, until a NetworkPolicy selects it.

    **Members.** For each network its members carry the label `swarm.network/NAME: member`, and one NetworkPolicy lets members
    admit members. NAME is the network's name in the engine (`shop_backend` for `backend` of the stack `shop`), which is the same
    in all stacks and which no other network of the Swarm has. A service that names no network is in `default`.

    **Published ports** are admitted from anywhere, on the target port: one policy for each service that publishes.

    **internal: true** closes the way out. In Swarm, as here, that counts only for a service all of whose networks are internal:
    one that is in another network too, or that publishes a port through the routing mesh (whose own network is not internal),
    reaches the outside through that. A port of mode `host` is not published at all on a service that is in internal networks
    only. Such pods carry `swarm.egress: internal` and may connect to fellow members and to the cluster's DNS.

    **Several stacks.** A network that several stacks of one run share joins their namespaces by name. An external network
    whose other stacks are not there admits pods with the network's label from every namespace, so that stacks
    which are moved later find each other again; nobody without the label is admitted.

    **host, none, bridge.** `host` becomes `hostNetwork: true`; no policy applies to such pods. `none`, which Swarm has not, closes
    a pod in both directions. `bridge` joins the containers of one node in Swarm, and all pods that were in it here.

    **The rest.** Pods have addresses from the cluster's range (`ipam`), and the network plugin decides for all of them
    about encryption and MTU. `macvlan` and `ipvlan` need Multus. Policies count where the network plugin enforces
    them: Calico, Cilium, Antrea, kube-router and most clouds' plugins do, flannel alone does not.
    """
  package static let owns: [KeyPattern] = [
    "networks", "networks.*", "networks.*.name", "networks.*.driver", "networks.*.driver_opts.**",
    "networks.*.ipam.**", "networks.*.external.**", "networks.*.internal",
    "networks.*.attachable", "networks.*.labels.**", "services.*.networks",
    "services.*.networks.*", "services.*.networks.*.driver_opts.**",
    "services.*.networks.*.ipv4_address", "services.*.networks.*.ipv6_address",
  ]
  package static let examples: [Example] = [
    Example(
      "Members admit members",
      stack: """
        services:
          api:
            image: api:1
            networks: [backend]
        networks:
          backend:
        """,
      kubernetes: """
        kind: NetworkPolicy
        metadata:
          name: network-backend
        spec:
          podSelector:
            matchLabels:
              swarm.network/shop_backend: member
          policyTypes:
            - Ingress
          ingress:
            - from:
                - podSelector:
                    matchLabels:
                      swarm.network/shop_backend: member
        """)
  ]

  // MARK: The stack's networks

  package static func map(_ context: inout StackContext) {
    // Two keys may stand for one network.
    var written = Set<ObjectName>()
    for network in context.stack.networks {
      guard
        let planned = context.facts.networks.network(network.key, stack: context.number),
        context.facts.networks.isUsed(network.key, stack: context.number)
      else {
        for node in leaves(network) { context.settle(node, .unusedNetwork(network.key)) }
        continue
      }
      let annotations = settle(network, planned, &context)
      if planned.predefined == .host { continue }
      if written.insert(planned.policy(in: context.objects.namespace)).inserted {
        append(planned, annotations, &context)
      }
    }
    if !written.isEmpty { context.remark(.networkEnforcement) }
  }

  /// Once in each namespace, even if two stacks share one.
  private static func append(
    _ network: NetworkPlan.Network, _ annotations: Annotations, _ context: inout StackContext
  ) {
    let objects = context.objects
    let names = context.facts.names
    let first = network.stacks.first { names[$0].namespace == objects.namespace }
    guard first == context.number else { return }
    let name = network.policy(in: objects.namespace)
    context.objects.objects.append(
      NetworkPolicies.members(
        of: network, objects.metadata(name, annotations: annotations)))
    if let name = network.internalPolicy(in: objects.namespace) {
      context.objects.objects.append(
        NetworkPolicies.internalEgress(of: network, objects.metadata(name)))
    }
  }

  /// What is written under a network, but for extension fields, which belong to the file.
  private static func leaves(_ network: Swarm.Network) -> [Node] {
    guard let entries = network.node.entries, !entries.isEmpty else { return [network.node] }
    return entries.filter { !$0.key.hasPrefix("x-") }.map(\.value)
  }

  /// Settles all keys of a network that services are in, and gives the labels as annotations for its policy.
  private static func settle(
    _ network: Swarm.Network, _ planned: NetworkPlan.Network, _ context: inout StackContext
  ) -> Annotations {
    let namespace = context.objects.namespace
    let policy = "NetworkPolicy/\(planned.policy(in: namespace))"
    if network.isExternal {
      settleExternal(network, planned, policy, &context)
      return Annotations()
    }
    let node = network.node
    if node.entries?.isEmpty ?? true { context.keep(node, as: policy) }
    context.keep(node["name"], as: "metadata.labels[\(planned.label)]")
    settleDriver(network, policy, &context)
    if let options = node["driver_opts"] { NetworkOptions.settle(options, of: network, &context) }
    if let ipam = node["ipam"] { NetworkOptions.settle(ipam: ipam, &context) }
    if network.isInternal {
      if let name = planned.internalPolicy(in: namespace) {
        context.keep(node["internal"], as: "NetworkPolicy/\(name)")
      } else {
        context.settle(node["internal"], .internalNetworkOpen, as: policy)
      }
    }
    context.keep(node["internal"], as: policy)
    if node["attachable"]?.bool == true {
      context.settle(node["attachable"], .attachableNetwork(planned, namespace), as: policy)
    }
    context.keep(node["attachable"], as: policy)
    return annotations(node["labels"], policy, &context)
  }

  private static func settleDriver(
    _ network: Swarm.Network, _ policy: String, _ context: inout StackContext
  ) {
    guard let node = network.node["driver"] else { return }
    switch network.driver.value {
    case "overlay", "": context.keep(node, as: policy)
    case "macvlan", "ipvlan": context.settle(node, .physicalNetwork(network), as: policy)
    case "bridge", "host", "none", "null", "default":
      context.settle(node, .localNetworkDriver(network.driver.value), as: policy)
    default: context.settle(node, .pluginNetworkDriver(network.driver.value), as: policy)
    }
  }

  private static func annotations(
    _ labels: Node?, _ policy: String, _ context: inout StackContext
  ) -> Annotations {
    var annotations = Annotations()
    for entry in labels?.entries ?? [] {
      let key = LabelAnnotations.key(entry.key, annotations)
      annotations[key] = entry.value.text ?? ""
      if key.rawValue == entry.key {
        context.keep(entry.value, as: "\(policy) metadata.annotations")
      } else {
        context.settle(
          entry.value, .networkLabelFolded(entry.key, key.rawValue),
          as: "\(policy) metadata.annotations")
      }
    }
    context.keep(labels, as: policy)
    return annotations
  }

  /// Beside `external` Swarm reads the name and nothing else.
  private static func settleExternal(
    _ network: Swarm.Network, _ planned: NetworkPlan.Network, _ policy: String,
    _ context: inout StackContext
  ) {
    let node = network.node["external"]
    switch planned.predefined {
    case .host: context.settle(node, .hostNetwork, as: "spec.hostNetwork")
    case .none?: context.settle(node, .noNetwork, as: policy)
    case .bridge: context.settle(node, .bridgeNetwork, as: policy)
    case nil:
      if planned.stacks.count > 1 || planned.isCreatedHere {
        let stacks = planned.stacks.map { context.facts.stacks[$0].name }
        context.settle(node, .sharedNetwork(planned, stacks), as: policy)
      } else {
        context.settle(node, .externalNetworkAlone(planned), as: policy)
      }
    }
    for entry in network.node.entries ?? [] {
      switch entry.key {
      case "external": break
      case "name": context.keep(entry.value, as: policy)
      default:
        if !entry.key.hasPrefix("x-") { context.settle(entry.value, .besideExternalNetwork) }
      }
    }
  }

  // MARK: A service's networks

  package static func map(_ context: inout ServiceContext) {
    let plan = context.facts.networks
    let (stack, service) = (context.place.stack, context.service)
    let place = plan.place(stack: stack, service: context.place.service)
    if place.isOnHost {
      context.workload.pod.hostNetwork = true
      context.workload.pod.dnsPolicy = .clusterFirstWithHostNet
    }
    var isInternal = false
    for number in place.networks {
      let network = plan.networks[number]
      if network.predefined == .host { continue }
      context.workload.podLabels[network.label] = NetworkLabel.value
      isInternal = isInternal || network.isInternal
    }
    if isInternal, !place.hasWayOut {
      context.workload.podLabels[NetworkPolicies.internalKey] = NetworkPolicies.internalValue
    }
    publish(place, &context)
    for attachment in service.networkAttachments {
      guard let node = attachment.node,
        let network = plan.network(attachment.network, stack: stack)
      else { continue }
      settle(node, network, place, &context)
    }
  }

  /// Pods on the node's network have no policies, and pods without a network have no ports.
  private static func publish(_ place: NetworkPlan.Place, _ context: inout ServiceContext) {
    if context.service["ports"] == nil { return }
    let ports = context.service.publishedPorts
    if place.isOnHost {
      for port in ports where port.mode == .ingress {
        context.remark(.meshPortOnHost(port.target), at: port.node.id)
      }
      return
    }
    let networks = context.facts.networks.networks
    let isAlone = place.networks.allSatisfy {
      networks[$0].predefined == Swarm.Network.Predefined.none
    }
    if isAlone { return }
    for port in ports where !place.isReachable(port) {
      context.remark(.unreachableHostPort(port.target), at: port.node.id)
    }
    let policy = NetworkPolicies.published(ports.filter(place.isReachable), of: context.workload)
    if let policy { context.workload.extras.append(policy) }
  }

  private static func settle(
    _ node: Node, _ network: NetworkPlan.Network, _ place: NetworkPlan.Place,
    _ context: inout ServiceContext
  ) {
    let isHost = network.predefined == .host
    let field = isHost ? "spec.hostNetwork" : "pod metadata.labels[\(network.label)]"
    guard let entries = node.entries, !entries.isEmpty else {
      if place.isOnHost, !isHost {
        context.settle(node, .besideHostNetwork(network.name))
      } else {
        context.keep(node, as: field)
      }
      return
    }
    if place.isOnHost, !isHost {
      context.remark(.besideHostNetwork(network.name), at: node.id)
    }
    for entry in entries {
      switch entry.key {
      case "ipv4_address", "ipv6_address":
        context.settle(entry.value, .staticAddress(entry.value.text ?? ""))
      case "driver_opts":
        for option in entry.value.entries ?? [] {
          context.settle(option.value, .endpointOption(option.key))
        }
        context.keep(entry.value, as: field)
      default: break
      }
    }
  }
}
