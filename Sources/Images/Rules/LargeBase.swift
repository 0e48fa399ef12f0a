package import Diagnostics
import Swarm

package enum LargeBase: Rule {
  package static let name = "large-base"
  package static let title = "A smaller variant of the base exists"
  package static let about = """
    The full variants of official images carry compilers, version control and a few hundred packages that a service never
    starts: more to pull, more to patch. A rescheduled pod waits for its image on a node that never had it; Swarm's nodes mostly
    had it already. `slim` keeps glibc and so nearly always fits. `alpine` is smaller, with musl in place of glibc: native
    modules and wheels must be there for it or be built, DNS and locales behave a little differently, and a database's text may
    sort in another order, so an existing PostgreSQL volume should stay with the variant that wrote it.
    """
  package static let severity = Diagnostic.Severity.note
  package static let examples = [
    RuleExample(bad: "FROM python:3.13\n", good: "FROM python:3.13-slim\n"),
    RuleExample(bad: "FROM node:24-bookworm\n", good: "FROM node:24-bookworm-slim\n"),
    RuleExample(bad: "FROM eclipse-temurin:21\n", good: "FROM eclipse-temurin:21-jre\n"),
  ]

  /// Official images and the variant to take first, as their descriptions list them.
  private static let variants: [String: String] = [
    "node": "slim", "python": "slim", "ruby": "slim", "debian": "slim", "perl": "slim",
    "rust": "slim", "php": "alpine", "nginx": "alpine", "redis": "alpine", "httpd": "alpine",
    "haproxy": "alpine", "memcached": "alpine", "rabbitmq": "alpine", "golang": "alpine",
    "eclipse-temurin": "jre", "amazoncorretto": "alpine", "openjdk": "slim", "tomcat": "jre",
    "elixir": "slim", "erlang": "slim", "pypy": "slim", "postgres": "alpine", "haskell": "slim",
  ]

  private static let small = [
    "slim", "alpine", "jre", "distroless", "busybox", "nanoserver", "chiseled", "minimal", "micro",
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    guard subject.target >= 0 else { return }
    let root = subject.dockerfile.lineage(subject.target)[0]
    let stage = subject.dockerfile.stages[root]
    guard let word = stage.written, let base = stage.base,
      let reference = try? ImageReference(base), reference.digest == nil,
      let name = OfficialImages.name(reference), let variant = variants[name]
    else { return }
    let tag = reference.tag ?? "latest"
    if small.contains(where: { tag.contains($0) }) { return }
    let suggestion = tag == "latest" ? variant : "\(tag)-\(variant)"
    let reason =
      variant == "alpine"
      ? "; it has musl in place of glibc"
        + (name == "postgres" ? ", which sorts text differently" : "")
      : variant == "jre"
        ? "; it runs Java and cannot compile it" : "; it has glibc, as this one has"
    findings.add(
      word.span, "\(name) has a smaller variant than \"\(tag)\"",
      hint: "FROM \(name):\(suggestion)\(reason)")
  }
}
