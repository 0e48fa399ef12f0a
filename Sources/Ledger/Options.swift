import Kubernetes

/// The choices of a migration. Every `decide` finding names the one that changes it.
package struct Options: Sendable {
  /// The names of the questions that somebody has answered, on the command line or in an answers file; what a finding says of
  /// them is confirmed.
  package var answered: Set<String> = []

  /// How other services reach a service: `--service-type`.
  package enum ServiceType: String, Sendable, CaseIterable {
    /// A virtual IP where all ports are known, else headless.
    case auto
    case clusterIP = "cluster-ip"
    case headless
  }

  /// How ports published through the routing mesh are reached from outside: `--publish`.
  package enum Publish: String, Sendable, CaseIterable {
    case loadBalancer = "load-balancer"
    case nodePort = "node-port"
    case ingress
    case none
  }

  /// What becomes of HTTP routes in labels: `--routes`.
  package enum Routes: String, Sendable, CaseIterable {
    case ingress
    /// HTTPRoutes of the Gateway API.
    case gateway
    /// IngressRoutes and Middlewares of Traefik 3.
    case traefik
    case none
  }

  /// What becomes of secret values: `--secrets`.
  package enum Secrets: String, Sendable, CaseIterable {
    /// Secret manifests with the values, in files of their own.
    case inline
    /// ExternalSecrets, which the External Secrets Operator fills from the store that `--secret-store` names.
    case externalSecrets = "external-secrets"
    /// References only; the report has the commands that make SealedSecrets.
    case sealed
    /// References only; the report says how to create them.
    case omit
  }

  /// A minor version of Kubernetes.
  package struct KubernetesVersion: Sendable, Comparable, CustomStringConvertible {
    package let minor: Int

    package init(minor: Int) { self.minor = minor }

    package static let oldest = KubernetesVersion(minor: 30)
    package static let newest = KubernetesVersion(minor: 36)

    /// Reads `1.30`; nil outside the supported range.
    package init?(_ text: String) {
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[0] == "1", let minor = Int(parts[1]),
        (Self.oldest.minor...Self.newest.minor).contains(minor)
      else { return nil }
      self.minor = minor
    }

    package var description: String { "1.\(minor)" }

    package static func < (left: Self, right: Self) -> Bool { left.minor < right.minor }
  }

  /// The namespace; nil makes it from the stack's name.
  package var namespace: String?
  package var kubernetes = KubernetesVersion.newest
  package var serviceType = ServiceType.auto
  package var publish = Publish.loadBalancer
  package var routes = Routes.ingress
  package var secrets = Secrets.inline
  /// The ClusterSecretStore of `--secrets external-secrets`.
  package var secretStore = "swarm-secrets"
  /// The share of a limit that is requested where the stack reserves nothing; nil writes no request.
  package var requestsFromLimits: Double?
  /// The size of the claim for a named volume that gives none, such as `1Gi`.
  package var volumeSize = "1Gi"
  /// The storage class of claims; nil leaves it to the cluster's default.
  package var storageClass: String?
  /// The ingress class; nil leaves it to the cluster's default.
  package var ingressClass: String?
  /// The Gateway that HTTPRoutes attach to, as `NAME` or `NAMESPACE/NAME`.
  package var gateway: String?
  /// The ClusterIssuer of cert-manager that gets certificates; nil leaves that to the operator.
  package var clusterIssuer: String?
  /// The namespace of the ingress controller, which alone may reach routed ports then; nil admits every other namespace.
  package var ingressNamespace: String?
  /// Whether host names of services are rewritten inside values, or only listed.
  package var rewriteHosts = true
  /// Whether a missing config or bind file is a finding instead of an error.
  package var allowMissing = false
  /// Whether services that are Swarm's own infrastructure are left out.
  package var skipInfrastructure = false
  /// Whether what the Pod Security Standard `restricted` asks for is added.
  package var harden = false
  /// The number of nodes, for global jobs, which Kubernetes cannot count by itself.
  package var nodes = 3

  package init() {}

  /// Whether a text is a quantity such as `10Gi`, and more than nothing.
  package static func isQuantity(_ text: String) -> Bool {
    Quantity(text).map { $0 > Quantity(bytes: 0) } ?? false
  }

  /// Whether a text is a legal name of an object such as a storage class.
  package static func isObjectName(_ text: String) -> Bool { ObjectName(text) != nil }
}
