package import YAML

/// A middleware of Traefik 3: what happens to a request on its way.
///
/// Source: doc.traefik.io, "HTTP Middlewares", and the definition of `middlewares.traefik.io`.
package struct TraefikMiddleware: Object {
  package static let apiVersion = "traefik.io/v1alpha1"
  package static let kind = "Middleware"
  package var metadata: ObjectMeta
  /// Such as `stripPrefix`.
  package var type: String
  /// The mapping below the type.
  package var options: Node

  package init(metadata: ObjectMeta, type: String, options: Node) {
    self.metadata = metadata
    self.type = type
    self.options = options
  }

  package func writeFields(to w: inout Writer) {
    w.field("spec") { w in w.write(Node(.mapping([Entry(type, options)]))) }
  }
}
