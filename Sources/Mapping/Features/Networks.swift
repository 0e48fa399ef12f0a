import Kubernetes
package import Ledger
package import Swarm
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

  package static func map(
    _ stack: Swarm.Stack, into objects: inout ObjectSet, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    // Two keys may stand for one network.
    var written = Set<ObjectName>()
    for network in stack.networks {
      guard let planned = facts.networks.network(network.key, stack: facts.current),
        facts.networks.isUsed(network.key, stack: facts.current)
      else {
        for node in leaves(network) { ledger.settle(node, .inert, .unusedNetwork(network.key)) }
        continue
      }
      let annotations = settle(network, planned, objects, facts, &ledger)
      if planned.predefined == .host { continue }
      if written.insert(planned.policy(in: objects.namespace)).inserted {
        append(planned, annotations, to: &objects, facts)
      }
    }
    if !written.isEmpty { ledger.remark(.adapted, .networkEnforcement) }
  }

  /// Once in each namespace, even if two stacks share one.
  private static func append(
    _ network: NetworkPlan.Network, _ annotations: Annotations, to objects: inout ObjectSet,
    _ facts: borrowing Facts
  ) {
    let first = network.stacks.first { facts.names[$0].namespace == objects.namespace }
    guard first == facts.current else { return }
    let name = network.policy(in: objects.namespace)
    objects.objects.append(
      NetworkPolicies.members(
        of: network, objects.metadata(name, annotations: annotations)))
    if let name = network.internalPolicy(in: objects.namespace) {
      objects.objects.append(NetworkPolicies.internalEgress(of: network, objects.metadata(name)))
    }
  }

  /// What is written under a network, but for extension fields, which belong to the file.
  private static func leaves(_ network: Swarm.Network) -> [Node] {
    guard let entries = network.node.entries, !entries.isEmpty else { return [network.node] }
    return entries.filter { !$0.key.hasPrefix("x-") }.map(\.value)
  }

  /// Settles all keys of a network that services are in, and gives the labels as annotations for its policy.
  private static func settle(
    _ network: Swarm.Network, _ planned: NetworkPlan.Network, _ objects: ObjectSet,
    _ facts: borrowing Facts, _ ledger: inout Ledger
  ) -> Annotations {
    let policy = "NetworkPolicy/\(planned.policy(in: objects.namespace))"
    if network.isExternal {
      settleExternal(network, planned, policy, objects, facts, &ledger)
      return Annotations()
    }
    let node = network.node
    if node.entries?.isEmpty ?? true { ledger.keep(node, as: policy) }
    ledger.keep(node["name"], as: "metadata.labels[\(planned.label)]")
    settleDriver(network, policy, &ledger)
    if let options = node["driver_opts"] {
      NetworkOptions.settle(options, of: network, objects.namespace, &ledger)
    }
    if let ipam = node["ipam"] { NetworkOptions.settle(ipam: ipam, &ledger) }
    if network.isInternal {
      if let name = planned.internalPolicy(in: objects.namespace) {
        ledger.keep(node["internal"], as: "NetworkPolicy/\(name)")
      } else {
        ledger.settle(node["internal"], .kept, .internalNetworkOpen, as: policy)
      }
    }
    ledger.keep(node["internal"], as: policy)
    if node["attachable"]?.bool == true {
      ledger.settle(
        node["attachable"], .adapted, .attachableNetwork(planned, objects.namespace), as: policy)
    }
    ledger.keep(node["attachable"], as: policy)
    return annotations(node["labels"], policy, &ledger)
  }

  private static func settleDriver(
    _ network: Swarm.Network, _ policy: String, _ ledger: inout Ledger
  ) {
    guard let node = network.node["driver"] else { return }
    switch network.driver.value {
    case "overlay", "": ledger.keep(node, as: policy)
    case "macvlan", "ipvlan":
      ledger.settle(node, .lost, .physicalNetwork(network), as: policy)
    case "bridge", "host", "none", "null", "default":
      ledger.settle(node, .adapted, .localNetworkDriver(network.driver.value), as: policy)
    default:
      ledger.settle(node, .adapted, .pluginNetworkDriver(network.driver.value), as: policy)
    }
  }

  private static func annotations(
    _ labels: Node?, _ policy: String, _ ledger: inout Ledger
  ) -> Annotations {
    var annotations = Annotations()
    for entry in labels?.entries ?? [] {
      let key = LabelAnnotations.key(entry.key, annotations)
      annotations[key] = entry.value.text ?? ""
      if key.rawValue == entry.key {
        ledger.keep(entry.value, as: "\(policy) metadata.annotations")
      } else {
        ledger.settle(
          entry.value, .adapted, .networkLabelFolded(entry.key, key.rawValue),
          as: "\(policy) metadata.annotations")
      }
    }
    ledger.keep(labels, as: policy)
    return annotations
  }

  /// Beside `external` Swarm reads the name and nothing else.
  private static func settleExternal(
    _ network: Swarm.Network, _ planned: NetworkPlan.Network, _ policy: String,
    _ objects: ObjectSet, _ facts: borrowing Facts, _ ledger: inout Ledger
  ) {
    let node = network.node["external"]
    switch planned.predefined {
    case .host: ledger.settle(node, .adapted, .hostNetwork, as: "spec.hostNetwork")
    case .none?: ledger.settle(node, .adapted, .noNetwork, as: policy)
    case .bridge: ledger.settle(node, .adapted, .bridgeNetwork, as: policy)
    case nil:
      if planned.stacks.count > 1 || planned.isCreatedHere {
        ledger.settle(node, .adapted, .sharedNetwork(planned, facts), as: policy)
      } else {
        ledger.settle(node, .manual, .externalNetworkAlone(planned), as: policy)
      }
    }
    for entry in network.node.entries ?? [] {
      switch entry.key {
      case "external": break
      case "name": ledger.keep(entry.value, as: policy)
      default:
        if !entry.key.hasPrefix("x-") { ledger.settle(entry.value, .inert, .besideExternalNetwork) }
      }
    }
  }

  // MARK: A service's networks

  package static func map(
    _ service: Swarm.Service, into workload: inout Workload, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    let place = facts.networks.place(stack: facts.current, service: workload.index)
    if place.isOnHost {
      workload.pod.hostNetwork = true
      workload.pod.dnsPolicy = .clusterFirstWithHostNet
    }
    var isInternal = false
    for number in place.networks {
      let network = facts.networks.networks[number]
      if network.predefined == .host { continue }
      workload.podLabels[network.label] = NetworkLabel.value
      isInternal = isInternal || network.isInternal
    }
    if isInternal, !place.hasWayOut {
      workload.podLabels[NetworkPolicies.internalKey] = NetworkPolicies.internalValue
    }
    publish(service, place, &workload, facts, &ledger)
    for attachment in service.networkAttachments {
      guard let node = attachment.node,
        let network = facts.networks.network(attachment.network, stack: facts.current)
      else { continue }
      settle(node, network, place, &ledger)
    }
  }

  /// Pods on the node's network have no policies, and pods without a network have no ports.
  private static func publish(
    _ service: Swarm.Service, _ place: NetworkPlan.Place, _ workload: inout Workload,
    _ facts: borrowing Facts, _ ledger: inout Ledger
  ) {
    if service["ports"] == nil { return }
    if place.isOnHost {
      for port in service.publishedPorts where port.mode == .ingress {
        ledger.remark(.adapted, .meshPortOnHost(port.target), at: port.node.id)
      }
      return
    }
    let isAlone = place.networks.allSatisfy {
      facts.networks.networks[$0].predefined == Swarm.Network.Predefined.none
    }
    if isAlone { return }
    let ports = service.publishedPorts
    for port in ports where !place.isReachable(port) {
      ledger.remark(.adapted, .unreachableHostPort(port.target), at: port.node.id)
    }
    let policy = NetworkPolicies.published(ports.filter(place.isReachable), of: workload)
    if let policy { workload.extras.append(policy) }
  }

  private static func settle(
    _ node: Node, _ network: NetworkPlan.Network, _ place: NetworkPlan.Place,
    _ ledger: inout Ledger
  ) {
    let isHost = network.predefined == .host
    let field = isHost ? "spec.hostNetwork" : "pod metadata.labels[\(network.label)]"
    guard let entries = node.entries, !entries.isEmpty else {
      if place.isOnHost, !isHost {
        ledger.settle(node, .lost, .besideHostNetwork(network.name))
      } else {
        ledger.keep(node, as: field)
      }
      return
    }
    if place.isOnHost, !isHost {
      ledger.remark(.lost, .besideHostNetwork(network.name), at: node.id)
    }
    for entry in entries {
      switch entry.key {
      case "ipv4_address", "ipv6_address":
        ledger.settle(entry.value, .inert, .staticAddress(entry.value.text ?? ""))
      case "driver_opts":
        for option in entry.value.entries ?? [] {
          ledger.settle(option.value, .lost, .endpointOption(option.key))
        }
        ledger.keep(entry.value, as: field)
      default: break
      }
    }
  }
}
