import Kubernetes
import Ledger
import Swarm
import YAML

private typealias Kind = Networks.Kind

/// What the feature `networks` says.
extension Finding.Message {
  static func unusedNetwork(_ key: String) -> Self {
    Self(
      Kind.unused,
      "No service is in the network `\(key)`, and `docker stack deploy` creates only networks that services are in."
    )
  }

  static var networkEnforcement: Self {
    Self(
      Kind.enforcement,
      "Swarm's networks become NetworkPolicies, which the cluster's network plugin has to enforce: Calico, Cilium and Antrea do, "
        + "flannel alone does not, and there every pod reaches every pod.",
      remedy: .look(
        ("kubectl -n kube-system get daemonsets" as Command)
          .noting("which network plugin the cluster has")))
  }

  static var internalNetworkOpen: Self {
    Self(
      Kind.internalOpen,
      "Each service of this stack in this internal network reaches the outside all the same, through another network or a published port. "
        + "That was so in Swarm, and nothing closes it here.")
  }

  static func attachableNetwork(_ network: NetworkPlan.Network, _ namespace: ObjectName) -> Self {
    Self(
      Kind.attachable,
      "Containers that were started with `docker run --network \(network.name)` could join this network. A pod joins by its "
        + "label.",
      remedy: .command(
        "kubectl -n \(namespace) run probe --rm -it --image=busybox:1.37 --labels=\(network.label)=member"
      ))
  }

  static func physicalNetwork(_ network: Swarm.Network) -> Self {
    Self(
      Kind.physical,
      "Tasks had addresses of their own on the nodes' physical network (`\(network.driver.value)`), and whatever was on it reached "
        + "all their ports. Pods are on the cluster's network only; Multus gives them a second interface.",
      remedy: .command("kubectl apply -f - \(document: attachment(network))"))
  }

  /// The definition of an interface for Multus.
  private static func attachment(_ network: Swarm.Network) -> String {
    let parent = network.node["driver_opts"]?["parent"]?.text ?? "eth0"
    let config = JSON.object {
      $0.set("cniVersion", "0.3.1")
      $0.set("type", network.driver.value)
      $0.set("master", parent.split(separator: ".").first.map(String.init) ?? "eth0")
      $0.set("ipam", .object { $0.set("type", "dhcp") })
    }
    var w = Writer()
    w.field("apiVersion", "k8s.cni.cncf.io/v1")
    w.field("kind", "NetworkAttachmentDefinition")
    w.field("metadata") { w in w.field("name", ObjectName.folding(network.key).rawValue) }
    w.field("spec") { w in
      w.field("config", String(decoding: config.bytes, as: UTF8.self))
    }
    return String(decoding: w.bytes, as: UTF8.self)
  }

  static func localNetworkDriver(_ driver: String) -> Self {
    Self(
      Kind.localDriver,
      "`docker stack deploy` creates a network of the driver `\(driver)` on one node only and then refuses the services in it "
        + "(\"cannot be used with services\"). It is treated as the overlay network that it would have to be."
    )
  }

  static func pluginNetworkDriver(_ driver: String) -> Self {
    Self(
      Kind.pluginDriver,
      "The cluster's network plugin takes the place of the driver `\(driver)`; a policy keeps the network apart."
    )
  }

  static func networkLabelFolded(_ from: String, _ to: String) -> Self {
    Self(
      Kind.labelFolded,
      "`\(from)` is no key for an annotation in Kubernetes; the network's label becomes the annotation `\(to)` of its policy."
    )
  }

  static var besideExternalNetwork: Self {
    Self(
      Kind.besideExternal,
      "Beside `external` Docker reads only the name: the network is as whoever created it made it.")
  }

  static var hostNetwork: Self {
    Self(
      Kind.host,
      "The pods use their node's network (`hostNetwork`), as the tasks did: their ports are the node's, and no NetworkPolicy "
        + "applies to them. Unlike the tasks they find services by name (ClusterFirstWithHostNet), but pods admit them only to "
        + "published ports; beyond that they reach what runs on their own node.")
  }

  static var noNetwork: Self {
    Self(
      Kind.none,
      "A policy that admits nothing closes the pods in both directions. The Swarm itself refuses the service: \"network none not "
        + "found\".")
  }

  static var bridgeNetwork: Self {
    Self(
      Kind.bridge,
      "`bridge` is each node's own network, on which containers of that node alone reach each other, by address. Pods that were "
        + "in it reach each other on all nodes.")
  }

  static func sharedNetwork(_ network: NetworkPlan.Network, _ stacks: [String]) -> Self {
    let stacks = stacks.map { "`\($0)`" }.joined(separator: ", ")
    let namespaces = network.namespaces.map(\.rawValue).joined(separator: ", ")
    return Self(
      Kind.shared,
      "The stacks \(stacks) share the network `\(network.name)`: pods with the label `\(network.label)` admit each other in the "
        + "namespaces \(namespaces). A stack that is not part of this run is not admitted.")
  }

  static func externalNetworkAlone(_ network: NetworkPlan.Network) -> Self {
    Self(
      Kind.externalAlone,
      "This stack does not say who else is in the external network `\(network.name)`. Pods with the label "
        + "`\(network.label): member` are admitted from every namespace, as any stack could join the network in Swarm; stacks that "
        + "are moved with stackferry carry it. If the network is internal, which only the engine knows, its members' way out is "
        + "open now.",
      remedy: .commands([
        ("""
        docker network inspect --verbose \(network.name) --format \
        'internal={{.Internal}}{{range $service, $_ := .Services}} {{$service}}{{end}}'
        """ as Command).meaning(.look),
        ("stackferry convert --stack NAME=FILE --stack NAME=FILE" as Command)
          .noting("the stacks that share it, in one run"),
      ]))
  }

  static func unreachableHostPort(_ port: Int) -> Self {
    Self(
      Kind.hostPortUnreachable,
      "Port \(port) was never reachable from outside: in internal networks only, a container has no leg on which Docker could "
        + "publish a port in mode `host`. No policy admits it here either.")
  }

  static func besideHostNetwork(_ network: String) -> Self {
    Self(
      Kind.besideHost,
      "A container on the node's network is in no other, and Docker refuses the combination. The pods are on the node's network and "
        + "are no members of `\(network)`.")
  }

  static func meshPortOnHost(_ port: Int) -> Self {
    Self(
      Kind.meshPortOnHost,
      "Swarm starts no task of this service: the routing mesh would have to put it into the network `ingress` for port \(port), and a "
        + "container on the node's network is in no other. The pods do start, with their ports on the node.",
      remedy: .edit(
        "mode: host",
        note: "for this port, in the stack, if the service is to run in the Swarm as well"
      ))
  }

  static func staticAddress(_ address: String) -> Self {
    Self(
      Kind.staticAddress,
      "Swarm gives tasks no fixed addresses and ignores \(address). Pods have none either; with Multus a second interface can."
    )
  }

  static func endpointOption(_ option: String) -> Self {
    Self(
      Kind.endpointOption,
      "`\(option)` set up the container's interface in this network. A pod has one interface, which the network plugin sets up."
    )
  }
}
