package import YAML

/// A route of Traefik 3: `IngressRoute` for HTTP, `IngressRouteTCP` and `IngressRouteUDP` for streams.
///
/// Source: doc.traefik.io, "Traefik & Kubernetes", and the definitions in its `kubernetes-crd-definition-v1.yml`.
package struct TraefikIngressRoute: Sendable {
  package var entryPoints: [String]
  package var routes: [Route]
  package var tls: TLS?

  package init(entryPoints: [String] = [], routes: [Route], tls: TLS? = nil) {
    self.entryPoints = entryPoints
    self.routes = routes
    self.tls = tls
  }

  package struct Route: Hashable, Sendable {
    /// In the syntax of version 3; none for UDP.
    package var match: String?
    package var priority: Int?
    package var middlewares: [Reference]
    package var service: Target

    package init(
      match: String?, priority: Int? = nil, middlewares: [Reference] = [], service: Target
    ) {
      self.match = match
      self.priority = priority
      self.middlewares = middlewares
      self.service = service
    }
  }

  /// A Middleware, of the route's own namespace where none is named.
  package struct Reference: Hashable, Sendable, Writable {
    package var name: ObjectName
    package var namespace: ObjectName?

    package init(_ name: ObjectName, namespace: ObjectName? = nil) {
      self.name = name
      self.namespace = namespace
    }

    package func write(to w: inout Writer) {
      w.field("name", name)
      w.field("namespace", namespace)
    }
  }

  package struct Target: Hashable, Sendable, Writable {
    package var name: String
    /// Something of Traefik's own, such as `api@internal`, has none.
    package var port: PortNumber?
    package var scheme: String?
    package var passHostHeader: Bool?
    /// The cookie that binds a client to a pod; an empty name lets Traefik choose one.
    package var stickyCookie: StickyCookie?

    package init(
      name: String, port: PortNumber?, scheme: String? = nil, passHostHeader: Bool? = nil,
      stickyCookie: StickyCookie? = nil
    ) {
      self.name = name
      self.port = port
      self.scheme = scheme
      self.passHostHeader = passHostHeader
      self.stickyCookie = stickyCookie
    }

    package func write(to w: inout Writer) {
      if port == nil { w.field("kind", "TraefikService") }
      w.field("name", name)
      w.field("port", port)
      w.field("scheme", scheme)
      w.field("passHostHeader", passHostHeader)
      if let stickyCookie {
        w.field("sticky") { w in
          if stickyCookie.isEmpty {
            w.field("cookie", .emptyMapping)
          } else {
            w.field("cookie", stickyCookie)
          }
        }
      }
    }
  }

  package struct StickyCookie: Hashable, Sendable, Writable {
    package var name: String?
    package var secure: Bool?
    package var httpOnly: Bool?
    package var sameSite: String?

    package init(
      name: String? = nil, secure: Bool? = nil, httpOnly: Bool? = nil, sameSite: String? = nil
    ) {
      self.name = name
      self.secure = secure
      self.httpOnly = httpOnly
      self.sameSite = sameSite
    }

    var isEmpty: Bool { name == nil && secure == nil && httpOnly == nil && sameSite == nil }

    package func write(to w: inout Writer) {
      w.field("name", name)
      w.field("secure", secure)
      w.field("httpOnly", httpOnly)
      w.field("sameSite", sameSite)
    }
  }

  package struct TLS: Hashable, Sendable {
    package var secretName: ObjectName?
    package var certResolver: String?
    package var passthrough: Bool?
    /// Main name and further names of each certificate.
    package var domains: [[String]]

    package init(
      secretName: ObjectName? = nil, certResolver: String? = nil, passthrough: Bool? = nil,
      domains: [[String]] = []
    ) {
      self.secretName = secretName
      self.certResolver = certResolver
      self.passthrough = passthrough
      self.domains = domains
    }

    fileprivate var isEmpty: Bool {
      secretName == nil && certResolver == nil && passthrough == nil && domains.isEmpty
    }

    fileprivate func write(to w: inout Writer) {
      w.field("secretName", secretName)
      w.field("certResolver", certResolver)
      w.field("passthrough", passthrough)
      w.list("domains", domains) { names, w in
        w.field("main", names.first)
        w.field("sans", Array(names.dropFirst()))
      }
    }
  }

  /// `hasKind`: HTTP routes say what they are.
  fileprivate func write(to w: inout Writer, hasKind: Bool) {
    w.field("spec") { w in
      w.field("entryPoints", entryPoints)
      w.list("routes", routes) { route, w in
        w.field("match", route.match)
        if hasKind { w.field("kind", "Rule") }
        w.field("priority", route.priority)
        w.list("middlewares", route.middlewares)
        w.list("services", [route.service])
      }
      if let tls {
        if tls.isEmpty {
          w.field("tls", .emptyMapping)
        } else {
          w.field("tls") { tls.write(to: &$0) }
        }
      }
    }
  }
}

/// HTTP routes of Traefik.
package struct IngressRoute: Object {
  package static let apiVersion = "traefik.io/v1alpha1"
  package static let kind = "IngressRoute"
  package var metadata: ObjectMeta
  package var spec: TraefikIngressRoute

  package init(metadata: ObjectMeta, spec: TraefikIngressRoute) {
    self.metadata = metadata
    self.spec = spec
  }

  package func writeFields(to w: inout Writer) { spec.write(to: &w, hasKind: true) }
}

/// TCP routes of Traefik.
package struct IngressRouteTCP: Object {
  package static let apiVersion = "traefik.io/v1alpha1"
  package static let kind = "IngressRouteTCP"
  package var metadata: ObjectMeta
  package var spec: TraefikIngressRoute

  package init(metadata: ObjectMeta, spec: TraefikIngressRoute) {
    self.metadata = metadata
    self.spec = spec
  }

  package func writeFields(to w: inout Writer) { spec.write(to: &w, hasKind: false) }
}

/// UDP routes of Traefik.
package struct IngressRouteUDP: Object {
  package static let apiVersion = "traefik.io/v1alpha1"
  package static let kind = "IngressRouteUDP"
  package var metadata: ObjectMeta
  package var spec: TraefikIngressRoute

  package init(metadata: ObjectMeta, spec: TraefikIngressRoute) {
    self.metadata = metadata
    self.spec = spec
  }

  package func writeFields(to w: inout Writer) { spec.write(to: &w, hasKind: false) }
}
