/// An option of a migration, by its name on the command line and in answers files.
package enum OptionName: String, Sendable, CaseIterable {
  case kubernetes
  case namespace
  case serviceType = "service-type"
  case publish
  case routes
  case ingressClass = "ingress-class"
  case gateway
  case clusterIssuer = "cluster-issuer"
  case ingressNamespace = "ingress-namespace"
  case secrets
  case secretStore = "secret-store"
  case requestsFromLimits = "requests-from-limits"
  case volumeSize = "volume-size"
  case storageClass = "storage-class"
  case nodes
  case harden
  case noRewriteHosts = "no-rewrite-hosts"
  case skipInfrastructure = "skip-infrastructure"
  case allowMissing = "allow-missing"

  /// As it is typed: `--publish`.
  package var flag: String { "--\(rawValue)" }
}
