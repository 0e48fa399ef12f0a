import ArgumentParser
import Delivery
import Diagnostics
import Images
import Ledger
import Mapping
import Report
import Swarm
import YAML

extension Options.ServiceType: ExpressibleByArgument {}
extension Options.Publish: ExpressibleByArgument {}
extension Options.Routes: ExpressibleByArgument {}
extension Options.Secrets: ExpressibleByArgument {}

extension Options.KubernetesVersion: ExpressibleByArgument {
  /// Reads `1.30`, as the command line gives it.
  public init?(argument: String) { self.init(argument) }
}

/// The choices of a migration; the same for every command that migrates.
struct MigrationArguments: ParsableArguments {
  @Option(help: ArgumentHelp("The namespace. Default: the stack's name.", valueName: "name"))
  var namespace: String?

  @Option(
    help: ArgumentHelp(
      "The target version, 1.30 to 1.36: nothing that is written needs a newer one.",
      valueName: "1.NN"),
    completion: .list(
      (Options.KubernetesVersion.oldest.minor...Options.KubernetesVersion.newest.minor)
        .map { "1.\($0)" }))
  var kubernetes = Options.KubernetesVersion.newest

  @Option(
    help: ArgumentHelp(
      "How services reach each other: a virtual IP where all ports are known, else headless (auto); or always one of them."
    ))
  var serviceType = Options.ServiceType.auto

  @Option(help: "How published ports are reached from outside.")
  var publish = Options.Publish.loadBalancer

  @Option(help: "What becomes of HTTP routes in labels (Traefik, Caddy, VIRTUAL_HOST).")
  var routes = Options.Routes.ingress

  @Option(
    help: ArgumentHelp("The ingress class. Default: the cluster's.", valueName: "name"))
  var ingressClass: String?

  @Option(
    help: ArgumentHelp(
      "The Gateway that HTTPRoutes attach to (--routes gateway).", valueName: "[namespace/]name"))
  var gateway: String?

  @Option(
    help: ArgumentHelp(
      "The ClusterIssuer of cert-manager that gets the routes' certificates.", valueName: "name"))
  var clusterIssuer: String?

  @Option(
    help: ArgumentHelp(
      "The ingress controller's namespace, which alone may reach routed ports. Default: all but the stacks' own.",
      valueName: "name"))
  var ingressNamespace: String?

  @Option(
    help:
      "Secret manifests with the values in files of their own (inline); ExternalSecrets; or references only, to make by hand (omit) or as SealedSecrets."
  )
  var secrets = Options.Secrets.inline

  @Option(
    help: ArgumentHelp(
      "The ClusterSecretStore that ExternalSecrets read from.", valueName: "name"))
  var secretStore = "swarm-secrets"

  @Option(
    help: ArgumentHelp(
      "Request this share (0 to 1) of each limit where the stack reserves nothing. Default: write no request.",
      valueName: "ratio"))
  var requestsFromLimits: Double?

  @Option(
    help: ArgumentHelp("The size of a named volume's claim.", valueName: "quantity"))
  var volumeSize = "1Gi"

  @Option(
    help: ArgumentHelp("The storage class of claims. Default: the cluster's.", valueName: "name"))
  var storageClass: String?

  @Option(
    help: ArgumentHelp(
      "The number of nodes, for global jobs. Default: a snapshot's, else 3.", valueName: "number"))
  var nodes: Int?

  @Flag(
    help:
      "Add what the Pod Security Standard 'restricted' asks for, where the stack does not speak against it."
  )
  var harden = false

  @Flag(
    name: .customLong("no-rewrite-hosts"), help: "Only list host names that changed; rewrite none.")
  var keepHosts = false

  @Flag(help: "Leave out services that are Swarm's own infrastructure.")
  var skipInfrastructure = false

  @Flag(
    help: "Files that configs and binds name and that are not there become findings, not errors.")
  var allowMissing = false

  @Option(
    help: ArgumentHelp(
      "A file of answers to these questions, for single stacks and services too; `report --write-answers` writes one.",
      valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var answers: String?

  @Option(
    help: ArgumentHelp(
      "An image that a service runs, as `docker save` writes it: the ports, user and health check that it declares are heeded. Repeat.",
      valueName: "archive"),
    completion: .file())
  var image: [String] = []

  func validate() throws {
    if let requestsFromLimits, !(0...1).contains(requestsFromLimits) {
      throw ValidationError("--requests-from-limits takes a number from 0 to 1.")
    }
    if let nodes, nodes < 1 { throw ValidationError("--nodes takes a number from 1.") }
    for (option, name) in [
      ("--secret-store", secretStore), ("--storage-class", storageClass),
      ("--ingress-class", ingressClass),
    ] {
      if let name, !Options.isObjectName(name) {
        throw ValidationError(
          "\(option) takes the name of an object (a-z, 0-9, - and .), not '\(name)'.")
      }
    }
    if !Options.isQuantity(volumeSize) {
      throw ValidationError(
        "--volume-size takes a Kubernetes quantity such as 10Gi, not '\(volumeSize)'.")
    }
  }

  var options: Options {
    var options = Options()
    options.namespace = namespace
    options.kubernetes = kubernetes
    options.serviceType = serviceType
    options.publish = publish
    options.routes = routes
    options.ingressClass = ingressClass
    options.gateway = gateway
    options.clusterIssuer = clusterIssuer
    options.ingressNamespace = ingressNamespace
    options.secrets = secrets
    options.secretStore = secretStore
    options.requestsFromLimits = requestsFromLimits
    options.volumeSize = volumeSize
    options.storageClass = storageClass
    if let nodes { options.nodes = nodes }
    options.rewriteHosts = !keepHosts
    options.harden = harden
    options.skipInfrastructure = skipInfrastructure
    options.allowMissing = allowMissing
    return options
  }
}

/// A migration together with what the report needs.
struct Migrated {
  let migration: Migration
  let report: Report
  /// The options that it was made with.
  let choices: Choices

  /// Loads, maps, and checks that every key is accounted for.
  init(_ arguments: StackArguments, _ choices: MigrationArguments, name: String?) throws {
    var loaded = try arguments.load(name: name)
    var stacks = loaded.models.map {
      ImageEvidence.dockerfiles(
        of: $0, files: StackArguments.files(in: $0.folder), sources: &loaded.sources)
    }
    for path in choices.image {
      let images = try ImageArchives.declarations(path)
      let found = ImageEvidence.archive(images, path: path, of: stacks)
      stacks = found.stacks
      if !found.isUsed {
        let names = images.flatMap(\.names).map(visible)
        Terminal.note(
          "stackferry: warning: \(path): no service runs "
            + (names.isEmpty ? "an image without a name" : names.joined(separator: ", ")))
      }
    }
    if choices.namespace != nil, stacks.count > 1 {
      throw ValidationError(
        "--namespace names one namespace, and each of several stacks gets one of its own, named as the stack is."
      )
    }
    let chosen = try choices.choices(for: stacks)
    self.choices = chosen
    let problems = contentProblems(stacks, chosen.all)
    if !problems.isEmpty {
      let renderer = DiagnosticRenderer(color: Terminal.hasColor(2))
      let located = problems.map { problem in
        var diagnostic = problem.diagnostic
        diagnostic.mark = loaded.keys.mark(problem.key)
        return diagnostic
      }
      Terminal.note(renderer.render(located, in: loaded.sources).droppingLastLineBreak)
      Terminal.note(
        "stackferry: \(problems.count) error\(problems.count == 1 ? "" : "s")")
      throw ExitCode(Status.input)
    }
    migration = migrate(
      stacks, loaded: loaded.stacks.map(\.stack), chosen, keys: loaded.keys)
    report = Report(migration, stacks: stacks, sources: loaded.sources)
    guard migration.ledger.unsettled.isEmpty else {
      Terminal.note(
        "stackferry: fault: these keys are not accounted for; this is a bug in stackferry, and nothing was written:"
      )
      for key in migration.ledger.unsettled.prefix(20) {
        Terminal.note(
          "  \(loaded.sources.place(loaded.keys.mark(key))): \(loaded.keys.path(key))")
      }
      throw ExitCode(Status.fault)
    }
  }
}
