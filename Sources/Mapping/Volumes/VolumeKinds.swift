package import Ledger

// What the feature `volumes` can say.

extension Volumes {
  package enum Kind {
    // Mounts.
    static let ofImage: FindingKind = .adapted("volumes/of-image")
    static let templatedTarget: FindingKind = .manual("volumes/templated-target", .leavesData)
    static let root: FindingKind = .lost("volumes/root", .leavesData)
    static let colonInTarget: FindingKind = .manual("volumes/colon-in-target", .leavesData)
    static let sameTarget: FindingKind = .lost("volumes/same-target", .leavesData)
    static let noTarget: FindingKind = .inert("volumes/no-target")
    static let anonymous: FindingKind = .adapted("volumes/anonymous")
    static let tmpfs: FindingKind = .adapted("volumes/tmpfs")
    static let tmpfsMode: FindingKind = .adapted("volumes/tmpfs-mode")
    static let namedPipe: FindingKind = .decide("volumes/named-pipe")
    static let imageMount: FindingKind = .lost("volumes/image-mount", .leavesData)
    static let consistency: FindingKind = .inert("volumes/consistency")
    static let otherKind: FindingKind = .inert("volumes/other-kind")
    static let undefined: FindingKind = .manual("volumes/undefined", .leavesData)

    // Binds.
    static let noSource: FindingKind = .lost("volumes/no-source", .leavesData)
    static let hostPath: FindingKind = .decide("volumes/host-path")
    static let stackFolder: FindingKind = .decide("volumes/stack-folder")
    static let wellKnownPath: FindingKind = .decide("volumes/well-known-path")
    package static let dockerSocket: FindingKind = .lost("volumes/docker-socket", .keepsPodsDown)
    static let carriedFile: FindingKind = .adapted("volumes/carried-file")
    static let carriedFolder: FindingKind = .decide("volumes/carried-folder")
    static let externalSecret: FindingKind = .manual("volumes/external-secret", .leavesData)
    static let omitted: FindingKind = .manual("volumes/omitted", .leavesData, asks: .secrets)
    static let propagation: FindingKind = .adapted("volumes/propagation")
    static let propagationOfFiles: FindingKind = .inert("volumes/propagation-of-files")
    /// Also of named volumes.
    static let templatedPath: FindingKind = .manual("volumes/templated-path", .leavesData)

    // Named volumes.
    static let unused: FindingKind = .inert("volumes/unused")
    static let copyData: FindingKind = .manual("volumes/copy-data", .leavesData, asks: .volumeSize)
    static let startsEmpty: FindingKind = .adapted("volumes/starts-empty")
    static let groupOfClaims: FindingKind = .adapted("volumes/group-of-claims")
    static let lostAndFound: FindingKind = .adapted("volumes/lost-and-found")
    static let external: FindingKind = .manual("volumes/external", .keepsPodsDown)
    static let claimOfOtherStack: FindingKind = .manual(
      "volumes/claim-of-other-stack", .leavesData)
    static let storageOfOtherStack: FindingKind = .adapted("volumes/storage-of-other-stack")
    static let shared: FindingKind = .decide("volumes/shared", asks: .storageClass)
    static let perPod: FindingKind = .decide("volumes/per-pod")
    static let nodeFolder: FindingKind = .decide("volumes/node-folder")
    static let nodePath: FindingKind = .decide("volumes/node-path")
    static let memory: FindingKind = .adapted("volumes/memory")
    static let smb: FindingKind = .manual("volumes/smb", .leavesData)
    static let device: FindingKind = .manual("volumes/device", .leavesData)
    static let incompleteOptions: FindingKind = .manual("volumes/incomplete-options", .leavesData)
    static let localOptions: FindingKind = .adapted("volumes/local-options")
    static let templatedOption: FindingKind = .manual("volumes/templated-option", .leavesData)
    static let plugin: FindingKind = .manual("volumes/plugin", .leavesData, asks: .storageClass)
    static let pluginOption: FindingKind = .manual("volumes/plugin-option", .leavesData)
    static let badSize: FindingKind = .manual("volumes/bad-size", .leavesData, asks: .volumeSize)
    static let badClass: FindingKind = .manual("volumes/bad-class", .leavesData)
    static let dockerLabel: FindingKind = .inert("volumes/docker-label")
    static let illegalLabel: FindingKind = .lost("volumes/illegal-label", .changesBehaviour)

    // Cluster volumes.
    static let group: FindingKind = .adapted("volumes/group")
    static let csiDriver: FindingKind = .manual(
      "volumes/csi-driver", .keepsPodsDown, asks: .storageClass)
    static let csiParameter: FindingKind = .manual("volumes/csi-parameter", .leavesData)
    static let csiTopology: FindingKind = .manual("volumes/csi-topology", .leavesData)
    static let csiSecrets: FindingKind = .manual("volumes/csi-secrets", .leavesData)
    static let csiBlock: FindingKind = .inert("volumes/csi-block")
    static let csiAvailability: FindingKind = .lost("volumes/csi-availability", .leavesData)
    static let csiExisting: FindingKind = .manual("volumes/csi-existing", .leavesData)
  }

  package static let kinds: [FindingKind] =
    [
      Kind.ofImage, Kind.templatedTarget, Kind.root, Kind.colonInTarget, Kind.sameTarget,
      Kind.noTarget, Kind.anonymous, Kind.tmpfs, Kind.tmpfsMode, Kind.namedPipe, Kind.imageMount,
      Kind.consistency, Kind.otherKind, Kind.undefined,
      Kind.noSource, Kind.hostPath, Kind.stackFolder, Kind.wellKnownPath, Kind.dockerSocket,
      Kind.carriedFile, Kind.carriedFolder, Kind.externalSecret, Kind.omitted, Kind.propagation,
      Kind.propagationOfFiles, Kind.templatedPath,
      Kind.unused, Kind.copyData, Kind.startsEmpty, Kind.groupOfClaims, Kind.lostAndFound,
      Kind.external, Kind.claimOfOtherStack, Kind.storageOfOtherStack, Kind.shared, Kind.perPod,
      Kind.nodeFolder, Kind.nodePath, Kind.memory, Kind.smb, Kind.device, Kind.incompleteOptions,
      Kind.localOptions, Kind.templatedOption, Kind.plugin, Kind.pluginOption, Kind.badSize,
      Kind.badClass, Kind.dockerLabel, Kind.illegalLabel,
      Kind.group, Kind.csiDriver, Kind.csiParameter, Kind.csiTopology, Kind.csiSecrets,
      Kind.csiBlock, Kind.csiAvailability, Kind.csiExisting,
    ] + HostKinds.volumes.all
}
