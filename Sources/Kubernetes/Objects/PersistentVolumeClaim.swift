package import YAML

/// A claim on storage: what a named volume becomes.
package struct PersistentVolumeClaim: Object {
  package static let apiVersion = "v1"
  package static let kind = "PersistentVolumeClaim"
  package var metadata: ObjectMeta
  package var accessModes: [AccessMode]
  package var selector: LabelSelector?
  package var storage: Quantity
  package var storageLimit: Quantity?
  package var volumeName: ObjectName?
  /// nil takes the cluster's default class; the empty string asks for none (a static volume).
  package var storageClassName: String?
  package var volumeMode: VolumeMode?

  package init(
    metadata: ObjectMeta, accessModes: [AccessMode], selector: LabelSelector? = nil,
    storage: Quantity, storageLimit: Quantity? = nil, volumeName: ObjectName? = nil,
    storageClassName: String? = nil, volumeMode: VolumeMode? = nil
  ) {
    self.metadata = metadata
    self.accessModes = accessModes
    self.selector = selector
    self.storage = storage
    self.storageLimit = storageLimit
    self.volumeName = volumeName
    self.storageClassName = storageClassName
    self.volumeMode = volumeMode
  }

  package func writeFields(to w: inout Writer) {
    w.field("spec") { w in
      w.field("accessModes", accessModes)
      w.selector("selector", selector)
      w.field("resources") { w in
        w.field("limits") { $0.field("storage", storageLimit) }
        w.field("requests") { $0.field("storage", storage) }
      }
      w.field("volumeName", volumeName)
      w.field("storageClassName", storageClassName)
      w.field("volumeMode", volumeMode)
    }
  }
}

/// Who may mount a volume, and how.
package enum AccessMode: String, Sendable {
  case readWriteOnce = "ReadWriteOnce"
  case readOnlyMany = "ReadOnlyMany"
  case readWriteMany = "ReadWriteMany"
  case readWriteOncePod = "ReadWriteOncePod"
}

package enum VolumeMode: String, Sendable {
  case filesystem = "Filesystem"
  case block = "Block"
}
