package import YAML

/// Privileges of one container; they win over the pod's.
package struct SecurityContext: Hashable, Sendable, Writable {
  /// Without the `CAP_` prefix.
  package var addedCapabilities: [String] = []
  package var droppedCapabilities: [String] = []
  package var privileged: Bool?
  package var allowPrivilegeEscalation: Bool?
  package var readOnlyRootFilesystem: Bool?
  package var runAsUser: Int?
  package var runAsGroup: Int?
  package var runAsNonRoot: Bool?
  package var seccompProfile: SeccompProfile?
  package var windowsOptions: WindowsOptions?

  package init() {}

  package func write(to w: inout Writer) {
    w.field("allowPrivilegeEscalation", allowPrivilegeEscalation)
    w.field("capabilities") { w in
      w.field("add", addedCapabilities)
      w.field("drop", droppedCapabilities)
    }
    w.field("privileged", privileged)
    w.field("readOnlyRootFilesystem", readOnlyRootFilesystem)
    w.field("runAsUser", runAsUser)
    w.field("runAsGroup", runAsGroup)
    w.field("runAsNonRoot", runAsNonRoot)
    w.field("seccompProfile", seccompProfile)
    w.field("windowsOptions", windowsOptions)
  }
}

/// Privileges of all containers of a pod.
package struct PodSecurityContext: Hashable, Sendable, Writable {
  package struct Sysctl: Hashable, Sendable, Writable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }

    package func write(to w: inout Writer) {
      w.field("name", name)
      w.field("value", value)
    }
  }

  package enum GroupChangePolicy: String, Sendable {
    case always = "Always"
    case onRootMismatch = "OnRootMismatch"
  }

  package var runAsUser: Int?
  package var runAsGroup: Int?
  package var runAsNonRoot: Bool?
  package var supplementalGroups: [Int] = []
  package var fsGroup: Int?
  package var fsGroupChangePolicy: GroupChangePolicy?
  package var sysctls: [Sysctl] = []
  package var seccompProfile: SeccompProfile?
  package var windowsOptions: WindowsOptions?

  package init() {}

  package func write(to w: inout Writer) {
    w.field("runAsUser", runAsUser)
    w.field("runAsGroup", runAsGroup)
    w.field("runAsNonRoot", runAsNonRoot)
    w.field("supplementalGroups", supplementalGroups)
    w.field("fsGroup", fsGroup)
    w.field("fsGroupChangePolicy", fsGroupChangePolicy)
    w.field("seccompProfile", seccompProfile)
    w.list("sysctls", sysctls)
    w.field("windowsOptions", windowsOptions)
  }
}

/// Which system calls are allowed.
package enum SeccompProfile: Hashable, Sendable, Writable {
  case runtimeDefault
  case unconfined
  /// A file below the kubelet's seccomp folder.
  case localhost(String)

  package func write(to w: inout Writer) {
    switch self {
    case .runtimeDefault: w.field("type", "RuntimeDefault")
    case .unconfined: w.field("type", "Unconfined")
    case .localhost(let profile):
      w.field("type", "Localhost")
      w.field("localhostProfile", profile)
    }
  }
}

package struct WindowsOptions: Hashable, Sendable, Writable {
  package var gmsaCredentialSpecName: String?
  package var gmsaCredentialSpec: String?
  package var runAsUserName: String?
  package var hostProcess: Bool?

  package init(
    gmsaCredentialSpecName: String? = nil, gmsaCredentialSpec: String? = nil,
    runAsUserName: String? = nil, hostProcess: Bool? = nil
  ) {
    self.gmsaCredentialSpecName = gmsaCredentialSpecName
    self.gmsaCredentialSpec = gmsaCredentialSpec
    self.runAsUserName = runAsUserName
    self.hostProcess = hostProcess
  }

  package func write(to w: inout Writer) {
    w.field("gmsaCredentialSpecName", gmsaCredentialSpecName)
    w.field("gmsaCredentialSpec", gmsaCredentialSpec)
    w.field("hostProcess", hostProcess)
    w.field("runAsUserName", runAsUserName)
  }
}
