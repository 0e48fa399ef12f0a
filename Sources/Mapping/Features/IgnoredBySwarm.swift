import Kubernetes
package import Ledger
package import Swarm
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

  package static func map(
    _ service: Swarm.Service, into workload: inout Workload, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    for entry in service.node.entries ?? [] {
      guard let (slug, text) = Self.text(entry.key) else { continue }
      ledger.settle(
        entry.value, .inert,
        Finding.Message("ignored-by-swarm/\(slug)", "Swarm ignores `\(entry.key)`: \(text)"))
    }
  }

  /// The slug of a key and what is true of it; nil for keys of other features.
  private static func text(_ key: String) -> (slug: String, text: String)? {
    switch key {
    case "build":
      ("build", "images are built and pushed beforehand, and only `image` is deployed.")
    case "cgroup_parent":
      (
        "cgroup-parent",
        "the containers were in Docker's own cgroup. The kubelet places those of pods."
      )
    case "cgroupns_mode":
      (
        "cgroupns-mode",
        "the containers had the daemon's default cgroup namespace. Pods have a private one on cgroup v2."
      )
    case "container_name":
      ("container-name", "tasks are named after service and slot, and pods after their workload.")
    case "depends_on":
      (
        "depends-on",
        "all services started at once, and those that could not reach another one failed and were "
          + "started again. Kubernetes does the same; an init container can wait instead."
      )
    case "devices":
      (
        "devices",
        "the containers had no such device. Kubernetes gives devices out through device plugins, as "
          + "resources such as `nvidia.com/gpu`."
      )
    case "external_links":
      ("external-links", "services reach others through shared networks, by name.")
    case "ipc":
      (
        "ipc",
        "the containers had an IPC namespace of their own. `hostIPC` in the pod would be the node's."
      )
    case "links":
      (
        "links",
        "services reach others on the same network by service name. An alias that is given only here "
          + "(`db:database`) never resolved; `networks.NET.aliases` makes one."
      )
    case "network_mode":
      (
        "network-mode",
        "the service was in its `networks`, or in the stack's default network. The network of the node is "
          + "had in Swarm through an external network named `host`."
      )
    case "pid":
      (
        "pid",
        "the containers saw their own processes only. `hostPID: true` in the pod shows the node's."
      )
    case "privileged":
      (
        "privileged",
        "the containers ran without privileges, with the capabilities of `cap_add` at most. "
          + "`securityContext.privileged: true` would be new."
      )
    case "security_opt":
      (
        "security-opt",
        "the containers had Docker's default seccomp and AppArmor profiles. The counterparts are "
          + "`seccompProfile`, `appArmorProfile` and `seLinuxOptions` in the securityContext."
      )
    case "shm_size":
      (
        "shm-size",
        "`/dev/shm` had 64 MiB, and has 64 MiB in a pod. A volume of type tmpfs on /dev/shm makes it "
          + "larger in both."
      )
    case "tmpfs":
      (
        "tmpfs",
        "these paths were on the container's own layer and not in memory. `volumes` with "
          + "`type: tmpfs` is honoured, and becomes an emptyDir in memory."
      )
    case "userns_mode":
      (
        "userns-mode",
        "the containers had the user namespace of the daemon. `hostUsers: false` in the pod gives one of "
          + "its own."
      )
    default: nil
    }
  }
}
