import Kubernetes
import Ledger
import Swarm
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

  package static func map(_ context: inout ServiceContext) {
    let service = context.service
    if service["user"]?.text?.isEmpty == false {
      mapUser(&context)
    } else {
      mapUserOfImage(&context)
    }
    let capabilities = service.capabilities
    context.workload.container.securityContext.addedCapabilities = capabilities.add
      .filter(LinuxCapability.isKnown)
    context.workload.container.securityContext.droppedCapabilities = capabilities.drop
      .filter(LinuxCapability.isKnown)
    mapCapabilities(capabilities, &context)
    if let node = service["read_only"] {
      if node.bool == true {
        context.workload.container.securityContext.readOnlyRootFilesystem = true
      }
      context.keep(node, as: "securityContext.readOnlyRootFilesystem")
    }
    mapSysctls(&context)
    allowLowPorts(&context)
    if let name = VolumeOwners.repository(service), Self.mapsManyFiles(name) {
      context.remark(.mapCount, at: service.image?.id ?? .none)
    }
    if let node = service["init"] {
      if node.bool == true {
        context.workload.pod.shareProcessNamespace = true
        context.settle(node, .initProcess, as: "spec.shareProcessNamespace")
      } else {
        context.keep(node, as: "no init")
      }
    }
  }

  /// Images whose start fails on nodes with the kernel's old default. Source: the bootstrap checks of Elasticsearch.
  private static func mapsManyFiles(_ repository: String) -> Bool {
    ["elasticsearch", "opensearchproject/opensearch", "sonarqube"].contains(repository)
      || repository.hasPrefix("elasticsearch/")
  }

  private static func mapUser(_ context: inout ServiceContext) {
    let service = context.service
    guard let node = service["user"] else { return }
    defer { context.keep(node, as: "securityContext.runAsUser") }
    guard let user = service.user else { return }
    let image = service.image?.text ?? ""
    switch user.user {
    case .id(let id): context.workload.container.securityContext.runAsUser = id
    case .name(let name): context.settle(node, .userByName(name, image))
    }
    switch user.group {
    case .id(let id)?:
      // A group alone would be applied to whatever user the image has.
      if case .id = user.user { context.workload.container.securityContext.runAsGroup = id }
    case .name(let name)?:
      if case .id = user.user { context.settle(node, .groupByName(name, image)) }
    case nil: break
    }
  }

  /// A number of the image's is written out: the kubelet can then check that it is not root, and knows the group.
  private static func mapUserOfImage(_ context: inout ServiceContext) {
    let service = context.service
    context.keep(service["user"], as: "securityContext.runAsUser")
    let key = service.imageKey
    if let why = service.rootByImage {
      context.remark(
        .rootByImage(why, service.imageFacts?.user?.evidence), at: key,
        as: "securityContext.runAsUser")
    } else if let name = service.nameByImage {
      context.remark(.userOfImageByName(name), at: key, as: "securityContext.runAsUser")
    } else if let facts = service.imageFacts, let declared = facts.user, let user = facts.identity,
      case .id(let id) = user.user, !service.isWindows
    {
      context.workload.container.securityContext.runAsUser = id
      if case .id(let group)? = user.group {
        context.workload.container.securityContext.runAsGroup = group
      }
      context.workload.container.securityContext.runAsNonRoot = true
      context.remark(
        .userOfImage(user, declared), at: key, as: "securityContext.runAsUser")
    }
  }

  /// Docker sets this for every container with a network of its own, from 20.10 on; the kubelet for none. Source: moby
  /// `daemon/oci_linux.go`.
  private static func allowLowPorts(_ context: inout ServiceContext) {
    let service = context.service
    let isRoot =
      switch service.runningUser?.user {
      case .id(let id)?: id == 0
      case .name?: false
      case nil: service.nameByImage == nil
      }
    let name = "net.ipv4.ip_unprivileged_port_start"
    guard !isRoot, !service.isWindows, context.workload.pod.hostNetwork != true,
      !context.workload.pod.securityContext.sysctls.contains(where: { $0.name == name })
    else { return }
    let ports = Set(context.reach.ports.map { Int($0.number.rawValue) })
      .union(service.publishedPorts.map(\.target)).filter { 1..<1024 ~= $0 }.sorted()
    guard !ports.isEmpty else { return }
    context.workload.pod.securityContext.sysctls.append(.init(name: name, value: "0"))
    context.remark(
      .privilegedPorts(ports), at: service["user"]?.id ?? service.imageKey,
      as: "spec.securityContext.sysctls")
  }

  private static func mapCapabilities(
    _ capabilities: Capabilities, _ context: inout ServiceContext
  ) {
    let service = context.service
    for key in ["cap_add", "cap_drop"] {
      guard let node = service[key] else { continue }
      for item in node.items ?? [] where Capabilities.normal(item.text ?? "") == "RESET" {
        context.settle(item, .reset)
      }
      for item in node.items ?? [] {
        let name = Capabilities.normal(item.text ?? "")
        if name != "RESET", !LinuxCapability.isKnown(name) {
          context.settle(item, .unknownCapability(item.text ?? ""))
        }
      }
      if key == "cap_drop" {
        for item in node.items ?? []
        where capabilities.add.contains(Capabilities.normal(item.text ?? "")) {
          context.settle(item, .addedAnyway)
        }
      }
      context.keep(node, as: "securityContext.capabilities")
    }
  }

  private static func mapSysctls(_ context: inout ServiceContext) {
    let service = context.service
    let stack = context.stack
    guard let node = service["sysctls"] else { return }
    let field = "spec.securityContext.sysctls"
    let isOnHost = service.networkAttachments.contains { attachment in
      stack.network(attachment.network).map { $0.isPredefined && $0.name == "host" } ?? false
    }
    var sysctls: [PodSecurityContext.Sysctl] = []
    for entry in node.entries ?? [] {
      switch Sysctl(entry.key, isOnHost: isOnHost, context.options.kubernetes) {
      case .safe(let name):
        sysctls.append(.init(name: name, value: entry.value.text ?? ""))
        context.keep(entry.value, as: field)
      case .unsafe(let name):
        sysctls.append(.init(name: name, value: entry.value.text ?? ""))
        context.settle(entry.value, .unsafeSysctl(name), as: field)
      case .ofHost(let name):
        context.settle(entry.value, .hostSysctl(name, entry.value.text ?? ""))
      case .illegal: context.settle(entry.value, .illegalSysctl(entry.key))
      }
    }
    // `net.x` and `net/x` are one setting, and the API server refuses it twice.
    var seen: [String] = []
    context.workload.pod.securityContext.sysctls = sysctls.filter { sysctl in
      if seen.contains(sysctl.name) { return false }
      seen.append(sysctl.name)
      return true
    }
    context.keep(node, as: field)
  }
}
