/// All rules for Dockerfiles, in the order in which they are documented and their fixes are tried. A test compares this
/// list with the folder.
package enum Rules {
  package static let all: [any Rule.Type] = [
    // The base.
    LatestBase.self,
    BaseDigest.self,
    LargeBase.self,
    UnknownPublisher.self,
    EndOfLifeBase.self,
    // The user.
    RootUser.self,
    UserName.self,
    FilesNotOwned.self,
    Sudo.self,
    // Layers. Caches are dropped before runs are merged: their clean-up then lies in the same layer.
    AptUpdateAlone.self,
    AptLists.self,
    RecommendedPackages.self,
    ApkCache.self,
    RPMCache.self,
    PipCache.self,
    NodeCache.self,
    BuildCaches.self,
    LateCleanUp.self,
    SystemUpgrade.self,
    CopyBeforeInstall.self,
    ConsecutiveRuns.self,
    // Stages.
    BuildTools.self,
    DevelopmentDependencies.self,
    // The context.
    IgnoreFile.self,
    // Secrets and downloads.
    SecretInEnvironment.self,
    SecretFile.self,
    SecretInURL.self,
    PipeToShell.self,
    PipeFailure.self,
    AddURL.self,
    AddForCopy.self,
    DisabledTLS.self,
    // Run time.
    ShellForm.self,
    NoHealthcheck.self,
    SeveralProcesses.self,
    PrivilegedPort.self,
    UnmountedVolume.self,
  ]

  /// The rule of a name or slug.
  package static func named(_ name: String) -> (any Rule.Type)? {
    all.first { $0.name == name || $0.slug == name }
  }
}
