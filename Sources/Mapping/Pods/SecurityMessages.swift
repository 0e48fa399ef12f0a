import Kubernetes
package import Ledger

extension Security {
  enum Kind {
    static let userByName: FindingKind = .manual("security/user-by-name", .changesBehaviour)
    static let groupByName: FindingKind = .manual("security/group-by-name", .changesBehaviour)
    static let userOfImage: FindingKind = .adapted("security/user-of-image")
    static let userOfImageByName: FindingKind = .adapted("security/user-of-image-by-name")
    static let rootByImage: FindingKind = .adapted("security/root-by-image")
    static let unprivilegedPortStart: FindingKind = .adapted("security/unprivileged-port-start")
    static let initProcess: FindingKind = .adapted("security/init")
    static let resetCapability: FindingKind = .inert("security/reset-capability")
    static let capabilityAddedAnyway: FindingKind = .inert("security/capability-added-anyway")
    static let unknownCapability: FindingKind = .inert("security/unknown-capability")
    static let unsafeSysctl: FindingKind = .manual("security/unsafe-sysctl", .keepsPodsDown)
    static let hostSysctl: FindingKind = .manual("security/host-sysctl", .changesBehaviour)
    static let illegalSysctl: FindingKind = .inert("security/illegal-sysctl")
    static let maxMapCount: FindingKind = .manual("security/max-map-count", .keepsPodsDown)
  }

  package static let kinds: [FindingKind] = [
    Kind.userByName, Kind.groupByName, Kind.userOfImage, Kind.userOfImageByName, Kind.rootByImage,
    Kind.unprivilegedPortStart, Kind.initProcess, Kind.resetCapability, Kind.capabilityAddedAnyway,
    Kind.unknownCapability, Kind.unsafeSysctl, Kind.hostSysctl, Kind.illegalSysctl,
    Kind.maxMapCount,
  ]
}

private typealias Kind = Security.Kind

extension Finding.Message {
  static func userByName(_ user: String, _ image: String) -> Self {
    Self(
      Kind.userByName,
      "The user `\(user)` is a name that only the image can look up; Kubernetes takes numbers. The "
        + "container runs as the image's own user until the number is in the stack.",
      remedy: .look(
        ("docker run --rm --entrypoint id \(image) \(user)" as Command)
          .noting("then write it as user: \"UID:GID\"")))
  }

  static func groupByName(_ group: String, _ image: String) -> Self {
    Self(
      Kind.groupByName,
      "The group `\(group)` is a name that only the image can look up; Kubernetes takes numbers. The "
        + "process gets the user's own group until the number is in the stack.",
      remedy: .look(
        ("docker run --rm --entrypoint grep \(image) \("^\(group):") /etc/group" as Command)
          .noting("then write the number as the group")))
  }

  static var initProcess: Self {
    Self(
      Kind.initProcess,
      "Docker's init process (`init: true`) is replaced by the pod's pause container, which reaps "
        + "orphans through `shareProcessNamespace`. Signals go to the service's own process, which "
        + "must handle SIGTERM itself.")
  }

  static var reset: Self {
    Self(
      Kind.resetCapability,
      "RESET means something on the command line of `docker service update` only; Docker ignores it "
        + "in a stack.")
  }

  static var addedAnyway: Self {
    Self(
      Kind.capabilityAddedAnyway,
      "`cap_add` names this capability too, and adding wins in Docker: it is not dropped.")
  }

  static func unknownCapability(_ name: String) -> Self {
    Self(
      Kind.unknownCapability,
      "`\(name)` is no capability of Linux: Docker starts no task with it, and neither would Kubernetes. It is left out."
    )
  }

  static func unsafeSysctl(_ name: String) -> Self {
    Self(
      Kind.unsafeSysctl,
      "Kubernetes counts `\(name)` as unsafe: the kubelet refuses the pods (SysctlForbidden) on "
        + "nodes that do not allow it.",
      remedy: .sentence(
        "On each node that may run the pods, start the kubelet with --allowed-unsafe-sysctls=\(name)"
      ))
  }

  static func hostSysctl(_ name: String, _ value: String) -> Self {
    Self(
      Kind.hostSysctl,
      "`\(name)` belongs to the node and not to a container here; Docker refuses to start a task "
        + "with it, and so does Kubernetes. It is left out.",
      remedy: .command(
        ("sudo sysctl -w \(name)=\(value)" as Command)
          .noting("on each node that may run the pods")))
  }

  static var mapCount: Self {
    Self(
      Kind.maxMapCount,
      "The program of this image refuses to start on a node whose `vm.max_map_count` is below 262144, unless it is told to be a "
        + "single node. What the Swarm's nodes had been given, the cluster's nodes need as well.",
      remedy: .command(
        ("sudo sysctl -w vm.max_map_count=262144" as Command)
          .noting("on each node that may run the pods")))
  }

  static func illegalSysctl(_ name: String) -> Self {
    Self(Kind.illegalSysctl, "`\(name)` is the name of no kernel setting; it is left out.")
  }
}
