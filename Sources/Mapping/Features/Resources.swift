import Kubernetes
package import Ledger
package import Swarm
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

  private static let field = "spec.template.spec.containers[0].resources"

  // MARK: The stack

  /// What a stack's limits without reservations make Kubernetes set aside, all replicas together.
  package static func map(
    _ stack: Swarm.Stack, into objects: inout ObjectSet, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    var millis = 0
    var bytes = 0
    var services = 0
    for service in stack.services where service["deploy", "resources", "limits"] != nil {
      let limits = service.resourceLimits
      let reservations = service.resourceReservations
      let count = min(service.replicas ?? facts.options.nodes, WorkloadKind.largestCount)
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
    if let ratio = facts.options.requestsFromLimits {
      ledger.remark(
        .adapted, .requestsFromLimits(ratio, share(millis, ratio), share(bytes, ratio), services))
    } else {
      ledger.remark(.decide, .limitsAreRequests(millis, bytes, services))
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

  package static func map(
    _ service: Swarm.Service, into workload: inout Workload, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    guard let resources = service["deploy", "resources"] else { return }
    let limits = resources["limits"]
    let reservations = resources["reservations"]
    mapCPU(limits?["cpus"], reservations?["cpus"], service, into: &workload, facts.options, &ledger)
    mapMemory(
      limits?["memory"], reservations?["memory"], service, into: &workload, facts.options, &ledger)
    if let pids = limits?["pids"], (pids.int ?? 0) > 0 {
      ledger.settle(pids, .lost, .pids(pids.text ?? ""))
    }
    for item in reservations?["generic_resources"]?.items ?? [] {
      mapGeneric(item, into: &workload, &ledger)
    }
    // What is left is zero or empty, which to Swarm is as good as not written.
    ledger.keep(resources, as: field)
  }

  private static func mapCPU(
    _ limitNode: Node?, _ reservationNode: Node?, _ service: Swarm.Service,
    into workload: inout Workload, _ options: Options, _ ledger: inout Ledger
  ) {
    let limit = service.resourceLimits.nanoCPUs.map(millis)
    let reservation = service.resourceReservations.nanoCPUs.map(millis)
    for node in [limitNode, reservationNode] {
      guard let node, let text = node.text, ResourceAmounts.nanoCPUs(text) == nil else { continue }
      ledger.settle(node, .lost, .unreadable("cpus", text))
    }
    let request = request(limit, reservation, reservationNode, options.requestsFromLimits, &ledger)
    {
      Self.quantity(millis: $0).description
    }
    workload.container.resources.limits.cpu = limit.map(quantity(millis:))
    workload.container.resources.requests.cpu = request.map(quantity(millis:))
    ledger.keep(limitNode, as: "\(field).limits.cpu")
    ledger.keep(reservationNode, as: "\(field).requests.cpu")
  }

  private static func mapMemory(
    _ limitNode: Node?, _ reservationNode: Node?, _ service: Swarm.Service,
    into workload: inout Workload, _ options: Options, _ ledger: inout Ledger
  ) {
    let limit = service.resourceLimits.memory
    let request = request(
      limit, service.resourceReservations.memory, reservationNode, options.requestsFromLimits,
      &ledger
    ) { Quantity(bytes: $0).description }
    workload.container.resources.limits.memory = limit.map { Quantity(bytes: $0) }
    workload.container.resources.requests.memory = request.map { Quantity(bytes: $0) }
    ledger.keep(limitNode, as: "\(field).limits.memory")
    ledger.keep(reservationNode, as: "\(field).requests.memory")
  }

  private static func quantity(millis: Int) -> Quantity {
    let (nanos, overflow) = millis.multipliedReportingOverflow(by: 1_000_000)
    return Quantity(nanoCPUs: overflow ? .max : nanos)
  }

  /// What is requested: the reservation, at most the limit; without one the share of the limit that an option asks for.
  private static func request(
    _ limit: Int?, _ reservation: Int?, _ node: Node?, _ ratio: Double?, _ ledger: inout Ledger,
    text: (Int) -> String
  ) -> Int? {
    guard let reservation else {
      guard let limit, let ratio else { return nil }
      return min(share(limit, ratio), limit)
    }
    guard let limit, reservation > limit else { return reservation }
    ledger.settle(
      node, .adapted, .requestAboveLimit(text(reservation), text(limit)), as: "\(field).requests")
    return limit
  }

  private static func mapGeneric(
    _ item: Node, into workload: inout Workload, _ ledger: inout Ledger
  ) {
    guard let resource = GenericResource(item), resource.value > 0 else { return }
    let (name, isKnown) = extendedResource(resource.kind)
    let before =
      workload.container.resources.limits[name]
      .map { Int($0.nanos / 1_000_000_000) } ?? 0
    let (sum, overflow) = before.addingReportingOverflow(resource.value)
    let amount = Quantity(count: overflow ? .max : sum)
    workload.container.resources.limits[name] = amount
    workload.container.resources.requests[name] = amount
    if isKnown {
      ledger.settle(item, .manual, .gpu(name), as: "\(field).limits")
    } else {
      ledger.settle(item, .manual, .extendedResource(resource.kind, name), as: "\(field).limits")
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
      "resources/limits-are-requests",
      "\(services) service\(services == 1 ? " has a limit" : "s have limits") without a reservation. Swarm sets nothing aside for "
        + "\(services == 1 ? "it" : "them"); Kubernetes sets the whole limit aside, \(amounts(millis, bytes)) for all replicas, and pods "
        + "that find no room stay Pending. Write reservations, or request a share of the limits.",
      remedy: "--requests-from-limits 0.25")
  }

  fileprivate static func requestsFromLimits(
    _ ratio: Double, _ millis: Int, _ bytes: Int, _ services: Int
  ) -> Self {
    let sum = amounts(millis, bytes)
    return Self(
      "resources/requests-from-limits",
      "\(services) service\(services == 1 ? " has a limit" : "s have limits") without a reservation, for which Swarm sets nothing aside. As "
        + "--requests-from-limits says, a share of \(ratio) of each limit is requested\(sum.isEmpty ? "" : ": \(sum) for all replicas")."
    )
  }

  fileprivate static func requestAboveLimit(_ reservation: String, _ limit: String) -> Self {
    Self(
      "resources/request-above-limit",
      "The reservation of \(reservation) is above the limit of \(limit), which Kubernetes refuses: \(limit) are requested."
    )
  }

  fileprivate static func unreadable(_ key: String, _ text: String) -> Self {
    Self(
      "resources/unreadable",
      "`\(text)` under `\(key)` is no number of processors that the engine reads, which takes at most nine decimals: nothing is "
        + "written for it.", remedy: "\(key): \"0.5\"  # in the stack")
  }

  fileprivate static func pids(_ count: String) -> Self {
    Self(
      "resources/pids",
      "The limit of \(count) processes is gone: Kubernetes limits processes for each node, in the kubelet's configuration, the same for all "
        + "its pods.",
      remedy:
        "podPidsLimit: \(count)  # in the kubelet's configuration, /var/lib/kubelet/config.yaml")
  }

  fileprivate static func gpu(_ name: String) -> Self {
    Self(
      "resources/gpu",
      "The pods ask for \(name). Nodes offer it once the vendor's device plugin runs on them; until then the pods stay Pending.",
      remedy:
        "kubectl get nodes -o custom-columns='NODE:.metadata.name,COUNT:.status.allocatable.\(name.split(separator: ".").joined(separator: "\\."))'"
    )
  }

  fileprivate static func extendedResource(_ kind: String, _ name: String) -> Self {
    let escaped = "swarm.resource~1" + name.dropFirst("swarm.resource/".count)
    return Self(
      "resources/extended-resource",
      "The pods ask for \(name), the counterpart of the generic resource \(kind), and stay Pending until nodes offer it. A device plugin "
        + "does so, or this command, here for every node with one of them.",
      remedy:
        "for node in $(kubectl get nodes -o name); do kubectl patch \"$node\" --subresource=status --type=json "
        + "-p '[{\"op\":\"add\",\"path\":\"/status/capacity/\(escaped)\",\"value\":\"1\"}]'; done")
  }
}
