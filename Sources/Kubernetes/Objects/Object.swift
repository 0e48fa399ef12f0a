package import YAML

/// A Kubernetes object that is emitted. One file a kind; the fields are those that a stack can need, in the
/// order of the API reference, a workload's pod template last.
package protocol Object: Writable, Sendable {
  /// Such as `apps/v1`.
  static var apiVersion: String { get }
  /// Such as `Deployment`.
  static var kind: String { get }
  var metadata: ObjectMeta { get set }
  /// Writes the fields behind `metadata`.
  func writeFields(to w: inout Writer)
}

extension Object {
  package func write(to w: inout Writer) {
    w.field("apiVersion", Self.apiVersion)
    w.field("kind", Self.kind)
    w.field("metadata", metadata)
    writeFields(to: &w)
  }

  package var reference: ObjectReference {
    ObjectReference(
      kind: Self.kind, name: metadata.name.rawValue, namespace: metadata.namespace?.rawValue)
  }
}

/// An object that runs pods.
package protocol PodOwner: Object {
  var template: PodTemplate { get set }
  /// nil for Jobs, whose controller makes its own.
  var podSelector: LabelSelector? { get }
}

/// An object by its kind and name, in messages `Deployment/web`.
package struct ObjectReference: Hashable, Sendable, Comparable, CustomStringConvertible {
  package var kind: String
  package var name: String
  package var namespace: String?

  package init(kind: String, name: String, namespace: String? = nil) {
    self.kind = kind
    self.name = name
    self.namespace = namespace
  }

  package var description: String { "\(kind)/\(name)" }

  package static func < (left: Self, right: Self) -> Bool {
    (left.namespace ?? "", left.kind, left.name) < (right.namespace ?? "", right.kind, right.name)
  }
}

extension Writer {
  /// The objects as one stream of documents.
  package mutating func documents(_ objects: [any Object]) {
    for object in objects {
      document()
      object.write(to: &self)
    }
  }
}
