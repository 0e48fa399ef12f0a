import Basics
internal import Diagnostics
import Kubernetes
internal import YAML

// Volumes of a pod (kubernetes pkg/apis/core/validation `ValidateVolumes`).

extension ProblemList {
  /// - Parameter claims: A StatefulSet's claim templates, which are volumes too.
  package mutating func checkVolumes(of pod: Field, claims: [Field]) {
    var names: Set<String> = []
    for claim in claims {
      guard let metadata = claim["metadata"], let name = metadata.text("name") else { continue }
      expect(
        names.insert(name).inserted, .volume, at: metadata.at("name"),
        "two claim templates have the name \(name)")
    }
    let volumes = pod.items("volumes")
    for volume in volumes {
      if let name = volume.text("name") {
        expect(
          ObjectName.isLabel(name), .name, at: volume.at("name"), "\(name) is no RFC 1123 label")
        // A volume of a claim template's name gives way to it.
        names.insert(name)
      }
      checkSource(of: volume)
    }
    var used: Set<String> = []
    for container in pod.items("initContainers") + pod.items("containers") {
      for list in ["volumeMounts", "volumeDevices"] {
        for mount in container.items(list) {
          guard let name = mount.text("name") else { continue }
          used.insert(name)
          expect(
            names.contains(name), .volume, at: mount.at("name"), "there is no volume \(name)",
            hint: nearest(name, among: names.sorted()).map { "did you mean \($0)?" })
        }
      }
    }
    for volume in volumes {
      guard let name = volume.text("name") else { continue }
      warn(unless: used.contains(name), .volume, at: volume.spot, "nothing mounts \(name)")
    }
    for claim in claims {
      guard let name = claim["metadata"]?.text("name") else { continue }
      warn(unless: used.contains(name), .volume, at: claim.spot, "nothing mounts \(name)")
    }
  }

  /// `validateVolumeSource`.
  private mutating func checkSource(of volume: Field) {
    let sources = (volume.node.entries ?? []).map(\.key).filter { $0 != "name" }
    // Without a source it is an emptyDir.
    let present = expectOne(of: sources, in: volume, .volume, isRequired: false, "the source")
    warn(
      unless: !present.isEmpty || volume.text("name") == nil, .volume, at: volume.spot,
      "a volume without a source is an emptyDir")
    if let source = volume["configMap"] {
      checkName(of: source, "name")
      checkMode(source, "defaultMode")
      var paths: Set<String> = []
      checkItems(source, &paths)
    }
    if let source = volume["secret"] {
      checkName(of: source, "secretName")
      checkMode(source, "defaultMode")
      var paths: Set<String> = []
      checkItems(source, &paths)
    }
    if let source = volume["projected"] {
      checkMode(source, "defaultMode")
      checkProjections(source)
    }
    if let source = volume["downwardAPI"] {
      checkMode(source, "defaultMode")
      var paths: Set<String> = []
      checkDownwardItems(source, &paths)
    }
    if let limit = volume["emptyDir"]?["sizeLimit"], let amount = limit.quantity {
      expect(amount.nanos >= 0, .volume, at: limit.spot, "it is negative")
    }
    if let source = volume["hostPath"] { checkHostPath(source) }
    if let source = volume["persistentVolumeClaim"] { checkReference(source, "claimName") }
    if let source = volume["nfs"] { checkNFS(source) }
    if let source = volume["csi"] { checkDriver(source) }
    if let claim = volume["ephemeral"]?["volumeClaimTemplate"]?["spec"] { checkClaim(claim) }
  }

  private mutating func checkName(of source: Field, _ name: String) {
    expect(source[name] != nil, .missingField, at: source.at(name), "\(name) is missing")
    checkReference(source, name)
  }

  /// `validateProjectionSources`: no path comes twice, whatever part it is in.
  private mutating func checkProjections(_ volume: Field) {
    var paths: Set<String> = []
    for source in volume.items("sources") {
      expectOne(
        of: [
          "secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle",
          "podCertificate",
        ], in: source, .volume, "the source")
      for name in ["secret", "configMap"] {
        guard let part = source[name] else { continue }
        checkName(of: part, "name")
        checkItems(part, &paths)
      }
      if let part = source["downwardAPI"] { checkDownwardItems(part, &paths) }
    }
  }

  private mutating func checkItems(_ source: Field, _ paths: inout Set<String>) {
    for item in source.items("items") {
      if let key = item.text("key") {
        expect(Self.isDataKey(key), .volume, at: item.at("key"), "\(key) is no key of its data")
      }
      checkPath(of: item, &paths)
    }
  }

  private mutating func checkDownwardItems(_ source: Field, _ paths: inout Set<String>) {
    for item in source.items("items") {
      checkPath(of: item, &paths)
      expectOne(of: ["fieldRef", "resourceFieldRef"], in: item, .volume, "the field")
      guard let field = item["fieldRef"], let path = field.text("fieldPath") else { continue }
      // `validVolumeDownwardAPIFieldPathExpressions`
      switch path {
      case "metadata.name", "metadata.namespace", "metadata.uid", "metadata.labels",
        "metadata.annotations":
        break
      default:
        expect(
          Self.subscriptedKey(path), .volume, at: field.at("fieldPath"),
          "\(path) is no field that a file can have")
      }
    }
  }

  /// `validateLocalNonReservedPath`: relative, no `..` in it, no two dots at its beginning.
  private mutating func checkPath(of item: Field, _ paths: inout Set<String>) {
    checkMode(item, "mode")
    guard let path = item.text("path") else { return }
    expect(
      Self.isRelativePath(path) && !path.hasPrefix(".."), .volume, at: item.at("path"),
      "\(path) is no relative path without ..")
    expect(paths.insert(path).inserted, .volume, at: item.at("path"), "\(path) is there twice")
  }

  package mutating func checkHostPath(_ source: Field) {
    // `validatePathNoBacksteps`
    guard let path = source.text("path") else { return }
    expect(
      !path.isEmpty && !path.split(separator: "/").contains(".."), .volume, at: source.at("path"),
      "\(path) is empty or holds ..")
  }

  package mutating func checkNFS(_ source: Field) {
    expect(source.text("server") != "", .volume, at: source.at("server"), "there is no server")
    if let path = source.text("path") {
      expect(
        path.hasPrefix("/"), .volume, at: source.at("path"), "\(path) is no absolute path")
    }
  }

  /// `ValidateCSIDriverName`: at most 63, an RFC 1123 subdomain whatever the letter case.
  package mutating func checkDriver(_ source: Field) {
    guard let driver = source.text("driver") else { return }
    expect(
      driver.utf8.count <= 63 && ObjectName.isSubdomain(driver.lowercased()), .storage,
      at: source.at("driver"), "\(driver) is no name of a CSI driver")
  }
}
