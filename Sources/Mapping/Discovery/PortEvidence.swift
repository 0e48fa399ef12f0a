import Proxies
package import Kubernetes
import Ledger
package import Swarm
import YAML

/// What a stack says of the ports on which a service listens.
///
/// In Swarm every port of a service can be reached, whether or not anybody writes it down. A Service with a virtual address
/// passes on the ports that it lists and no others, so it is safe only where all of them are known.
package struct PortEvidence: Sendable {
  private var declared = Set<Listener>()
  /// What the service tells itself to listen on: more of what is known, and no proof alone.
  private var own = Set<Listener>()
  /// In words, each once, the most trustworthy first.
  package private(set) var sources: [String] = []
  /// Where others name the service without a port that could be told.
  package private(set) var withoutPort: [String] = []
  /// The service's own list of ports, or the image's: no other is needed.
  package private(set) var isFull = false
  /// Something that names ports for others to use.
  package private(set) var isDeclared = false
  package private(set) var isReferredTo = false

  /// Nothing yet.
  package init() {}

  /// Ports that a service names for itself: published, exposed, routed to, checked, and those of its image.
  package init(_ service: Swarm.Service) {
    add(
      service.publishedPorts.compactMap { Listener($0.target, $0.transport) }, "published ports")
    let exposed = service.exposedPorts.compactMap { Listener($0.number, $0.transport) }
    add(exposed, "`expose`")
    if !exposed.isEmpty { isFull = true }
    if let image = service.imageFacts { add(image) }
    for port in service.routedPorts {
      add([Listener(port.number)].compactMap { $0 }, "`\(port.name)`")
    }
    if let row = WellKnownPorts.row(of: service) {
      add(row.ports, "the image \(row.images[0])")
      isFull = true
    }
    if let arguments = service.healthcheck?.arguments {
      let checked = OwnPorts.checked(arguments).compactMap { Listener($0) }
      add(checked, "the health check")
    }
    own = Set(OwnPorts.listened(service).compactMap { Listener($0) })
  }

  /// `EXPOSE`, and the ports of a well-known image that this one begins with.
  private mutating func add(_ image: ImageFacts) {
    for port in image.ports {
      add(
        [Listener(port.value.number, port.value.transport)].compactMap { $0 },
        port.evidence.inWords)
    }
    if !image.ports.isEmpty { isFull = true }
    // What such a server listens on is mostly written in a file, and the Dockerfile may bring another one.
    guard let base = image.base, let row = WellKnownPorts.row(ofImage: base),
      !row.isByConfiguration || !image.ports.isEmpty
    else { return }
    add(row.ports, "its base image \(row.images[0])")
    isFull = true
  }

  package var ports: Set<Listener> { isDeclared ? declared.union(own) : [] }

  /// Notes that a file which the service reads says where to listen.
  package mutating func listen(_ numbers: [Int], _ source: String) {
    add(numbers.compactMap { Listener($0) }, source)
  }

  private mutating func add(_ found: [Listener], _ source: String) {
    guard !found.isEmpty else { return }
    declared.formUnion(found)
    isDeclared = true
    if sources.count < 5, !sources.contains(source) { sources.append(source) }
  }

  /// Notes that somebody names the service: on these ports, or on none that could be told.
  package mutating func refer(_ numbers: [Int], isUDP: Bool, _ source: String) {
    isReferredTo = true
    if numbers.isEmpty {
      if withoutPort.count < 4, !withoutPort.contains(source) { withoutPort.append(source) }
      return
    }
    var found: [Listener] = []
    for number in numbers {
      if let port = Listener(number, isUDP ? .udp : .tcp) { found.append(port) }
      if !isUDP, DefaultPorts.speaksUDP(number), let port = Listener(number, .udp) {
        found.append(port)
      }
    }
    add(found, source)
  }

  /// Adds what is known of several services together.
  package mutating func merge(_ other: PortEvidence) {
    declared.formUnion(other.declared)
    isDeclared = isDeclared || other.isDeclared
    isReferredTo = isReferredTo || other.isReferredTo
    for source in other.sources where sources.count < 5 && !sources.contains(source) {
      sources.append(source)
    }
    for source in other.withoutPort where withoutPort.count < 4 && !withoutPort.contains(source) {
      withoutPort.append(source)
    }
  }

  /// Whether there is reason to take these ports for all of them.
  package var isComplete: Bool {
    isDeclared && (isFull || withoutPort.isEmpty)
  }
}
