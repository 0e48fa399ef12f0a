package import YAML

/// A namespace: what a stack becomes.
package struct Namespace: Object {
  package static let apiVersion = "v1"
  package static let kind = "Namespace"
  package var metadata: ObjectMeta

  package init(metadata: ObjectMeta) {
    self.metadata = metadata
  }

  package func writeFields(to w: inout Writer) {}
}
