import Kubernetes
import Ledger
package import Swarm
package import YAML

extension ImageFacts.Evidence {
  /// `EXPOSE 8080` in api/Dockerfile:12.
  package var inWords: String { "`\(text)` in \(place)" }
}

extension Swarm.Service {
  /// The key at which a report speaks of the image: `build` where it is known from a Dockerfile, else `image`.
  package var imageKey: KeyID {
    let build = imageFacts?.source == .dockerfile ? node["build"] : nil
    return (build ?? image)?.id ?? key
  }

  /// Whether the image is known to start as root, with the reason.
  package var rootByImage: String? {
    guard user == nil, let facts = imageFacts, facts.problem == nil else { return nil }
    if let declared = facts.user {
      return facts.identity?.user == .id(0) ? declared.evidence.inWords : nil
    }
    if facts.hasUser { return nil }
    if facts.source == .archive || facts.isComplete { return "no USER in \(facts.path)" }
    guard let base = facts.base, Hardening.isKnownAsRoot(base) else { return nil }
    return "no USER in \(facts.path), and none in \(base)"
  }

  /// The image's user, where it is a name whose number is not known.
  package var nameByImage: ImageFacts.Declared<String>? {
    guard user == nil, let facts = imageFacts, facts.identity == nil else { return nil }
    return facts.user
  }
}

extension Finding.Message {
  static func imageOfDockerfile(_ facts: ImageFacts, _ image: String) -> Self {
    let base =
      facts.isComplete
      ? "" : " Its base \(facts.base.map { "`\($0)`" } ?? "image") may declare more."
    return Self(
      Image.Kind.dockerfileAsEvidence,
      "Swarm ignores `build` and runs `\(image)`, whatever it was built from. What \(facts.path) declares of it is taken as "
        + "evidence, for ports, probes, user and signals; an image that is older than the file may differ.\(base)",
      remedy: .look("docker image inspect --format '{{json .Config}}' \(image)"))
  }

  static func dockerfileUnread(_ facts: ImageFacts) -> Self {
    Self(
      Image.Kind.dockerfileUnread,
      "`build` names \(facts.path), which was not read: \(facts.problem ?? ""). The ports, the user and the health check that "
        + "the image may declare are not known here.")
  }

  static func userOfImage(_ user: User, _ declared: ImageFacts.Declared<String>) -> Self {
    var number = ""
    if case .id(let id) = user.user { number = String(id) }
    let group: String
    if case .id(let id)? = user.group {
      group =
        ", and `runAsGroup: \(id)`, as Kubernetes takes no notice of the group that an image names"
    } else {
      group = ""
    }
    return Self(
      Security.Kind.userOfImage,
      "The image runs as user \(number) (\(declared.evidence.inWords)). The pod says so too: `runAsUser`, with `runAsNonRoot`, "
        + "which the kubelet checks\(group).",
      evidence: declared.evidence)
  }

  static func userOfImageByName(_ declared: ImageFacts.Declared<String>) -> Self {
    let add: Command = "useradd --uid 10001 \(declared.value.prefix { $0 != ":" })"
    return Self(
      Security.Kind.userOfImageByName,
      "The image runs as `\(declared.value)` (\(declared.evidence.inWords)), by name. It does so here as well; but `runAsNonRoot` "
        + "cannot check a name, and a namespace that enforces the level `restricted` admits no such pod.",
      remedies: [
        .fragment(
          "RUN \(add.shell)\nUSER 10001",
          note: "in the Dockerfile, with the number that the files belong to"),
        .edit("user: \"10001\""),
      ],
      evidence: declared.evidence)
  }

  static func rootByImage(_ why: String, _ evidence: ImageFacts.Evidence?) -> Self {
    Self(
      Security.Kind.rootByImage,
      "The image runs as root (\(why)), here as on Swarm. A namespace that enforces the Pod Security level `restricted` refuses "
        + "its pods.",
      remedy: .fragment(
        "USER 10001",
        note: "at the end of the Dockerfile, with the files that it writes owned by that number"),
      evidence: evidence)
  }

  static func privilegedPorts(_ ports: [Int]) -> Self {
    let list = ports.map(String.init).joined(separator: ", ")
    return Self(
      Security.Kind.unprivilegedPortStart,
      "The process is not root and listens on port\(ports.count == 1 ? "" : "s") \(list). Docker lets every user of a container do so; Kubernetes leaves it to "
        + "the node's runtime, and many refuse with \"permission denied\". The pod sets the sysctl "
        + "`net.ipv4.ip_unprivileged_port_start` to 0, one of those that every kubelet allows.")
  }

  static func volumesOfImage(_ declared: [ImageFacts.Declared<String>], isReadOnly: Bool) -> Self {
    let paths = declared.map { "`\($0.value)`" }.joined(separator: ", ")
    let verb = declared.count == 1 ? "is a VOLUME" : "are VOLUMEs"
    return Self(
      Volumes.Kind.ofImage,
      "\(paths) \(verb) of the image (\(declared[0].evidence.place)), and the stack mounts nothing there. Swarm gives each task a new "
        + "volume there, filled from the image and lost with the task. In a pod the files are the container's own, and lost "
        + "whenever it restarts."
        + (isReadOnly
          ? " With `read_only` the path stays writable on containerd, but not on CRI-O: there it needs a mount."
          : ""),
      remedy: .edit(
        "volumes: [\(Writer.quoted("data:\(declared[0].value)"))]",
        note: "in the stack, if what is written there shall last"),
      evidence: declared[0].evidence)
  }
}
