import Kubernetes
import Ledger
package import Swarm
package import YAML

/// Options of a network's driver, and its addresses.
package enum NetworkOptions {
  package static func settle(
    _ options: Node, of network: Swarm.Network, _ context: inout StackContext
  ) {
    let namespace = context.objects.namespace
    for entry in options.entries ?? [] {
      context.settle(
        entry.value, message(entry.key, entry.value.text ?? "", network, namespace))
    }
    context.keep(options, as: "no options")
  }

  private static func message(
    _ key: String, _ value: String, _ network: Swarm.Network, _ namespace: ObjectName
  ) -> Finding.Message {
    if network.isOnPhysicalNetwork { return .physicalOption(key, value) }
    switch key {
    // The driver asks only whether the option is there (libnetwork `drivers/overlay`).
    case "encrypted": return .encrypted
    case "com.docker.network.driver.mtu": return .mtu(value, namespace)
    case "com.docker.network.driver.overlay.vxlanid_list": return .vxlan(value)
    default:
      if key.hasPrefix("com.docker.network.bridge.") { return .bridgeOption }
      return .option(key, network.driver.value)
    }
  }

  package static func settle(ipam: Node, _ context: inout StackContext) {
    if let driver = ipam["driver"] {
      if driver.text == "default" || driver.text == "" {
        context.keep(driver, as: "addresses of the cluster")
      } else {
        context.settle(driver, .addressDriver(driver.text ?? ""))
      }
    }
    for item in ipam["config"]?.items ?? [] {
      if let subnet = item["subnet"] { context.settle(subnet, .subnet(subnet.text ?? "")) }
    }
    context.keep(ipam, as: "addresses of the cluster")
  }
}

private typealias Kind = Networks.Kind

extension Finding.Message {
  fileprivate static var encrypted: Self {
    Self(
      Kind.encrypted,
      "Swarm encrypted this network's traffic between nodes. In Kubernetes the network plugin encrypts the traffic of all pods, "
        + "or of none, and no manifest can ask for it: until it is switched on, traffic between nodes goes in the clear.",
      remedy: .commands([
        ("cilium upgrade --reuse-values --set encryption.enabled=true --set encryption.type=wireguard"
          as Command).noting("with Cilium"),
        (#"kubectl patch felixconfiguration default --type merge --patch '{"spec":{"wireguardEnabled":true}}'"#
          as Command).noting("with Calico"),
      ]))
  }

  fileprivate static func mtu(_ value: String, _ namespace: ObjectName) -> Self {
    Self(
      Kind.mtu,
      "The network had an MTU of \(value). Pods have the MTU that the network plugin gives all of them; if the nodes' own network "
        + "needs the smaller one, the plugin must know it.",
      remedy: .look(
        ("""
        kubectl -n \(namespace) run mtu --rm -it --restart=Never --image=busybox:1.37 -- \
        cat /sys/class/net/eth0/mtu
        """ as Command).noting("more than \(value) is too much then")))
  }

  fileprivate static func vxlan(_ value: String) -> Self {
    Self(
      Kind.vxlanID,
      "The VXLAN id \(value) told this overlay from others on the nodes' network; the cluster's network plugin has ids of its own."
    )
  }

  fileprivate static var bridgeOption: Self {
    Self(
      Kind.bridgeOption,
      "Options of Docker's bridge driver mean nothing to an overlay, which ignored them.")
  }

  fileprivate static func option(_ key: String, _ driver: String) -> Self {
    Self(
      Kind.driverOption,
      "The option `\(key)` was for Docker's network driver `\(driver)`. The cluster's network plugin takes its place and is set up "
        + "for the whole cluster, so the option is dropped.")
  }

  fileprivate static func physicalOption(_ key: String, _ value: String) -> Self {
    Self(
      Kind.physicalOption,
      "`\(key): \(value)` is dropped with the driver; it belongs into the NetworkAttachmentDefinition for Multus."
    )
  }

  fileprivate static func addressDriver(_ driver: String) -> Self {
    Self(
      Kind.addressDriver,
      "Addresses came from `\(driver)`; pods get theirs from the cluster's network plugin.",
      remedy: .look(podRanges))
  }

  fileprivate static func subnet(_ subnet: String) -> Self {
    Self(
      Kind.subnet,
      "Pods get addresses from the cluster's range and not from \(subnet). Firewalls, `pg_hba.conf` and other rules that name it "
        + "must name the pods' range; Calico's IPPools can give a namespace a range of its own.",
      remedy: .look(podRanges.noting("instead of \(subnet)")))
  }

  private static let podRanges: Command =
    "kubectl get nodes -o custom-columns=NODE:.metadata.name,PODS:.spec.podCIDR"
}
