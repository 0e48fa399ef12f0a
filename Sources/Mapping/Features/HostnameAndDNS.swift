import Kubernetes
import Ledger
import Stack
import Swarm
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

  package static func map(_ context: inout ServiceContext) {
    let service = context.service
    if let node = service["hostname"] {
      mapHostname(node, &context)
      context.keep(node, as: "spec.hostname")
    }
    if let node = service["domainname"] { context.settle(node, .domainname) }
    if let node = service["mac_address"] { context.settle(node, .macAddress) }
    if let node = service["extra_hosts"] { mapHosts(node, &context) }
    mapResolver(&context)
  }

  private static func mapHostname(_ node: Node, _ context: inout ServiceContext) {
    guard let written = node.text, !written.isEmpty else { return }
    let template = context.service.expand(written)
    if case .refused(let reason)? = template.problem {
      context.settle(node, .hostnameRefused(reason))
      return
    }
    if context.workload.kind == .statefulSet {
      context.settle(node, .hostnameOfStatefulSet(written, context.workload.name.rawValue))
      return
    }
    guard template.problem == nil, let hostname = template.staticText else {
      let wantsNode = template.mentioned == [.nodeHostname] && template.parts.count == 1
      if wantsNode, context.workload.pod.hostNetwork == true { return }
      context.settle(node, .hostnamePerTask(written, context.workload))
      return
    }
    if let name = ObjectName(hostname), name.isLabel {
      context.workload.pod.hostname = name
      return
    }
    let first = hostname.prefix { $0 != "." }
    let name = ObjectName.folding(String(first))
    context.workload.pod.hostname = name
    context.settle(node, .hostnameFolded(hostname, name.rawValue), as: "spec.hostname")
  }

  private static func mapHosts(_ node: Node, _ context: inout ServiceContext) {
    var aliases = context.workload.pod.hostAliases
    for item in node.items ?? [] {
      guard let text = item.text, let colon = text.firstIndex(of: ":") else { continue }
      let host = String(text[..<colon])
      let address = IPAddress.unmapped(String(text[text.index(after: colon)...]))
      if address == "host-gateway" {
        context.settle(item, .hostGateway(host, context.workload))
        continue
      }
      guard IPAddress.isValid(address) else {
        context.settle(item, .noAddress(host, address))
        continue
      }
      let name = host.lowercased()
      guard ObjectName.isSubdomain(name) else {
        context.settle(item, .illegalHost(host))
        continue
      }
      if let place = aliases.firstIndex(where: { $0.ip == address }) {
        if !aliases[place].hostnames.contains(name) { aliases[place].hostnames.append(name) }
      } else {
        aliases.append(HostAlias(ip: address, hostnames: [name]))
      }
    }
    context.workload.pod.hostAliases = aliases
    context.keep(node, as: "spec.hostAliases")
  }

  private static func mapResolver(_ context: inout ServiceContext) {
    let service = context.service
    var config = context.workload.pod.dnsConfig ?? DNSConfig()
    let field = "spec.dnsConfig"
    if let node = service["dns"] {
      for item in node.items ?? [] {
        let address = IPAddress.unmapped(item.text ?? "")
        if !IPAddress.isValid(address) {
          context.settle(item, .noServer(address))
        } else if config.nameservers.contains(address) {
          context.keep(item, as: field)
        } else if config.nameservers.count == 3 {
          context.settle(item, .tooManyServers(address))
        } else {
          config.nameservers.append(address)
          if isPublicResolver(address) {
            context.settle(item, .publicNameServer(address), as: field)
          } else {
            context.settle(item, .nameServer(address), as: field)
          }
        }
      }
      context.keep(node, as: field)
    }
    if let node = service["dns_search"] {
      var length = config.searches.reduce(0) { $0 + $1.utf8.count + 1 }
      for item in node.items ?? [] {
        let domain = item.text ?? ""
        if domain == "." {
          context.settle(item, .noSearch)
          continue
        }
        var name = domain.lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        guard ObjectName.isSubdomain(name) else {
          context.settle(item, .illegalSearch(domain))
          continue
        }
        if config.searches.contains(name) { continue }
        // The cluster puts up to six of its own before them.
        length += name.utf8.count + 1
        if config.searches.count == 26 || length > 1500 {
          context.settle(item, .tooManySearches(domain))
          continue
        }
        config.searches.append(name)
      }
      context.keep(node, as: field)
    }
    if config != DNSConfig() { context.workload.pod.dnsConfig = config }
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
