package import YAML

/// What every object has. Cluster-wide kinds have no namespace; a pod template has no name either.
package struct ObjectMeta: Hashable, Sendable, Writable {
  package var name: ObjectName
  package var namespace: ObjectName?
  package var labels: Labels
  package var annotations: Annotations

  package init(
    name: ObjectName, namespace: ObjectName? = nil, labels: Labels = [:],
    annotations: Annotations = [:]
  ) {
    self.name = name
    self.namespace = namespace
    self.labels = labels
    self.annotations = annotations
  }

  package func write(to w: inout Writer) {
    w.field("name", name)
    w.field("namespace", namespace)
    w.field("labels", labels)
    w.field("annotations", annotations)
  }
}

/// The labels and annotations of the pods that a workload makes, or of a CronJob's Jobs.
package struct TemplateMeta: Hashable, Sendable, Writable {
  package var labels: Labels
  package var annotations: Annotations

  package init(labels: Labels = [:], annotations: Annotations = [:]) {
    self.labels = labels
    self.annotations = annotations
  }

  package func write(to w: inout Writer) {
    w.field("labels", labels)
    w.field("annotations", annotations)
  }
}
