import Kubernetes
package import Ledger
import Swarm
import YAML

/// What pods may use and what is set aside for them.
package enum Resources: Feature {
  package static let name = "resources"
  package static let title = "Resources"
  package static let about = """
    `limits` become limits and `reservations` become requests, in Kubernetes' canonical quantities: `cpus: '0.5'` is `500m`, \
    and Docker's `50M` counts in 1024s, so it is `50Mi`. Shares of a processor finer than a thousandth are rounded up to one.

    - A limit without a reservation: Swarm sets nothing aside, Kubernetes requests as much as the limit. The report says how much \
    the cluster must have free for that. `--requests-from-limits RATIO` writes a smaller request.
    - A reservation above the limit is possible for processors in Swarm; the API server refuses it, so the request is the limit.
    - `limits.pids` is a setting of the kubelet, the same for all pods of a node.
    - `generic_resources` become extended resources with the same amount as request and limit. `gpu` and NVIDIA's names are \
    `nvidia.com/gpu`, AMD's are `amd.com/gpu`; any other kind becomes `swarm.resource/KIND`, which something on the nodes has to offer.
    """
  package static let owns: [KeyPattern] = ["services.*.deploy.resources.**"]
  package static let examples: [Example] = [
    Example(
      "Limits and reservations",
      stack: """
        image: postgres:16
        deploy:
          resources:
            limits:
              cpus: "0.50"
              memory: 512M
            reservations:
              memory: 256M
        """,
      kubernetes: """
                  resources:
                    limits:
                      cpu: 500m
                      memory: 512Mi
                    requests:
                      memory: 256Mi
        """,
      findings: ["resources/limits-are-requests"])
  ]

  enum Kind {
    static let limitsAreRequests: FindingKind = .decide(
      "resources/limits-are-requests", asks: .requestsFromLimits)
    static let requestsFromLimits: FindingKind = .adapted(
      "resources/requests-from-limits", asks: .requestsFromLimits)
    static let requestAboveLimit: FindingKind = .adapted("resources/request-above-limit")
    static let unreadable: FindingKind = .lost("resources/unreadable", .changesBehaviour)
    static let pids: FindingKind = .lost("resources/pids", .changesBehaviour)
    static let gpu: FindingKind = .manual("resources/gpu", .keepsPodsDown)
    static let extendedResource: FindingKind = .manual(
      "resources/extended-resource", .keepsPodsDown)
  }

  package static let kinds: [FindingKind] = [
    Kind.limitsAreRequests, Kind.requestsFromLimits, Kind.requestAboveLimit, Kind.unreadable,
    Kind.pids, Kind.gpu, Kind.extendedResource,
  ]

  private static let field = "spec.template.spec.containers[0].resources"

  // MARK: The stack

  /// What a stack's limits without reservations make Kubernetes set aside, all replicas together.
  package static func map(_ context: inout StackContext) {
    let options = context.options
    var millis = 0
    var bytes = 0
    var services = 0
    for service in context.stack.services where service["deploy", "resources", "limits"] != nil {
      let limits = service.resourceLimits
      let reservations = service.resourceReservations
      let count = min(service.replicas ?? options.nodes, WorkloadKind.largestCount)
      var counts = false
      if let cpus = limits.nanoCPUs, reservations.nanoCPUs == nil {
        millis = adding(millis, Self.millis(cpus), times: count)
        counts = true
      }
      if let memory = limits.memory, reservations.memory == nil {
        bytes = adding(bytes, memory, times: count)
        counts = true
      }
      if counts { services += 1 }
    }
    guard services > 0 else { return }
    if let ratio = options.requestsFromLimits {
      context.remark(
        .requestsFromLimits(ratio, share(millis, ratio), share(bytes, ratio), services))
    } else {
      context.remark(.limitsAreRequests(millis, bytes, services))
    }
  }

  private static func adding(_ sum: Int, _ amount: Int, times count: Int) -> Int {
    let (product, overflow) = amount.multipliedReportingOverflow(by: count)
    let (total, carry) = sum.addingReportingOverflow(product)
    return overflow || carry ? .max : total
  }

  /// Thousandths of a processor, rounded up: the finest that Kubernetes gives out.
  private static func millis(_ nanoCPUs: Int) -> Int {
    nanoCPUs / 1_000_000 + (nanoCPUs % 1_000_000 == 0 ? 0 : 1)
  }

  private static func share(_ amount: Int, _ ratio: Double) -> Int {
    Int(exactly: (Double(amount) * ratio).rounded(.up)) ?? amount
  }

  // MARK: A service

  package static func map(_ context: inout ServiceContext) {
    let service = context.service
    guard let resources = service["deploy", "resources"] else { return }
    let limits = resources["limits"]
    let reservations = resources["reservations"]
    mapCPU(limits?["cpus"], reservations?["cpus"], &context)
    mapMemory(limits?["memory"], reservations?["memory"], &context)
    if let pids = limits?["pids"], (pids.int ?? 0) > 0 {
      context.settle(pids, .pids(pids.text ?? ""))
    }
    for item in reservations?["generic_resources"]?.items ?? [] {
      mapGeneric(item, &context)
    }
    // What is left is zero or empty, which to Swarm is as good as not written.
    context.keep(resources, as: field)
  }

  private static func mapCPU(
    _ limitNode: Node?, _ reservationNode: Node?, _ context: inout ServiceContext
  ) {
    let service = context.service
    let limit = service.resourceLimits.nanoCPUs.map(millis)
    let reservation = service.resourceReservations.nanoCPUs.map(millis)
    for node in [limitNode, reservationNode] {
      guard let node, let text = node.text, ResourceAmounts.nanoCPUs(text) == nil else { continue }
      context.settle(node, .unreadable("cpus", text))
    }
    let request = request(limit, reservation, reservationNode, &context) {
      Self.quantity(millis: $0).description
    }
    context.workload.container.resources.limits.cpu = limit.map(quantity(millis:))
    context.workload.container.resources.requests.cpu = request.map(quantity(millis:))
    context.keep(limitNode, as: "\(field).limits.cpu")
    context.keep(reservationNode, as: "\(field).requests.cpu")
  }

  private static func mapMemory(
    _ limitNode: Node?, _ reservationNode: Node?, _ context: inout ServiceContext
  ) {
    let service = context.service
    let limit = service.resourceLimits.memory
    let request = request(
      limit, service.resourceReservations.memory, reservationNode, &context
    ) { Quantity(bytes: $0).description }
    context.workload.container.resources.limits.memory = limit.map { Quantity(bytes: $0) }
    context.workload.container.resources.requests.memory = request.map { Quantity(bytes: $0) }
    context.keep(limitNode, as: "\(field).limits.memory")
    context.keep(reservationNode, as: "\(field).requests.memory")
  }

  private static func quantity(millis: Int) -> Quantity {
    let (nanos, overflow) = millis.multipliedReportingOverflow(by: 1_000_000)
    return Quantity(nanoCPUs: overflow ? .max : nanos)
  }

  /// What is requested: the reservation, at most the limit; without one the share of the limit that an option asks for.
  private static func request(
    _ limit: Int?, _ reservation: Int?, _ node: Node?, _ context: inout ServiceContext,
    text: (Int) -> String
  ) -> Int? {
    guard let reservation else {
      guard let limit, let ratio = context.options.requestsFromLimits else { return nil }
      return min(share(limit, ratio), limit)
    }
    guard let limit, reservation > limit else { return reservation }
    context.settle(
      node, .requestAboveLimit(text(reservation), text(limit)), as: "\(field).requests")
    return limit
  }

  private static func mapGeneric(
    _ item: Node, _ context: inout ServiceContext
  ) {
    guard let resource = GenericResource(item), resource.value > 0 else { return }
    let (name, isKnown) = extendedResource(resource.kind)
    let before =
      context.workload.container.resources.limits[name]
      .map { Int($0.nanos / 1_000_000_000) } ?? 0
    let (sum, overflow) = before.addingReportingOverflow(resource.value)
    let amount = Quantity(count: overflow ? .max : sum)
    context.workload.container.resources.limits[name] = amount
    context.workload.container.resources.requests[name] = amount
    if isKnown {
      context.settle(item, .gpu(name), as: "\(field).limits")
    } else {
      context.settle(item, .extendedResource(resource.kind, name), as: "\(field).limits")
    }
  }

  /// The extended resource that stands for a kind, and whether a vendor's device plugin offers it.
  private static func extendedResource(_ kind: String) -> (name: String, isKnown: Bool) {
    switch kind.lowercased() {
    case "gpu", "nvidia-gpu", "nvidia_gpu", "nvidia", "nvidia.com/gpu":
      return ("nvidia.com/gpu", true)
    case "amd-gpu", "amd_gpu", "amd.com/gpu": return ("amd.com/gpu", true)
    default: return ("swarm.resource/\(LabelValue.folding(kind))", false)
    }
  }
}

private typealias Kind = Resources.Kind

extension Finding.Message {
  private static func amounts(_ millis: Int, _ bytes: Int) -> String {
    var parts: [String] = []
    if millis > 0 { parts.append("\(decimal(millis, 1000)) CPUs") }
    if bytes > 0 { parts.append("\(decimal(bytes >> 20, 1024)) GiB of memory") }
    return parts.joined(separator: " and ")
  }

  /// A number with one digit behind the point, rounded up.
  private static func decimal(_ value: Int, _ unit: Int) -> String {
    let whole = value / unit
    let tenths = (value % unit * 10 + unit - 1) / unit
    return tenths == 10 ? "\(whole + 1)" : tenths == 0 ? "\(whole)" : "\(whole).\(tenths)"
  }

  fileprivate static func limitsAreRequests(_ millis: Int, _ bytes: Int, _ services: Int) -> Self {
    Self(
      Kind.limitsAreRequests,
      "\(services) service\(services == 1 ? " has a limit" : "s have limits") without a reservation. Swarm sets nothing aside for "
        + "\(services == 1 ? "it" : "them"); Kubernetes sets the whole limit aside, \(amounts(millis, bytes)) for all replicas, and pods "
        + "that find no room stay Pending. Write reservations, or request a share of the limits.",
      remedy: .option(.requestsFromLimits, value: "0.25"))
  }

  fileprivate static func requestsFromLimits(
    _ ratio: Double, _ millis: Int, _ bytes: Int, _ services: Int
  ) -> Self {
    let sum = amounts(millis, bytes)
    return Self(
      Kind.requestsFromLimits,
      "\(services) service\(services == 1 ? " has a limit" : "s have limits") without a reservation, for which Swarm sets nothing aside. As "
        + "--requests-from-limits says, a share of \(ratio) of each limit is requested\(sum.isEmpty ? "" : ": \(sum) for all replicas")."
    )
  }

  fileprivate static func requestAboveLimit(_ reservation: String, _ limit: String) -> Self {
    Self(
      Kind.requestAboveLimit,
      "The reservation of \(reservation) is above the limit of \(limit), which Kubernetes refuses: \(limit) are requested."
    )
  }

  fileprivate static func unreadable(_ key: String, _ text: String) -> Self {
    Self(
      Kind.unreadable,
      "`\(text)` under `\(key)` is no number of processors that the engine reads, which takes at most nine decimals: nothing is "
        + "written for it.", remedy: .edit("\(key): \"0.5\""))
  }

  fileprivate static func pids(_ count: String) -> Self {
    Self(
      Kind.pids,
      "The limit of \(count) processes is gone: Kubernetes limits processes for each node, in the kubelet's configuration, the same for all "
        + "its pods.",
      remedy: .fragment(
        "podPidsLimit: \(count)",
        note: "in the kubelet's configuration, /var/lib/kubelet/config.yaml"))
  }

  fileprivate static func gpu(_ name: String) -> Self {
    let field = name.split(separator: ".").joined(separator: "\\.")
    let columns = "NODE:.metadata.name,COUNT:.status.allocatable.\(field)"
    return Self(
      Kind.gpu,
      "The pods ask for \(name). Nodes offer it once the vendor's device plugin runs on them; until then the pods stay Pending.",
      remedy: .look("kubectl get nodes -o custom-columns=\(columns)"))
  }

  fileprivate static func extendedResource(_ kind: String, _ name: String) -> Self {
    let escaped = "swarm.resource~1" + name.dropFirst("swarm.resource/".count)
    let patch =
      "[{\"op\":\"add\",\"path\":\"/status/capacity/\(escaped)\",\"value\":\"1\"}]"
    return Self(
      Kind.extendedResource,
      "The pods ask for \(name), the counterpart of the generic resource \(kind), and stay Pending until nodes offer it. A device plugin "
        + "does so, or this command, here for every node with one of them.",
      remedy: .command(
        """
        for node in $(kubectl get nodes -o name); do \
        kubectl patch "$node" --subresource=status --type=json -p \(patch); done
        """))
  }
}
