package import Diagnostics

/// A finding that only an image itself or a scanner's report can give.
package struct ImageCheck: Sendable {
  /// Behind `image/`.
  package let name: String
  package let severity: Diagnostic.Severity
  package let title: String
  /// Markdown: what is wrong with it, and why it matters on Swarm and on Kubernetes.
  package let about: String

  package var slug: String { "image/\(name)" }
}

/// The checks that no rule for Dockerfiles has; the others have the rule's slug.
package enum ImageChecks {
  package static let all = [
    ImageCheck(
      name: "cache", severity: .warning, title: "Caches in the image",
      about: """
        A folder that only a package manager or a build tool fills, with a megabyte or more in it: package lists, wheels, `~/.m2`,
        `~/.npm`. No service reads it, every node pulls it, and on Kubernetes a pod that is moved waits for it. Clear it in the
        `RUN` that fills it, mount it there (`RUN --mount=type=cache,…`), or build in a stage of its own.
        """),
    ImageCheck(
      name: "wasted", severity: .warning, title: "Files that a later layer hides",
      about: """
        A layer only adds: a file that a later one replaces, removes or gives another owner is in the image twice, and is pulled
        twice. Found where it is a megabyte and a twentieth of the image or more. Remove files in the `RUN` that makes them, and
        copy them with the owner that they shall have (`COPY --chown`).
        """),
    ImageCheck(
      name: "setuid", severity: .note, title: "Programs that run as their owner",
      about: """
        A program with the setuid or setgid bit runs with its owner's rights whoever starts it: a way to root for whoever has
        got into the container. Kubernetes' `allowPrivilegeEscalation: false`, which the `restricted` standard asks for, takes
        the bits their effect. Base images bring a few (`su`, `mount`, `passwd`) that no service needs.
        """),
    ImageCheck(
      name: "vulnerabilities", severity: .warning, title: "Known vulnerabilities",
      about: """
        A scanner found vulnerabilities in an image. stackferry scans nothing: it reads the report, counts by severity and by
        whether a version is known that mends it, and says which services of the stack run the image. A warning for what is
        critical or high, a note for the rest; `--fail-on critical` (high, medium, low) ends with status 1 where there is one as
        bad or worse. Give an older report of the same image first, and the figures of both are compared.
        """),
  ]
}
