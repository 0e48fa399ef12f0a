import Proxies
package import Kubernetes
package import Ledger
package import Swarm
import YAML

/// How each service of the estate is reached by others once it is in Kubernetes: the Services that stand for its names, and
/// the ports that are known. Computed once, in time linear in the size of the stacks.
package struct ServiceDiscovery: Sendable {
  package let hosts: HostNames
  /// By stack and service.
  package private(set) var services: [[ServiceReach]] = []
  /// What the aliases of a stack become, by stack.
  package private(set) var aliases: [AliasNames] = []
  /// Short names and aliases of other stacks' services that a stack refers to: name → address, by stack.
  package private(set) var foreign: [[String: ForeignName]] = []
  /// Whom each service names as a host in its values and files, by stack and service.
  package let needs: [[Set<HostReferences.Need>]]
  /// The services behind each name that means several.
  package let groups: [[ServicePlace]]

  /// An ExternalName Service in the namespace of the one who asks.
  package struct ForeignName: Sendable, Hashable {
    /// Whose name it is, as in `edge_web`.
    package let fullName: String
    package let target: ServicePlace
    package let service: ObjectName
    package let namespace: ObjectName
    /// Full names of services of further stacks that answer in Swarm as well.
    package let others: [String]
  }

  package init(_ stacks: [Swarm.Stack], _ names: [Names], _ choices: Choices) {
    hosts = HostNames(stacks)
    let references = HostReferences(stacks, hosts)
    needs = references.needs
    groups = references.groups
    for (number, stack) in stacks.enumerated() {
      var reaches: [ServiceReach] = []
      reaches.reserveCapacity(stack.services.count)
      for (position, service) in stack.services.enumerated() {
        let place = ServicePlace(stack: number, service: position)
        var reach = ServiceReach(
          service, references.evidence(of: place), hasNetworks: !hosts.networks(of: place).isEmpty,
          choices.options(stack: stack.name, service: service.name))
        if references.tasks.contains(place), reach.endpoint != .headless,
          let name = names[number].services[service.name]
        {
          reach.tasks = names[number].free(name, "-tasks")
          if reach.endpoint == .none { reach.endpoint = .headless }
        }
        reaches.append(reach)
      }
      services.append(reaches)
      aliases.append(AliasNames(stack, names[number], references.aliasTasks[number], hosts))
    }
    foreign = Array(repeating: [:], count: stacks.count)
    for request in references.foreign {
      guard ObjectName(unchecked: request.name).isServiceLabel,
        foreign[request.stack][request.name] == nil,
        !names[request.stack].isTaken(request.name),
        names[request.stack].namespace != names[request.target.stack].namespace
      else { continue }
      let target = request.target
      let service = stacks[target.stack].services[target.service]
      guard let name = address(of: request, aliases, names) else { continue }
      foreign[request.stack][request.name] = ForeignName(
        fullName: service.fullName, target: target, service: name,
        namespace: names[target.stack].namespace,
        others: request.others.prefix(4).map { stacks[$0.stack].services[$0.service].fullName })
    }
  }
}

extension ServiceDiscovery {
  /// The Service behind a name of another stack: an alias's own where it has one.
  private func address(
    of request: HostReferences.ForeignRequest, _ aliases: [AliasNames], _ names: [Names]
  ) -> ObjectName? {
    let target = request.target
    let groups = aliases[target.stack].groups(of: target.service)
    return groups.first { $0.alias == request.name }?.service
      ?? names[target.stack].objectName(number: target.service)
  }
}

/// How one service is reached.
package struct ServiceReach: Sendable {
  package enum Endpoint: Sendable {
    /// A virtual address that passes on `ports`.
    case clusterIP
    /// The addresses of the pods, on every port.
    case headless
    /// Nobody can reach it, or it is a job that nobody is seen to ask.
    case none
  }

  package var endpoint: Endpoint
  /// What is known, in order.
  package let ports: [Listener]
  /// Where that is known from, in words.
  package let sources: [String]
  /// Who names the service without a port that could be told.
  package let withoutPort: [String]
  package let isReferredTo: Bool
  package let isJob: Bool
  /// More ports are known than a Service bears.
  package let hasTooManyPorts: Bool
  /// The headless Service beside the one with a virtual address, where somebody asks for `tasks.`.
  package var tasks: ObjectName?

  /// More ports than this make a Service that the API server or a proxy chokes on.
  package static let mostPorts = 500

  package init(
    _ service: Swarm.Service, _ evidence: PortEvidence, hasNetworks: Bool, _ options: Options
  ) {
    isJob = service.runsToItsEnd
    sources = evidence.sources
    withoutPort = evidence.withoutPort
    isReferredTo = evidence.isReferredTo
    // Without an overlay nobody finds the service by name; routes still lead to it.
    let isWanted =
      evidence.isReferredTo || !service.routedPorts.isEmpty
      || hasNetworks && (!service.publishedPorts.isEmpty || !service.exposedPorts.isEmpty)
    hasTooManyPorts = evidence.ports.count > Self.mostPorts
    ports = hasTooManyPorts ? [] : evidence.ports.sorted()
    if isWanted ? false : isJob || !hasNetworks {
      endpoint = .none
    } else if service.endpointMode.value == .dnsrr || hasTooManyPorts {
      endpoint = .headless
    } else {
      endpoint =
        switch options.serviceType {
        case .auto: evidence.isComplete ? .clusterIP : .headless
        case .clusterIP: ports.isEmpty ? .headless : .clusterIP
        case .headless: .headless
        }
    }
  }
}

extension Swarm.Service {
  /// Whether its tasks end by themselves: jobs, services of swarm-cronjob, one-shots.
  package var runsToItsEnd: Bool {
    switch mode.value {
    case .replicatedJob, .globalJob: return true
    case .replicated, .global:
      return cronLabels?.isEnabled == true || WorkloadKind.isOneShot(self)
    }
  }
}
