import Kubernetes
import Ledger
import Swarm
package import YAML

extension Ledger {
  /// Settles a value in which host names were looked for: kept where there were none, else with one finding for each name.
  ///
  /// `feature` begins the slug; `isRewritten` is the option `--rewrite-hosts`.
  package mutating func settle(
    _ node: Node, hosts: [HostNames.Replacement], isRewritten: Bool, feature: String,
    as field: String
  ) {
    if hosts.isEmpty { keep(node, as: field) }
    for host in hosts {
      let (disposition, message) = Self.finding(host, isRewritten: isRewritten, feature: feature)
      settle(node, disposition, message, as: field)
    }
  }

  /// Lists the host names that were found in a file that became an object.
  package mutating func remark(
    hosts: [HostReplacement], isRewritten: Bool, feature: String, at key: KeyID, as field: String
  ) {
    for host in hosts {
      let (disposition, message) = Self.finding(host, isRewritten: isRewritten, feature: feature)
      remark(disposition, message, at: key, as: field)
    }
  }

  private static func finding(_ host: HostReplacement, isRewritten: Bool, feature: String)
    -> (Disposition, Finding.Message)
  {
    if host.isUnknown { return (.manual, .unknown(feature, host)) }
    if host.isDomain { return (.manual, .domain(feature, host)) }
    if host.isDoubtful { return (.decide, .doubtful(feature, host)) }
    return isRewritten
      ? (.adapted, .hostRewritten(feature, host)) : (.manual, .hostFound(feature, host))
  }
}

extension Finding.Message {
  fileprivate static func hostRewritten(_ feature: String, _ host: HostNames.Replacement) -> Self {
    Self(
      "\(feature)/host-rewritten",
      "The host name `\(host.from)` is `\(host.to)` in Kubernetes and was rewritten here.",
      remedy: "--no-rewrite-hosts leaves such values as they are and only lists them.")
  }

  fileprivate static func doubtful(_ feature: String, _ host: HostNames.Replacement) -> Self {
    Self(
      "\(feature)/host-or-not",
      "`\(host.from)` is the name of a service, but nothing here says that it is meant as a host, so it was left as it is. "
        + "If it is one, it does not resolve in Kubernetes, where the service is `\(host.to)`.",
      remedy: "Write \(host.to) in the stack if a host is meant.")
  }

  fileprivate static func unknown(_ feature: String, _ host: HostNames.Replacement) -> Self {
    Self(
      "\(feature)/host-elsewhere",
      "`\(host.from)` is no service of this run. With an underscore only Swarm's DNS can know it, as the service of another "
        + "stack on a shared network; it does not resolve in Kubernetes.",
      remedy:
        "--stack NAME=FILE for both stacks in one run, or write the service's address in the stack, "
        + "such as web.other.svc")
  }

  fileprivate static func domain(_ feature: String, _ host: HostNames.Replacement) -> Self {
    Self(
      "\(feature)/host-is-domain",
      "`\(host.from)` is an alias with dots, which no Service can have as its name. It was not rewritten, because "
        + "certificates and routes go by it; unless the cluster's DNS answers to it, it leads where the public DNS says.",
      remedy:
        "rewrite name \(host.from) \(host.to)  # into CoreDNS' Corefile: kubectl -n kube-system edit configmap coredns"
    )
  }

  fileprivate static func hostFound(_ feature: String, _ host: HostNames.Replacement) -> Self {
    Self(
      "\(feature)/host-not-rewritten",
      "The host name `\(host.from)` does not resolve in Kubernetes, where it is `\(host.to)`; "
        + "`--no-rewrite-hosts` left it as it is.",
      remedy: "Run again without --no-rewrite-hosts, or write \(host.to) in the stack.")
  }
}
