package import YAML

/// The pods that a workload makes. Cheap to copy: the specification is behind one reference.
package struct PodTemplate: Sendable, Writable {
  package var metadata: TemplateMeta
  @Boxed package var spec: PodSpec

  package init(metadata: TemplateMeta = TemplateMeta(), spec: PodSpec) {
    self.metadata = metadata
    self._spec = Boxed(wrappedValue: spec)
  }

  package func write(to w: inout Writer) {
    w.field("metadata", metadata)
    w.field("spec", spec)
  }
}
