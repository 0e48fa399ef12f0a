package import Kubernetes
package import Ledger
package import Swarm
import YAML

/// What a named volume becomes.
package enum VolumePlan {
  /// Storage that the cluster provides on demand.
  case claim
  /// Storage that exists: a PersistentVolume for it, and a claim on that.
  case existing(PersistentVolume.Source, options: [String], SMBLogin?)
  /// A path of the node.
  case path(String, HostPath.PathType?)
  case memory(Quantity?)
  /// A claim that somebody else makes.
  case external

  /// What a share needs to be mounted.
  package struct SMBLogin {
    package var user: String?
    package var password: String?
    package var domain: String?
    /// The options name a file of the node that holds the login.
    package var file: String?
  }

  package init(
    _ volume: Swarm.Volume, _ use: VolumeUse, _ namespace: ObjectName, _ claim: ObjectName
  ) {
    if volume.isExternal {
      self = .external
      return
    }
    if volume.clusterSpec != nil {
      self = .claim
      return
    }
    guard volume.driver.value == "local" else {
      self = Self.plugin(volume)
      return
    }
    switch volume.localStorage {
    case .folder:
      self =
        use.isOnEveryNode ? .path(Self.nodeFolder(namespace, claim), .directoryOrCreate) : .claim
    case .nfs(let server, let path, let options):
      self = Self.nfs(server, Self.split(path).folder, options)
    case .smb(let source, let options): self = Self.smb(source, options, namespace, claim)
    case .bind(let path): self = .path(Self.split(path).folder, nil)
    case .memory(let size): self = .memory(size.flatMap(Self.size))
    case .device, .incomplete: self = .claim
    }
  }

  /// What comes after the fixed folder in the path of a volume whose options hold a template; nil where none does.
  package static func templatedRest(_ volume: Swarm.Volume) -> String? {
    guard !volume.isExternal, volume.clusterSpec == nil, volume.driver.value == "local" else {
      return nil
    }
    switch volume.localStorage {
    case .nfs(_, let path, _), .bind(let path): return split(path).rest
    default: return nil
    }
  }

  /// The folder above the first template in a path, and what follows.
  private static func split(_ path: String) -> (folder: String, rest: String?) {
    guard let start = path.firstRange(of: "{{"),
      let slash = path[..<start.lowerBound].lastIndex(of: "/")
    else { return (path, nil) }
    return (
      slash == path.startIndex ? "/" : String(path[..<slash]),
      String(path[path.index(after: slash)...])
    )
  }

  /// Where a DaemonSet's pods keep what was a local volume of each node.
  package static func nodeFolder(_ namespace: ObjectName, _ claim: ObjectName) -> String {
    "/var/lib/\(namespace)/\(claim)"
  }

  package static func nfs(_ server: String, _ path: String, _ options: [String]) -> VolumePlan {
    let readOnly = options.contains("ro")
    let rest = options.filter { !["ro", "rw", ""].contains($0) && !$0.hasPrefix("addr=") }
    return .existing(
      .nfs(NFSVolume(server: server, path: path, readOnly: readOnly ? true : nil)), options: rest,
      nil)
  }

  private static func smb(
    _ source: String, _ options: [String], _ namespace: ObjectName, _ claim: ObjectName
  ) -> VolumePlan {
    var login = SMBLogin()
    var rest: [String] = []
    var readOnly = false
    for option in options {
      let parts = option.split(separator: "=", maxSplits: 1).map(String.init)
      guard let key = parts.first else { continue }
      let value = parts.count > 1 ? parts[1] : ""
      switch key {
      case "addr", "ip", "rw", "guest": break
      case "ro": readOnly = true
      case "username", "user":
        // `user` alone lets users mount; `user=DOMAIN/NAME` is a login.
        if parts.count > 1 { login.user = value }
      case "password", "pass": login.password = value
      case "domain", "dom", "workgroup": login.domain = value
      case "credentials", "cred": login.file = value
      default: rest.append(option)
      }
    }
    let needsLogin = login.user != nil || login.password != nil || login.file != nil
    return .existing(
      .csi(
        CSIVolume(
          driver: "smb.csi.k8s.io", volumeHandle: "\(namespace)-\(claim)",
          readOnly: readOnly ? true : nil, volumeAttributes: ["source": source],
          nodeStageSecret: needsLogin
            ? CSIVolume.SecretReference(name: claim.appending("-smb"), namespace: namespace) : nil)),
      options: rest, needsLogin ? login : nil)
  }

  /// Plugins whose storage Kubernetes mounts by itself.
  private static func plugin(_ volume: Swarm.Volume) -> VolumePlan {
    let row = VolumePlugins.row(volume)
    switch row?.storage {
    case .nfs:
      // `share: server:/path` (netshare), `device: server:/path` (nfs-volume-plugin).
      guard let export = volume.option("share") ?? volume.option("device"),
        let colon = export.firstRange(of: ":/")
      else { return .claim }
      let options =
        (volume.option("nfsopts") ?? volume.option("o") ?? volume.option("options") ?? "")
        .split(separator: ",").map(String.init)
      return nfs(
        String(export[..<colon.lowerBound]),
        cleanPath(String(export[colon.lowerBound...].dropFirst())),
        options)
    case .nodePath:
      guard let path = volume.option("mountpoint"), path.hasPrefix("/") else { return .claim }
      return .path(cleanPath(path), .directoryOrCreate)
    default: return .claim
    }
  }

  /// A size as `mount` and Docker's plugins write it: `100m`, `10G`, `20GB`; plain bytes.
  package static func size(_ text: String) -> Quantity? {
    bytes(text, plain: 1).map { Quantity(bytes: $0) }
  }

  private static func bytes(_ text: String, plain: Int) -> Int? {
    let lower = text.lowercased()
    let digits = lower.prefix { $0.isNumber }
    guard let number = Int(digits), number > 0 else { return nil }
    var unit = lower.dropFirst(digits.count)
    while unit.last == "b" || unit.last == "i" { unit.removeLast() }
    let factor: Int
    switch unit {
    case "": factor = lower.count == digits.count ? plain : 1
    case "k": factor = 1 << 10
    case "m": factor = 1 << 20
    case "g": factor = 1 << 30
    case "t": factor = 1 << 40
    default: return nil
    }
    let (product, overflow) = number.multipliedReportingOverflow(by: factor)
    return overflow ? nil : product
  }
}

/// The claim of a named volume.
package struct VolumeClaim {
  /// A volume's label that says how much its claim asks for.
  package static let sizeLabel = "kubernetes.volume.size"
  /// A volume's label that names its claim's storage class.
  package static let classLabel = "kubernetes.volume.storage-class"

  package let size: Quantity
  package var limit: Quantity?
  package let storageClass: String?
  package let modes: [AccessMode]

  package init(_ volume: Swarm.Volume, isShared: Bool, _ options: Options) {
    let fallback = Quantity(options.volumeSize) ?? "1Gi"
    let labels = volume.node["labels"]
    if let spec = volume.clusterSpec {
      let range = spec["capacity_range"]
      size =
        range?["required_bytes"]?.text.flatMap(Int.init).flatMap {
          $0 > 0 ? Quantity(bytes: $0) : nil
        } ?? fallback
      let upper = range?["limit_bytes"]?.text.flatMap(Int.init).map { Quantity(bytes: $0) }
      if let upper, !upper.isZero, upper >= size { limit = upper }
      modes = [Self.mode(spec["access_mode"])]
    } else {
      let written =
        labels?[Self.sizeLabel]?.text.flatMap { Quantity($0) }
        ?? volume.option("size").flatMap { text in
          // Block-storage plugins count in GB where no unit is given.
          text.utf8.allSatisfy { 0x30...0x39 ~= $0 } && text.utf8.count < 6
            ? VolumePlan.size(text + "g") : VolumePlan.size(text)
        }
      size = written.flatMap { !$0.isZero && $0 > Quantity(bytes: 0) ? $0 : nil } ?? fallback
      modes = [isShared ? .readWriteMany : .readWriteOnce]
    }
    if let label = labels?[Self.classLabel]?.text, ObjectName(label) != nil {
      storageClass = label
    } else if volume.driver.value != "local", !volume.isExternal {
      storageClass =
        options.storageClass
        ?? ObjectName.folding(VolumePlugins.plain(volume.driver.value)).rawValue
    } else {
      storageClass = options.storageClass
    }
  }

  /// Swarm's scope and sharing. Source: moby `api/types/volume/cluster_volume.go`.
  private static func mode(_ node: Node?) -> AccessMode {
    switch (node?["scope"]?.text ?? "single", node?["sharing"]?.text ?? "none") {
    case (_, "readonly"): .readOnlyMany
    case ("multi", _): .readWriteMany
    default: .readWriteOnce
    }
  }

  package func object(_ metadata: ObjectMeta) -> PersistentVolumeClaim {
    PersistentVolumeClaim(
      metadata: metadata, accessModes: modes, storage: size, storageLimit: limit,
      storageClassName: storageClass)
  }
}
