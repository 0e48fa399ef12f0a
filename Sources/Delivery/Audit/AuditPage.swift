import Diagnostics
import Images
import Report
import Validation

/// The documentation of the audit: docs/audit.md, and what `stackferry explain image/…` prints.
package enum AuditPage {
  package static var markdown: String {
    var text = """
      # Images and stacks: what to mend before the move

      `stackferry audit` reads Dockerfiles, and a stack if one is given, and says what would make a service's image hard to move:
      what runs as root, cannot be built again, stops badly, or carries a secret along. It pulls, builds and scans nothing.

      ```sh
      stackferry audit                            # all Dockerfiles here and below, and the stack file here
      stackferry audit -c stack.yml               # those of the stack's services, and the stack itself
      stackferry audit services/api --diff        # what --fix would change
      stackferry audit --format sarif > audit.sarif
      ```

      `--image` looks into a `docker save` archive or an OCI layout (a tar or a folder; gzip is unpacked, zstd is not): size by layer
      and instruction, bytes that a later layer replaces or removes, the largest files, caches, setuid programs, keys and tokens (by
      their place, never their value), and what the image declares. The archive is read once, as it comes (`-` is standard input), in
      memory that depends on the number of its files and not on their size. Manifests and configurations are compared with their
      digests; the content of layers is not, as `docker load` does that.

      `--scan-report` reads the JSON of Trivy, Grype or twistcli, or SARIF. Both may repeat, and are joined to the stack's services
      by the image's name (`nginx:1.27` is `docker.io/library/nginx:1.27`). Two of one repository are before and after, in the order
      given, and their figures are compared:

      ```sh
      docker save -o new.tar shop/web:2
      stackferry audit --image old.tar --image new.tar
      docker save shop/web:2 | stackferry audit -c stack.yml --image -
      stackferry audit -c stack.yml --scan-report last-week.json --scan-report today.json --fail-on critical
      ```

      `--fail-on critical` (high, medium, low) fails where a report has a vulnerability that is as bad or worse. The one before is
      not counted, unless a service of the stack still runs it.

      Exit status: 0 nothing of the severities of `--fail-on` (default: error); 1 something of them; 2 a file that cannot be read, or
      that the builder would refuse, or nothing to look at.

      A finding that is meant to be there is left out with `--ignore SLUG,…`, or for one instruction with a comment right above it:
      `# stackferry ignore=image/root-user`. Comments for hadolint (`# hadolint ignore=DL3006`) are heeded for the rules that it has
      too.

      `--fix` changes only what cannot change what the image does; `--diff` prints the same as a diff. The fixed file is read again: a fix
      that does not rid the file of its finding, or that the builder would refuse, is taken back. A second run changes nothing, and all
      other bytes of the file stay as they are. In excerpts and diffs the values of secrets are stars.

      Dockerfiles and ignore files are read, and written, in the working folder, in the folder of the stack file, and in what the
      command line names. Beside the stack's folder (`build: ../api`) Dockerfiles are read and not written. A `build` that leads elsewhere
      is an error with its place, and so is a Dockerfile that is a link out of these folders; what is a link is never written. More in
      [security.md](security.md).

      ## What images declare, and the conversion

      `convert`, `report` and `validate` read the same Dockerfiles: those that `build` names, as far as they lie in the folder of the
      stack file. What they declare, in the stage that is built and those of the file below it, is evidence, and each use of it is a
      finding that names and quotes the line:

      | declared | becomes |
      |---|---|
      | `EXPOSE` | the ports of the service's Service, which has a virtual address then |
      | `HEALTHCHECK` | probes; Docker fills what the stack's `healthcheck` leaves out from it, field by field, and so do the probes |
      | `USER` | `runAsUser`, `runAsGroup`, `runAsNonRoot`; the group that may read secrets, configs and claims; for a port below 1024 the sysctl that lets the user listen there |
      | `STOPSIGNAL` | nothing where it is what the stack asks for, and a warning where it is not |
      | `VOLUME` | a finding where the stack mounts nothing there |
      | `SHELL` | what runs health checks of the shell form |
      | `ENV`, `CMD`, `ENTRYPOINT` | more ports, where they say on which to listen |

      `--image ARCHIVE` (`docker save`, an OCI layout as a tar or as a folder) takes it from the image itself, with what its base
      declares, for the services that run an image of that name; no layer is looked into. It goes before the Dockerfile, for Swarm
      ignores `build`: a Dockerfile says what an image should be. It serves a snapshot of a running Swarm too:

      ```sh
      docker save shop/web:2 shop/api:5 -o images.tar
      stackferry convert -c stack.yml --image images.tar shop
      stackferry report --from swarm.json --image images.tar
      ```

      The report has a table of all images, with the audit's figures, and the runbook begins with a wave for them where there is
      something to mend, pin, build or push.

      ## Rules for Dockerfiles

      | finding | | fix | hadolint |
      |---|---|---|---|

      """
    for rule in Rules.all {
      let isFixed = rule.examples.contains { $0.isFixed || !$0.files.isEmpty }
      text +=
        "| [`\(rule.slug)`](#\(rule.slug.filter { $0 != "/" })) | \(rule.severity.rawValue) | "
      text += "\(isFixed ? "yes" : "") | \(rule.hadolint.joined(separator: ", ")) |\n"
    }
    text += "\n## Practices for stacks\n\n| finding | |\n|---|---|\n"
    for practice in Practices.all {
      text +=
        "| [`\(practice.slug)`](#\(practice.slug.filter { $0 != "/" })) | \(practice.severity.rawValue) |\n"
    }
    text += """

      ## Checks of images and scan reports

      What an archive holds is also checked for `root-user`, `user-name`, `privileged-port`, `secret-file`,
      `secret-in-environment`, `shell-form`, `no-healthcheck` and `unmounted-volume`.

      | finding | |
      |---|---|

      """
    for check in ImageChecks.all {
      text += "| [`\(check.slug)`](#image\(check.name)) | \(check.severity.rawValue) |\n"
    }
    text += """

      ## What it comes to

      `make test-images` builds the bundled example (`testdata/audit/example`) with a Docker engine of its own: as it was written,
      after `--fix`, and after the hints were followed by hand (`Tests/images/by-hand`). Each image must start and answer over HTTP,
      and `audit --image` must say of the saved archive what the engine says of the image. Node, Python, Java, compilers, package
      lists and wheels are real; the package managers are stand-ins, since the build has no network.

      | image | as written | after `--fix` | by hand | user |
      |---|---|---|---|---|
      | storefront (Node) | 277.9 MB | 277.9 MB | 116.0 MB, 58 % less | 1000 |
      | reports (Python) | 250.4 MB, 19.6 MB of it hidden | 230.0 MB, 8 % less | 68.1 MB, 73 % less | 10001 |
      | orders (Java) | 328.1 MB | 308.4 MB, 6 % less | 209.9 MB, 36 % less | root, then 10001 |

      The fixes alone change nothing that an image does, and so save what was left behind: package lists, wheels, caches. The rest
      is a smaller base (the full variants carry compilers) and a stage of its own for the build. How fast it reads is in
      [performance.md](performance.md).

      ## Agreement with hadolint

      `make test-audit` runs hadolint 2.15 and stackferry over the bundled example and over real Dockerfiles, and compares what both
      find, by file and line, for the rules that the table above gives a code of hadolint. A rule without one is found by stackferry
      alone. What differs on purpose:

      - `DL3006`, `DL3007`: stackferry puts the defaults of `ARG`s in first, so `FROM alpine:${TAG}` with `ARG TAG=latest` is found, and
        `FROM ${BASE}` with a tag in `BASE` is not.
      - `DL3002`: the user of a stage that is thrown away may be root. An image without any `USER` is found, too.
      - `DL3009`, `DL3060`: a cache in a stage that is thrown away is no harm; lists removed by any `rm` below `/var/lib/apt` are gone.
      - `DL3035`: stackferry also finds upgrades with apt, apk, yum and dnf, which hadolint 2.15 lets pass.
      - `DL3060`: hadolint looks at `yarn install` only, stackferry at npm and at a bare `yarn`, too.
      - `DL3042`: wheels that are removed in the same `RUN`, or kept in a cache mount, are no harm.
      - `DL3064`: a name that only contains `username` is no secret, and neither is one that says where a secret is (`PASSWORD_FILE`).
      - `DL3066`: a user given by a variable may be a number.
      - `DL4006`: `set -o pipefail` in the script counts, and so does a `SHELL` of the stage that this one builds on.
      - `DL3025`: a command that begins with `exec` replaces the shell, and is only found where the fix can write it in JSON form.
      - `DL3057` is off in hadolint unless asked for, as it is here; it looks at every stage, stackferry at the image and at the stack.

      """
    for rule in Rules.all { text += section(rule) }
    for check in ImageChecks.all {
      text += "\n### `\(check.slug)`\n\n\(check.title).\n\n\(check.about)\n"
    }
    for practice in Practices.all {
      text += "\n### `\(practice.slug)`\n\n\(practice.title).\n\n\(practice.about)\n"
      if let example = practice.examples.first {
        text += "\n```yaml\n# Found:\n\(example.bad)\n# Not found:\n\(example.good)\n```\n"
      }
    }
    return text
  }

  private static func section(_ rule: any Rule.Type) -> String {
    var text = "\n### `\(rule.slug)`\n\n\(rule.title).\n\n\(rule.about)\n"
    if let example = rule.examples.first {
      if example.bad == example.good {
        text += "\n```dockerfile\n\(example.bad)```\n"
      } else {
        text +=
          "\n```dockerfile\n# Found:\n\(example.bad)\n# \(example.isFixed ? "Fixed" : "Not found"):\n\(example.good)```\n"
      }
    }
    return text
  }

  /// The slugs of all that the audit can find.
  package static var slugs: [String] {
    Rules.all.map { $0.slug } + ImageChecks.all.map(\.slug) + Practices.all.map { $0.slug }
  }

  /// What `explain` prints of a finding's slug; nil for one that is not the audit's.
  package static func explanation(_ slug: String) -> String? {
    if slug.hasPrefix("image/"), let rule = Rules.named(slug) {
      var text = "\(rule.title) (\(rule.slug))\n\n\(rule.about)\n"
      for example in rule.examples where example.bad != example.good {
        text +=
          "\nFound:\n\n\(indented(example.bad))\n\(example.isFixed ? "Fixed" : "Not found"):\n\n\(indented(example.good))"
      }
      return text
    }
    if let check = ImageChecks.all.first(where: { $0.slug == slug }) {
      return "\(check.title) (\(check.slug))\n\n\(check.about)\n"
    }
    guard let practice = Practices.all.first(where: { $0.slug == slug }) else { return nil }
    var text = "\(practice.title) (\(practice.slug))\n\n\(practice.about)\n"
    for example in practice.examples {
      text += "\nFound:\n\n\(indented(example.bad))\nNot found:\n\n\(indented(example.good))"
    }
    return text
  }

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: true).map { "  \($0)\n" }.joined()
  }
}
