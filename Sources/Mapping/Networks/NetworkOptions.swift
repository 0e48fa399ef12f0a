package import Kubernetes
package import Ledger
package import Swarm
package import YAML

/// Options of a network's driver, and its addresses.
package enum NetworkOptions {
  package static func settle(
    _ options: Node, of network: Swarm.Network, _ namespace: ObjectName, _ ledger: inout Ledger
  ) {
    for entry in options.entries ?? [] {
      let message = message(entry.key, entry.value.text ?? "", network, namespace)
      ledger.settle(entry.value, message.disposition, message.text)
    }
    ledger.keep(options, as: "no options")
  }

  private static func message(
    _ key: String, _ value: String, _ network: Swarm.Network, _ namespace: ObjectName
  ) -> (disposition: Disposition, text: Finding.Message) {
    if network.isOnPhysicalNetwork { return (.lost, .physicalOption(key, value)) }
    switch key {
    // The driver asks only whether the option is there (libnetwork `drivers/overlay`).
    case "encrypted": return (.manual, .encrypted)
    case "com.docker.network.driver.mtu": return (.manual, .mtu(value, namespace))
    case "com.docker.network.driver.overlay.vxlanid_list": return (.adapted, .vxlan(value))
    default:
      if key.hasPrefix("com.docker.network.bridge.") { return (.inert, .bridgeOption) }
      return (.lost, .option(key, network.driver.value))
    }
  }

  package static func settle(ipam: Node, _ ledger: inout Ledger) {
    if let driver = ipam["driver"] {
      if driver.text == "default" || driver.text == "" {
        ledger.keep(driver, as: "addresses of the cluster")
      } else {
        ledger.settle(driver, .lost, .addressDriver(driver.text ?? ""))
      }
    }
    for item in ipam["config"]?.items ?? [] {
      if let subnet = item["subnet"] { ledger.settle(subnet, .lost, .subnet(subnet.text ?? "")) }
    }
    ledger.keep(ipam, as: "addresses of the cluster")
  }
}

extension Finding.Message {
  fileprivate static var encrypted: Self {
    Self(
      "networks/encrypted",
      "Swarm encrypted this network's traffic between nodes. In Kubernetes the network plugin encrypts the traffic of all pods, "
        + "or of none, and no manifest can ask for it: until it is switched on, traffic between nodes goes in the clear.",
      remedy:
        "cilium upgrade --reuse-values --set encryption.enabled=true --set encryption.type=wireguard"
        + "  # with Cilium\n"
        + "kubectl patch felixconfiguration default --type merge --patch '{\"spec\":{\"wireguardEnabled\":true}}'"
        + "  # with Calico")
  }

  fileprivate static func mtu(_ value: String, _ namespace: ObjectName) -> Self {
    Self(
      "networks/mtu",
      "The network had an MTU of \(value). Pods have the MTU that the network plugin gives all of them; if the nodes' own network "
        + "needs the smaller one, the plugin must know it.",
      remedy: "kubectl -n \(namespace) run mtu --rm -it --restart=Never --image=busybox:1.37 -- "
        + "cat /sys/class/net/eth0/mtu  # more than \(value) is too much then")
  }

  fileprivate static func vxlan(_ value: String) -> Self {
    Self(
      "networks/vxlan-id",
      "The VXLAN id \(value) told this overlay from others on the nodes' network; the cluster's network plugin has ids of its own."
    )
  }

  fileprivate static var bridgeOption: Self {
    Self(
      "networks/bridge-option",
      "Options of Docker's bridge driver mean nothing to an overlay, which ignored them.")
  }

  fileprivate static func option(_ key: String, _ driver: String) -> Self {
    Self(
      "networks/driver-option",
      "The option `\(key)` was for Docker's network driver `\(driver)`. The cluster's network plugin takes its place and is set up "
        + "for the whole cluster, so the option is dropped.")
  }

  fileprivate static func physicalOption(_ key: String, _ value: String) -> Self {
    Self(
      "networks/physical-option",
      "`\(key): \(value)` is dropped with the driver; it belongs into the NetworkAttachmentDefinition for Multus."
    )
  }

  fileprivate static func addressDriver(_ driver: String) -> Self {
    Self(
      "networks/address-driver",
      "Addresses came from `\(driver)`; pods get theirs from the cluster's network plugin.",
      remedy: "kubectl get nodes -o custom-columns=NODE:.metadata.name,PODS:.spec.podCIDR")
  }

  fileprivate static func subnet(_ subnet: String) -> Self {
    Self(
      "networks/subnet",
      "Pods get addresses from the cluster's range and not from \(subnet). Firewalls, `pg_hba.conf` and other rules that name it "
        + "must name the pods' range; Calico's IPPools can give a namespace a range of its own.",
      remedy:
        "kubectl get nodes -o custom-columns=NODE:.metadata.name,PODS:.spec.podCIDR  # instead of \(subnet)"
    )
  }
}
