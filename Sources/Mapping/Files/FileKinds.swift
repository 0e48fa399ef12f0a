import Ledger
import Swarm

/// What can be said of configs and of secrets alike, each under its feature's name.
struct FileKinds: Sendable {
  // Objects.
  let external: FindingKind
  let missingFile: FindingKind
  let tooLarge: FindingKind
  let template: FindingKind
  let expanded: FindingKind
  let ofOtherStack: FindingKind
  let dockerLabel: FindingKind
  let illegalLabel: FindingKind
  let serverSideApply: FindingKind

  // Mounts.
  let folderAsTarget: FindingKind
  let colonInTarget: FindingKind
  let sameTarget: FindingKind
  let specialBits: FindingKind
  let ownedByRoot: FindingKind
  let ownerWithoutEffect: FindingKind
  let readByGroup: FindingKind
  let checkReader: FindingKind
  let unreadable: FindingKind

  init(of kind: FileObject.Kind) {
    external = .manual("\(kind)s/external", .keepsPodsDown)
    missingFile = .manual("\(kind)s/missing-file", .keepsPodsDown)
    tooLarge = .manual("\(kind)s/too-large", .keepsPodsDown)
    template = .manual("\(kind)s/template", .keepsPodsDown)
    expanded = .adapted("\(kind)s/expanded")
    ofOtherStack = .adapted("\(kind)s/of-other-stack")
    dockerLabel = .inert("\(kind)s/docker-label")
    illegalLabel = .lost("\(kind)s/illegal-label", .changesBehaviour)
    serverSideApply = .manual("\(kind)s/server-side-apply", .keepsPodsDown)
    folderAsTarget = .lost("\(kind)s/folder-as-target", .keepsPodsDown)
    colonInTarget = .manual("\(kind)s/colon-in-target", .keepsPodsDown)
    sameTarget = .lost("\(kind)s/same-target", .keepsPodsDown)
    specialBits = .adapted("\(kind)s/special-bits")
    ownedByRoot = .adapted("\(kind)s/owned-by-root")
    ownerWithoutEffect = .adapted("\(kind)s/owner-without-effect")
    readByGroup = .adapted("\(kind)s/read-by-group")
    checkReader = .manual("\(kind)s/check-reader", .keepsPodsDown)
    unreadable = .manual("\(kind)s/unreadable", .keepsPodsDown)
  }

  var all: [FindingKind] {
    [
      external, missingFile, tooLarge, template, expanded, ofOtherStack, dockerLabel, illegalLabel,
      serverSideApply, folderAsTarget, colonInTarget, sameTarget, specialBits,
      ownedByRoot, ownerWithoutEffect, readByGroup, checkReader, unreadable,
    ]
  }
}

extension FileObject.Kind {
  var kinds: FileKinds { self == .config ? Configs.Kind.files : Secrets.Kind.files }
}
