package import Diagnostics
import Swarm

package enum LatestBase: Rule {
  package static let name = "latest-base"
  package static let title = "Base image without a version"
  package static let about = """
    `FROM node` and `FROM node:latest` take whatever the tag points at on the day of the build: two builds of one commit differ,
    and a new major version arrives unasked. On Swarm as on Kubernetes a rollback then brings back the old image but not a way to
    build it again; during a migration it makes two changes at once, the platform and the runtime.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let hadolint = ["DL3006", "DL3007"]
  package static let examples = [
    RuleExample(bad: "FROM node\n", good: "FROM node:22.11-slim\n"),
    RuleExample(bad: "FROM debian:latest AS build\n", good: "FROM debian:12 AS build\n"),
    RuleExample(
      bad: "ARG TAG=latest\nFROM alpine:${TAG}\n", good: "ARG TAG=3.22\nFROM alpine:${TAG}\n"),
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for (number, from) in subject.bases {
      let stage = subject.dockerfile.stages[number]
      guard stage.parent == nil, let word = stage.written else { continue }
      guard let base = stage.base else {
        // `FROM alpine:$TAG` has a tag, whatever it is; `FROM $IMAGE` may have anything.
        continue
      }
      guard base.lowercased() != "scratch", let reference = try? ImageReference(base),
        reference.digest == nil
      else { continue }
      _ = from
      if reference.tag == nil {
        findings.add(
          word.span, "the base image \"\(base)\" has no tag, which means latest",
          hint: "name a version: \(base):\(VersionExamples.tag(of: reference))")
      } else if reference.tag == "latest" {
        findings.add(
          word.span, "the base image \"\(base)\" is another one after each release",
          hint:
            "name a version: \(base.dropLast(":latest".count)):\(VersionExamples.tag(of: reference))"
        )
      }
    }
  }
}

/// Versions to show in hints: what is current, as of the data in `EndOfLifeDates`.
enum VersionExamples {
  static func tag(of reference: ImageReference) -> String {
    guard OfficialImages.isOfficial(reference) else { return "VERSION" }
    let name = reference.repository.split(separator: "/").last.map(String.init) ?? ""
    return current[name] ?? "VERSION"
  }

  private static let current = [
    "alpine": "3.22", "debian": "12-slim", "ubuntu": "24.04", "node": "24-slim",
    "python": "3.13-slim", "golang": "1.25", "nginx": "1.28-alpine", "redis": "8-alpine",
    "postgres": "17-alpine", "mysql": "8.4", "mariadb": "11.8", "php": "8.4-fpm-alpine",
    "ruby": "3.4-slim", "rust": "1.90-slim", "busybox": "1.37", "httpd": "2.4-alpine",
    "eclipse-temurin": "21-jre", "maven": "3.9-eclipse-temurin-21", "traefik": "v3.5",
  ]
}
