package import Kubernetes
import Ledger
package import Proxies
import Swarm

// The Services and the policy through which routes reach the pods of a service.

extension Workload {
  package static var routedEnding: String { "-routed" }

  /// The Service of a backend.
  package mutating func service(
    of backend: RouteBackend, for route: Proxies.Route, _ names: Names
  ) -> ObjectName {
    switch backend {
    case .own(let port):
      routedService(Listener(port, of: route.transport), route.scheme, names)
    case .other(let name, _): name
    case .ofProxy: name
    }
  }

  /// The Service through which a routed port is reached: the service's own where that has the port, else one more.
  private mutating func routedService(
    _ target: Listener, _ scheme: String?, _ names: Names
  ) -> ObjectName {
    let isPlain = scheme == nil || scheme == "http"
    for case let service as Kubernetes.Service in extras
    where isPlain && service.metadata.name == name && service.clusterIP != .headless
      && service.type != .externalName
    {
      if service.ports.contains(where: { $0.listener == target }) { return name }
    }
    return addRoutedService(target, scheme, names)
  }

  /// A port of the service's Service for routes alone, which is made where it is not there.
  @discardableResult
  package mutating func addRoutedService(
    _ target: Listener, _ scheme: String?, _ names: Names
  ) -> ObjectName {
    let routed = names.free(name, Self.routedEnding)
    let entry = ServicePort(
      name: PortName(target.transport, target.number),
      protocol: target.transport == .tcp ? nil : target.transport,
      appProtocol: Self.appProtocol(scheme), port: target.number)
    let place = extras.firstIndex { $0 is Kubernetes.Service && $0.metadata.name == routed }
    if let place, var service = extras[place] as? Kubernetes.Service {
      if !service.ports.contains(where: { $0.listener == target }) { service.ports.append(entry) }
      extras[place] = service
    } else {
      extras.append(
        Kubernetes.Service(
          metadata: metadata(routed), type: .clusterIP, ports: [entry], selector: selector))
    }
    return routed
  }

  private static func appProtocol(_ scheme: String?) -> String? {
    switch scheme {
    case "https": "https"
    case "h2c": "kubernetes.io/h2c"
    default: nil
    }
  }
}

extension ServiceContext {
  /// Lets the proxy, which Swarm joined to the service by an overlay, come in from its own namespace.
  mutating func admitRoutes(to targets: [Listener]) {
    guard !targets.isEmpty, workload.pod.hostNetwork != true else { return }
    let key: LabelKey = "kubernetes.io/metadata.name"
    let own = Set(facts.names.map(\.namespace)).sorted().map { LabelValue($0) }
    let namespaces =
      options.ingressNamespace.map { name in
        LabelSelector(matchLabels: [key: LabelValue.folding(name)])
      } ?? LabelSelector(matchExpressions: [.init(key, .isNotIn, own)])
    let name = names.free(workload.name, "-routes")
    workload.extras.append(
      NetworkPolicy(
        metadata: workload.metadata(name),
        podSelector: LabelSelector(matchLabels: workload.selector), policyTypes: [.ingress],
        ingress: [
          .init(
            peers: [.pods(nil, namespaces: namespaces)],
            ports: targets.map { .init(.number($0.number), $0.transport) })
        ]))
  }
}
