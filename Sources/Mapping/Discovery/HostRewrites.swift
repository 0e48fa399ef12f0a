import Kubernetes
import Ledger
import Swarm
import YAML

extension ServiceContext {
  /// Settles a value in which host names were looked for: kept where there were none, else with one finding for each name.
  mutating func settle(
    _ node: Node, hosts: [HostReplacement], _ kinds: HostKinds, as field: String
  ) {
    if hosts.isEmpty { return keep(node, as: field) }
    let isRewritten = options.rewriteHosts
    for host in hosts { settle(node, .host(host, kinds, isRewritten: isRewritten), as: field) }
  }

  /// Lists the host names that were found in what is no key of the stack.
  mutating func remark(
    hosts: [HostReplacement], _ kinds: HostKinds, at key: KeyID, as field: String
  ) {
    let isRewritten = options.rewriteHosts
    for host in hosts { remark(.host(host, kinds, isRewritten: isRewritten), at: key, as: field) }
  }
}

extension StackContext {
  /// Lists the host names that were found in a file that became an object.
  mutating func remark(
    hosts: [HostReplacement], _ kinds: HostKinds, at key: KeyID, as field: String
  ) {
    let isRewritten = options.rewriteHosts
    for host in hosts { remark(.host(host, kinds, isRewritten: isRewritten), at: key, as: field) }
  }
}

extension Finding.Message {
  fileprivate static func host(
    _ host: HostReplacement, _ kinds: HostKinds, isRewritten: Bool
  ) -> Self {
    if host.isUnknown { return .unknown(kinds.elsewhere, host) }
    if host.isDomain { return .domain(kinds.isDomain, host) }
    if host.isDoubtful, let kind = kinds.orNot { return .doubtful(kind, host) }
    return isRewritten
      ? .hostRewritten(kinds.rewritten, host) : .hostFound(kinds.notRewritten, host)
  }

  private static func hostRewritten(_ kind: FindingKind, _ host: HostReplacement) -> Self {
    Self(
      kind, "The host name `\(host.from)` is `\(host.to)` in Kubernetes and was rewritten here.",
      remedy: .option(
        .noRewriteHosts, effect: "leaves such values as they are and only lists them."))
  }

  private static func doubtful(_ kind: FindingKind, _ host: HostReplacement) -> Self {
    Self(
      kind,
      "`\(host.from)` is the name of a service, but nothing here says that it is meant as a host, so it was left as it is. "
        + "If it is one, it does not resolve in Kubernetes, where the service is `\(host.to)`.",
      remedy: .sentence("Write \(host.to) in the stack if a host is meant."))
  }

  private static func unknown(_ kind: FindingKind, _ host: HostReplacement) -> Self {
    Self(
      kind,
      "`\(host.from)` is no service of this run. With an underscore only Swarm's DNS can know it, as the service of another "
        + "stack on a shared network; it does not resolve in Kubernetes.",
      remedy: .sentence(
        "--stack NAME=FILE for both stacks in one run, or write the service's address in the stack, "
          + "such as web.other.svc"))
  }

  private static func domain(_ kind: FindingKind, _ host: HostReplacement) -> Self {
    Self(
      kind,
      "`\(host.from)` is an alias with dots, which no Service can have as its name. It was not rewritten, because "
        + "certificates and routes go by it; unless the cluster's DNS answers to it, it leads where the public DNS says.",
      remedy: .rewriteInCoreDNS(host.from, to: host.to))
  }

  private static func hostFound(_ kind: FindingKind, _ host: HostReplacement) -> Self {
    Self(
      kind,
      "The host name `\(host.from)` does not resolve in Kubernetes, where it is `\(host.to)`; "
        + "`--no-rewrite-hosts` left it as it is.",
      remedy: .sentence(
        "Run again without --no-rewrite-hosts, or write \(host.to) in the stack."))
  }
}

extension Remedy {
  /// A name that the cluster's DNS has to answer to.
  static func rewriteInCoreDNS(_ name: String, to address: String) -> Self {
    .fragment(
      "rewrite name \(name) \(address)",
      note: "into CoreDNS' Corefile: kubectl -n kube-system edit configmap coredns")
  }
}
