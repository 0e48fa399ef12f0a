import Kubernetes
package import Ledger
import Swarm
import YAML

/// Keys that `docker stack deploy` accepts and does nothing with.
package enum IgnoredBySwarm: Feature {
  package static let name = "ignored-by-swarm"
  package static let title = "Keys that Swarm ignores"
  package static let about = """
    These keys are meant for `docker compose` on one machine. `docker stack deploy` prints "Ignoring unsupported options" for
    most of them and passes none of them on. The service ran without them, so nothing is written for them, and nothing changes.

    If the service needs one of them all the same (it is started by Compose elsewhere, or a Swarm node was prepared by hand),
    the finding says what the counterpart in Kubernetes is.
    """
  package static let owns: [KeyPattern] = [
    "services.*.build.**", "services.*.cgroup_parent", "services.*.cgroupns_mode",
    "services.*.container_name", "services.*.depends_on.**", "services.*.devices.**",
    "services.*.external_links.**", "services.*.ipc", "services.*.links.**",
    "services.*.network_mode", "services.*.pid", "services.*.privileged",
    "services.*.security_opt.**", "services.*.shm_size", "services.*.tmpfs.**",
    "services.*.userns_mode",
  ]
  package static let examples: [Example] = [
    Example(
      "The service never was privileged",
      stack: """
        image: web:1
        privileged: true
        """,
      kubernetes: """
        image: web:1
        """,
      findings: ["ignored-by-swarm/privileged"])
  ]

  enum Kind {
    static let build: FindingKind = .inert("ignored-by-swarm/build")
    static let cgroupParent: FindingKind = .inert("ignored-by-swarm/cgroup-parent")
    static let cgroupnsMode: FindingKind = .inert("ignored-by-swarm/cgroupns-mode")
    static let containerName: FindingKind = .inert("ignored-by-swarm/container-name")
    static let dependsOn: FindingKind = .inert("ignored-by-swarm/depends-on")
    static let devices: FindingKind = .inert("ignored-by-swarm/devices")
    static let externalLinks: FindingKind = .inert("ignored-by-swarm/external-links")
    static let ipc: FindingKind = .inert("ignored-by-swarm/ipc")
    static let links: FindingKind = .inert("ignored-by-swarm/links")
    static let networkMode: FindingKind = .inert("ignored-by-swarm/network-mode")
    static let pid: FindingKind = .inert("ignored-by-swarm/pid")
    static let privileged: FindingKind = .inert("ignored-by-swarm/privileged")
    static let securityOpt: FindingKind = .inert("ignored-by-swarm/security-opt")
    static let shmSize: FindingKind = .inert("ignored-by-swarm/shm-size")
    static let tmpfs: FindingKind = .inert("ignored-by-swarm/tmpfs")
    static let usernsMode: FindingKind = .inert("ignored-by-swarm/userns-mode")
  }

  package static let kinds: [FindingKind] = [
    Kind.build, Kind.cgroupParent, Kind.cgroupnsMode, Kind.containerName, Kind.dependsOn,
    Kind.devices, Kind.externalLinks, Kind.ipc, Kind.links, Kind.networkMode, Kind.pid,
    Kind.privileged, Kind.securityOpt, Kind.shmSize, Kind.tmpfs, Kind.usernsMode,
  ]

  package static func map(_ context: inout ServiceContext) {
    for entry in context.service.node.entries ?? [] {
      guard let (kind, text) = Self.text(entry.key) else { continue }
      context.settle(
        entry.value, Finding.Message(kind, "Swarm ignores `\(entry.key)`: \(text)"))
    }
  }

  /// What is true of a key; nil for keys of other features.
  private static func text(_ key: String) -> (kind: FindingKind, text: String)? {
    switch key {
    case "build":
      (Kind.build, "images are built and pushed beforehand, and only `image` is deployed.")
    case "cgroup_parent":
      (
        Kind.cgroupParent,
        "the containers were in Docker's own cgroup. The kubelet places those of pods."
      )
    case "cgroupns_mode":
      (
        Kind.cgroupnsMode,
        "the containers had the daemon's default cgroup namespace. Pods have a private one on cgroup v2."
      )
    case "container_name":
      (Kind.containerName, "tasks are named after service and slot, and pods after their workload.")
    case "depends_on":
      (
        Kind.dependsOn,
        "all services started at once, and those that could not reach another one failed and were "
          + "started again. Kubernetes does the same; an init container can wait instead."
      )
    case "devices":
      (
        Kind.devices,
        "the containers had no such device. Kubernetes gives devices out through device plugins, as "
          + "resources such as `nvidia.com/gpu`."
      )
    case "external_links":
      (Kind.externalLinks, "services reach others through shared networks, by name.")
    case "ipc":
      (
        Kind.ipc,
        "the containers had an IPC namespace of their own. `hostIPC` in the pod would be the node's."
      )
    case "links":
      (
        Kind.links,
        "services reach others on the same network by service name. An alias that is given only here "
          + "(`db:database`) never resolved; `networks.NET.aliases` makes one."
      )
    case "network_mode":
      (
        Kind.networkMode,
        "the service was in its `networks`, or in the stack's default network. The network of the node is "
          + "had in Swarm through an external network named `host`."
      )
    case "pid":
      (
        Kind.pid,
        "the containers saw their own processes only. `hostPID: true` in the pod shows the node's."
      )
    case "privileged":
      (
        Kind.privileged,
        "the containers ran without privileges, with the capabilities of `cap_add` at most. "
          + "`securityContext.privileged: true` would be new."
      )
    case "security_opt":
      (
        Kind.securityOpt,
        "the containers had Docker's default seccomp and AppArmor profiles. The counterparts are "
          + "`seccompProfile`, `appArmorProfile` and `seLinuxOptions` in the securityContext."
      )
    case "shm_size":
      (
        Kind.shmSize,
        "`/dev/shm` had 64 MiB, and has 64 MiB in a pod. A volume of type tmpfs on /dev/shm makes it "
          + "larger in both."
      )
    case "tmpfs":
      (
        Kind.tmpfs,
        "these paths were on the container's own layer and not in memory. `volumes` with "
          + "`type: tmpfs` is honoured, and becomes an emptyDir in memory."
      )
    case "userns_mode":
      (
        Kind.usernsMode,
        "the containers had the user namespace of the daemon. `hostUsers: false` in the pod gives one of "
          + "its own."
      )
    default: nil
    }
  }
}
