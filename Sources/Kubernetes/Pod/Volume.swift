package import YAML

/// A volume of a pod.
package struct Volume: Hashable, Sendable, Writable {
  package indirect enum Source: Hashable, Sendable {
    case configMap(ConfigMapVolume)
    case secret(SecretVolume)
    case projected(sources: [Projection], defaultMode: Int? = nil)
    case downwardAPI(items: [DownwardAPIItem], defaultMode: Int? = nil)
    case emptyDir(medium: Medium? = nil, sizeLimit: Quantity? = nil)
    case hostPath(HostPath)
    case persistentVolumeClaim(name: ObjectName, readOnly: Bool? = nil)
    case nfs(NFSVolume)
    case csi(CSIVolume)
  }

  package enum Medium: String, Sendable {
    case memory = "Memory"
  }

  package var name: ObjectName
  package var source: Source

  package init(name: ObjectName, _ source: Source) {
    self.name = name
    self.source = source
  }

  package func write(to w: inout Writer) {
    w.field("name", name)
    switch source {
    case .configMap(let volume): w.field("configMap", volume)
    case .secret(let volume): w.field("secret", volume)
    case .projected(let sources, let defaultMode):
      w.field("projected") { w in
        w.list("sources", sources)
        w.field("defaultMode", defaultMode)
      }
    case .downwardAPI(let items, let defaultMode):
      w.field("downwardAPI") { w in
        w.list("items", items)
        w.field("defaultMode", defaultMode)
      }
    case .emptyDir(nil, nil): w.field("emptyDir", .emptyMapping)
    case .emptyDir(let medium, let limit):
      w.field("emptyDir") { w in
        w.field("medium", medium)
        w.field("sizeLimit", limit)
      }
    case .hostPath(let path): w.field("hostPath", path)
    case .persistentVolumeClaim(let name, let readOnly):
      w.field("persistentVolumeClaim") { w in
        w.field("claimName", name)
        w.field("readOnly", readOnly)
      }
    case .nfs(let nfs): w.field("nfs", nfs)
    case .csi(let csi): w.field("csi", csi)
    }
  }
}

/// The entries of a ConfigMap as files. Modes are permission bits (`0o444`), written in decimal, because YAML
/// 1.1 and 1.2 read octal differently.
package struct ConfigMapVolume: Hashable, Sendable, Writable {
  package var name: ObjectName
  /// Empty takes every entry under its own key.
  package var items: [KeyToPath]
  package var defaultMode: Int?
  package var optional: Bool?

  package init(
    name: ObjectName, items: [KeyToPath] = [], defaultMode: Int? = nil, optional: Bool? = nil
  ) {
    self.name = name
    self.items = items
    self.defaultMode = defaultMode
    self.optional = optional
  }

  package func write(to w: inout Writer) {
    w.field("name", name)
    w.list("items", items)
    w.field("defaultMode", defaultMode)
    w.field("optional", optional)
  }
}

/// The entries of a Secret as files.
package struct SecretVolume: Hashable, Sendable, Writable {
  package var name: ObjectName
  /// Empty takes every entry under its own key.
  package var items: [KeyToPath]
  package var defaultMode: Int?
  package var optional: Bool?

  package init(
    name: ObjectName, items: [KeyToPath] = [], defaultMode: Int? = nil, optional: Bool? = nil
  ) {
    self.name = name
    self.items = items
    self.defaultMode = defaultMode
    self.optional = optional
  }

  package func write(to w: inout Writer) {
    w.field("secretName", name)
    w.list("items", items)
    w.field("defaultMode", defaultMode)
    w.field("optional", optional)
  }
}

/// An entry and the relative path under which it appears.
package struct KeyToPath: Hashable, Sendable, Writable {
  package var key: String
  package var path: String
  /// Permission bits.
  package var mode: Int?

  package init(key: String, path: String, mode: Int? = nil) {
    self.key = key
    self.path = path
    self.mode = mode
  }

  package func write(to w: inout Writer) {
    w.field("key", key)
    w.field("path", path)
    w.field("mode", mode)
  }
}

/// A field of the pod as a file.
package struct DownwardAPIItem: Hashable, Sendable, Writable {
  package var path: String
  /// `metadata.name`, `metadata.labels`, …
  package var fieldPath: String
  package var mode: Int?

  package init(path: String, fieldPath: String, mode: Int? = nil) {
    self.path = path
    self.fieldPath = fieldPath
    self.mode = mode
  }

  package func write(to w: inout Writer) {
    w.field("path", path)
    w.field("fieldRef") { $0.field("fieldPath", fieldPath) }
    w.field("mode", mode)
  }
}

/// A part of a projected volume.
package enum Projection: Hashable, Sendable, Writable {
  case secret(name: ObjectName, items: [KeyToPath] = [], optional: Bool? = nil)
  case configMap(name: ObjectName, items: [KeyToPath] = [], optional: Bool? = nil)
  case downwardAPI(items: [DownwardAPIItem])

  package func write(to w: inout Writer) {
    switch self {
    case .secret(let name, let items, let optional):
      w.field("secret") { $0.fields(name, items, optional) }
    case .configMap(let name, let items, let optional):
      w.field("configMap") { $0.fields(name, items, optional) }
    case .downwardAPI(let items):
      w.field("downwardAPI") { $0.list("items", items) }
    }
  }
}

extension Writer {
  fileprivate mutating func fields(_ name: ObjectName, _ items: [KeyToPath], _ optional: Bool?) {
    field("name", name)
    list("items", items)
    field("optional", optional)
  }
}
