import YAML

extension Ledger {
  /// Settles a value in which host names were looked for: kept where there were none, else with one finding for each name.
  ///
  /// `feature` begins the slug; `isRewritten` is the option `--rewrite-hosts`.
  mutating func settle(
    _ node: Node, hosts: [HostNames.Replacement], isRewritten: Bool, feature: String,
    as field: String
  ) {
    if hosts.isEmpty { keep(node, as: field) }
    for host in hosts {
      settle(
        node, isRewritten ? .adapted : .manual,
        isRewritten ? .hostRewritten(feature, host) : .hostFound(feature, host), as: field)
    }
  }
}

extension Finding.Message {
  fileprivate static func hostRewritten(_ feature: String, _ host: HostNames.Replacement) -> Self {
    Self(
      "\(feature)/host-rewritten",
      "The host name `\(host.from)` is `\(host.to)` in Kubernetes and was rewritten here.",
      remedy: "--no-rewrite-hosts leaves such values as they are and only lists them.")
  }

  fileprivate static func hostFound(_ feature: String, _ host: HostNames.Replacement) -> Self {
    Self(
      "\(feature)/host-not-rewritten",
      "The host name `\(host.from)` does not resolve in Kubernetes, where it is `\(host.to)`; "
        + "`--no-rewrite-hosts` left it as it is.",
      remedy: "Run again without --no-rewrite-hosts, or write \(host.to) in the stack.")
  }
}
