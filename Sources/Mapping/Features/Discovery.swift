import Kubernetes
import Ledger
import Swarm
import YAML

/// The names by which services reach each other become Services.
package enum Discovery: Feature {
  package static let name = "discovery"
  package static let title = "Names and discovery"
  package static let about = """
    In Swarm a service reaches any port of any other on a shared network, by its short name (`db`), its full name
    (`shop_db`), its aliases, and each of these behind `tasks.`; no port needs to be declared. The name stands for a virtual
    address that spreads connections over the healthy tasks; with `endpoint_mode: dnsrr`, and behind `tasks.`, it stands for
    the addresses of the tasks.

    **One Service for each service**, named as the service is (`web_api` is `web-api`, which is what Kubernetes allows). It
    has a virtual address (ClusterIP) where all ports of the service are known, because such a Service passes on only the
    ports that it lists. They are *target* ports, never published ones. What counts as evidence: published targets,
    `expose`, ports in labels of Traefik, Caddy and Docker Flow and in `VIRTUAL_PORT`, the health check's own URL, the
    ports that other services write behind the name (`http://api:3000`, `DB_HOST` with `DB_PORT`, the default port of a
    URL's scheme), `EXPOSE` in the Dockerfile that `build` names, and a table of well-known images. The finding names it. Where nothing is known, or where others name the
    service without a port that could be told, the Service is headless: the name resolves to the pods and every port
    connects, as before, but clients see pods come and go. `--service-type cluster-ip` and `--service-type headless` set
    one kind for all; `dnsrr` is always headless.

    **`tasks.NAME`** cannot be a Service's name. Where it is referred to, a headless Service `NAME-tasks` stands beside the
    one with the virtual address, and the reference is rewritten.

    **Aliases** get a Service each, where they are legal names. One that several services share in one network selects a
    label that all their pods have, so it spreads connections over all of them. An alias that means different services in
    different networks gets no Service of its own, since a namespace has each name once: references are rewritten to the
    service that is meant. An alias with dots stays for the cluster's DNS.

    **References** to names that change are rewritten in values, commands, health checks, labels and configs, as whole host
    names, and each one is listed; see the findings `…/host-rewritten`. **Names of other stacks** over a shared network get
    an ExternalName Service (short names and aliases) or are rewritten to `NAME.NAMESPACE.svc` (full names).

    Jobs get a Service only where somebody is seen to ask for them. Services on Docker's `host` network alone have no name
    in Swarm's DNS, and get none.
    """
  package static let owns: [KeyPattern] = [
    "services.*.expose.**", "services.*.deploy.endpoint_mode", "services.*.networks.*.aliases.**",
  ]
  package static let examples: [Example] = [
    Example(
      "Ports known from the health check",
      stack: """
        image: api:1
        healthcheck:
          test: curl -f http://localhost:3000/health
        """,
      kubernetes: """
        kind: Service
        metadata:
          name: web
        spec:
          ports:
            - port: 3000
        """,
      findings: ["discovery/cluster-ip"]),
    Example(
      "Ports unknown",
      stack: """
        image: worker:1
        """,
      kubernetes: """
        kind: Service
        metadata:
          name: web
        spec:
          clusterIP: None
        """,
      findings: ["discovery/headless"]),
    Example(
      "A name that changes, and one that asks for tasks",
      stack: """
        services:
          api:
            image: api:1
            environment:
              DB: postgres://app@db_main:5432/shop
              PEERS: tasks.api
          db_main:
            image: postgres:16
        """,
      kubernetes: """
        - name: DB
          value: postgres://app@db-main:5432/shop
        - name: PEERS
          value: api
        """,
      findings: ["environment/host-rewritten"]),
  ]

  package static func map(_ context: inout StackContext) {
    let foreign = context.facts.discovery.foreign[context.number]
    for (name, target) in foreign.sorted(by: { $0.key < $1.key }) {
      context.objects.objects.append(
        Kubernetes.Service(
          metadata: context.objects.metadata(ObjectName(unchecked: name)), type: .externalName,
          externalName: "\(target.service).\(target.namespace).svc.cluster.local"))
      context.ledger.remark(target.others.isEmpty ? .adapted : .decide, .foreign(name, target))
    }
    if context.stack.services.count > 1 {
      context.remark(.namesElsewhere(context.stack, context.names))
    }
  }

  package static func map(_ context: inout ServiceContext) {
    let service = context.service
    let workload = context.workload
    let reach = context.reach
    let field = "Service/\(workload.name)"
    switch reach.endpoint {
    case .none: break
    case .clusterIP, .headless:
      context.workload.extras.append(
        Self.service(workload.metadata(), reach.endpoint, reach.ports, workload.selector))
    }
    if let tasks = reach.tasks {
      context.workload.extras.append(
        Self.service(workload.metadata(tasks), .headless, [], workload.selector))
    }
    mapAliases(&context)
    explain(reach, &context)

    let mode = service.deploy?["endpoint_mode"]
    if service.endpointMode.value == .vip, reach.endpoint == .headless {
      context.settle(mode, .vipIsHeadless, as: "\(field) spec.clusterIP")
    } else {
      context.keep(mode, as: "\(field) spec.clusterIP")
    }
    if let expose = service["expose"] {
      for item in expose.items ?? [] where ExposedPort.all(item.text ?? "").isEmpty {
        context.settle(item, .notAPort(item.text ?? ""))
      }
      context.keep(expose, as: "\(field) spec.ports")
    }
  }

  private static func service(
    _ metadata: ObjectMeta, _ endpoint: ServiceReach.Endpoint, _ ports: [Listener],
    _ selector: Labels
  ) -> Kubernetes.Service {
    Kubernetes.Service(
      metadata: metadata, clusterIP: endpoint == .headless ? .headless : nil,
      ports: ports.map { ServicePort($0, isOnly: ports.count == 1) }, selector: selector)
  }

  // MARK: Aliases

  private static func mapAliases(_ context: inout ServiceContext) {
    let place = context.place
    let aliases = context.facts.discovery.aliases[place.stack]
    for group in aliases.groups(of: place.service) {
      if let label = group.label { context.workload.podLabels[label] = "member" }
      guard group.members.first == place.service, let name = group.service else { continue }
      let reaches = context.facts.discovery.services[place.stack]
      let all = group.members.map { reaches[$0] }
      let isHeadless =
        group.asksForTasks && all.count > 1 || all.contains { $0.endpoint != .clusterIP }
      let ports = Set(all.flatMap(\.ports)).sorted()
      var selector = context.workload.selector
      var metadata = context.workload.metadata(name)
      if let label = group.label {
        selector = ["app.kubernetes.io/instance": LabelValue(context.workload.namespace)]
        selector[label] = "member"
        // It is no service's own.
        metadata.labels["app.kubernetes.io/name"] = nil
      }
      context.workload.extras.append(
        Self.service(metadata, isHeadless ? .headless : .clusterIP, ports, selector))
    }
    for attachment in context.service.networkAttachments {
      for node in attachment.aliases { settle(node, aliases, &context) }
      context.keep(attachment.node?["aliases"], as: "Service/\(context.workload.name)")
    }
  }

  private static func settle(
    _ node: Node, _ aliases: AliasNames, _ context: inout ServiceContext
  ) {
    let service = context.service
    let text = node.text ?? ""
    let alias = text.lowercased()
    if alias == service.name.lowercased() || alias == service.fullName.lowercased() {
      context.settle(node, .aliasIsOwnName(text))
      return
    }
    let object = context.names.objectName(number: context.place.service)
    switch aliases.obstacles[alias] {
    case .taken(let owner)?:
      let other = context.stack.services[owner].name
      context.settle(node, .aliasTaken(text, by: other, object), as: "Service/\(object)")
    case .illegal?:
      let namespace = context.workload.namespace
      context.settle(
        node,
        alias.contains(".")
          ? .aliasIsDomain(text, object, namespace) : .aliasIllegal(text, object),
        as: "Service/\(object)")
    case .disputed?:
      context.settle(node, .aliasDisputed(text, object), as: "Service/\(object)")
    case nil:
      context.keep(
        node, as: "Service/\(alias == service.name.lowercased() ? object.rawValue : alias)")
    }
  }

  // MARK: Findings

  private static func explain(_ reach: ServiceReach, _ context: inout ServiceContext) {
    let service = context.service
    let key = service.deploy?["endpoint_mode"]?.id ?? service.key
    let field = "Service/\(context.workload.name)"
    switch reach.endpoint {
    case .none:
      if reach.isJob { context.remark(.job, at: key) }
    case .clusterIP:
      context.remark(
        .clusterIP(reach, service.imageFacts?.ports.first?.evidence), at: key,
        as: "\(field) spec.ports")
    case .headless:
      if service.endpointMode.value == .dnsrr { return }
      let message: Finding.Message =
        if context.options.serviceType == .headless {
          .headlessByOption
        } else if reach.hasTooManyPorts {
          .tooManyPorts
        } else if context.options.serviceType == .clusterIP {
          .noPortForAddress
        } else if let who = reach.withoutPort.first {
          .portUnknown(who)
        } else {
          .headless(service.imageFacts)
        }
      context.remark(message, at: key, as: "\(field) spec.clusterIP")
    }
  }
}
