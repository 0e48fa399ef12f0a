import Kubernetes
package import Ledger
package import Mapping
import Swarm
import YAML

/// How the moved stacks are reached from outside: the host names of their routes, and the commands that show the addresses.
package struct Entrances {
  /// A host name with the command that prints the address it will have.
  package struct Host {
    package let name: String
    package let isTLS: Bool
    /// Prints an address or a name; nil where no object of the stack leads to it.
    package let address: Command?
  }

  package private(set) var hosts: [Host] = []
  /// Each shows where the traffic has to go.
  package private(set) var commands: [Command] = []
  private var seen = Set<String>()

  package init(_ migration: Migration) {
    for stack in migration.stacks {
      let namespace = stack.namespace.rawValue
      for object in stack.objects { addRoute(object, namespace) }
      if stack.objects.contains(where: { ($0 as? Kubernetes.Service).map(Self.isOpen) ?? false }) {
        addCommand("kubectl -n \(namespace) get service")
      }
      for case let owner as any PodOwner in stack.objects where Self.hasHostPorts(owner) {
        let selector = "app.kubernetes.io/name=\(owner.metadata.name)"
        addCommand("kubectl -n \(namespace) get pods -o wide -l \(selector)")
      }
    }
  }

  /// Asks each host at its new address, whatever its name leads to today.
  package var checks: [Command] {
    hosts.prefix(8).map { host in
      let way: Command = host.address.map { " --connect-to \"::$(\($0)):\"" } ?? ""
      let page = "\(host.isTLS ? "https" : "http")://\(host.name)/"
      // A certificate may only come once the name leads to it.
      return "curl -sSk -o /dev/null -w '%{http_code}\\n'\(way) \(page)"
    }
  }

  /// Whom to point to the addresses, in words.
  package var subject: String {
    if hosts.isEmpty { return "the names that lead to the Swarm's nodes" }
    let first = hosts.prefix(8).map(\.name).joined(separator: ", ")
    return hosts.count > 8 ? "\(first) and \(hosts.count - 8) more" : first
  }

  private mutating func addRoute(_ object: any Object, _ namespace: String) {
    switch object {
    case let ingress as Ingress:
      addCommand("kubectl -n \(namespace) get ingress")
      let status = "{.status.loadBalancer.ingress[0]"
      let path = "\(status).ip}\(status).hostname}"
      let address: Command =
        "kubectl -n \(namespace) get ingress \(ingress.metadata.name) -o jsonpath=\(path)"
      for host in ingress.rules.compactMap(\.host) {
        add(host, isTLS: ingress.tls.contains { $0.hosts.contains(host) }, address)
      }
    case let route as HTTPRoute:
      addCommand("kubectl -n \(namespace) get httproute")
      let gateway = route.parents.first
      let address = gateway.map { gateway -> Command in
        "kubectl -n \(gateway.namespace?.rawValue ?? namespace) get gateway \(gateway.name) -o jsonpath='{.status.addresses[0].value}'"
      }
      if let gateway {
        addCommand(
          "kubectl -n \(gateway.namespace?.rawValue ?? namespace) get gateway \(gateway.name)")
      }
      // A listener's protocol is the Gateway's to say.
      for host in route.hostnames { add(host, isTLS: false, address) }
    case let route as IngressRoute:
      addCommand("kubectl -n \(namespace) get ingressroutes.traefik.io")
      addCommand("kubectl get service -A -l app.kubernetes.io/name=traefik")
      for match in route.spec.routes.compactMap(\.match) {
        for host in Self.hosts(in: match) { add(host, isTLS: route.spec.tls != nil, nil) }
      }
    case is IngressRouteTCP, is IngressRouteUDP:
      addCommand("kubectl get service -A -l app.kubernetes.io/name=traefik")
    default: break
    }
  }

  private mutating func add(_ name: String, isTLS: Bool, _ address: Command?) {
    // Nobody can ask for `*.shop.example`.
    guard !name.hasPrefix("*"), seen.insert(name).inserted else { return }
    hosts.append(Host(name: name, isTLS: isTLS, address: address))
  }

  private mutating func addCommand(_ command: Command) {
    if !commands.contains(command) { commands.append(command) }
  }

  /// The names in `Host(...)` of a rule of Traefik, which quotes them with back ticks.
  private static func hosts(in rule: String) -> [String] {
    rule.split(separator: "Host(").dropFirst(rule.hasPrefix("Host(") ? 0 : 1).flatMap { part in
      part.prefix { $0 != ")" }.split(separator: "`", omittingEmptySubsequences: false)
        .enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }
  }

  private static func isOpen(_ service: Kubernetes.Service) -> Bool {
    service.type == .loadBalancer || service.type == .nodePort
  }

  private static func hasHostPorts(_ owner: any PodOwner) -> Bool {
    owner.template.spec.containers.contains { $0.ports.contains { $0.hostPort != nil } }
  }
}
