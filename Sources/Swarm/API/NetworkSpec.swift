package import YAML

extension Stack {
  /// A network as `docker network inspect` shows it, without what the engine assigns (subnets that nobody wrote,
  /// gateways, tunnel numbers).
  package func specification(of network: Network) -> JSON {
    .object { object in
      object.set("Name", network.name)
      object.set("Scope", "swarm")
      object.set("Driver", network.driver.value)
      object.set("EnableIPv6", false)
      object.set(
        "IPAM",
        .object { ipam in
          ipam.set("Driver", network.node["ipam"]?["driver"]?.text ?? "default")
          let subnets = (network.node["ipam"]?["config"]?.items ?? []).compactMap {
            $0["subnet"]?.text
          }
          if !subnets.isEmpty {
            ipam.set(
              "Config", .array(subnets.map { subnet in .object { $0.set("Subnet", subnet) } }))
          }
        })
      object.set("Internal", network.isInternal)
      object.set("Attachable", network.node["attachable"]?.bool ?? false)
      object.set("Options", Self.map(network.node["driver_opts"]) ?? .object { _ in })
      object.set("Labels", labels(network.node["labels"]))
    }
  }
}
