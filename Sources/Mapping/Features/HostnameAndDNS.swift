import Kubernetes
package import Ledger
import Stack
package import Swarm
import YAML

/// The name of a container and how it looks up others.
package enum HostnameAndDNS: Feature {
  package static let name = "hostname-and-dns"
  package static let title = "Host name and DNS"
  package static let about = """
    **hostname** becomes the pod's host name. It is one DNS label in Kubernetes: of `db.example.com` the pod keeps `db`, and
    capitals and underscores are folded. All pods of a workload have the same one, as all tasks in Swarm. The pods of a
    StatefulSet are always named after themselves (`web-1`), whatever the stack says. Templates are worked out where they are
    the same for all tasks; otherwise the host name is the pod's name. Without `hostname` a Swarm task has its container id
    for a name, and a pod its own name.

    `domainname` and `mac_address` are ignored by Swarm.

    **extra_hosts** become `hostAliases`, one for each address. Names are folded to small letters, which a hosts file does not
    tell apart. A name with an underscore is refused by Kubernetes and left out, with a finding; so is `host-gateway`, the
    address of Docker's bridge on the node, which no manifest can know.

    **dns** becomes `dnsConfig.nameservers` and **dns_search** `dnsConfig.searches`, behind the cluster's own
    (`dnsPolicy: ClusterFirst` stays): services must still find each other. In Swarm the given servers answer everything
    but the names of services. In Kubernetes they are asked only when the cluster's DNS does not answer at all, so names
    that only they know must be forwarded by the cluster's DNS; a finding says how. Three servers and 32 search domains is
    what Kubernetes takes.
    """
  package static let owns: [KeyPattern] = [
    "services.*.hostname", "services.*.domainname", "services.*.mac_address", "services.*.dns.**",
    "services.*.dns_search.**", "services.*.extra_hosts.**",
  ]
  package static let examples: [Example] = [
    Example(
      "Two names of one address",
      stack: """
        image: web:1
        hostname: front
        extra_hosts:
          - "old-db:10.0.0.5"
          - "old-cache:10.0.0.5"
        """,
      kubernetes: """
        hostname: front
        hostAliases:
          - ip: "10.0.0.5"
            hostnames:
              - old-db
              - old-cache
        """)
  ]

  package static func map(
    _ service: Swarm.Service, into workload: inout Workload, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    if let node = service["hostname"] {
      mapHostname(service, node, &workload, &ledger)
      ledger.keep(node, as: "spec.hostname")
    }
    if let node = service["domainname"] { ledger.settle(node, .inert, .domainname) }
    if let node = service["mac_address"] { ledger.settle(node, .inert, .macAddress) }
    if let node = service["extra_hosts"] { mapHosts(node, &workload, &ledger) }
    mapResolver(service, &workload, &ledger)
  }

  private static func mapHostname(
    _ service: Swarm.Service, _ node: Node, _ workload: inout Workload, _ ledger: inout Ledger
  ) {
    guard let written = node.text, !written.isEmpty else { return }
    let template = service.expand(written)
    if case .refused(let reason)? = template.problem {
      ledger.settle(node, .manual, .templateRefused(reason))
      return
    }
    if workload.kind == .statefulSet {
      ledger.settle(node, .adapted, .statefulSet(written, workload.name.rawValue))
      return
    }
    guard template.problem == nil, let hostname = template.staticText else {
      let wantsNode = template.mentioned == [.nodeHostname] && template.parts.count == 1
      if wantsNode, workload.pod.hostNetwork == true { return }
      ledger.settle(node, .lost, .perTask(written, workload))
      return
    }
    if let name = ObjectName(hostname), name.isLabel {
      workload.pod.hostname = name
      return
    }
    let first = hostname.prefix { $0 != "." }
    let name = ObjectName.folding(String(first))
    workload.pod.hostname = name
    ledger.settle(node, .adapted, .folded(hostname, name.rawValue), as: "spec.hostname")
  }

  private static func mapHosts(
    _ node: Node, _ workload: inout Workload, _ ledger: inout Ledger
  ) {
    var aliases = workload.pod.hostAliases
    for item in node.items ?? [] {
      guard let text = item.text, let colon = text.firstIndex(of: ":") else { continue }
      let host = String(text[..<colon])
      let address = IPAddress.unmapped(String(text[text.index(after: colon)...]))
      if address == "host-gateway" {
        ledger.settle(item, .manual, .hostGateway(host, workload))
        continue
      }
      guard IPAddress.isValid(address) else {
        ledger.settle(item, .lost, .noAddress(host, address))
        continue
      }
      let name = host.lowercased()
      guard ObjectName.isSubdomain(name) else {
        ledger.settle(item, .lost, .illegalHost(host))
        continue
      }
      if let place = aliases.firstIndex(where: { $0.ip == address }) {
        if !aliases[place].hostnames.contains(name) { aliases[place].hostnames.append(name) }
      } else {
        aliases.append(HostAlias(ip: address, hostnames: [name]))
      }
    }
    workload.pod.hostAliases = aliases
    ledger.keep(node, as: "spec.hostAliases")
  }

  private static func mapResolver(
    _ service: Swarm.Service, _ workload: inout Workload, _ ledger: inout Ledger
  ) {
    var config = workload.pod.dnsConfig ?? DNSConfig()
    let field = "spec.dnsConfig"
    if let node = service["dns"] {
      for item in node.items ?? [] {
        let address = IPAddress.unmapped(item.text ?? "")
        if !IPAddress.isValid(address) {
          ledger.settle(item, .lost, .noServer(address))
        } else if config.nameservers.contains(address) {
          ledger.keep(item, as: field)
        } else if config.nameservers.count == 3 {
          ledger.settle(item, .lost, .tooManyServers(address))
        } else {
          config.nameservers.append(address)
          if isPublicResolver(address) {
            ledger.settle(item, .adapted, .publicResolver(address), as: field)
          } else {
            ledger.settle(item, .manual, .resolver(address), as: field)
          }
        }
      }
      ledger.keep(node, as: field)
    }
    if let node = service["dns_search"] {
      var length = config.searches.reduce(0) { $0 + $1.utf8.count + 1 }
      for item in node.items ?? [] {
        let domain = item.text ?? ""
        if domain == "." {
          ledger.settle(item, .adapted, .noSearch)
          continue
        }
        var name = domain.lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        guard ObjectName.isSubdomain(name) else {
          ledger.settle(item, .lost, .illegalSearch(domain))
          continue
        }
        if config.searches.contains(name) { continue }
        // The cluster puts up to six of its own before them.
        length += name.utf8.count + 1
        if config.searches.count == 26 || length > 1500 {
          ledger.settle(item, .lost, .tooManySearches(domain))
          continue
        }
        config.searches.append(name)
      }
      ledger.keep(node, as: field)
    }
    if config != DNSConfig() { workload.pod.dnsConfig = config }
  }

  /// Resolvers that know nothing but the public DNS.
  private static func isPublicResolver(_ address: String) -> Bool {
    switch address {
    case "8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "149.112.112.112",
      "208.67.222.222", "208.67.220.220", "2001:4860:4860::8888", "2001:4860:4860::8844",
      "2606:4700:4700::1111", "2606:4700:4700::1001", "2620:fe::fe":
      true
    default: false
    }
  }
}

extension Finding.Message {
  fileprivate static var domainname: Self {
    Self("hostname-and-dns/domainname", "Swarm ignores `domainname`: tasks never had one.")
  }

  fileprivate static var macAddress: Self {
    Self(
      "hostname-and-dns/mac-address",
      "Swarm ignores `mac_address`: tasks got an address from Docker, and pods get one from the network "
        + "plugin.")
  }

  fileprivate static func templateRefused(_ reason: String) -> Self {
    Self(
      "hostname-and-dns/template-refused",
      "Docker refuses this template (\(reason)) and with it the whole service, so it never ran from "
        + "this file as it was read here. The pods keep their own names.")
  }

  fileprivate static func statefulSet(_ hostname: String, _ name: String) -> Self {
    Self(
      "hostname-and-dns/stateful-set",
      "The pods of a StatefulSet have their own names for host names, `\(name)-1` and so on, instead "
        + "of `\(hostname)`.")
  }

  fileprivate static func perTask(_ hostname: String, _ workload: Workload) -> Self {
    Self(
      "hostname-and-dns/per-task",
      "The host name `\(hostname)` differs from task to task, and a pod template holds one name for "
        + "all pods: each pod has its own name for a host name, beginning with `\(workload.name)-`."
    )
  }

  fileprivate static func folded(_ from: String, _ to: String) -> Self {
    Self(
      "hostname-and-dns/hostname-folded",
      "A pod's host name is one DNS label: `\(from)` becomes `\(to)`, and `hostname` in the container "
        + "prints that.")
  }

  fileprivate static func hostGateway(_ host: String, _ workload: Workload) -> Self {
    Self(
      "hostname-and-dns/host-gateway",
      "`\(host)` was the node that the task ran on (`host-gateway`). A manifest cannot know the "
        + "address of a pod's node, so the name does not resolve.",
      remedy: "kubectl -n \(workload.namespace) patch \(workload.reference.lowercased()) "
        + "--patch '{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"\(workload.name)\","
        + "\"env\":[{\"name\":\"NODE_IP\",\"valueFrom\":{\"fieldRef\":{\"fieldPath\":"
        + "\"status.hostIP\"}}}]}]}}}}'  # then use $NODE_IP instead of \(host)")
  }

  fileprivate static func noAddress(_ host: String, _ address: String) -> Self {
    Self(
      "hostname-and-dns/no-address",
      "`\(address)` is no IP address: Docker starts no task with it, and the pods' hosts file has no `\(host)`. Where it is a name, "
        + "use that name itself in place of `\(host)`.",
      remedy: "extra_hosts: [\"\(host):10.0.0.5\"]  # in the stack, with the real address")
  }

  fileprivate static func illegalHost(_ host: String) -> Self {
    Self(
      "hostname-and-dns/illegal-host",
      "Kubernetes refuses the host name `\(host)` in hostAliases: only letters, digits, dashes and "
        + "dots. It does not resolve in the pods.")
  }

  fileprivate static func resolver(_ address: String) -> Self {
    Self(
      "hostname-and-dns/resolver",
      "In Swarm `\(address)` answered all names but those of services. Pods ask the cluster's DNS "
        + "first and take its \"no such name\" for an answer, so a name that only `\(address)` knows "
        + "does not resolve until the cluster's DNS forwards to it.",
      remedy: "kubectl -n kube-system edit configmap coredns"
        + "  # set `forward . \(address)` instead of `forward . /etc/resolv.conf`")
  }

  fileprivate static func publicResolver(_ address: String) -> Self {
    Self(
      "hostname-and-dns/public-resolver",
      "In Swarm `\(address)` answered all names but those of services. Pods ask the cluster's DNS first, and `\(address)` only when "
        + "that does not answer; public names are the same in both.")
  }

  fileprivate static func noServer(_ address: String) -> Self {
    Self(
      "hostname-and-dns/no-server",
      "`\(address)` is no IP address and is left out: DNS servers are given by address, so it never answered anything.",
      remedy: "dns: [\"10.0.0.2\"]  # in the stack, with the server's address")
  }

  fileprivate static func tooManyServers(_ address: String) -> Self {
    Self(
      "hostname-and-dns/too-many-servers",
      "Kubernetes takes three DNS servers; `\(address)` is left out.")
  }

  fileprivate static var noSearch: Self {
    Self(
      "hostname-and-dns/no-search",
      "`dns_search: .` kept the node's search domains out of the container. Pods search the cluster's "
        + "domains and then the node's; write names with a dot at the end to search none.")
  }

  fileprivate static func illegalSearch(_ domain: String) -> Self {
    Self(
      "hostname-and-dns/illegal-search",
      "Kubernetes refuses the search domain `\(domain)`; short names are not completed with it.")
  }

  fileprivate static func tooManySearches(_ domain: String) -> Self {
    Self(
      "hostname-and-dns/too-many-searches",
      "Kubernetes takes 32 search domains of 2048 characters together, the cluster's own among them; `\(domain)` is left out, and "
        + "short names are not completed with it.")
  }
}
