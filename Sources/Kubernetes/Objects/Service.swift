package import YAML

/// A Service: a stable name for pods.
package struct Service: Object {
  package static let apiVersion = "v1"
  package static let kind = "Service"
  package var metadata: ObjectMeta
  package var type: ServiceType?
  /// `.none` makes the Service headless.
  package var clusterIP: ClusterIP?
  package var ports: [ServicePort]
  package var selector: Labels
  package var externalName: String?
  package var externalTrafficPolicy: TrafficPolicy?
  package var internalTrafficPolicy: TrafficPolicy?
  package var sessionAffinity: SessionAffinity?
  package var publishNotReadyAddresses: Bool?

  package init(
    metadata: ObjectMeta, type: ServiceType? = nil, clusterIP: ClusterIP? = nil,
    ports: [ServicePort] = [], selector: Labels = [:], externalName: String? = nil,
    externalTrafficPolicy: TrafficPolicy? = nil, internalTrafficPolicy: TrafficPolicy? = nil,
    sessionAffinity: SessionAffinity? = nil, publishNotReadyAddresses: Bool? = nil
  ) {
    self.metadata = metadata
    self.type = type
    self.clusterIP = clusterIP
    self.ports = ports
    self.selector = selector
    self.externalName = externalName
    self.externalTrafficPolicy = externalTrafficPolicy
    self.internalTrafficPolicy = internalTrafficPolicy
    self.sessionAffinity = sessionAffinity
    self.publishNotReadyAddresses = publishNotReadyAddresses
  }

  package enum ServiceType: String, Sendable {
    case clusterIP = "ClusterIP"
    case nodePort = "NodePort"
    case loadBalancer = "LoadBalancer"
    case externalName = "ExternalName"
  }

  package enum ClusterIP: String, Sendable {
    case headless = "None"
  }

  package enum TrafficPolicy: String, Sendable {
    case cluster = "Cluster"
    case local = "Local"
  }

  package enum SessionAffinity: String, Sendable {
    case none = "None"
    case clientIP = "ClientIP"
  }

  package func writeFields(to w: inout Writer) {
    w.field("spec") { w in
      w.field("type", type)
      w.field("clusterIP", clusterIP)
      w.list("ports", ports)
      w.field("selector", selector)
      w.field("externalName", externalName)
      w.field("externalTrafficPolicy", externalTrafficPolicy)
      w.field("internalTrafficPolicy", internalTrafficPolicy)
      w.field("sessionAffinity", sessionAffinity)
      w.field("publishNotReadyAddresses", publishNotReadyAddresses)
    }
  }
}

/// A port of a Service and where it leads.
package struct ServicePort: Hashable, Sendable, Writable {
  /// Required where a Service has several ports.
  package var name: PortName?
  package var `protocol`: TransportProtocol?
  package var appProtocol: String?
  package var port: PortNumber
  /// The port of the container; the same number where nil.
  package var targetPort: PortReference?
  package var nodePort: PortNumber?

  package init(
    name: PortName? = nil, protocol: TransportProtocol? = nil, appProtocol: String? = nil,
    port: PortNumber, targetPort: PortReference? = nil, nodePort: PortNumber? = nil
  ) {
    self.name = name
    self.protocol = `protocol`
    self.appProtocol = appProtocol
    self.port = port
    self.targetPort = targetPort
    self.nodePort = nodePort
  }

  package func write(to w: inout Writer) {
    w.field("name", name)
    w.field("protocol", `protocol`)
    w.field("appProtocol", appProtocol)
    w.field("port", port)
    w.field("targetPort", targetPort)
    w.field("nodePort", nodePort)
  }
}
