import Kubernetes
package import Ledger
import Swarm

extension Discovery {
  enum Kind {
    static let clusterIP: FindingKind = .adapted("discovery/cluster-ip", asks: .serviceType)
    static let headless: FindingKind = .adapted("discovery/headless")
    /// Others name the service, and no port could be told.
    static let portUnknown: FindingKind = .decide("discovery/port-unknown", asks: .serviceType)
    static let headlessByOption: FindingKind = .adapted(
      "discovery/headless-by-option", asks: .serviceType)
    static let noPort: FindingKind = .manual(
      "discovery/no-port", .changesWhoGetsIn, asks: .serviceType)
    static let vipIsHeadless: FindingKind = .adapted("discovery/vip-is-headless")
    static let job: FindingKind = .adapted("discovery/job")
    static let notAPort: FindingKind = .inert("discovery/not-a-port")
    /// A name of another stack.
    static let externalName: FindingKind = .adapted("discovery/external-name")
    static let namesElsewhere: FindingKind = .adapted("discovery/names-elsewhere")
    static let aliasIsOwnName: FindingKind = .inert("discovery/alias-is-own-name")
    static let aliasIsService: FindingKind = .manual(
      "discovery/alias-is-service", .changesWhoGetsIn)
    static let aliasIllegal: FindingKind = .manual("discovery/alias-illegal", .changesWhoGetsIn)
    static let aliasIsDomain: FindingKind = .manual(
      "discovery/alias-is-domain", .changesWhoGetsIn)
    static let aliasDisputed: FindingKind = .manual("discovery/alias-disputed", .changesWhoGetsIn)
  }

  package static let kinds: [FindingKind] = [
    Kind.clusterIP, Kind.headless, Kind.portUnknown, Kind.headlessByOption, Kind.noPort,
    Kind.vipIsHeadless, Kind.job, Kind.notAPort, Kind.externalName, Kind.namesElsewhere,
    Kind.aliasIsOwnName, Kind.aliasIsService, Kind.aliasIllegal, Kind.aliasIsDomain,
    Kind.aliasDisputed,
  ]
}

private typealias Kind = Discovery.Kind

extension Finding.Message {
  static func clusterIP(_ reach: ServiceReach, _ evidence: ImageFacts.Evidence?) -> Self {
    let ports = reach.ports.prefix(12).map(\.description).joined(separator: ", ")
    let more = reach.ports.count > 12 ? " and \(reach.ports.count - 12) more" : ""
    return Self(
      Kind.clusterIP,
      "Others reach it through a virtual address on \(ports)\(more), known from "
        + "\(reach.sources.joined(separator: ", ")). Swarm's virtual address took every port; "
        + "this one takes no others.",
      remedies: [
        .edit("expose: [\"9000\"]", note: "in the stack: one more port"),
        .option(.serviceType, value: "headless", effect: "lets every port connect"),
      ],
      evidence: evidence)
  }

  static func headless(_ image: ImageFacts?) -> Self {
    var also = ""
    if let image, image.problem == nil { also = ", and no EXPOSE in \(image.path)," }
    return Self(
      Kind.headless,
      "Nothing in the stack\(also) says on which ports it listens, so its Service is headless: every port connects, but the "
        + "name resolves to the pods instead of one virtual address, and clients that keep an address past the pod's end "
        + "(nginx, many JVMs) have to ask again.",
      remedy: .edit(
        "expose: [\"8080\"]",
        note: "in the stack: its ports, all of them, make it a virtual address"))
  }

  static var tooManyPorts: Self {
    Self(
      Kind.headless,
      "It listens on more than \(ServiceReach.mostPorts) ports, and a Service with a virtual address lists each of them, so its "
        + "Service is headless: every port connects, but the name resolves to the pods instead of one virtual address, and "
        + "clients that keep an address past the pod's end (nginx, many JVMs) have to ask again.")
  }

  static func portUnknown(_ who: String) -> Self {
    Self(
      Kind.portUnknown,
      "\(who) names it without a port that could be told, so its Service is headless: every port connects, but the name "
        + "resolves to the pods instead of one virtual address, and clients that keep an address past the pod's end "
        + "(nginx, many JVMs) have to ask again.",
      remedies: [
        .exposeAll,
        .option(
          .serviceType, value: "cluster-ip",
          effect: "makes it a virtual address on the ports that are known"),
      ])
  }

  static var headlessByOption: Self {
    Self(
      Kind.headlessByOption,
      "With `--service-type headless` the name resolves to the pods and every port connects; Swarm gave it one virtual "
        + "address.")
  }

  static var noPortForAddress: Self {
    Self(
      Kind.noPort,
      "`--service-type cluster-ip` asks for a virtual address, but no port of the service is known, and Kubernetes wants at "
        + "least one. The Service is headless.",
      remedy: .exposeAll)
  }

  static var vipIsHeadless: Self {
    Self(
      Kind.vipIsHeadless,
      "`endpoint_mode: vip` asks for one virtual address; the Service is headless, because not all ports are known.",
      remedy: .exposeAll)
  }

  static var job: Self {
    Self(
      Kind.job,
      "It runs to its end and no other service is seen to ask for it, so it gets no Service and its name does not resolve. "
        + "In Swarm it did while a task ran.",
      remedy: .edit("expose: [\"8080\"]", note: "in the stack, if others do connect to it"))
  }

  static func notAPort(_ text: String) -> Self {
    Self(
      Kind.notAPort,
      "`\(text)` is no port. Swarm takes no notice of `expose`; nothing is made of it here.")
  }

  static func foreign(_ name: String, _ target: ServiceDiscovery.ForeignName) -> Self {
    let others = target.others.map { "`\($0)`" }.joined(separator: ", ")
    return Self(
      Kind.externalName,
      "`\(name)` is `\(target.fullName)` of another stack, over a shared network. An ExternalName Service leads from here "
        + "to \(target.service).\(target.namespace).svc.cluster.local; a cluster with another domain needs that domain there."
        + (others.isEmpty
          ? ""
          : " In Swarm \(others) answered to the name as well, and connections went to all of them."),
      remedy: others.isEmpty
        ? nil
        : .sentence(
          "Write the full name of the service that is meant, such as \(target.fullName), in the stack."
        ))
  }

  static func namesElsewhere(_ stack: Swarm.Stack, _ names: Names) -> Self {
    var changed: [String] = []
    for service in stack.services {
      guard let name = names.services[service.name], name.rawValue != service.name.lowercased()
      else { continue }
      changed.append("`\(service.name)` is `\(name)`")
    }
    let list = changed.prefix(8).joined(separator: ", ")
    let more = changed.count > 8 ? ", and \(changed.count - 8) more" : ""
    return Self(
      Kind.namesElsewhere,
      "What is inside images is not seen here. Swarm's names `tasks.NAME` and `\(stack.name)_NAME` do not resolve in "
        + "Kubernetes" + (changed.isEmpty ? "." : ", and of the short names \(list)\(more)."))
  }

  static func aliasIsOwnName(_ alias: String) -> Self {
    Self(Kind.aliasIsOwnName, "The service answers to `\(alias)` without the alias.")
  }

  static func aliasTaken(_ alias: String, by other: String, _ object: ObjectName)
    -> Self
  {
    Self(
      Kind.aliasIsService,
      "Swarm answers to `\(alias)` with this service too; in Kubernetes the name is the Service of `\(other)` alone. What "
        + "was found to ask for the alias and not for that service was rewritten to `\(object)`; what is inside images "
        + "reaches `\(other)`.",
      remedy: .sentence("Give the alias another name in the stack, and in what uses it."))
  }

  static func aliasIllegal(_ alias: String, _ object: ObjectName) -> Self {
    Self(
      Kind.aliasIllegal,
      "No Service can be named `\(alias)`. What was found to ask for it was rewritten; what is inside images has to ask for "
        + "`\(object)`.")
  }

  static func aliasIsDomain(
    _ alias: String, _ object: ObjectName, _ namespace: ObjectName
  ) -> Self {
    Self(
      Kind.aliasIsDomain,
      "No Service can be named `\(alias)`, which has dots, and references to it are not rewritten, because certificates and "
        + "routes go by such names. The cluster's DNS has to answer to it.",
      remedy: .rewriteInCoreDNS(alias, to: "\(object).\(namespace).svc.cluster.local"))
  }

  static func aliasDisputed(_ alias: String, _ object: ObjectName) -> Self {
    Self(
      Kind.aliasDisputed,
      "`\(alias)` means different services in different networks, and a namespace has each name once, so no Service has it. "
        + "What was found to ask for it was rewritten to the service that it meant; what is inside images has to ask for "
        + "`\(object)`.")
  }
}

extension Remedy {
  fileprivate static var exposeAll: Self {
    .edit("expose: [\"8080\"]", note: "in the stack: its ports, all of them")
  }
}
