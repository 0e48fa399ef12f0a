import Kubernetes
package import Ledger
import Swarm
import YAML

/// What the Pod Security Standard `restricted` asks for, added on request.
package enum Hardening: Feature {
  package static let name = "hardening"
  package static let title = "Pod security"
  package static let about = """
    The report rates each workload against the Pod Security Standards, from the pod as it is written: `privileged`, `baseline` or
    `restricted`, with the reason for each step that it misses. A namespace can be told to refuse pods below a level
    (`pod-security.kubernetes.io/enforce`); the rating says whether it would refuse these.

    A pod made from a stack is as open as its container was: Docker drops some capabilities and filters system calls, and does
    neither forbid root nor setuid programs. `--harden` adds what `restricted` asks for where nothing in the stack speaks
    against it:

    | setting | left out when |
    |---|---|
    | `seccompProfile: RuntimeDefault` | never: Docker filtered system calls with the like of it |
    | `allowPrivilegeEscalation: false` | `cap_add` holds `SYS_ADMIN` |
    | `runAsNonRoot: true` | `user` is root, or the image is known to start as root |
    | `capabilities.drop: [ALL]` | as above, or `cap_add` holds more than `NET_BIND_SERVICE` |

    Where the stack names no user, the image decides, and a Dockerfile under `build` tells whom it runs as: one that runs as root, or as a user by name, does not start with
    `runAsNonRoot` until `user` gives a number. `read_only` stays as the stack says.
    """
  package static let owns: [KeyPattern] = []
  package static let examples: [Example] = [
    Example(
      "Without --harden nothing is added",
      stack: """
        image: web:1
        user: "1000:1000"
        """,
      kubernetes: """
        securityContext:
          runAsUser: 1000
          runAsGroup: 1000
        """)
  ]

  enum Kind {
    static let added: FindingKind = .adapted("hardening/added", asks: .harden)
    static let leftOut: FindingKind = .adapted("hardening/left-out", asks: .harden)
    static let userOfImage: FindingKind = .decide("hardening/user-of-image")
  }

  package static let kinds: [FindingKind] = [Kind.added, Kind.leftOut, Kind.userOfImage]

  package static func map(_ context: inout ServiceContext) {
    guard context.options.harden, context.workload.pod.os != .windows else { return }
    let service = context.service
    let root = rootEvidence(service)
    let capabilities = service.capabilities
    let beyond = capabilities.add.filter { $0 != "NET_BIND_SERVICE" }
    var added: [String] = []
    var left: [String] = []

    if context.workload.pod.securityContext.seccompProfile == nil {
      context.workload.pod.securityContext.seccompProfile = .runtimeDefault
      added.append("`seccompProfile: RuntimeDefault`")
    }
    if beyond.contains("SYS_ADMIN") || beyond.contains("ALL") {
      left.append(
        "`allowPrivilegeEscalation: false` (`cap_add` holds \(beyond.joined(separator: ", ")))")
    } else {
      context.workload.eachContainer { $0.securityContext.allowPrivilegeEscalation = false }
      added.append("`allowPrivilegeEscalation: false`")
    }
    if let root {
      left.append("`runAsNonRoot: true` (\(root))")
    } else if let name = service.nameByImage {
      left.append("`runAsNonRoot: true` (\(name.evidence.inWords) is a name)")
    } else {
      context.workload.eachContainer { $0.securityContext.runAsNonRoot = true }
      added.append("`runAsNonRoot: true`")
    }
    if let root {
      left.append("`drop: [ALL]` (\(root))")
    } else if !beyond.isEmpty {
      left.append("`drop: [ALL]` (`cap_add` holds \(beyond.joined(separator: ", ")))")
    } else {
      context.workload.eachContainer { $0.securityContext.droppedCapabilities = ["ALL"] }
      added.append("`drop: [ALL]`")
    }

    let place = service["user"]?.id ?? service["image"]?.id ?? service.key
    context.remark(.added(added), at: service.key, as: "securityContext")
    if !left.isEmpty {
      context.remark(.leftOut(left), at: place, as: "securityContext")
    }
    if root == nil, context.workload.container.securityContext.runAsNonRoot == true,
      context.workload.container.securityContext.runAsUser == nil
    {
      context.remark(
        .userOfImage(service.image?.text ?? ""), at: place,
        as: "securityContext.runAsNonRoot")
    }
  }

  /// What in the stack says that the process is root's; nil where nothing does.
  private static func rootEvidence(_ service: Swarm.Service) -> String? {
    if let user = service.user {
      return user.user == .id(0) ? "`user` is root" : nil
    }
    if let why = service.rootByImage { return "the image starts as root: \(why)" }
    guard service.imageFacts?.hasUser != true, let text = service.image?.text, isKnownAsRoot(text)
    else { return nil }
    return "the image \(name(of: text) ?? text) starts as root"
  }

  /// Whether an image of this reference is known to start as root.
  package static func isKnownAsRoot(_ text: String) -> Bool {
    name(of: text).map { rootImages.contains($0) } ?? false
  }

  private static func name(of text: String) -> String? {
    guard let image = try? ImageReference(text) else { return nil }
    return
      image.repository.hasPrefix("library/")
      ? String(image.repository.dropFirst("library/".count)) : image.repository
  }

  /// Images whose process, or whose entrypoint before it changes to another user, is root's.
  ///
  /// Source: the Dockerfiles of these images: no `USER`, and entrypoints that call `chown`, `gosu` or `su-exec`.
  private static let rootImages: Set<String> = [
    "adminer/adminer", "almalinux", "alpine", "amazoncorretto", "bash", "busybox", "caddy",
    "centos",
    "debian", "docker", "drupal", "eclipse-temurin", "fedora", "gcc", "gitlab/gitlab-ce",
    "gitlab/gitlab-ee", "golang", "httpd", "influxdb", "joomla", "mariadb", "mongo", "mysql",
    "nextcloud", "nginx", "node", "openjdk", "percona", "php", "portainer/agent",
    "portainer/portainer", "portainer/portainer-ce", "postgres", "python", "rabbitmq", "redis",
    "registry", "rockylinux", "ruby", "rust", "tomcat", "traefik", "ubuntu", "valkey/valkey",
    "wordpress",
    "zookeeper",
  ]
}

extension Workload {
  /// Changes the service's own container and those beside it.
  fileprivate mutating func eachContainer(_ change: (inout Container) -> Void) {
    change(&container)
    for index in pod.containers.indices { change(&pod.containers[index]) }
    for index in pod.initContainers.indices { change(&pod.initContainers[index]) }
  }
}

private typealias Kind = Hardening.Kind

extension Finding.Message {
  fileprivate static func added(_ settings: [String]) -> Self {
    let locksRights = settings.contains { $0.contains("allowPrivilegeEscalation") }
    return Self(
      Kind.added,
      "`--harden` adds \(settings.joined(separator: ", "))."
        + (locksRights
          ? " A program that gains rights as it runs (sudo, ping with setuid) fails with that."
          : ""))
  }

  fileprivate static func leftOut(_ settings: [String]) -> Self {
    Self(
      Kind.leftOut,
      "`--harden` leaves out what the stack speaks against: \(settings.joined(separator: ", ")).")
  }

  fileprivate static func userOfImage(_ image: String) -> Self {
    Self(
      Kind.userOfImage,
      "The stack names no user by number, so the image's own counts. If that is root, or a name, the pod does not start with "
        + "`runAsNonRoot` (CreateContainerConfigError).",
      remedy: image.isEmpty
        ? .edit("user: \"1000:1000\"", note: "in the stack, with the image's own numbers")
        : .look(
          ("docker run --rm --entrypoint id \(image)" as Command)
            .noting("then write it as user: \"UID:GID\" in the stack")))
  }
}
