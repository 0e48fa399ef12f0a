package import YAML

/// An HTTP route of the Gateway API.
///
/// Source: gateway-api.sigs.k8s.io, API reference of `gateway.networking.k8s.io/v1`.
package struct HTTPRoute: Object {
  package static let apiVersion = "gateway.networking.k8s.io/v1"
  package static let kind = "HTTPRoute"
  package var metadata: ObjectMeta
  package var parents: [Parent]
  package var hostnames: [String]
  package var rules: [Rule]

  package init(metadata: ObjectMeta, parents: [Parent], hostnames: [String], rules: [Rule]) {
    self.metadata = metadata
    self.parents = parents
    self.hostnames = hostnames
    self.rules = rules
  }

  /// The Gateway that the route attaches to.
  package struct Parent: Hashable, Sendable, Writable {
    package var namespace: ObjectName?
    package var name: ObjectName
    /// One of its listeners; all of them where nil.
    package var sectionName: ObjectName?

    package init(namespace: ObjectName? = nil, name: ObjectName, sectionName: ObjectName? = nil) {
      self.namespace = namespace
      self.name = name
      self.sectionName = sectionName
    }

    package func write(to w: inout Writer) {
      w.field("namespace", namespace)
      w.field("name", name)
      w.field("sectionName", sectionName)
    }
  }

  package enum PathType: String, Sendable {
    case exact = "Exact"
    case prefix = "PathPrefix"
    case pattern = "RegularExpression"
  }

  /// Everything in a match must hold.
  package struct Match: Hashable, Sendable, Writable {
    package struct Named: Hashable, Sendable, Writable {
      package var isPattern: Bool
      package var name: String
      package var value: String

      package init(_ name: String, _ value: String, isPattern: Bool = false) {
        self.isPattern = isPattern
        self.name = name
        self.value = value
      }

      package func write(to w: inout Writer) {
        if isPattern { w.field("type", "RegularExpression") }
        w.field("name", name)
        w.field("value", value)
      }
    }

    package var pathType: PathType
    package var path: String
    package var headers: [Named]
    package var queryParams: [Named]
    package var method: String?

    package init(_ pathType: PathType, _ path: String) {
      self.pathType = pathType
      self.path = path
      headers = []
      queryParams = []
    }

    package func write(to w: inout Writer) {
      w.field("path") { w in
        w.field("type", pathType)
        w.field("value", path)
      }
      w.list("headers", headers)
      w.list("queryParams", queryParams)
      w.field("method", method)
    }
  }

  package struct HeaderChange: Hashable, Sendable {
    package var set: [Match.Named]
    package var remove: [String]

    package init(set: [Match.Named], remove: [String]) {
      self.set = set
      self.remove = remove
    }

    fileprivate func write(to w: inout Writer) {
      w.list("set", set)
      w.field("remove", remove)
    }
  }

  package enum Filter: Hashable, Sendable, Writable {
    case redirect(scheme: String, port: PortNumber?, status: Int)
    case replacePrefix(String)
    case replacePath(String)
    case requestHeaders(HeaderChange)
    case responseHeaders(HeaderChange)

    package func write(to w: inout Writer) {
      switch self {
      case .redirect(let scheme, let port, let status):
        w.field("type", "RequestRedirect")
        w.field("requestRedirect") { w in
          w.field("scheme", scheme)
          w.field("port", port)
          w.field("statusCode", status)
        }
      case .replacePrefix(let prefix):
        w.field("type", "URLRewrite")
        w.field("urlRewrite") { w in
          w.field("path") { w in
            w.field("type", "ReplacePrefixMatch")
            w.field("replacePrefixMatch", prefix)
          }
        }
      case .replacePath(let path):
        w.field("type", "URLRewrite")
        w.field("urlRewrite") { w in
          w.field("path") { w in
            w.field("type", "ReplaceFullPath")
            w.field("replaceFullPath", path)
          }
        }
      case .requestHeaders(let change):
        w.field("type", "RequestHeaderModifier")
        w.field("requestHeaderModifier") { change.write(to: &$0) }
      case .responseHeaders(let change):
        w.field("type", "ResponseHeaderModifier")
        w.field("responseHeaderModifier") { change.write(to: &$0) }
      }
    }
  }

  package struct Rule: Hashable, Sendable, Writable {
    package var matches: [Match]
    package var filters: [Filter]
    /// None where a filter redirects.
    package var backend: Ingress.Backend?

    package init(matches: [Match], filters: [Filter], backend: Ingress.Backend?) {
      self.matches = matches
      self.filters = filters
      self.backend = backend
    }

    package func write(to w: inout Writer) {
      w.list("matches", matches)
      w.list("filters", filters)
      w.list("backendRefs", backend.map { [$0] } ?? []) { backend, w in
        w.field("name", backend.service)
        w.field("port", backend.port)
      }
    }
  }

  package func writeFields(to w: inout Writer) {
    w.field("spec") { w in
      w.list("parentRefs", parents)
      w.field("hostnames", hostnames)
      w.list("rules", rules)
    }
  }
}
