package import YAML

/// Storage that exists already: an NFS export, a CSI volume, a path of a node.
package struct PersistentVolume: Object {
  package static let apiVersion = "v1"
  package static let kind = "PersistentVolume"
  package var metadata: ObjectMeta
  package var accessModes: [AccessMode]
  package var capacity: Quantity
  package var volumeMode: VolumeMode?
  /// nil takes no class; written as the empty string where it is empty.
  package var storageClassName: String?
  package var mountOptions: [String]
  package var claimReference: ClaimReference?
  package var reclaimPolicy: ReclaimPolicy?
  package var nodeAffinity: [NodeSelectorTerm]
  package var source: Source

  package init(
    metadata: ObjectMeta, accessModes: [AccessMode], capacity: Quantity,
    volumeMode: VolumeMode? = nil, storageClassName: String? = nil, mountOptions: [String] = [],
    claimReference: ClaimReference? = nil, reclaimPolicy: ReclaimPolicy? = nil,
    nodeAffinity: [NodeSelectorTerm] = [], source: Source
  ) {
    self.metadata = metadata
    self.accessModes = accessModes
    self.capacity = capacity
    self.volumeMode = volumeMode
    self.storageClassName = storageClassName
    self.mountOptions = mountOptions
    self.claimReference = claimReference
    self.reclaimPolicy = reclaimPolicy
    self.nodeAffinity = nodeAffinity
    self.source = source
  }

  package enum ReclaimPolicy: String, Sendable {
    case retain = "Retain"
    case delete = "Delete"
  }

  /// The claim that alone may have the volume.
  package struct ClaimReference: Hashable, Sendable {
    package var namespace: ObjectName
    package var name: ObjectName

    package init(namespace: ObjectName, name: ObjectName) {
      self.namespace = namespace
      self.name = name
    }
  }

  package indirect enum Source: Hashable, Sendable {
    case nfs(NFSVolume)
    case csi(CSIVolume)
    case hostPath(HostPath)
    /// A path of the node that `nodeAffinity` names.
    case local(path: String)
  }

  package func writeFields(to w: inout Writer) {
    w.field("spec") { w in
      w.field("accessModes", accessModes)
      w.field("capacity") { $0.field("storage", capacity) }
      w.field("volumeMode", volumeMode)
      w.field("storageClassName", storageClassName)
      w.field("mountOptions", mountOptions)
      if let claimReference {
        w.field("claimRef") { w in
          w.field("apiVersion", "v1")
          w.field("kind", "PersistentVolumeClaim")
          w.field("namespace", claimReference.namespace)
          w.field("name", claimReference.name)
        }
      }
      w.field("persistentVolumeReclaimPolicy", reclaimPolicy)
      w.field("nodeAffinity") { w in
        w.field("required") { $0.list("nodeSelectorTerms", nodeAffinity) }
      }
      switch source {
      case .nfs(let nfs): w.field("nfs", nfs)
      case .csi(let csi): w.field("csi", csi)
      case .hostPath(let path): w.field("hostPath", path)
      case .local(let path): w.field("local") { $0.field("path", path) }
      }
    }
  }
}

/// An export of an NFS server.
package struct NFSVolume: Hashable, Sendable, Writable {
  package var server: String
  package var path: String
  package var readOnly: Bool?

  package init(server: String, path: String, readOnly: Bool? = nil) {
    self.server = server
    self.path = path
    self.readOnly = readOnly
  }

  package func write(to w: inout Writer) {
    w.field("server", server)
    w.field("path", path)
    w.field("readOnly", readOnly)
  }
}

/// A volume that a CSI driver knows. Inline in a pod it has no handle and no namespace of its secret.
package struct CSIVolume: Hashable, Sendable, Writable {
  package struct SecretReference: Hashable, Sendable {
    package var name: ObjectName
    package var namespace: ObjectName?

    package init(name: ObjectName, namespace: ObjectName? = nil) {
      self.name = name
      self.namespace = namespace
    }
  }

  package var driver: String
  /// Required in a PersistentVolume, absent in a pod.
  package var volumeHandle: String?
  package var readOnly: Bool?
  package var fsType: String?
  package var volumeAttributes: StringMap
  /// In a PersistentVolume, the secret to stage the volume on a node; it needs a namespace.
  package var nodeStageSecret: SecretReference?
  /// In a PersistentVolume with a namespace, in a pod without.
  package var nodePublishSecret: SecretReference?

  package init(
    driver: String, volumeHandle: String? = nil, readOnly: Bool? = nil, fsType: String? = nil,
    volumeAttributes: StringMap = [:], nodeStageSecret: SecretReference? = nil,
    nodePublishSecret: SecretReference? = nil
  ) {
    self.driver = driver
    self.volumeHandle = volumeHandle
    self.readOnly = readOnly
    self.fsType = fsType
    self.volumeAttributes = volumeAttributes
    self.nodeStageSecret = nodeStageSecret
    self.nodePublishSecret = nodePublishSecret
  }

  package func write(to w: inout Writer) {
    w.field("driver", driver)
    w.field("volumeHandle", volumeHandle)
    w.field("readOnly", readOnly)
    w.field("fsType", fsType)
    w.field("volumeAttributes", volumeAttributes)
    w.field("nodeStageSecretRef") { w in
      w.field("name", nodeStageSecret?.name)
      w.field("namespace", nodeStageSecret?.namespace)
    }
    w.field("nodePublishSecretRef") { w in
      w.field("name", nodePublishSecret?.name)
      w.field("namespace", nodePublishSecret?.namespace)
    }
  }
}

/// A path of the node itself.
package struct HostPath: Hashable, Sendable, Writable {
  package enum PathType: String, Sendable {
    case directoryOrCreate = "DirectoryOrCreate"
    case directory = "Directory"
    case fileOrCreate = "FileOrCreate"
    case file = "File"
    case socket = "Socket"
    case characterDevice = "CharDevice"
    case blockDevice = "BlockDevice"
  }

  package var path: String
  /// nil checks nothing before the mount.
  package var type: PathType?

  package init(_ path: String, type: PathType? = nil) {
    self.path = path
    self.type = type
  }

  package func write(to w: inout Writer) {
    w.field("path", path)
    w.field("type", type)
  }
}
