import Validation
import Kubernetes
package import Ledger
package import Swarm
import YAML

/// The user, the capabilities and the kernel settings of a container.
package enum Security: Feature {
  package static let name = "security"
  package static let title = "Security"
  package static let about = """
    | Swarm | Kubernetes |
    |---|---|
    | `user: "1000:1000"` | `runAsUser`, `runAsGroup` of the container |
    | `user: "1000"` | `runAsUser`; the group comes from the image's `/etc/passwd`, else 0, on both sides |
    | `user: postgres` | nothing: Kubernetes takes numbers only. A finding says how to find the number |
    | `cap_add`, `cap_drop` | `capabilities`, without `CAP_`; `ALL` stands for all others, and adding wins over dropping |
    | `read_only` | `readOnlyRootFilesystem` |
    | `sysctls` | `sysctls` of the pod |
    | `init` | `shareProcessNamespace` |
    | no `user`, and a number in the image's `USER` | `runAsUser`, `runAsGroup`, `runAsNonRoot` |

    **The image's user.** Where the stack names no user the image's counts, on both sides; but Kubernetes drops the group of
    `USER 1000:1000`. Where a Dockerfile or an archive tells the number, or makes the user with one (`useradd --uid`), it is written
    out, with `runAsNonRoot`.

    **Ports below 1024.** Docker, from version 20.10 on, lets every user of a container listen on them. Kubernetes leaves it to the
    runtime (containerd does so by default from 2.0 on). Where a process is known not to be root and to listen on one, the pod
    sets `net.ipv4.ip_unprivileged_port_start` to 0, which is on the list of safe sysctls.

    Docker and containerd give a container the same default capabilities; CRI-O gives fewer (`NET_RAW`, `MKNOD`, `SYS_CHROOT`
    and `AUDIT_WRITE` are among those that it leaves out).

    **sysctls.** Kubernetes knows a short list of safe ones. All others that are per container must be allowed on the nodes by the
    kubelet option `--allowed-unsafe-sysctls`, or the pods are refused (`SysctlForbidden`); the finding names them. Those that are
    the node's own, such as `vm.max_map_count`, cannot be set by a pod, and could not by a Swarm service.

    **init.** Docker puts a small init process before the service, which reaps orphans and passes signals on. In a pod whose
    containers share their processes the pause container is process 1 and reaps orphans. The service's process still gets the
    signal itself, but is no longer the child of an init that passes signals on.

    `privileged`, `security_opt` and `userns_mode` are ignored by Swarm.
    """
  package static let owns: [KeyPattern] = [
    "services.*.user", "services.*.cap_add.**", "services.*.cap_drop.**", "services.*.read_only",
    "services.*.sysctls.**", "services.*.init",
  ]
  package static let examples: [Example] = [
    Example(
      "User and capabilities",
      stack: """
        image: web:1
        user: "1000:1000"
        cap_drop: [ALL]
        cap_add: [CAP_NET_BIND_SERVICE]
        read_only: true
        """,
      kubernetes: """
        securityContext:
          capabilities:
            add:
              - NET_BIND_SERVICE
            drop:
              - ALL
          readOnlyRootFilesystem: true
          runAsUser: 1000
          runAsGroup: 1000
        """)
  ]

  package static func map(
    _ service: Swarm.Service, into workload: inout Workload, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    if service["user"]?.text?.isEmpty == false {
      mapUser(service, &workload, &ledger)
    } else {
      mapUserOfImage(service, &workload, &ledger)
    }
    let capabilities = service.capabilities
    workload.container.securityContext.addedCapabilities = capabilities.add
      .filter(ProblemList.isCapability)
    workload.container.securityContext.droppedCapabilities = capabilities.drop
      .filter(ProblemList.isCapability)
    mapCapabilities(service, capabilities, &ledger)
    if let node = service["read_only"] {
      if node.bool == true { workload.container.securityContext.readOnlyRootFilesystem = true }
      ledger.keep(node, as: "securityContext.readOnlyRootFilesystem")
    }
    mapSysctls(service, &workload, facts, &ledger)
    allowLowPorts(service, &workload, facts, &ledger)
    if let name = VolumeOwners.repository(service), Self.mapsManyFiles(name) {
      ledger.remark(.manual, .mapCount, at: service.image?.id ?? .none)
    }
    if let node = service["init"] {
      if node.bool == true {
        workload.pod.shareProcessNamespace = true
        ledger.settle(node, .adapted, .initProcess, as: "spec.shareProcessNamespace")
      } else {
        ledger.keep(node, as: "no init")
      }
    }
  }

  /// Images whose start fails on nodes with the kernel's old default. Source: the bootstrap checks of Elasticsearch.
  private static func mapsManyFiles(_ repository: String) -> Bool {
    ["elasticsearch", "opensearchproject/opensearch", "sonarqube"].contains(repository)
      || repository.hasPrefix("elasticsearch/")
  }

  private static func mapUser(
    _ service: Swarm.Service, _ workload: inout Workload, _ ledger: inout Ledger
  ) {
    guard let node = service["user"] else { return }
    defer { ledger.keep(node, as: "securityContext.runAsUser") }
    guard let user = service.user else { return }
    let image = service.image?.text ?? ""
    switch user.user {
    case .id(let id): workload.container.securityContext.runAsUser = id
    case .name(let name): ledger.settle(node, .manual, .userByName(name, image))
    }
    switch user.group {
    case .id(let id)?:
      // A group alone would be applied to whatever user the image has.
      if case .id = user.user { workload.container.securityContext.runAsGroup = id }
    case .name(let name)?:
      if case .id = user.user { ledger.settle(node, .manual, .groupByName(name, image)) }
    case nil: break
    }
  }

  /// A number of the image's is written out: the kubelet can then check that it is not root, and knows the group.
  private static func mapUserOfImage(
    _ service: Swarm.Service, _ workload: inout Workload, _ ledger: inout Ledger
  ) {
    ledger.keep(service["user"], as: "securityContext.runAsUser")
    let key = service.imageKey
    if let why = service.rootByImage {
      ledger.remark(
        .adapted, .rootByImage(why, service.imageFacts?.user?.evidence), at: key,
        as: "securityContext.runAsUser")
    } else if let name = service.nameByImage {
      ledger.remark(.adapted, .userOfImageByName(name), at: key, as: "securityContext.runAsUser")
    } else if let facts = service.imageFacts, let declared = facts.user, let user = facts.identity,
      case .id(let id) = user.user, !service.isWindows
    {
      workload.container.securityContext.runAsUser = id
      if case .id(let group)? = user.group { workload.container.securityContext.runAsGroup = group }
      workload.container.securityContext.runAsNonRoot = true
      ledger.remark(
        .adapted, .userOfImage(user, declared), at: key, as: "securityContext.runAsUser")
    }
  }

  /// Docker sets this for every container with a network of its own, from 20.10 on; the kubelet for none. Source: moby
  /// `daemon/oci_linux.go`.
  private static func allowLowPorts(
    _ service: Swarm.Service, _ workload: inout Workload, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    let isRoot =
      switch service.runningUser?.user {
      case .id(let id)?: id == 0
      case .name?: false
      case nil: service.nameByImage == nil
      }
    let name = "net.ipv4.ip_unprivileged_port_start"
    guard !isRoot, !service.isWindows, workload.pod.hostNetwork != true,
      !workload.pod.securityContext.sysctls.contains(where: { $0.name == name })
    else { return }
    let ports = Set(facts.reach(of: workload).ports.map { Int($0.number.rawValue) })
      .union(service.publishedPorts.map(\.target)).filter { 1..<1024 ~= $0 }.sorted()
    guard !ports.isEmpty else { return }
    workload.pod.securityContext.sysctls.append(.init(name: name, value: "0"))
    ledger.remark(
      .adapted, .privilegedPorts(ports), at: service["user"]?.id ?? service.imageKey,
      as: "spec.securityContext.sysctls")
  }

  private static func mapCapabilities(
    _ service: Swarm.Service, _ capabilities: Capabilities, _ ledger: inout Ledger
  ) {
    for key in ["cap_add", "cap_drop"] {
      guard let node = service[key] else { continue }
      for item in node.items ?? [] where Capabilities.normal(item.text ?? "") == "RESET" {
        ledger.settle(item, .inert, .reset)
      }
      for item in node.items ?? [] {
        let name = Capabilities.normal(item.text ?? "")
        if name != "RESET", !ProblemList.isCapability(name) {
          ledger.settle(item, .inert, .unknownCapability(item.text ?? ""))
        }
      }
      if key == "cap_drop" {
        for item in node.items ?? []
        where capabilities.add.contains(Capabilities.normal(item.text ?? "")) {
          ledger.settle(item, .inert, .addedAnyway)
        }
      }
      ledger.keep(node, as: "securityContext.capabilities")
    }
  }

  private static func mapSysctls(
    _ service: Swarm.Service, _ workload: inout Workload, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    guard let node = service["sysctls"] else { return }
    let field = "spec.securityContext.sysctls"
    let isOnHost = service.networkAttachments.contains { attachment in
      facts.stack.network(attachment.network).map { $0.isPredefined && $0.name == "host" } ?? false
    }
    var sysctls: [PodSecurityContext.Sysctl] = []
    for entry in node.entries ?? [] {
      switch Sysctl(entry.key, isOnHost: isOnHost, facts.options.kubernetes) {
      case .safe(let name):
        sysctls.append(.init(name: name, value: entry.value.text ?? ""))
        ledger.keep(entry.value, as: field)
      case .unsafe(let name):
        sysctls.append(.init(name: name, value: entry.value.text ?? ""))
        ledger.settle(entry.value, .manual, .unsafeSysctl(name), as: field)
      case .ofHost(let name):
        ledger.settle(entry.value, .manual, .hostSysctl(name, entry.value.text ?? ""))
      case .illegal: ledger.settle(entry.value, .inert, .illegalSysctl(entry.key))
      }
    }
    // `net.x` and `net/x` are one setting, and the API server refuses it twice.
    var seen: [String] = []
    workload.pod.securityContext.sysctls = sysctls.filter { sysctl in
      if seen.contains(sysctl.name) { return false }
      seen.append(sysctl.name)
      return true
    }
    ledger.keep(node, as: field)
  }
}

extension Finding.Message {
  fileprivate static func userByName(_ user: String, _ image: String) -> Self {
    Self(
      "security/user-by-name",
      "The user `\(user)` is a name that only the image can look up; Kubernetes takes numbers. The "
        + "container runs as the image's own user until the number is in the stack.",
      remedy: "docker run --rm --entrypoint id \(image) \(user)"
        + "  # then write it as user: \"UID:GID\"")
  }

  fileprivate static func groupByName(_ group: String, _ image: String) -> Self {
    Self(
      "security/group-by-name",
      "The group `\(group)` is a name that only the image can look up; Kubernetes takes numbers. The "
        + "process gets the user's own group until the number is in the stack.",
      remedy: "docker run --rm --entrypoint grep \(image) '^\(group):' /etc/group"
        + "  # then write the number as the group")
  }

  fileprivate static var initProcess: Self {
    Self(
      "security/init",
      "Docker's init process (`init: true`) is replaced by the pod's pause container, which reaps "
        + "orphans through `shareProcessNamespace`. Signals go to the service's own process, which "
        + "must handle SIGTERM itself.")
  }

  fileprivate static var reset: Self {
    Self(
      "security/reset-capability",
      "RESET means something on the command line of `docker service update` only; Docker ignores it "
        + "in a stack.")
  }

  fileprivate static var addedAnyway: Self {
    Self(
      "security/capability-added-anyway",
      "`cap_add` names this capability too, and adding wins in Docker: it is not dropped.")
  }

  fileprivate static func unknownCapability(_ name: String) -> Self {
    Self(
      "security/unknown-capability",
      "`\(name)` is no capability of Linux: Docker starts no task with it, and neither would Kubernetes. It is left out."
    )
  }

  fileprivate static func unsafeSysctl(_ name: String) -> Self {
    Self(
      "security/unsafe-sysctl",
      "Kubernetes counts `\(name)` as unsafe: the kubelet refuses the pods (SysctlForbidden) on "
        + "nodes that do not allow it.",
      remedy: "On each node that may run the pods, start the kubelet with "
        + "--allowed-unsafe-sysctls=\(name)")
  }

  fileprivate static func hostSysctl(_ name: String, _ value: String) -> Self {
    Self(
      "security/host-sysctl",
      "`\(name)` belongs to the node and not to a container here; Docker refuses to start a task "
        + "with it, and so does Kubernetes. It is left out.",
      remedy: "sudo sysctl -w \(name)='\(value)'  # on each node that may run the pods")
  }

  fileprivate static var mapCount: Self {
    Self(
      "security/max-map-count",
      "The program of this image refuses to start on a node whose `vm.max_map_count` is below 262144, unless it is told to be a "
        + "single node. What the Swarm's nodes had been given, the cluster's nodes need as well.",
      remedy: "sudo sysctl -w vm.max_map_count=262144  # on each node that may run the pods")
  }

  fileprivate static func illegalSysctl(_ name: String) -> Self {
    Self("security/illegal-sysctl", "`\(name)` is the name of no kernel setting; it is left out.")
  }
}
