import Basics
import Diagnostics
import Kubernetes
package import Ledger
package import Swarm
import YAML

/// Labels that no other feature reads become annotations.
package enum LabelAnnotations: Feature {
  package static let name = "labels"
  package static let title = "Labels"
  package static let about = """
    Docker has two kinds of labels on a service: `labels` are on the containers, `deploy.labels` on the service. They become
    annotations: those of the containers on the pods, those of the service on its controller (Deployment, DaemonSet, …).
    Annotations and not labels, because their values may be any text (a Traefik rule is no Kubernetes label value), and because
    nothing selects by them.

    Labels that mean something to Kubernetes after the migration, such as HTTP routes and cron schedules, are read by the
    features for those and do not appear here. What else read them through the Docker API (log shippers, metrics, update
    daemons) has to read the annotations through the Kubernetes API instead.

    A key must be a name of at most 63 letters, digits, `-`, `_` and `.`, with an optional DNS name and a slash before it. A key
    that is not is folded into one, with a finding. All annotations of an object together hold 256 KiB; what goes beyond is
    left out, with a finding.

    `com.docker.stack.*` is what `docker stack deploy` itself sets, and is dropped. Names of other services in values are
    rewritten, and listed. Docker expands no templates in labels.
    """
  package static let owns: [KeyPattern] = ["services.*.labels.**", "services.*.deploy.labels.**"]
  package static let examples: [Example] = [
    Example(
      "A label of the containers",
      stack: """
        image: web:1
        labels:
          com.example.team: shop
        """,
      kubernetes: """
        annotations:
          com.example.team: shop
        """)
  ]

  /// Source: k8s.io/apimachinery `TotalAnnotationSizeLimitB`; half is left to others.
  private static let limit = 224 * 1024

  package static func map(
    _ service: Swarm.Service, into workload: inout Workload, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    annotate(
      service["labels"], &workload.podAnnotations, "pod metadata.annotations", facts, &ledger)
    annotate(
      service["deploy", "labels"], &workload.annotations, "metadata.annotations", facts, &ledger)
  }

  private static func annotate(
    _ node: Node?, _ annotations: inout Annotations, _ field: String, _ facts: borrowing Facts,
    _ ledger: inout Ledger
  ) {
    guard let node else { return }
    var size = annotations.map.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    for entry in node.entries ?? [] where ledger.isOpen(entry.value.id) {
      if entry.key.hasPrefix("com.docker.stack.") {
        ledger.settle(entry.value, .inert, .ofDocker)
        continue
      }
      if entry.key.hasPrefix("container.apparmor.security.beta.kubernetes.io/") {
        ledger.settle(entry.value, .lost, .ofKubernetes)
        continue
      }
      let text = entry.value.text ?? ""
      let (value, hosts) =
        SecretNames.isSecret(entry.key, value: text)
        ? (text, []) : facts.rewriteHosts(text, hint: entry.key)
      let key = key(entry.key, annotations)
      let length = key.rawValue.utf8.count + value.utf8.count
      if size + length > limit {
        ledger.settle(entry.value, .lost, .tooMuch)
        continue
      }
      size += length
      annotations[key] = value
      if key.rawValue != entry.key {
        ledger.settle(entry.value, .adapted, .folded(entry.key, key.rawValue), as: field)
      }
      ledger.settle(
        entry.value, hosts: hosts, isRewritten: facts.options.rewriteHosts, feature: name, as: field
      )
    }
    ledger.keep(node, as: field)
  }

  /// The key as it is where that is legal, else folded and distinct from those there are.
  static func key(_ text: String, _ annotations: Annotations) -> AnnotationKey {
    if let key = AnnotationKey(text) { return key }
    // A slash separates a DNS name from the rest only where there is one slash and a DNS name.
    var prefix = ""
    var name = text[...]
    if let slash = text.firstIndex(of: "/"),
      ObjectName.isSubdomain(text[..<slash].lowercased())
    {
      prefix = "\(text[..<slash])/"
      name = text[text.index(after: slash)...]
    }
    var bytes = name.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
        byte
      default: UInt8(ascii: "_")
      }
    }
    func isSign(_ byte: UInt8) -> Bool { byte == 0x2D || byte == 0x2E || byte == 0x5F }
    bytes = Array(bytes.drop(while: isSign))
    if bytes.count > 63 {
      bytes = bytes.prefix(52) + Array("_\(ContentHash(of: text).short)".utf8)
    }
    while let last = bytes.last, isSign(last) { bytes.removeLast() }
    if bytes.isEmpty { bytes = Array("label_\(ContentHash(of: text).short)".utf8) }
    let folded = prefix + String(decoding: bytes, as: UTF8.self)
    let key = AnnotationKey(unchecked: folded)
    if annotations[key] == nil { return key }
    let name52 = String(decoding: bytes.prefix(50), as: UTF8.self)
    return AnnotationKey(unchecked: "\(prefix)\(name52)_\(ContentHash(of: text).short)")
  }
}

extension Finding.Message {
  fileprivate static var ofDocker: Self {
    Self(
      "labels/of-docker",
      "`com.docker.stack.*` labels are set by `docker stack deploy` itself; nothing in Kubernetes "
        + "reads them.")
  }

  fileprivate static var ofKubernetes: Self {
    Self(
      "labels/of-kubernetes",
      "An annotation of this name chooses an AppArmor profile in Kubernetes, which a label of a Swarm service never did, so it "
        + "is left out. Set `securityContext.appArmorProfile` on the container if the profile is wanted."
    )
  }

  fileprivate static func folded(_ from: String, _ to: String) -> Self {
    Self(
      "labels/folded",
      "The key `\(from)` is no annotation key in Kubernetes; the annotation is `\(to)`, and what "
        + "looks for the old key does not find it.")
  }

  fileprivate static var tooMuch: Self {
    Self(
      "labels/too-much",
      "All annotations of one object hold 256 KiB together; this label does not fit any more and is "
        + "left out.",
      remedy: "Move its content into a config.")
  }
}
