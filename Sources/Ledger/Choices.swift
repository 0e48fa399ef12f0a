import Kubernetes

/// The options of an estate: for all of it, and for single stacks and services where an answers file says so.
package struct Choices: Sendable {
  package struct ServiceName: Hashable, Sendable {
    package let stack: String
    package let service: String

    package init(stack: String, service: String) {
      self.stack = stack
      self.service = service
    }
  }

  package let all: Options
  private let stacks: [String: Options]
  private let services: [ServiceName: Options]

  package init(
    _ all: Options, stacks: [String: Options] = [:], services: [ServiceName: Options] = [:]
  ) {
    self.all = all
    self.stacks = stacks
    self.services = services
  }

  package func options(stack: String) -> Options { stacks[stack] ?? all }

  package func options(stack: String, service: String) -> Options {
    services[ServiceName(stack: stack, service: service)] ?? options(stack: stack)
  }
}

/// A choice that an answers file can make. Its name is that of the option on the command line.
package struct Question: Sendable {
  package enum Scope: Int, Sendable, Comparable {
    case all, stack, service

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  package let name: String
  /// The narrowest part of an estate that can have an answer of its own.
  package let scope: Scope
  /// `true` or `false` in an answers file, given or not on the command line.
  package let isFlag: Bool
  /// What is asked, with the answers that there are.
  package let about: String
  /// The answer that options hold; nil where they leave it to the cluster or to a default that depends on the stack.
  package let answer: @Sendable (Options) -> String?

  private init(
    _ name: String, _ scope: Scope, isFlag: Bool = false, _ about: String,
    _ answer: @escaping @Sendable (Options) -> String?
  ) {
    self.name = name
    self.scope = scope
    self.isFlag = isFlag
    self.about = about
    self.answer = answer
  }

  private static func names<Value: CaseIterable & RawRepresentable>(_ type: Value.Type) -> String
  where Value.RawValue == String {
    Value.allCases.map(\.rawValue).joined(separator: ", ")
  }

  /// All of them, in the order in which a file lists them. A test compares them with the command line.
  package static let all: [Question] = [
    Question("kubernetes", .all, "The target version, 1.30 to 1.36.") {
      $0.kubernetes.description
    },
    Question("namespace", .stack, "The namespace; the stack's name where nothing is said.") {
      $0.namespace
    },
    Question(
      "service-type", .service, "How services reach each other: \(names(Options.ServiceType.self))."
    ) { $0.serviceType.rawValue },
    Question(
      "publish", .service,
      "How published ports are reached from outside: \(names(Options.Publish.self))."
    ) { $0.publish.rawValue },
    Question(
      "routes", .service, "What becomes of HTTP routes in labels: \(names(Options.Routes.self))."
    ) { $0.routes.rawValue },
    Question("ingress-class", .service, "The ingress class; the cluster's where nothing is said.") {
      $0.ingressClass
    },
    Question("gateway", .stack, "The Gateway that HTTPRoutes attach to, [namespace/]name.") {
      $0.gateway
    },
    Question("cluster-issuer", .stack, "The ClusterIssuer that gets the routes' certificates.") {
      $0.clusterIssuer
    },
    Question("ingress-namespace", .all, "The ingress controller's namespace.") {
      $0.ingressNamespace
    },
    Question("secrets", .stack, "What becomes of secret values: \(names(Options.Secrets.self)).") {
      $0.secrets.rawValue
    },
    Question("secret-store", .stack, "The ClusterSecretStore that ExternalSecrets read from.") {
      $0.secretStore
    },
    Question(
      "requests-from-limits", .service,
      "The share of a limit, 0 to 1, that is requested where the stack reserves nothing."
    ) { $0.requestsFromLimits.map { "\($0)" } },
    Question("volume-size", .stack, "The size of a named volume's claim.") { $0.volumeSize },
    Question(
      "storage-class", .stack, "The storage class of claims; the cluster's where nothing is said."
    ) { $0.storageClass },
    Question("nodes", .all, "The number of nodes, for global jobs.") { "\($0.nodes)" },
    Question(
      "harden", .service, isFlag: true,
      "Whether pods get what the Pod Security Standard \"restricted\" asks for."
    ) { $0.harden ? "true" : "false" },
    Question(
      "no-rewrite-hosts", .service, isFlag: true, "Whether host names that changed are only listed."
    ) { $0.rewriteHosts ? "false" : "true" },
    Question(
      "skip-infrastructure", .service, isFlag: true,
      "Whether Swarm's own infrastructure is left out."
    ) { $0.skipInfrastructure ? "true" : "false" },
    Question(
      "allow-missing", .all, isFlag: true,
      "Whether files that are not there become findings instead of errors."
    ) { $0.allowMissing ? "true" : "false" },
  ]

  package static func named(_ name: String) -> Question? { all.first { $0.name == name } }
}

extension Finding {
  /// The question whose answer changes this; nil where none does.
  package var question: Question? { message.kind.asks.flatMap { Question.named($0.rawValue) } }
}
