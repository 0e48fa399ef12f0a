package import YAML

/// A variable of a container's environment. Those before it can be used in its value as `$(NAME)`.
package struct EnvironmentVariable: Hashable, Sendable, Writable {
  package indirect enum Source: Hashable, Sendable {
    case value(String)
    /// `spec.nodeName`, `metadata.labels['KEY']`, …
    case fieldRef(String)
    /// `limits.cpu` and the like.
    case resourceFieldRef(String, container: ObjectName? = nil, divisor: Quantity? = nil)
    case secretKeyRef(name: ObjectName, key: String, optional: Bool? = nil)
    case configMapKeyRef(name: ObjectName, key: String, optional: Bool? = nil)
  }

  package var name: String
  package var source: Source

  package init(_ name: String, _ value: String) {
    self.name = name
    self.source = .value(value)
  }

  package init(_ name: String, from source: Source) {
    self.name = name
    self.source = source
  }

  package func write(to w: inout Writer) {
    w.field("name", name)
    if case .value(let value) = source {
      w.field("value", value)
    } else {
      w.field("valueFrom", source)
    }
  }
}

extension EnvironmentVariable.Source: Writable {
  package func write(to w: inout Writer) {
    switch self {
    case .value: break
    case .fieldRef(let path): w.field("fieldRef") { $0.field("fieldPath", path) }
    case .resourceFieldRef(let resource, let container, let divisor):
      w.field("resourceFieldRef") { w in
        w.field("containerName", container)
        w.field("resource", resource)
        w.field("divisor", divisor)
      }
    case .secretKeyRef(let name, let key, let optional):
      w.field("secretKeyRef") { w in
        w.field("name", name)
        w.field("key", key)
        w.field("optional", optional)
      }
    case .configMapKeyRef(let name, let key, let optional):
      w.field("configMapKeyRef") { w in
        w.field("name", name)
        w.field("key", key)
        w.field("optional", optional)
      }
    }
  }
}
