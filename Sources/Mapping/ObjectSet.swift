package import Kubernetes
import Ledger
import YAML

/// The objects of one stack that belong to no single service: namespace, policies, claims, configs, secrets.
package struct ObjectSet: Sendable {
  package let stack: String
  package let namespace: ObjectName
  package var objects: [any Object] = []

  package init(stack: String, namespace: ObjectName) {
    self.stack = stack
    self.namespace = namespace
  }

  /// The labels of what belongs to the stack as a whole.
  package var labels: Labels {
    [
      "app.kubernetes.io/instance": LabelValue(namespace),
      "app.kubernetes.io/managed-by": "stackferry",
      "app.kubernetes.io/part-of": LabelValue(namespace),
    ]
  }

  /// Metadata for an object of the stack.
  package func metadata(_ name: ObjectName, annotations: Annotations = [:]) -> ObjectMeta {
    ObjectMeta(name: name, namespace: namespace, labels: labels, annotations: annotations)
  }
}
