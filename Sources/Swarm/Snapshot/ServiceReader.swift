import Stack
import YAML

extension SnapshotReader {
  /// The keys of a service, from its specification.
  mutating func readService(_ service: Node, _ name: String, into fields: inout DocumentFields) {
    var spec = APIFields(service["Spec"])
    spec.skip("Name")
    let labels = spec.take("Labels")
    var task = APIFields(spec.take("TaskTemplate"))
    task.skip("ForceUpdate", "Runtime")
    if let container = task.take("ContainerSpec") {
      readContainer(container, image: labels?["com.docker.stack.image"], into: &fields)
    }
    if let logging = task.take("LogDriver") { fields.set("logging", self.logging(logging)) }
    if let networks = task.takeWritten("Networks") {
      fields.set("networks", serviceNetworks(networks, name))
    }
    var endpoint = APIFields(spec.take("EndpointSpec"))
    let mode = endpoint.takeWritten("Mode")
    fields.set("ports", endpoint.takeWritten("Ports").flatMap(ports))
    fields.set(
      "deploy", deploy(&spec, &task, labels: labels, endpointMode: mode, like: service))
    leave(spec.left + task.left + endpoint.left)
  }

  private func logging(_ driver: Node) -> Node {
    var fields = DocumentFields()
    fields.set("driver", driver["Name"].flatMap { $0.isZero ? nil : $0 })
    fields.set("options", driver["Options"]?.without())
    return fields.node(like: driver)
  }

  /// Nothing for a service that is in its stack's default network only, as a file would say nothing.
  private mutating func serviceNetworks(_ networks: Node, _ name: String) -> Node? {
    var entries: [Entry] = []
    for attachment in networks.items ?? [] {
      var api = APIFields(attachment)
      guard let target = api.take("Target") else { continue }
      let key = networkKey(target)
      var fields = DocumentFields()
      // The client adds the service's own name behind all others.
      var aliases = api.take("Aliases")?.items ?? []
      if aliases.last?.text == name { aliases.removeLast() }
      if !aliases.isEmpty { fields.set("aliases", Node(.sequence(aliases), at: target.mark)) }
      fields.set("driver_opts", api.take("DriverOpts")?.without())
      leave(api.left)
      entries.append(
        Entry(key, fields.written(like: attachment) ?? .null(like: target), at: target.mark))
    }
    if entries.count == 1, entries[0].key == "default", entries[0].value.isNull { return nil }
    entries.sort { $0.key < $1.key }
    return Node(.mapping(entries), at: networks.mark)
  }

  private func ports(_ ports: Node) -> Node? {
    let items = (ports.items ?? []).map { port in
      var fields = DocumentFields()
      fields.set("mode", port["PublishMode"] ?? .string("ingress", like: port))
      fields.set("target", port["TargetPort"])
      fields.set("published", port["PublishedPort"].flatMap { $0.isZero ? nil : $0 })
      fields.set("protocol", port["Protocol"] ?? .string("tcp", like: port))
      return fields.node(like: port)
    }
    return items.isEmpty ? nil : Node(.sequence(items), at: ports.mark)
  }

  // MARK: deploy

  private mutating func deploy(
    _ spec: inout APIFields, _ task: inout APIFields, labels: Node?, endpointMode: Node?,
    like service: Node
  ) -> Node? {
    var fields = DocumentFields()
    readMode(spec.take("Mode"), into: &fields)
    fields.set("labels", labels?.without(Snapshot.namespaceLabel, "com.docker.stack.image"))
    if let update = spec.take("UpdateConfig") {
      fields.set("update_config", policy(update))
    }
    if let rollback = spec.take("RollbackConfig") {
      fields.set("rollback_config", policy(rollback))
    }
    if let resources = task.take("Resources") {
      fields.set("resources", self.resources(resources))
    }
    if let restart = task.take("RestartPolicy") {
      fields.set("restart_policy", restartPolicy(restart))
    }
    if let placement = task.take("Placement") {
      fields.set("placement", self.placement(placement))
    }
    if let endpointMode, endpointMode.text != "vip" { fields.set("endpoint_mode", endpointMode) }
    return fields.written(like: service["Spec"])
  }

  private mutating func readMode(_ mode: Node?, into fields: inout DocumentFields) {
    guard let mode, let entry = mode.entries?.first(where: { !$0.value.isNull }) else { return }
    switch entry.key {
    case "Global": fields.set("mode", .string("global", like: entry.value))
    case "GlobalJob": fields.set("mode", .string("global-job", like: entry.value))
    case "ReplicatedJob":
      fields.set("mode", .string("replicated-job", like: entry.value))
      let total = entry.value["TotalCompletions"]
      if let total, total.int != 1 { fields.set("replicas", total) }
      if let most = entry.value.entry("MaxConcurrent"), most.value.int != total?.int {
        leave([most])
      }
    default:
      if let replicas = entry.value["Replicas"], replicas.int != 1 {
        fields.set("replicas", replicas)
      }
    }
  }

  /// Nothing where all is as Swarm has it by default.
  private mutating func policy(_ config: Node) -> Node? {
    var api = APIFields(config)
    var fields = DocumentFields()
    if let parallelism = api.take("Parallelism"), parallelism.int != 1 {
      fields.set("parallelism", parallelism)
    }
    fields.set("delay", api.takeWritten("Delay")?.durationNode)
    if let action = api.takeWritten("FailureAction"), action.text != "pause" {
      fields.set("failure_action", action)
    }
    if let monitor = api.takeWritten("Monitor"), monitor.int != 5_000_000_000 {
      fields.set("monitor", monitor.durationNode)
    }
    fields.set("max_failure_ratio", api.takeWritten("MaxFailureRatio"))
    if let order = api.takeWritten("Order"), order.text != "stop-first" {
      fields.set("order", order)
    }
    leave(api.left)
    return fields.written(like: config)
  }

  private mutating func restartPolicy(_ policy: Node) -> Node? {
    var api = APIFields(policy)
    var fields = DocumentFields()
    if let condition = api.takeWritten("Condition"), condition.text != "any" {
      fields.set("condition", condition)
    }
    if let delay = api.take("Delay"), delay.int != 5_000_000_000 {
      fields.set("delay", delay.durationNode)
    }
    fields.set("max_attempts", api.takeWritten("MaxAttempts"))
    fields.set("window", api.take("Window")?.durationNode)
    leave(api.left)
    return fields.written(like: policy)
  }

  private mutating func resources(_ resources: Node) -> Node? {
    var api = APIFields(resources)
    var fields = DocumentFields()
    for (field, key) in [("Limits", "limits"), ("Reservations", "reservations")] {
      guard let amounts = api.take(field) else { continue }
      var inner = APIFields(amounts)
      var part = DocumentFields()
      if let cpus = inner.takeWritten("NanoCPUs"), let count = cpus.int {
        part.set("cpus", .string(Self.decimal(nanoCPUs: count), like: cpus))
      }
      part.set("memory", inner.takeWritten("MemoryBytes")?.textNode)
      part.set("pids", inner.takeWritten("Pids"))
      if let generic = inner.takeWritten("GenericResources") {
        part.set("generic_resources", genericResources(generic))
      }
      leave(inner.left)
      fields.set(key, part.node(like: amounts))
    }
    leave(api.left)
    return fields.written(like: resources)
  }

  private mutating func genericResources(_ resources: Node) -> Node? {
    var items: [Node] = []
    for resource in resources.items ?? [] {
      guard let discrete = resource["DiscreteResourceSpec"], discrete.entries != nil else {
        leave(resource.entries ?? [])
        continue
      }
      var fields = DocumentFields()
      fields.set("kind", discrete["Kind"])
      fields.set("value", discrete["Value"] ?? .int(0, like: discrete))
      var outer = DocumentFields()
      outer.set("discrete_resource_spec", fields.node(like: discrete))
      items.append(outer.node(like: resource))
    }
    return items.isEmpty ? nil : Node(.sequence(items), at: resources.mark)
  }

  /// `500000000` as `0.5`.
  static func decimal(nanoCPUs: Int) -> String {
    let (whole, rest) = (nanoCPUs / 1_000_000_000, nanoCPUs % 1_000_000_000)
    if rest == 0 { return String(whole) }
    var digits = String(rest)
    digits = String(repeating: "0", count: 9 - digits.utf8.count) + digits
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(whole).\(digits)"
  }

  private mutating func placement(_ placement: Node) -> Node? {
    var api = APIFields(placement)
    // The platforms that the image was built for, which the client looks up by itself.
    api.skip("Platforms")
    var fields = DocumentFields()
    fields.set("constraints", api.takeWritten("Constraints"))
    if let preferences = api.takeWritten("Preferences") {
      let items = (preferences.items ?? []).map { preference in
        var fields = DocumentFields()
        fields.set("spread", preference["Spread"]?["SpreadDescriptor"])
        return fields.node(like: preference)
      }
      fields.set("preferences", Node(.sequence(items), at: preferences.mark))
    }
    fields.set("max_replicas_per_node", api.takeWritten("MaxReplicas"))
    leave(api.left)
    return fields.written(like: placement)
  }
}
