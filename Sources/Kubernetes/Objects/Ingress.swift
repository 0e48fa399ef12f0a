package import YAML

/// An Ingress: HTTP routes by host and path.
package struct Ingress: Object {
  package static let apiVersion = "networking.k8s.io/v1"
  package static let kind = "Ingress"
  package var metadata: ObjectMeta
  package var ingressClassName: String?
  package var defaultBackend: Backend?
  package var tls: [TLS]
  package var rules: [Rule]

  package init(
    metadata: ObjectMeta, ingressClassName: String? = nil, defaultBackend: Backend? = nil,
    tls: [TLS] = [], rules: [Rule] = []
  ) {
    self.metadata = metadata
    self.ingressClassName = ingressClassName
    self.defaultBackend = defaultBackend
    self.tls = tls
    self.rules = rules
  }

  /// A port of a Service.
  package struct Backend: Hashable, Sendable, Writable {
    package var service: ObjectName
    package var port: PortReference

    package init(service: ObjectName, port: PortReference) {
      self.service = service
      self.port = port
    }

    package func write(to w: inout Writer) {
      w.field("service") { w in
        w.field("name", service)
        w.field("port") { w in
          switch port {
          case .number(let number): w.field("number", number)
          case .name(let name): w.field("name", name)
          }
        }
      }
    }
  }

  /// Hosts whose certificate is in a Secret; the controller's own certificate where that is nil.
  package struct TLS: Hashable, Sendable, Writable {
    package var hosts: [String]
    package var secretName: ObjectName?

    package init(hosts: [String], secretName: ObjectName? = nil) {
      self.hosts = hosts
      self.secretName = secretName
    }

    package func write(to w: inout Writer) {
      w.field("hosts", hosts)
      w.field("secretName", secretName)
    }
  }

  package enum PathType: String, Sendable {
    case exact = "Exact"
    case prefix = "Prefix"
    case implementationSpecific = "ImplementationSpecific"
  }

  package struct Path: Hashable, Sendable, Writable {
    package var path: String
    package var pathType: PathType
    package var backend: Backend

    package init(_ path: String, _ pathType: PathType, _ backend: Backend) {
      self.path = path
      self.pathType = pathType
      self.backend = backend
    }

    package func write(to w: inout Writer) {
      w.field("path", path)
      w.field("pathType", pathType)
      w.field("backend", backend)
    }
  }

  /// The paths of one host; of every host where that is nil.
  package struct Rule: Hashable, Sendable, Writable {
    package var host: String?
    package var paths: [Path]

    package init(host: String?, paths: [Path]) {
      self.host = host
      self.paths = paths
    }

    package func write(to w: inout Writer) {
      w.field("host", host)
      w.field("http") { $0.list("paths", paths) }
    }
  }

  package func writeFields(to w: inout Writer) {
    w.field("spec") { w in
      w.field("ingressClassName", ingressClassName)
      w.field("defaultBackend", defaultBackend)
      w.list("tls", tls)
      w.list("rules", rules)
    }
  }
}
