package import YAML

/// Where a container sees a volume.
package struct VolumeMount: Hashable, Sendable, Writable {
  package enum Propagation: String, Sendable {
    case none = "None"
    case hostToContainer = "HostToContainer"
    case bidirectional = "Bidirectional"
  }

  /// The volume's name, or that of a StatefulSet's claim template.
  package var name: ObjectName
  /// Absolute, without a colon.
  package var mountPath: String
  /// A relative path in the volume; its root where nil.
  package var subPath: String?
  /// As `subPath`, with `$(NAME)` of the container's environment; one of the two only.
  package var subPathExpr: String?
  package var readOnly: Bool?
  package var mountPropagation: Propagation?

  package init(
    name: ObjectName, mountPath: String, subPath: String? = nil, subPathExpr: String? = nil,
    readOnly: Bool? = nil, mountPropagation: Propagation? = nil
  ) {
    self.name = name
    self.mountPath = mountPath
    self.subPath = subPath
    self.subPathExpr = subPathExpr
    self.readOnly = readOnly
    self.mountPropagation = mountPropagation
  }

  package func write(to w: inout Writer) {
    w.field("name", name)
    w.field("mountPath", mountPath)
    w.field("subPath", subPath)
    w.field("subPathExpr", subPathExpr)
    w.field("readOnly", readOnly)
    w.field("mountPropagation", mountPropagation)
  }
}
