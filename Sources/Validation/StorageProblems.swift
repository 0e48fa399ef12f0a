import Kubernetes
internal import YAML

// Volumes, claims and classes (kubernetes pkg/apis/core/validation `ValidatePersistentVolumeSpec`,
// `ValidatePersistentVolumeClaimSpec`, pkg/apis/storage/validation).

extension ProblemList {
  package mutating func checkClaim(_ spec: Field) {
    checkAccess(spec)
    checkSelector(spec["selector"])
    guard let requests = spec["resources"]?["requests"], let storage = requests["storage"] else {
      let owner = spec["resources"]?["requests"] ?? spec["resources"] ?? spec
      add(
        .missingField, at: owner.at("storage"),
        "the size is missing: resources.requests.storage")
      return
    }
    if let amount = storage.quantity {
      expect(amount.nanos > 0, .storage, at: storage.spot, "must be more than 0")
      if let limit = spec["resources"]?["limits"]?.quantity("storage") {
        expect(
          amount <= limit, .storage, at: storage.spot,
          "\(amount) is more than the limit, \(limit)")
      }
    }
    checkClass(spec)
  }

  private mutating func checkAccess(_ spec: Field) {
    let modes = spec.texts("accessModes")
    let spot = spec.at("accessModes")
    expect(!spec.items("accessModes").isEmpty, .storage, at: spot, "there is no access mode")
    warn(unless: Set(modes).count == modes.count, .storage, at: spot, "a mode is there twice")
    expect(
      !modes.contains("ReadWriteOncePod") || modes.count == 1, .storage, at: spot,
      "ReadWriteOncePod must be alone")
  }

  /// The empty name is legal: it asks for no class.
  private mutating func checkClass(_ spec: Field) {
    guard let name = spec.text("storageClassName"), !name.isEmpty else { return }
    expect(
      ObjectName.isSubdomain(name), .name, at: spec.at("storageClassName"),
      "\(name) is no RFC 1123 subdomain")
  }

  /// A PersistentVolume.
  package mutating func checkVolume(_ spec: Field) {
    checkAccess(spec)
    if let storage = spec["capacity"]?["storage"] {
      expect(
        storage.quantity.map { $0.nanos > 0 } ?? true, .storage, at: storage.spot,
        "must be more than 0")
    } else {
      add(.missingField, at: (spec["capacity"] ?? spec).at("storage"), "the capacity is missing")
    }
    checkClass(spec)
    let affinity = spec["nodeAffinity"]
    if let required = affinity?["required"] { checkNodeSelector(required) }
    let settings: Set<String> = [
      "accessModes", "capacity", "claimRef", "mountOptions", "nodeAffinity",
      "persistentVolumeReclaimPolicy", "storageClassName", "volumeAttributesClassName",
      "volumeMode",
    ]
    let sources = (spec.node.entries ?? []).map(\.key).filter { !settings.contains($0) }
    expectOne(of: sources, in: spec, .storage, "the volume's source")
    if let nfs = spec["nfs"] { checkNFS(nfs) }
    if let path = spec["hostPath"] { checkHostPath(path) }
    if let csi = spec["csi"] {
      checkDriver(csi)
      expect(
        csi["volumeHandle"] == nil || csi.text("volumeHandle")?.isEmpty == false, .storage,
        at: csi.at("volumeHandle"), "there is no handle")
      for name in ["nodeStageSecretRef", "nodePublishSecretRef"] {
        guard let secret = csi[name] else { continue }
        expect(
          secret["namespace"] != nil, .storage, at: secret.at("namespace"),
          "a secret of a PersistentVolume needs a namespace")
      }
    }
    if let local = spec["local"] {
      if let path = local.text("path") {
        expect(
          path.hasPrefix("/") && !path.split(separator: "/").contains(".."), .storage,
          at: local.at("path"), "\(path) is no absolute path without ..")
      }
      expect(
        affinity?["required"] != nil, .storage, at: spec.at("nodeAffinity"),
        "a local volume needs the node's affinity")
    }
  }

  package mutating func checkStorageClass(_ manifest: Field) {
    if let provisioner = manifest.text("provisioner") {
      expect(
        LabelKey.isValid(provisioner.lowercased()), .storage, at: manifest.at("provisioner"),
        "\(provisioner) is no qualified name")
    }
    var size = 0
    for entry in manifest.entries("parameters") {
      size += entry.key.utf8.count + (entry.value.text?.utf8.count ?? 0)
    }
    expect(
      size <= 256 << 10, .storage, at: manifest.at("parameters"),
      "\(size) bytes of parameters; the limit is 262144")
  }
}
