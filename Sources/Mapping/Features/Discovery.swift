import Kubernetes
package import Ledger
package import Swarm
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

  package static func map(
    _ stack: Swarm.Stack, into objects: inout ObjectSet, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    for (name, target) in facts.discovery.foreign[facts.current].sorted(by: { $0.key < $1.key }) {
      objects.objects.append(
        Kubernetes.Service(
          metadata: objects.metadata(ObjectName(unchecked: name)), type: .externalName,
          externalName: "\(target.service).\(target.namespace).svc.cluster.local"))
      ledger.remark(target.others.isEmpty ? .adapted : .decide, .foreign(name, target))
    }
    if stack.services.count > 1 {
      ledger.remark(.adapted, .namesElsewhere(stack, facts.stackNames))
    }
  }

  package static func map(
    _ service: Swarm.Service, into workload: inout Workload, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    let reach = facts.reach(of: workload)
    let field = "Service/\(workload.name)"
    switch reach.endpoint {
    case .none: break
    case .clusterIP, .headless:
      workload.extras.append(
        Self.service(workload.metadata(), reach.endpoint, reach.ports, workload.selector))
    }
    if let tasks = reach.tasks {
      workload.extras.append(
        Self.service(workload.metadata(tasks), .headless, [], workload.selector))
    }
    mapAliases(service, reach, into: &workload, facts, &ledger)
    explain(service, reach, workload, facts, &ledger)

    let mode = service.deploy?["endpoint_mode"]
    if service.endpointMode.value == .vip, reach.endpoint == .headless {
      ledger.settle(mode, .adapted, .vipIsHeadless, as: "\(field) spec.clusterIP")
    } else {
      ledger.keep(mode, as: "\(field) spec.clusterIP")
    }
    if let expose = service["expose"] {
      for item in expose.items ?? [] where ExposedPort.all(item.text ?? "").isEmpty {
        ledger.settle(item, .inert, .notAPort(item.text ?? ""))
      }
      ledger.keep(expose, as: "\(field) spec.ports")
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

  private static func mapAliases(
    _ service: Swarm.Service, _ reach: ServiceReach, into workload: inout Workload,
    _ facts: borrowing Facts, _ ledger: inout Ledger
  ) {
    let aliases = facts.discovery.aliases[facts.current]
    for group in aliases.groups(of: workload.index) {
      if let label = group.label { workload.podLabels[label] = "member" }
      guard group.members.first == workload.index, let name = group.service else { continue }
      let all = group.members.map { facts.discovery.services[facts.current][$0] }
      let isHeadless =
        group.asksForTasks && all.count > 1 || all.contains { $0.endpoint != .clusterIP }
      let ports = Set(all.flatMap(\.ports)).sorted()
      var selector = workload.selector
      var metadata = workload.metadata(name)
      if let label = group.label {
        selector = ["app.kubernetes.io/instance": LabelValue(workload.namespace)]
        selector[label] = "member"
        // It is no service's own.
        metadata.labels["app.kubernetes.io/name"] = nil
      }
      workload.extras.append(
        Self.service(metadata, isHeadless ? .headless : .clusterIP, ports, selector))
    }
    for attachment in service.networkAttachments {
      for node in attachment.aliases {
        settle(node, service, workload, aliases, facts, &ledger)
      }
      ledger.keep(attachment.node?["aliases"], as: "Service/\(workload.name)")
    }
  }

  private static func settle(
    _ node: Node, _ service: Swarm.Service, _ workload: Workload, _ aliases: AliasNames,
    _ facts: borrowing Facts, _ ledger: inout Ledger
  ) {
    let text = node.text ?? ""
    let alias = text.lowercased()
    if alias == service.name.lowercased() || alias == service.fullName.lowercased() {
      ledger.settle(node, .inert, .aliasIsOwnName(text))
      return
    }
    let object = facts.stackNames.objectName(number: workload.index)
    switch aliases.obstacles[alias] {
    case .taken(let owner)?:
      let other = facts.stack.services[owner].name
      ledger.settle(
        node, .manual, .aliasTaken(text, by: other, object), as: "Service/\(object)")
    case .illegal?:
      ledger.settle(
        node, .manual,
        alias.contains(".")
          ? .aliasIsDomain(text, object, workload.namespace) : .aliasIllegal(text, object),
        as: "Service/\(object)")
    case .disputed?:
      ledger.settle(node, .manual, .aliasDisputed(text, object), as: "Service/\(object)")
    case nil:
      ledger.keep(
        node, as: "Service/\(alias == service.name.lowercased() ? object.rawValue : alias)")
    }
  }

  // MARK: Findings

  private static func explain(
    _ service: Swarm.Service, _ reach: ServiceReach, _ workload: Workload, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    let key = service.deploy?["endpoint_mode"]?.id ?? service.key
    let field = "Service/\(workload.name)"
    switch reach.endpoint {
    case .none:
      if reach.isJob { ledger.remark(.adapted, .job, at: key) }
    case .clusterIP:
      ledger.remark(
        .adapted, .clusterIP(reach, service.imageFacts?.ports.first?.evidence), at: key,
        as: "\(field) spec.ports")
    case .headless:
      if service.endpointMode.value == .dnsrr { return }
      if facts.options.serviceType == .headless {
        ledger.remark(.adapted, .headlessByOption, at: key, as: "\(field) spec.clusterIP")
      } else if reach.hasTooManyPorts {
        ledger.remark(.adapted, .tooManyPorts, at: key, as: "\(field) spec.clusterIP")
      } else if facts.options.serviceType == .clusterIP {
        ledger.remark(.manual, .noPortForAddress, at: key, as: "\(field) spec.clusterIP")
      } else if let who = reach.withoutPort.first {
        ledger.remark(
          .decide, .portUnknown(who), at: key, as: "\(field) spec.clusterIP")
      } else {
        ledger.remark(
          .adapted, .headless(service.imageFacts), at: key, as: "\(field) spec.clusterIP")
      }
    }
  }
}

extension Finding.Message {
  fileprivate static func clusterIP(_ reach: ServiceReach, _ evidence: ImageFacts.Evidence?) -> Self
  {
    let ports = reach.ports.prefix(12).map(\.description).joined(separator: ", ")
    let more = reach.ports.count > 12 ? " and \(reach.ports.count - 12) more" : ""
    return Self(
      "discovery/cluster-ip",
      "Others reach it through a virtual address on \(ports)\(more), known from "
        + "\(reach.sources.joined(separator: ", ")). Swarm's virtual address took every port; "
        + "this one takes no others.",
      remedy: "expose: [\"9000\"]  # in the stack: one more port; or --service-type headless",
      evidence: evidence)
  }

  fileprivate static func headless(_ image: ImageFacts?) -> Self {
    var also = ""
    if let image, image.problem == nil { also = ", and no EXPOSE in \(image.path)," }
    return Self(
      "discovery/headless",
      "Nothing in the stack\(also) says on which ports it listens, so its Service is headless: every port connects, but the "
        + "name resolves to the pods instead of one virtual address, and clients that keep an address past the pod's end "
        + "(nginx, many JVMs) have to ask again.",
      remedy:
        "expose: [\"8080\"]  # in the stack: its ports, all of them, make it a virtual address")
  }

  fileprivate static var tooManyPorts: Self {
    Self(
      "discovery/headless",
      "It listens on more than \(ServiceReach.mostPorts) ports, and a Service with a virtual address lists each of them, so its "
        + "Service is headless: every port connects, but the name resolves to the pods instead of one virtual address, and "
        + "clients that keep an address past the pod's end (nginx, many JVMs) have to ask again.")
  }

  fileprivate static func portUnknown(_ who: String) -> Self {
    Self(
      "discovery/port-unknown",
      "\(who) names it without a port that could be told, so its Service is headless: every port connects, but the name "
        + "resolves to the pods instead of one virtual address, and clients that keep an address past the pod's end "
        + "(nginx, many JVMs) have to ask again.",
      remedy:
        "expose: [\"8080\"]  # in the stack: its ports, all of them; or --service-type cluster-ip")
  }

  fileprivate static var headlessByOption: Self {
    Self(
      "discovery/headless-by-option",
      "With `--service-type headless` the name resolves to the pods and every port connects; Swarm gave it one virtual "
        + "address.")
  }

  fileprivate static var noPortForAddress: Self {
    Self(
      "discovery/no-port",
      "`--service-type cluster-ip` asks for a virtual address, but no port of the service is known, and Kubernetes wants at "
        + "least one. The Service is headless.",
      remedy: "expose: [\"8080\"]  # in the stack: its ports, all of them")
  }

  fileprivate static var vipIsHeadless: Self {
    Self(
      "discovery/vip-is-headless",
      "`endpoint_mode: vip` asks for one virtual address; the Service is headless, because not all ports are known.",
      remedy: "expose: [\"8080\"]  # in the stack: its ports, all of them")
  }

  fileprivate static var job: Self {
    Self(
      "discovery/job",
      "It runs to its end and no other service is seen to ask for it, so it gets no Service and its name does not resolve. "
        + "In Swarm it did while a task ran.",
      remedy: "expose: [\"8080\"]  # in the stack, if others do connect to it")
  }

  fileprivate static func notAPort(_ text: String) -> Self {
    Self(
      "discovery/not-a-port",
      "`\(text)` is no port. Swarm takes no notice of `expose`; nothing is made of it here.")
  }

  fileprivate static func foreign(_ name: String, _ target: ServiceDiscovery.ForeignName) -> Self {
    let others = target.others.map { "`\($0)`" }.joined(separator: ", ")
    return Self(
      "discovery/external-name",
      "`\(name)` is `\(target.fullName)` of another stack, over a shared network. An ExternalName Service leads from here "
        + "to \(target.service).\(target.namespace).svc.cluster.local; a cluster with another domain needs that domain there."
        + (others.isEmpty
          ? ""
          : " In Swarm \(others) answered to the name as well, and connections went to all of them."),
      remedy: others.isEmpty
        ? nil
        : "Write the full name of the service that is meant, such as \(target.fullName), in the stack."
    )
  }

  fileprivate static func namesElsewhere(_ stack: Swarm.Stack, _ names: Names) -> Self {
    var changed: [String] = []
    for service in stack.services {
      guard let name = names.services[service.name], name.rawValue != service.name.lowercased()
      else { continue }
      changed.append("`\(service.name)` is `\(name)`")
    }
    let list = changed.prefix(8).joined(separator: ", ")
    let more = changed.count > 8 ? ", and \(changed.count - 8) more" : ""
    return Self(
      "discovery/names-elsewhere",
      "What is inside images is not seen here. Swarm's names `tasks.NAME` and `\(stack.name)_NAME` do not resolve in "
        + "Kubernetes" + (changed.isEmpty ? "." : ", and of the short names \(list)\(more)."))
  }

  fileprivate static func aliasIsOwnName(_ alias: String) -> Self {
    Self("discovery/alias-is-own-name", "The service answers to `\(alias)` without the alias.")
  }

  fileprivate static func aliasTaken(_ alias: String, by other: String, _ object: ObjectName)
    -> Self
  {
    Self(
      "discovery/alias-is-service",
      "Swarm answers to `\(alias)` with this service too; in Kubernetes the name is the Service of `\(other)` alone. What "
        + "was found to ask for the alias and not for that service was rewritten to `\(object)`; what is inside images "
        + "reaches `\(other)`.",
      remedy: "Give the alias another name in the stack, and in what uses it.")
  }

  fileprivate static func aliasIllegal(_ alias: String, _ object: ObjectName) -> Self {
    Self(
      "discovery/alias-illegal",
      "No Service can be named `\(alias)`. What was found to ask for it was rewritten; what is inside images has to ask for "
        + "`\(object)`.")
  }

  fileprivate static func aliasIsDomain(
    _ alias: String, _ object: ObjectName, _ namespace: ObjectName
  ) -> Self {
    Self(
      "discovery/alias-is-domain",
      "No Service can be named `\(alias)`, which has dots, and references to it are not rewritten, because certificates and "
        + "routes go by such names. The cluster's DNS has to answer to it.",
      remedy: "rewrite name \(alias) \(object).\(namespace).svc.cluster.local"
        + "  # into CoreDNS' Corefile: kubectl -n kube-system edit configmap coredns")
  }

  fileprivate static func aliasDisputed(_ alias: String, _ object: ObjectName) -> Self {
    Self(
      "discovery/alias-disputed",
      "`\(alias)` means different services in different networks, and a namespace has each name once, so no Service has it. "
        + "What was found to ask for it was rewritten to the service that it meant; what is inside images has to ask for "
        + "`\(object)`.")
  }
}
