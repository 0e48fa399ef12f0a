// Volumes of a pod (kubernetes pkg/apis/core/validation `ValidateVolumes`).

extension ProblemList {
  /// - Parameter claims: The names of a StatefulSet's claim templates, which are volumes too.
  mutating func checkVolumes(of pod: PodSpec, claims: [ObjectName], at place: () -> String) {
    var names = Set(claims)
    expect(names.count == claims.count, place(), "two claim templates have one name")
    for (index, volume) in pod.volumes.enumerated() {
      func path() -> String { "\(place()).volumes[\(index)]" }
      expect(volume.name.isLabel, "\(path()).name", "\(volume.name) is no RFC 1123 label")
      expect(
        names.insert(volume.name).inserted, "\(path()).name",
        "another volume has the name \(volume.name)")
      check(volume.source, at: path)
    }
    var used: Set<ObjectName> = []
    for (kind, containers) in [
      ("initContainers", pod.initContainers), ("containers", pod.containers),
    ] {
      for (index, container) in containers.enumerated() {
        for (number, mount) in container.volumeMounts.enumerated() {
          used.insert(mount.name)
          expect(
            names.contains(mount.name),
            "\(place()).\(kind)[\(index)].volumeMounts[\(number)].name",
            "there is no volume \(mount.name)")
        }
      }
    }
    // No rule of the server's; a volume that nothing mounts is a mistake of ours.
    for (index, volume) in pod.volumes.enumerated() where !used.contains(volume.name) {
      add("\(place()).volumes[\(index)]", "nothing mounts \(volume.name)")
    }
    for claim in claims where !used.contains(claim) {
      add("spec.volumeClaimTemplates", "nothing mounts \(claim)")
    }
  }

  private mutating func check(_ source: Volume.Source, at place: () -> String) {
    switch source {
    case .configMap(let volume):
      check(name: volume.name) { "\(place()).configMap.name" }
      check(mode: volume.defaultMode) { "\(place()).configMap.defaultMode" }
      var paths: Set<String> = []
      check(volume.items, &paths) { "\(place()).configMap.items" }
    case .secret(let volume):
      check(name: volume.name) { "\(place()).secret.secretName" }
      check(mode: volume.defaultMode) { "\(place()).secret.defaultMode" }
      var paths: Set<String> = []
      check(volume.items, &paths) { "\(place()).secret.items" }
    case .projected(let sources, let mode):
      check(mode: mode) { "\(place()).projected.defaultMode" }
      check(sources) { "\(place()).projected.sources" }
    case .downwardAPI(let items, let mode):
      check(mode: mode) { "\(place()).downwardAPI.defaultMode" }
      var paths: Set<String> = []
      check(items, &paths) { "\(place()).downwardAPI.items" }
    case .emptyDir(_, let limit):
      expect(
        limit.map { $0.nanos >= 0 } ?? true, "\(place()).emptyDir.sizeLimit", "it is negative")
    case .hostPath(let path): check(path) { "\(place()).hostPath" }
    case .persistentVolumeClaim(let name, _):
      check(name: name) { "\(place()).persistentVolumeClaim.claimName" }
    case .nfs(let nfs): check(nfs) { "\(place()).nfs" }
    case .csi(let csi):
      check(driver: csi.driver) { "\(place()).csi.driver" }
      expect(
        csi.volumeHandle == nil && csi.nodeStageSecret == nil
          && csi.nodePublishSecret?.namespace == nil, "\(place()).csi",
        "a handle, a stage secret or a secret's namespace is for PersistentVolumes")
    }
  }

  /// `validateProjectionSources`: no path comes twice, whatever part it is in.
  private mutating func check(_ sources: [Projection], at place: () -> String) {
    var paths: Set<String> = []
    for (index, source) in sources.enumerated() {
      func path() -> String { "\(place())[\(index)]" }
      switch source {
      case .secret(let name, let items, _), .configMap(let name, let items, _):
        check(name: name, at: path)
        check(items, &paths, at: path)
      case .downwardAPI(let items): check(items, &paths, at: path)
      }
    }
  }

  private mutating func check(
    _ items: [KeyToPath], _ paths: inout Set<String>, at place: () -> String
  ) {
    for item in items {
      expect(Self.isDataKey(item.key), place(), "\(item.key) is no key of its data")
      check(itemPath: item.path, &paths, at: place)
      check(mode: item.mode, at: place)
    }
  }

  private mutating func check(
    _ items: [DownwardAPIItem], _ paths: inout Set<String>, at place: () -> String
  ) {
    for item in items {
      check(itemPath: item.path, &paths, at: place)
      check(mode: item.mode, at: place)
      // `validVolumeDownwardAPIFieldPathExpressions`
      switch item.fieldPath {
      case "metadata.name", "metadata.namespace", "metadata.uid", "metadata.labels",
        "metadata.annotations":
        break
      default:
        expect(
          Self.subscriptedKey(item.fieldPath), place(),
          "\(item.fieldPath) is no field that a file can have")
      }
    }
  }

  /// `validateLocalNonReservedPath`: relative, no `..` in it, no two dots at its beginning.
  private mutating func check(
    itemPath path: String, _ paths: inout Set<String>, at place: () -> String
  ) {
    expect(
      Self.isRelativePath(path) && !path.hasPrefix(".."), place(),
      "\(path) is no relative path without ..")
    expect(paths.insert(path).inserted, place(), "\(path) is there twice")
  }

  mutating func check(_ path: HostPath, at place: () -> String) {
    // `validatePathNoBacksteps`
    expect(
      !path.path.isEmpty && !path.path.split(separator: "/").contains(".."), "\(place()).path",
      "\(path.path) is empty or holds ..")
  }

  mutating func check(_ nfs: NFSVolume, at place: () -> String) {
    expect(!nfs.server.isEmpty, "\(place()).server", "there is no server")
    expect(nfs.path.hasPrefix("/"), "\(place()).path", "\(nfs.path) is no absolute path")
  }

  /// `ValidateCSIDriverName`: at most 63, an RFC 1123 subdomain whatever the letter case.
  mutating func check(driver: String, at place: () -> String) {
    expect(
      driver.utf8.count <= 63 && ObjectName.isSubdomain(driver.lowercased()), place(),
      "\(driver) is no name of a CSI driver")
  }
}
