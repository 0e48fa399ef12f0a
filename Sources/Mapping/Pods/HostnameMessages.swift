import Kubernetes
package import Ledger
import YAML

extension HostnameAndDNS {
  enum Kind {
    static let domainname: FindingKind = .inert("hostname-and-dns/domainname")
    static let macAddress: FindingKind = .inert("hostname-and-dns/mac-address")
    static let templateRefused: FindingKind = .manual(
      "hostname-and-dns/template-refused", .changesWhoGetsIn)
    static let statefulSet: FindingKind = .adapted("hostname-and-dns/stateful-set")
    static let perTask: FindingKind = .lost("hostname-and-dns/per-task", .changesWhoGetsIn)
    static let hostnameFolded: FindingKind = .adapted("hostname-and-dns/hostname-folded")
    static let hostGateway: FindingKind = .manual(
      "hostname-and-dns/host-gateway", .changesWhoGetsIn)
    static let noAddress: FindingKind = .lost("hostname-and-dns/no-address", .changesWhoGetsIn)
    static let illegalHost: FindingKind = .lost("hostname-and-dns/illegal-host", .changesWhoGetsIn)
    static let resolver: FindingKind = .manual("hostname-and-dns/resolver", .changesWhoGetsIn)
    static let publicResolver: FindingKind = .adapted("hostname-and-dns/public-resolver")
    static let noServer: FindingKind = .lost("hostname-and-dns/no-server", .changesWhoGetsIn)
    static let tooManyServers: FindingKind = .lost(
      "hostname-and-dns/too-many-servers", .changesWhoGetsIn)
    static let noSearch: FindingKind = .adapted("hostname-and-dns/no-search")
    static let illegalSearch: FindingKind = .lost(
      "hostname-and-dns/illegal-search", .changesWhoGetsIn)
    static let tooManySearches: FindingKind = .lost(
      "hostname-and-dns/too-many-searches", .changesWhoGetsIn)
  }

  package static let kinds: [FindingKind] = [
    Kind.domainname, Kind.macAddress, Kind.templateRefused, Kind.statefulSet, Kind.perTask,
    Kind.hostnameFolded, Kind.hostGateway, Kind.noAddress, Kind.illegalHost, Kind.resolver,
    Kind.publicResolver, Kind.noServer, Kind.tooManyServers, Kind.noSearch, Kind.illegalSearch,
    Kind.tooManySearches,
  ]
}

private typealias Kind = HostnameAndDNS.Kind

extension Finding.Message {
  static var domainname: Self {
    Self(Kind.domainname, "Swarm ignores `domainname`: tasks never had one.")
  }

  static var macAddress: Self {
    Self(
      Kind.macAddress,
      "Swarm ignores `mac_address`: tasks got an address from Docker, and pods get one from the network "
        + "plugin.")
  }

  static func hostnameRefused(_ reason: String) -> Self {
    Self(
      Kind.templateRefused,
      "Docker refuses this template (\(reason)) and with it the whole service, so it never ran from "
        + "this file as it was read here. The pods keep their own names.")
  }

  static func hostnameOfStatefulSet(_ hostname: String, _ name: String) -> Self {
    Self(
      Kind.statefulSet,
      "The pods of a StatefulSet have their own names for host names, `\(name)-1` and so on, instead "
        + "of `\(hostname)`.")
  }

  static func hostnamePerTask(_ hostname: String, _ workload: Workload) -> Self {
    Self(
      Kind.perTask,
      "The host name `\(hostname)` differs from task to task, and a pod template holds one name for "
        + "all pods: each pod has its own name for a host name, beginning with `\(workload.name)-`."
    )
  }

  static func hostnameFolded(_ from: String, _ to: String) -> Self {
    Self(
      Kind.hostnameFolded,
      "A pod's host name is one DNS label: `\(from)` becomes `\(to)`, and `hostname` in the container "
        + "prints that.")
  }

  static func hostGateway(_ host: String, _ workload: Workload) -> Self {
    Self(
      Kind.hostGateway,
      "`\(host)` was the node that the task ran on (`host-gateway`). A manifest cannot know the "
        + "address of a pod's node, so the name does not resolve.",
      remedy: .command(
        .tellNodeAddress(workload).noting("then use $NODE_IP instead of \(host)")))
  }

  static func noAddress(_ host: String, _ address: String) -> Self {
    Self(
      Kind.noAddress,
      "`\(address)` is no IP address: Docker starts no task with it, and the pods' hosts file has no `\(host)`. Where it is a name, "
        + "use that name itself in place of `\(host)`.",
      remedy: .edit(
        "extra_hosts: [\(Writer.quoted("\(host):10.0.0.5"))]",
        note: "in the stack, with the real address"))
  }

  static func illegalHost(_ host: String) -> Self {
    Self(
      Kind.illegalHost,
      "Kubernetes refuses the host name `\(host)` in hostAliases: only letters, digits, dashes and "
        + "dots. It does not resolve in the pods.")
  }

  static func nameServer(_ address: String) -> Self {
    Self(
      Kind.resolver,
      "In Swarm `\(address)` answered all names but those of services. Pods ask the cluster's DNS "
        + "first and take its \"no such name\" for an answer, so a name that only `\(address)` knows "
        + "does not resolve until the cluster's DNS forwards to it.",
      remedy: .command(
        ("kubectl -n kube-system edit configmap coredns" as Command)
          .noting("set `forward . \(address)` instead of `forward . /etc/resolv.conf`")))
  }

  static func publicNameServer(_ address: String) -> Self {
    Self(
      Kind.publicResolver,
      "In Swarm `\(address)` answered all names but those of services. Pods ask the cluster's DNS first, and `\(address)` only when "
        + "that does not answer; public names are the same in both.")
  }

  static func noServer(_ address: String) -> Self {
    Self(
      Kind.noServer,
      "`\(address)` is no IP address and is left out: DNS servers are given by address, so it never answered anything.",
      remedy: .edit("dns: [\"10.0.0.2\"]", note: "in the stack, with the server's address"))
  }

  static func tooManyServers(_ address: String) -> Self {
    Self(
      Kind.tooManyServers,
      "Kubernetes takes three DNS servers; `\(address)` is left out.")
  }

  static var noSearch: Self {
    Self(
      Kind.noSearch,
      "`dns_search: .` kept the node's search domains out of the container. Pods search the cluster's "
        + "domains and then the node's; write names with a dot at the end to search none.")
  }

  static func illegalSearch(_ domain: String) -> Self {
    Self(
      Kind.illegalSearch,
      "Kubernetes refuses the search domain `\(domain)`; short names are not completed with it.")
  }

  static func tooManySearches(_ domain: String) -> Self {
    Self(
      Kind.tooManySearches,
      "Kubernetes takes 32 search domains of 2048 characters together, the cluster's own among them; `\(domain)` is left out, and "
        + "short names are not completed with it.")
  }
}
